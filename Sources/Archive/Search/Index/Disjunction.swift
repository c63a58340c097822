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
    private var stride = Stride()

    /// Nil where the query is another.
    init?(_ search: SegmentSearch) {
        var anyNode = search.root
        var others: [Int] = []
        // What is left of alternatives adds up by itself (`ownSums`).
        guard search.nodes[search.root].ownSums == nil else { return nil }
        if search.nodes[search.root].kind == .all {
            let children = search.parts(search.root)
            let scoring = children.filter { search.isScoring($0) }
            guard scoring.count == 1 else { return nil }
            anyNode = scoring[0]
            others = children.filter { $0 != scoring[0] }
        }
        guard search.nodes[anyNode].kind == .any else { return nil }
        var lists: [Int] = []
        for child in search.parts(anyNode) {
            let list = search.nodes[child].first
            guard search.nodes[child].kind == .list, search.listScores[list].weight > 0
            else { return nil }
            lists.append(list)
        }
        self.search = search
        self.lists = lists
        restrictions = others
        set = search.nodes[anyNode].set
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
            for list in lists { last = min(last, search.lists[list].blockBound(at: next).last) }
            last = stride.end(from: next, block: last, end: end) - 1
            if bound(from: next, to: last) >= max(1, floor) {
                stride.took()
                return Window(from: next, to: last + 1)
            }
            stride.skipped()
            next = last + 1
        }
        return nil
    }

    /// Notes what each list can add from one article to another, and sums it up.
    private mutating func bound(from first: UInt32, to last: UInt32) -> Int {
        var total = 0
        bounds.removeAll(keepingCapacity: true)
        for list in lists {
            let share = search.lists[list].greatestShare(from: first, to: last)
            let bound = share > 0 ? Int(search.listScores[list].weight * share) + 1 : 0
            total += bound
            bounds.append((bound, list))
        }
        return total
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
        search.prepareSums()
        set.update(repeating: 0, count: window.wordCount)
        for (_, list) in bounds[idle...] {
            try search.sweep(list, set, window, isOwn: false)
        }
        search.bury(set, window)
        for restriction in restrictions {
            guard try search.evaluate(restriction, within: set, window) else { return nil }
            let other = search.nodes[restriction].set
            for word in 0..<window.wordCount { set[word] &= other[word] }
        }
        if idle > 0 { try complete(idle, idleBound, window, floor) }
        return window.isEmpty(set) ? nil : set
    }

    /// Asks the idle lists about the articles that they can still lift to `floor`.
    private func complete(
        _ idle: Int, _ idleBound: Int, _ window: Window, _ floor: Int
    ) throws(IndexDamage) {
        let scores = search.sums
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
        let own = nodes[node]
        return switch own.kind {
        case .list: listScores[own.first].weight > 0
        case .phrase: phraseScores[own.first].weight > 0
        case .all, .any: parts(node).contains { isScoring($0) }
        case .nothing, .everything, .not, .range, .named, .having, .until: false
        }
    }

    /// Adds what a list gives to one article.
    @inline(__always)
    func score(_ number: Int, at place: Int, _ window: Window) throws(IndexDamage) {
        let article = window.base + UInt32(place)
        guard try lists[number].seek(article) == article else { return }
        listScores[number].sums[place] &+= try share(number, article)
    }
}
