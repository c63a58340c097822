/// Collects from each segment the best articles, how many there are, and what they are counted by.
///
/// One pass does all of it. Articles are counted as long as counting is asked for; after that, or
/// where nothing is to be counted, only windows are read that may hold one of the best.
struct Ranking {
    private let question: IndexQuestion
    private let plan: QueryPlan
    private var top: TopArticles
    private(set) var answer = IndexAnswer()
    private var counts: FacetCounts
    /// Whether articles must be counted one by one.
    private var isCounting: Bool

    init(_ question: IndexQuestion, _ plan: QueryPlan) {
        self.question = question
        self.plan = plan
        top = TopArticles(
            order: question.order, limit: question.limit + 1, after: question.after)
        counts = FacetCounts(question.facets)
        isCounting = question.countLimit > 0 || !question.facets.isEmpty
    }

    /// Takes the total of a query that is one word from its list.
    mutating func countByList(_ dead: [Tombstones]) {
        guard isCounting, question.facets.isEmpty, dead.allSatisfy({ $0.count == 0 }) else { return }
        switch plan.root {
        case .leaf(let leaf) where plan.leaves[leaf].kind == .term:
            answer.total = plan.leaves[leaf].articles
        case .everything: answer.total = plan.segments.reduce(0) { $0 + $1.count }
        default: return
        }
        isCounting = false
    }

    /// Searches one segment.
    mutating func take(_ search: SegmentSearch) throws(IndexDamage) {
        counts.begin(search.segment.columns)
        switch question.order {
        case .relevance: try rank(search)
        case .newest: try date(search)
        case .oldest: try dateBackwards(search)
        }
        counts.end(search.segment.columns)
    }

    /// The answer, once all segments are searched.
    mutating func finish() -> IndexAnswer {
        answer.hits = top.sorted
        answer.hasMore = answer.hits.count > question.limit
        if answer.hasMore { answer.hits.removeLast() }
        answer.isTotalExact = answer.total <= question.countLimit
        answer.total = min(answer.total, question.countLimit)
        answer.facets = counts.values
        return answer
    }

    private mutating func count(
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window, _ search: SegmentSearch
    ) {
        guard isCounting else { return }
        answer.total += window.count(set)
        if !question.facets.isEmpty {
            counts.add(set, window, search.segment.columns)
        } else if answer.total > question.countLimit {
            isCounting = false
        }
    }

    // MARK: By relevance

    private mutating func rank(_ search: SegmentSearch) throws(IndexDamage) {
        var next: UInt32 = 0
        let end = UInt32(search.segment.count)
        let disjunction = Disjunction(search)
        while true {
            if !isCounting, let disjunction {
                return try rank(disjunction, search, from: next)
            }
            next = try search.candidate(search.root, next)
            guard next < end else { return }
            let limit = isCounting ? end : min(end - 1, search.boundEnd(search.root, at: next)) + 1
            let window = Window(from: next, to: limit)
            next = window.end
            search.floor = isCounting ? Int.min : top.floor
            if search.floor > Int.min {
                let bound = search.bound(search.root, from: window.start, to: window.end - 1)
                if bound < search.floor { continue }
                search.windowBound = bound
                search.boundPhrases(window)
            }
            if let set = try search.found(in: window) {
                count(set, window, search)
                collect(set, window, search)
            }
            search.clearScores(window)
        }
    }

    private mutating func rank(
        _ disjunction: Disjunction, _ search: SegmentSearch, from start: UInt32
    ) throws(IndexDamage) {
        var disjunction = disjunction
        var next = start
        while let window = try disjunction.next(from: next, floor: top.floor) {
            next = window.end
            if let set = try disjunction.found(in: window, floor: top.floor) {
                collect(set, window, search)
            }
            search.clearScores(window)
        }
    }

    /// Offers the articles of a set to the best.
    private mutating func collect(
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window, _ search: SegmentSearch
    ) {
        let columns = search.segment.columns
        let isRelevance = question.order == .relevance
        window.forEach(set) { place in
            let score = Int(search.scores[place])
            if isRelevance, score < top.floor { return }
            let article = window.base + UInt32(place)
            top.insert(
                IndexHit(row: columns.row(article), date: columns.date(article), score: score))
        }
    }

    // MARK: By date

    private mutating func date(_ search: SegmentSearch) throws(IndexDamage) {
        var next: UInt32 = 0
        let columns = search.segment.columns
        let end = UInt32(columns.count)
        if !isCounting, let after = question.after {
            next = columns.first(notBefore: after.date, row: after.row)
            if next < end, columns.row(next) == after.row { next += 1 }
        }
        while true {
            next = try search.candidate(search.root, next)
            guard next < end else { return }
            if !isCounting, !isBetter(next, columns) { return }
            let window = Window(from: next, to: end)
            next = window.end
            if let set = try search.found(in: window) {
                count(set, window, search)
                collect(set, window, search)
            }
            search.clearScores(window)
        }
    }

    private mutating func dateBackwards(_ search: SegmentSearch) throws(IndexDamage) {
        let columns = search.segment.columns
        var end = UInt32(columns.count)
        if !isCounting, let after = question.after {
            end = columns.first(notBefore: after.date, row: after.row)
        }
        while end > 0 {
            if !isCounting, !isBetter(end - 1, columns) { return }
            let window = Window(from: (end - 1) & ~(Window.length - 1), to: end)
            end = window.start
            search.restart()
            if let set = try search.found(in: window) {
                count(set, window, search)
                collect(set, window, search)
            }
            search.clearScores(window)
        }
    }

    /// Whether an article may still be among the first by date, or one behind it.
    private func isBetter(_ article: UInt32, _ columns: Columns) -> Bool {
        guard top.isFull else { return true }
        return top.takes(IndexHit(row: columns.row(article), date: columns.date(article), score: 0))
    }
}
