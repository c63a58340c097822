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
                return Array(repeating: 0, count: 2 * columns.names(kind).count)
            }
            return []
        }
    }

    /// Counts the articles of a set.
    mutating func add(
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window, _ columns: Columns
    ) {
        guard !facets.isEmpty else { return }
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Int(Window.length)) { room in
            var count = 0
            window.forEach(set) { place in
                room[count] = window.base + UInt32(place)
                count += 1
            }
            add(UnsafeBufferPointer(rebasing: room[..<count]), columns)
        }
    }

    /// Counts articles, which ascend.
    mutating func add(_ articles: UnsafeBufferPointer<UInt32>, _ columns: Columns) {
        for (index, facet) in facets.enumerated() {
            switch facet {
            case .named(let kind): add(articles, columns.names(kind), index)
            case .year: addDates(articles, columns, facet, unused: 48) { DateKey.year($0) }
            case .month:
                addDates(articles, columns, facet, unused: 40) {
                    DateKey.year($0) * 100 + DateKey.month($0)
                }
            }
        }
    }

    private mutating func add(
        _ articles: UnsafeBufferPointer<UInt32>, _ names: NameColumn, _ index: Int
    ) {
        let count = names.count
        counters[index].withUnsafeMutableBufferPointer { counter in
            guard names.isSingle else {
                for article in articles {
                    for value in names.range(article) { counter[names.value(value)] += 1 }
                }
                return
            }
            // In turns into two counters: most articles have the name of the one before, and
            // would wait for its sum.
            var turn = 0
            for article in articles {
                counter[names.value(Int(article)) + turn] += 1
                turn = count - turn
            }
        }
    }

    /// Counts runs of the same date, in the order of which the articles stand.
    private mutating func addDates(
        _ articles: UnsafeBufferPointer<UInt32>, _ columns: Columns,
        _ facet: IndexQuestion.Facet, unused: UInt64, _ value: (UInt64) -> Int
    ) {
        var run: (date: UInt64, count: Int) = (0, 0)
        func close() {
            guard run.count > 0 else { return }
            let name = run.date == 0 ? "" : String(value(run.date << unused))
            values[facet, default: [:]][name, default: 0] += run.count
        }
        for article in articles {
            let date = columns.date(article) >> unused
            if date != run.date {
                close()
                run = (date, 0)
            }
            run.count += 1
        }
        close()
    }

    /// Gives the numbers of a segment their names.
    mutating func end(_ columns: Columns) {
        for (index, facet) in facets.enumerated() {
            guard case .named(let kind) = facet else { continue }
            let names = columns.names(kind)
            for number in 0..<names.count {
                let count = counters[index][number] + counters[index][names.count + number]
                guard count > 0 else { continue }
                values[facet, default: [:]][names.name(number), default: 0] += count
            }
        }
    }
}
