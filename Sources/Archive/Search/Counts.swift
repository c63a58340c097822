internal import ArchiveProtocol

extension Searcher {
    /// What the articles found can be counted by.
    enum Facet: String, Sendable, Hashable, CaseIterable {
        case author, outlet, section, place, language, year, month

        /// Most values that are told; how many others there are is told too.
        static let mostValues = 20

        var counted: IndexQuestion.Facet {
            switch self {
            case .author: .named(.author)
            case .outlet: .named(.outlet)
            case .section: .named(.section)
            case .place: .named(.place)
            case .language: .named(.language)
            case .year: .year
            case .month: .month
            }
        }

        /// The most frequent values.
        func json(_ counts: [String: Int]) -> JSON {
            let isDate = self == .year || self == .month
            let undated = isDate ? counts[""] : nil
            let values = counts.filter { !isDate || !$0.key.isEmpty }
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            var members: [JSON.Member] = [
                .init("field", .string(rawValue)),
                .init(
                    "values",
                    .array(
                        values.prefix(Self.mostValues).map {
                            Searcher.count(isDate ? Searcher.period($0.key) : $0.key, $0.value)
                        })),
            ]
            if values.count > Self.mostValues {
                members.append(.init("others", .integer(values.count - Self.mostValues)))
            }
            if let undated { members.append(.init("undated", .integer(undated))) }
            return .object(members)
        }
    }

    /// The periods by which articles are counted in the order of time.
    enum Timeline: String, Sendable, CaseIterable {
        case year, month

        /// Most periods that are told, the latest: a hundred years of months.
        static let mostPeriods = 1_200

        var counted: IndexQuestion.Facet { self == .year ? .year : .month }

        /// The periods with articles, the first first.
        func json(_ counts: [String: Int]) -> JSON {
            let periods = counts.filter { !$0.key.isEmpty }
                .map { (Searcher.period($0.key), $0.value) }.sorted { $0.0 < $1.0 }
            var members: [JSON.Member] = [
                .init("unit", .string(rawValue)),
                .init(
                    "values",
                    .array(periods.suffix(Self.mostPeriods).map { Searcher.count($0.0, $0.1) })),
            ]
            if periods.count > Self.mostPeriods {
                members.append(.init("others", .integer(periods.count - Self.mostPeriods)))
            }
            if let undated = counts[""] { members.append(.init("undated", .integer(undated))) }
            return .object(members)
        }
    }

    private static func count(_ value: String, _ count: Int) -> JSON {
        ["value": .string(value), "count": .integer(count)]
    }

    /// A year or month of the index as a date is written: `2017`, `2017-01`; a month that is not
    /// known is left out.
    private static func period(_ number: String) -> String {
        guard number.utf8.count > 4 else { return padded(number, to: 4) }
        let month = number.suffix(2)
        let year = padded(String(number.dropLast(2)), to: 4)
        return month == "00" ? year : "\(year)-\(month)"
    }

    private static func padded(_ number: String, to digits: Int) -> String {
        String(repeating: "0", count: max(0, digits - number.utf8.count)) + number
    }
}

extension Searcher.Question {
    /// What the index counts by.
    var counted: [IndexQuestion.Facet] {
        var counted: [IndexQuestion.Facet] = []
        for facet in facets.map(\.counted) + (timeline.map { [$0.counted] } ?? [])
        where !counted.contains(facet) {
            counted.append(facet)
        }
        return counted
    }

    /// The query as it was understood, with the dates that were asked for beside it.
    var understood: Query {
        guard let range else { return query }
        let dated = Query.filter(.published(range))
        if case .all(let parts) = query { return .all(parts + [dated]) }
        return .all([query, dated])
    }
}

extension Searcher.Page {
    /// Notes the counts of the first page.
    mutating func count(
        _ counts: [IndexQuestion.Facet: [String: Int]], for question: Searcher.Question
    ) {
        guard question.after == nil else { return }
        if !question.facets.isEmpty {
            facets = .array(question.facets.map { $0.json(counts[$0.counted] ?? [:]) })
        }
        timeline = question.timeline.map { $0.json(counts[$0.counted] ?? [:]) }
    }
}
