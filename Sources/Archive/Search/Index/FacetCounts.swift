/// Counts the articles found by what they have in common.
struct FacetCounts {
    private let facets: [IndexQuestion.Facet]
    /// For each facet the counts by the numbers of the segment at hand.
    private var counters: [[Int]] = []
    private(set) var values: [IndexQuestion.Facet: [String: Int]] = [:]

    init(_ facets: [IndexQuestion.Facet]) {
        self.facets = facets
        for facet in facets { values[facet] = [:] }
    }

    mutating func begin(_ columns: Columns) {
        counters = facets.map { facet in
            if case .named(let kind) = facet {
                return Array(repeating: 0, count: columns.names(kind).count)
            }
            return []
        }
    }

    /// Counts the articles of a set.
    mutating func add(
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window, _ columns: Columns
    ) {
        for (index, facet) in facets.enumerated() {
            switch facet {
            case .named(let kind):
                let names = columns.names(kind)
                counters[index].withUnsafeMutableBufferPointer { counter in
                    window.forEach(set) { place in
                        if names.isSingle {
                            counter[names.value(Int(window.base) + place)] += 1
                            return
                        }
                        for value in names.range(window.base + UInt32(place)) {
                            counter[names.value(value)] += 1
                        }
                    }
                }
            case .year: addDates(set, window, columns, facet, unused: 48) { DateKey.year($0) }
            case .month:
                addDates(set, window, columns, facet, unused: 40) {
                    DateKey.year($0) * 100 + DateKey.month($0)
                }
            }
        }
    }

    /// Counts one article.
    mutating func add(_ article: UInt32, _ columns: Columns) {
        for (index, facet) in facets.enumerated() {
            if case .named(let kind) = facet {
                let names = columns.names(kind)
                for place in names.range(article) { counters[index][names.value(place)] += 1 }
                continue
            }
            let date = columns.date(article)
            let isYear = facet == .year
            let value = DateKey.year(date) * (isYear ? 1 : 100) + (isYear ? 0 : DateKey.month(date))
            values[facet, default: [:]][date == 0 ? "" : String(value), default: 0] += 1
        }
    }

    /// Counts runs of the same date, in the order of which the articles stand.
    private mutating func addDates(
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window, _ columns: Columns,
        _ facet: IndexQuestion.Facet, unused: UInt64, _ value: (UInt64) -> Int
    ) {
        var run: (date: UInt64, count: Int) = (0, 0)
        var runs: [(date: UInt64, count: Int)] = []
        window.forEach(set) { place in
            let date = columns.date(window.base + UInt32(place)) >> unused
            if date == run.date {
                run.count += 1
            } else {
                runs.append(run)
                run = (date, 1)
            }
        }
        runs.append(run)
        for run in runs where run.count > 0 {
            let name = run.date == 0 ? "" : String(value(run.date << unused))
            values[facet, default: [:]][name, default: 0] += run.count
        }
    }

    /// Gives the numbers of a segment their names.
    mutating func end(_ columns: Columns) {
        for (index, facet) in facets.enumerated() {
            guard case .named(let kind) = facet else { continue }
            let names = columns.names(kind)
            for (number, count) in counters[index].enumerated() where count > 0 {
                values[facet, default: [:]][names.name(number), default: 0] += count
            }
        }
    }
}
