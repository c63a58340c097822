import ArchiveProtocol

/// How many articles a search found, by what they have in common and in the order of time.
struct ArticleCounts {
    /// The answer of `articles.search`.
    var answer: JSON

    /// Months beyond this many are told as years.
    static let mostMonths = 36
    /// The columns of the longest bar.
    private static let barColumns = 40

    /// Prints the counts that the answer has, one a line.
    func print(to output: Output) {
        for facet in answer["facets"]?.array ?? [] { printFacet(facet, to: output) }
        guard let timeline = answer["timeline"] else { return }
        let rows = Self.periods(timeline)
        let greatest = rows.map(\.count).max() ?? 0
        let digits = "\(greatest)".utf8.count
        for row in rows {
            let number = Self.padded(row.count, to: digits)
            // Bars are for people: a program is given plain columns.
            let length =
                output.isTerminal && row.count > 0
                ? max(1, row.count * Self.barColumns / max(1, greatest)) : 0
            let bar: TerminalText = "\(String(repeating: "█", count: length))"
            output.line(.joined(["\(row.period)", number, bar], "  "))
        }
        printUndated(timeline, "timeline", to: output)
    }

    private func printFacet(_ facet: JSON, to output: Output) {
        let field = facet.text("field")
        let values = facet["values"]?.array ?? []
        let digits = values.map { "\($0.count("count"))".utf8.count }.max() ?? 1
        for value in values {
            output.line(
                .joined(
                    [
                        "\(field)", Self.padded(value.count("count"), to: digits),
                        "\(value.text("value"))",
                    ], "  "))
        }
        if let others = facet["others"]?.int { output.legend("\(field): and \(others) others") }
        printUndated(facet, field, to: output)
    }

    private func printUndated(_ counts: JSON, _ name: String, to output: Output) {
        guard let undated = counts["undated"]?.int else { return }
        output.legend("\(name): \(undated) without a date")
    }

    private static func padded(_ number: Int, to digits: Int) -> TerminalText {
        let text = String(number)
        return "\(String(repeating: " ", count: max(0, digits - text.utf8.count)))\(text)"
    }

    // MARK: Periods

    /// A year or month, and how many articles were published in it.
    struct Period: Equatable {
        var period: String
        var count: Int
    }

    /// The periods from the first to the last, those without articles too; months as years where
    /// there are many, or where the month of some is not known.
    static func periods(_ timeline: JSON) -> [Period] {
        let values = (timeline["values"]?.array ?? []).map {
            Period(period: $0.text("value"), count: $0.count("count"))
        }
        let months = values.compactMap { month($0.period) }
        if months.count == values.count, let first = months.first, let last = months.last,
            last - first < mostMonths
        {
            var counts: [Int: Int] = [:]
            for (month, value) in zip(months, values) { counts[month, default: 0] += value.count }
            return (first...last).map { month in
                let name = padded(month % 12 + 1)
                return Period(period: "\(month / 12)-\(name)", count: counts[month] ?? 0)
            }
        }
        var counts: [Int: Int] = [:]
        for value in values {
            guard let year = Int(value.period.prefix(4)) else { continue }
            counts[year, default: 0] += value.count
        }
        guard let first = counts.keys.min(), let last = counts.keys.max() else { return [] }
        return (first...last).map { Period(period: String($0), count: counts[$0] ?? 0) }
    }

    /// The month since the year 0; nil where it is no month.
    private static func month(_ period: String) -> Int? {
        let parts = period.split(separator: "-")
        guard parts.count == 2, let year = Int(parts[0]), let month = Int(parts[1]),
            (1...12).contains(month), (1...9999).contains(year)
        else { return nil }
        return year * 12 + month - 1
    }

    private static func padded(_ month: Int) -> String { month < 10 ? "0\(month)" : "\(month)" }
}
