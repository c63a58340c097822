/// Finds the best of the articles that have any of several words (MaxScore).
///
/// In each window the words are told apart: those that together cannot make an article one of the
/// best are asked only about articles that others brought up.
struct Disjunction {
    private let search: SegmentSearch
    private let lists: [Int]
    /// What must hold beside the words, and does not count.
    private let restrictions: [Int]
    private let set: UnsafeMutablePointer<UInt64>
    /// The lists with what each can add in the window, the least first.
    private var bounds: [(bound: Int, list: Int)] = []

    /// Nil where the query is another.
    init?(_ search: SegmentSearch) {
        var anyNode = search.root
        var others: [Int] = []
        if case .all(let children) = search.nodes[search.root] {
            let scoring = children.filter { search.isScoring($0) }
            guard scoring.count == 1 else { return nil }
            anyNode = scoring[0]
            others = children.filter { $0 != scoring[0] }
        }
        guard case .any(let children) = search.nodes[anyNode] else { return nil }
        var lists: [Int] = []
        for child in children {
            guard case .list(let list) = search.nodes[child], search.listScores[list].weight > 0
            else { return nil }
            lists.append(list)
        }
        self.search = search
        self.lists = lists
        restrictions = others
        set = search.sets[anyNode]
    }

    /// The next window that may hold an article with a score of `floor`.
    mutating func next(from start: UInt32, floor: Int) throws(IndexDamage) -> Window? {
        var next = start
        let end = UInt32(search.segment.count)
        while next < end {
            for restriction in restrictions {
                next = max(next, try search.candidate(restriction, next))
            }
            guard next < end else { return nil }
            var last = end - 1
            var total = 0
            bounds.removeAll(keepingCapacity: true)
            for list in lists {
                let block = search.lists[list].blockBound(at: next)
                let bound = block.share > 0 ? Int(search.listScores[list].weight * block.share) + 1 : 0
                last = min(last, block.last)
                total += bound
                bounds.append((bound, list))
            }
            if total > 0, total >= floor { return Window(from: next, to: last + 1) }
            next = last + 1
        }
        return nil
    }

    /// The articles of a window that may reach `floor`, with their scores; nil where none does.
    mutating func found(in window: Window, floor: Int) throws(IndexDamage)
        -> UnsafeMutablePointer<UInt64>?
    {
        bounds.sort { $0.bound < $1.bound }
        var idle = 0
        var idleBound = 0
        while idle < bounds.count - 1, idleBound + bounds[idle].bound < floor {
            idleBound += bounds[idle].bound
            idle += 1
        }
        set.update(repeating: 0, count: window.wordCount)
        for (_, list) in bounds[idle...] { try search.sweep(list, set, window) }
        search.bury(set, window)
        for restriction in restrictions {
            guard try search.evaluate(restriction, within: set, window) else { return nil }
            let other = search.sets[restriction]
            for word in 0..<window.wordCount { set[word] &= other[word] }
        }
        if idle > 0 { try complete(idle, idleBound, window, floor) }
        return window.isEmpty(set) ? nil : set
    }

    /// Asks the idle lists about the articles that they can still lift to `floor`.
    private func complete(
        _ idle: Int, _ idleBound: Int, _ window: Window, _ floor: Int
    ) throws(IndexDamage) {
        let scores = search.scores
        try window.forEach(set) { place throws(IndexDamage) in
            var left = idleBound
            var index = idle
            while index > 0 {
                guard Int(scores[place]) + left >= floor else {
                    set[place >> 6] &= ~(1 << UInt64(place & 63))
                    return
                }
                index -= 1
                left -= bounds[index].bound
                try search.score(bounds[index].list, at: place, window)
            }
        }
    }
}

extension SegmentSearch {
    /// Whether a part of the query can add to scores.
    func isScoring(_ node: Int) -> Bool {
        switch nodes[node] {
        case .list(let list): listScores[list].weight > 0
        case .phrase(let phrase): phraseScores[phrase].weight > 0
        case .all(let children), .any(let children): children.contains { isScoring($0) }
        case .nothing, .everything, .not, .range, .named, .having: false
        }
    }

    /// Adds what a list gives to one article.
    @inline(__always)
    func score(_ number: Int, at place: Int, _ window: Window) throws(IndexDamage) {
        let article = window.base + UInt32(place)
        let list = lists + number
        guard try list.pointee.seek(article) == article else { return }
        let score = listScores[number]
        let count = Float(try list.pointee.loadCounts()[list.pointee.index])
        let divisor = Norms.divisors[Int(segment.columns.norms[Int(article)])]
        score.sums[place] &+= Int32(score.weight * Norms.share(count * score.multiplier, divisor))
    }
}
