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
    mutating func countByList(_ sources: [Merge.Source]) {
        guard isCounting, question.facets.isEmpty,
            sources.allSatisfy({ $0.dead.count == 0 })
        else { return }
        switch plan.root {
        case .leaf(let leaf) where plan.leaves[leaf].kind == .term:
            answer.total = plan.leaves[leaf].articles
        case .everything: answer.total = plan.segments.reduce(0) { $0 + $1.count }
        default: return
        }
        isCounting = false
    }

    /// Whether nothing more is to be found out.
    var isDone: Bool { question.limit == 0 && !isCounting }

    /// Searches one segment.
    mutating func take(_ search: SegmentSearch) throws(IndexDamage) {
        defer { withExtendedLifetime(search) {} }
        counts.begin(search.columns)
        switch question.order {
        case .relevance: try rank(search)
        case .newest: try date(search)
        case .oldest: try dateBackwards(search)
        }
        counts.end(search.columns)
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
            counts.add(set, window, search.columns)
        } else if answer.total > question.countLimit {
            isCounting = false
        }
    }

    // MARK: By relevance

    private mutating func rank(_ search: SegmentSearch) throws(IndexDamage) {
        if search.nodes[search.root].kind == .list {
            return try rank(search.nodes[search.root].first, search)
        }
        if let scan = PhraseScan(search) { return try rank(scan, search.columns) }
        var next: UInt32 = 0
        var stride = Stride()
        var checked: UInt32 = 0
        var wasCounting = false
        let end = UInt32(search.segment.count)
        let disjunction = Disjunction(search)
        let conjunction = Conjunction(search)
        let isSparse = search.isSparse
        while true {
            search.state.pointee.scoreFloor = Int.min
            if let conjunction, !isCounting || conjunction.isBestForAll {
                return try rank(conjunction, search.columns, from: next)
            }
            if !isCounting, let disjunction {
                return try rank(disjunction, search, from: next)
            }
            next = try search.candidate(from: next)
            guard next < end else { return }
            var limit = checked
            if next >= checked || wasCounting != isCounting {
                wasCounting = isCounting
                // The floor may rise within the stretch; what is known of it holds for this one.
                search.state.pointee.floor = isCounting ? Int.min : top.floor
                limit = stride.end(
                    from: next, block: search.boundEnd(search.root, at: next), end: end)
                if isCounting { limit = end }
                checked = limit
                if search.state.pointee.floor > Int.min,
                    !search.mayReachFloor(from: next, before: limit)
                {
                    stride.skipped()
                    next = limit
                    continue
                }
                stride.took()
            }
            if isSparse {
                try take(next, search)
                next += 1
            } else {
                let window = Window(from: next, to: limit)
                if isCounting { search.boundScores(in: window, floor: top.floor) }
                try take(window, search)
                next = window.end
            }
        }
    }

    private mutating func take(_ window: Window, _ search: SegmentSearch) throws(IndexDamage) {
        if let set = try search.found(in: window) {
            count(set, window, search)
            collect(set, window, search)
        }
        search.clearScores(window)
    }

    private mutating func take(_ article: UInt32, _ search: SegmentSearch) throws(IndexDamage) {
        guard !search.dead.contains(article) else { return }
        let score = try search.score(of: article)
        if score >= 0 { take(article, score, search.columns) }
    }

    /// Takes an article that is alive and has been found.
    private mutating func take(_ article: UInt32, _ score: Int, _ columns: Columns) {
        if isCounting {
            withUnsafePointer(to: article) {
                count(UnsafeBufferPointer(start: $0, count: 1), columns)
            }
        }
        offer(article, score, columns)
    }

    private mutating func offer(_ article: UInt32, _ score: Int, _ columns: Columns) {
        guard question.order != .relevance || score >= top.floor else { return }
        top.insert(IndexHit(row: columns.row(article), date: columns.date(article), score: score))
    }

    /// Takes the best of one list, block by block.
    private mutating func rank(_ number: Int, _ search: SegmentSearch) throws(IndexDamage) {
        let list = search.lists + number
        let score = search.listScores[number]
        let columns = search.columns
        let divisors = Norms.divisors
        var article = try list.pointee.seek(0)
        while article != ListCursor.end {
            let articles = UnsafeBufferPointer(start: list.pointee.list, count: list.pointee.count)
            if isCounting { count(articles, search) }
            let counts = try list.pointee.loadCounts()
            var floor = Int32(clamping: top.floor)
            for (index, article) in articles.enumerated() where question.limit > 0 {
                let divisor = divisors[Int(columns.norms[Int(article)])]
                let share = Norms.share(Float(counts[index]) * score.multiplier, divisor)
                let own = Int32(score.weight * share)
                guard own >= floor, !search.dead.contains(article) else { continue }
                offer(article, Int(own), columns)
                floor = Int32(clamping: top.floor)
            }
            article = try list.pointee.nextBlock(
                reaching: isCounting ? Int.min : top.floor, weight: score.weight)
        }
    }

    private mutating func rank(_ scan: PhraseScan, _ columns: Columns) throws(IndexDamage) {
        var scan = scan
        while try scan.nextStretch(floor: isCounting ? Int.min : top.floor) {
            for index in 0..<scan.count {
                let score = try scan.score(at: index, floor: isCounting ? Int.min : top.floor)
                if score >= 0 { take(scan.articles[index], score, columns) }
            }
        }
    }

    private mutating func rank(
        _ conjunction: Conjunction, _ columns: Columns, from start: UInt32
    ) throws(IndexDamage) {
        var conjunction = conjunction
        conjunction.skip(to: start)
        while try conjunction.nextBlock(floor: top.floor, isCounting: isCounting) {
            let articles = UnsafeBufferPointer(
                start: conjunction.articles, count: conjunction.count)
            if isCounting { count(articles, columns) }
            guard conjunction.isScored, question.limit > 0 else { continue }
            var floor = Int32(clamping: top.floor)
            for (index, article) in articles.enumerated()
            where conjunction.scores[index] >= floor {
                offer(article, Int(conjunction.scores[index]), columns)
                floor = Int32(clamping: top.floor)
            }
        }
    }

    /// Counts articles that are alive.
    private mutating func count(_ articles: UnsafeBufferPointer<UInt32>, _ columns: Columns) {
        answer.total += articles.count
        if !question.facets.isEmpty {
            counts.add(articles, columns)
        } else if answer.total > question.countLimit {
            isCounting = false
        }
    }

    /// Counts the articles of a block.
    private mutating func count(
        _ articles: UnsafeBufferPointer<UInt32>, _ search: SegmentSearch
    ) {
        if search.dead.count == 0 { return count(articles, search.columns) }
        articles.filter { !search.dead.contains($0) }.withUnsafeBufferPointer {
            count($0, search.columns)
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
        guard question.limit > 0 else { return }
        let columns = search.columns
        guard question.order == .relevance else { return collectByDate(set, window, columns) }
        // Where nobody can score enough, nobody has scores.
        guard search.state.pointee.bound >= search.state.pointee.scoreFloor else { return }
        var floor = Int32(clamping: top.floor)
        let scores = search.sums
        window.forEach(set) { place in
            guard scores[place] >= floor else { return }
            offer(window.base + UInt32(place), Int(scores[place]), columns)
            floor = Int32(clamping: top.floor)
        }
    }

    /// Offers the articles of a set until one is too late; all behind it are later.
    private mutating func collectByDate(
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window, _ columns: Columns
    ) {
        func offer(_ place: Int) -> Bool {
            let article = window.base + UInt32(place)
            let hit = IndexHit(row: columns.row(article), date: columns.date(article), score: 0)
            // Those up to the place after which hits are wanted come first, and are passed over.
            guard top.takes(hit) else { return !top.isFull || top.isEarly(hit) }
            top.insert(hit)
            return true
        }
        if question.order == .oldest { return window.forEachReversed(set, offer) }
        var isOpen = true
        window.forEach(set) { place in if isOpen { isOpen = offer(place) } }
    }

    // MARK: By date

    private mutating func date(_ search: SegmentSearch) throws(IndexDamage) {
        if let scan = PhraseScan(search) { return try date(scan, search.columns) }
        let columns = search.columns
        var next = isCounting ? 0 : firstWanted(columns)
        let end = UInt32(columns.count)
        var stride = Stride()
        let isSparse = search.isSparse
        while true {
            next = try search.candidate(from: next)
            guard next < end else { return }
            if !isCounting, !isBetter(next, columns) { return }
            if isSparse {
                try take(next, search)
                next += 1
                continue
            }
            let window = Window(
                from: next, to: isCounting ? end : stride.end(from: next, block: next, end: end))
            stride.took()
            try take(window, search)
            next = window.end
        }
    }

    private mutating func date(_ scan: PhraseScan, _ columns: Columns) throws(IndexDamage) {
        var scan = scan
        if !isCounting { scan.skip(to: firstWanted(columns)) }
        while try scan.nextStretch(floor: Int.min) {
            for index in 0..<scan.count {
                let article = scan.articles[index]
                if !isCounting, !isBetter(article, columns) { return }
                if try scan.score(at: index, floor: Int.min) >= 0 {
                    take(article, 0, columns)
                }
            }
        }
    }

    /// The first article behind the hit after which hits are wanted.
    private func firstWanted(_ columns: Columns) -> UInt32 {
        guard let after = question.after else { return 0 }
        let next = columns.first(notBefore: after.date, row: after.row)
        return next < columns.count && columns.row(next) == after.row ? next + 1 : next
    }

    private mutating func dateBackwards(_ search: SegmentSearch) throws(IndexDamage) {
        let columns = search.columns
        var end = UInt32(columns.count)
        if !isCounting, let after = question.after {
            end = columns.first(notBefore: after.date, row: after.row)
        }
        var length: UInt32 = 512
        while end > 0 {
            if !isCounting, !isBetter(end - 1, columns) { return }
            let window = Window(from: (end - 1) & ~(length - 1), to: end)
            length = min(2 * length, Window.length)
            end = window.start
            search.restart()
            try take(window, search)
        }
    }

    /// Whether an article may still be among the first by date, or one behind it.
    private func isBetter(_ article: UInt32, _ columns: Columns) -> Bool {
        guard top.isFull else { return true }
        return top.takes(IndexHit(row: columns.row(article), date: columns.date(article), score: 0))
    }
}
