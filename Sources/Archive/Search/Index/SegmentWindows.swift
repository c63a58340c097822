/// Answering within a window, and knowing where the next one begins.
extension SegmentSearch {
    /// The articles of a window for which the query holds, the dead left out, in a set that is
    /// valid until the next call; nil where there are none.
    func found(in window: Window) throws(IndexDamage) -> UnsafeMutablePointer<UInt64>? {
        prepareSums()
        window.fill(full, from: window.start, to: window.end)
        guard try evaluate(root, within: full, window) else { return nil }
        let set = nodes[root].set
        bury(set, window)
        return window.isEmpty(set) ? nil : set
    }

    /// Makes the sums 0 before the first window.
    func prepareSums() {
        guard !state.pointee.hasSums else { return }
        state.pointee.hasSums = true
        sums.update(repeating: 0, count: Int(Window.length))
    }

    /// Takes the dead out of a set.
    func bury(_ set: UnsafeMutablePointer<UInt64>, _ window: Window) {
        guard dead.count > 0 else { return }
        let first = Int(window.base) / 64
        for word in 0..<min(window.wordCount, dead.words.count - first) {
            set[word] &= ~dead.words[first + word]
        }
    }

    /// Makes all scores of the window 0.
    func clearScores(_ window: Window) {
        if window.count(touched) * 16 < Int(window.end - window.start) {
            window.forEach(touched) { sums[$0] = 0 }
        } else {
            clear(sums, window)
        }
        touched.update(repeating: 0, count: window.wordCount)
    }

    private func clear(_ sums: UnsafeMutablePointer<Int32>, _ window: Window) {
        (sums + Int(window.start - window.base))
            .update(repeating: 0, count: Int(window.end - window.start))
    }

    // MARK: The next article

    /// The first article from `from` on for which the query may hold.
    func candidate(from: UInt32) throws(IndexDamage) -> UInt32 {
        var article = from
        while true {
            article = try agreement(from: article)
            guard besideCount > 0, article != ListCursor.end else { return article }
            var next = article
            for index in 0..<besideCount {
                next = try candidate(beside[index], next)
                if next == ListCursor.end { return next }
            }
            if next == article { return article }
            article = next
        }
    }

    /// The first article from `from` on that is in all needed lists.
    @inline(__always)
    private func agreement(from: UInt32) throws(IndexDamage) -> UInt32 {
        guard neededCount > 0 else { return from }
        let rarest = lists + needed[0]
        var article = try rarest.pointee.seek(from)
        var index = 1
        while index < neededCount {
            let other = lists + needed[index]
            let found = try other.pointee.seek(article)
            if found == article {
                index += 1
            } else if found == ListCursor.end {
                return found
            } else {
                article = try rarest.pointee.seek(found)
                index = 1
            }
        }
        return article
    }

    /// The first article from `from` on for which a part may hold.
    func candidate(_ node: Int, _ from: UInt32) throws(IndexDamage) -> UInt32 {
        let own = nodes[node]
        switch own.kind {
        case .nothing: return ListCursor.end
        case .list: return try lists[own.first].seek(from)
        case .phrase: return try phrases[own.first].seek(from)
        case .range:
            return from >= UInt32(own.second) ? ListCursor.end : max(from, UInt32(own.first))
        case .any:
            var least = ListCursor.end
            for child in parts(node) { least = min(least, try candidate(child, from)) }
            return least
        case .all:
            let parts = parts(node)
            var article = from
            var index = 0
            while index < parts.count, article != ListCursor.end {
                let next = try candidate(parts[index], article)
                index = next == article || index == 0 ? index + 1 : 0
                article = next
            }
            return article
        case .everything, .not, .named, .having, .until: return from
        }
    }

    /// What a part can add to a score at most, from one article to another.
    func bound(_ node: Int, from first: UInt32, to last: UInt32) -> Int {
        let own = nodes[node]
        switch own.kind {
        case .list: return bound(list: own.first, from: first, to: last)
        case .phrase: return phraseBound(own.first, from: first, to: last)
        case .all, .any:
            var sum = 0
            for child in parts(node) { sum += bound(child, from: first, to: last) }
            return sum
        case .nothing, .everything, .not, .range, .named, .having, .until: return 0
        }
    }

    /// What a list can add to a score at most, from one article to another.
    @inline(__always)
    func bound(list: Int, from first: UInt32, to last: UInt32) -> Int {
        let weight = listScores[list].weight
        guard weight > 0 else { return 0 }
        return Int(weight * lists[list].greatestShare(from: first, to: last)) + 1
    }

    private func phraseBound(_ phrase: Int, from first: UInt32, to last: UInt32) -> Int {
        let weight = phraseScores[phrase].weight
        guard weight > 0 else { return 0 }
        return Int(weight * phrases[phrase].greatestShare(from: first, to: last)) + 1
    }

    /// Whether an article in a stretch may score `floor`; what it can at most is noted.
    func mayReachFloor(from first: UInt32, before end: UInt32) -> Bool {
        state.pointee.bound = bound(root, from: first, to: end - 1)
        guard state.pointee.bound >= state.pointee.floor else { return false }
        for phrase in 0..<phraseCount {
            phraseBounds[phrase] = phraseBound(phrase, from: first, to: end - 1)
        }
        return true
    }

    /// Notes what a score must reach to be wanted, where all articles of a window are counted.
    func boundScores(in window: Window, floor: Int) {
        state.pointee.scoreFloor = floor
        guard floor > Int.min else { return }
        state.pointee.bound = bound(root, from: window.start, to: window.end - 1)
    }

    /// Up to where the bound of a part at an article is of one block of each list.
    func boundEnd(_ node: Int, at article: UInt32) -> UInt32 {
        let own = nodes[node]
        switch own.kind {
        case .list:
            return listScores[own.first].weight > 0
                ? lists[own.first].blockBound(at: article).last : .max
        case .phrase: return phrases[own.first].lists[0].blockBound(at: article).last
        case .all, .any:
            var least = UInt32.max
            for child in parts(node) { least = min(least, boundEnd(child, at: article)) }
            return least
        case .nothing, .everything, .not, .range, .named, .having, .until: return .max
        }
    }

    // MARK: Evaluation

    /// Finds for which of the articles in `mask` a part holds.
    ///
    /// - Returns: whether for any.
    func evaluate(
        _ node: Int, within mask: UnsafeMutablePointer<UInt64>, _ window: Window
    ) throws(IndexDamage) -> Bool {
        let own = nodes[node]
        let set = own.set
        switch own.kind {
        case .nothing: return false
        case .everything: set.update(from: mask, count: window.wordCount)
        case .list: try mark(own.first, within: mask, into: set, window)
        case .phrase: try mark(phrase: own.first, within: mask, into: set, window)
        case .all: return try evaluate(all: node, within: mask, window)
        case .any:
            set.update(repeating: 0, count: window.wordCount)
            for child in parts(node) where try evaluate(child, within: mask, window) {
                let other = nodes[child].set
                for word in 0..<window.wordCount { set[word] |= other[word] }
            }
        case .not:
            set.update(from: mask, count: window.wordCount)
            let child = children[own.first]
            if try evaluate(child, within: mask, window) {
                let other = nodes[child].set
                for word in 0..<window.wordCount { set[word] &= ~other[word] }
            }
        case .range:
            window.fill(set, from: UInt32(own.first), to: UInt32(own.second))
            for word in 0..<window.wordCount { set[word] &= mask[word] }
        case .named:
            let names = columns.names(NameColumn.Kind(rawValue: own.first) ?? .author)
            filter(mask, into: set, window) { names.has($0, own.second) }
        case .having:
            let bits = UInt32(own.first)
            filter(mask, into: set, window) { columns.features($0) & bits != 0 }
        case .until: filter(mask, into: set, window) { columns.row($0) <= Int64(own.first) }
        }
        return !window.isEmpty(set)
    }

    private func evaluate(
        all node: Int, within mask: UnsafeMutablePointer<UInt64>, _ window: Window
    ) throws(IndexDamage) -> Bool {
        let own = nodes[node].ownSums
        defer { if let own { clear(own, window) } }
        var left = mask
        for child in parts(node) {
            guard try evaluate(child, within: left, window) else { return false }
            left = nodes[child].set
        }
        let set = nodes[node].set
        set.update(from: left, count: window.wordCount)
        if let own { window.forEach(set) { sums[$0] &+= own[$0] } }
        return true
    }

    @inline(__always)
    private func filter(
        _ mask: UnsafeMutablePointer<UInt64>, into set: UnsafeMutablePointer<UInt64>,
        _ window: Window, _ holds: (UInt32) -> Bool
    ) {
        set.update(from: mask, count: window.wordCount)
        window.forEach(mask) { place in
            if !holds(window.base + UInt32(place)) { set[place >> 6] &= ~(1 << UInt64(place & 63)) }
        }
    }

    private func mark(
        _ number: Int, within mask: UnsafeMutablePointer<UInt64>,
        into set: UnsafeMutablePointer<UInt64>, _ window: Window
    ) throws(IndexDamage) {
        set.update(repeating: 0, count: window.wordCount)
        let list = lists + number
        let expected = list.pointee.articles * Int(window.end - window.start) / segment.count
        if window.count(mask) * 8 < expected {
            try probe(number, mask, set, window)
        } else {
            try sweep(number, set, window, isOwn: true)
            for word in 0..<window.wordCount { set[word] &= mask[word] }
        }
    }

    /// Asks a list about a few articles.
    private func probe(
        _ number: Int, _ mask: UnsafeMutablePointer<UInt64>,
        _ set: UnsafeMutablePointer<UInt64>, _ window: Window
    ) throws(IndexDamage) {
        let list = lists + number
        let isScored = listScores[number].weight > 0
        try window.forEach(mask) { place throws(IndexDamage) in
            let article = window.base + UInt32(place)
            guard try list.pointee.seek(article) == article else { return }
            set[place >> 6] |= 1 << UInt64(place & 63)
            if isScored { try score(number, at: place, window) }
        }
        touch(set, window)
    }

    private func touch(_ set: UnsafeMutablePointer<UInt64>, _ window: Window) {
        for word in 0..<window.wordCount { touched[word] |= set[word] }
    }

    /// Takes all articles of a list in the window.
    ///
    /// - Parameter isOwn: whether the set is empty, not that of other lists too.
    func sweep(
        _ number: Int, _ set: UnsafeMutablePointer<UInt64>, _ window: Window, isOwn: Bool
    ) throws(IndexDamage) {
        let list = lists + number
        let score = listScores[number]
        let norms = columns.norms
        let divisors = Norms.divisors
        let base = window.base
        // What a block must be able to give for an article of it to score enough.
        let least =
            state.pointee.scoreFloor > Int.min
            ? state.pointee.scoreFloor - state.pointee.bound
                + bound(list: number, from: window.start, to: window.end - 1) : Int.min
        var article = try list.pointee.seek(window.start)
        while article < window.end {
            let first = list.pointee.index
            let articles = list.pointee.list
            let last = list.pointee.indexInBlock(of: window.end)
            if isOwn {
                mark(UnsafeBufferPointer(start: articles + first, count: last - first), base, set)
            } else {
                for index in first..<last {
                    let place = Int(articles[index] &- base)
                    set[place >> 6] |= 1 &<< UInt64(truncatingIfNeeded: place)
                }
            }
            if score.weight > 0, list.pointee.mayGive(least, score.weight) {
                let counts = try list.pointee.loadCounts()
                for index in first..<last {
                    let article = articles[index]
                    let share = Norms.share(
                        Float(counts[index]) * score.multiplier,
                        divisors[Int(norms[Int(article)])])
                    score.sums[Int(article &- base)] &+= Int32(score.weight * share)
                }
            }
            list.pointee.index = last
            guard last == list.pointee.count else { break }
            article = try list.pointee.nextBlock()
        }
        if score.weight > 0 { touch(set, window) }
    }

    /// Adds articles, which ascend, to a set that has none behind the first.
    @inline(__always)
    private func mark(
        _ articles: UnsafeBufferPointer<UInt32>, _ base: UInt32, _ set: UnsafeMutablePointer<UInt64>
    ) {
        guard let first = articles.first else { return }
        // A word of the set is not read again after each bit, which would take longest of all.
        var word = Int(first &- base) >> 6
        var held = set[word]
        for article in articles {
            let place = Int(article &- base)
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: place)
            held = place >> 6 == word ? held | bit : bit
            word = place >> 6
            set[word] = held
        }
    }

    private func mark(
        phrase number: Int, within mask: UnsafeMutablePointer<UInt64>,
        into set: UnsafeMutablePointer<UInt64>, _ window: Window
    ) throws(IndexDamage) {
        set.update(repeating: 0, count: window.wordCount)
        let score = phraseScores[number]
        let divisors = Norms.divisors
        var article = try phrases[number].seek(window.start)
        while article < window.end {
            let place = Int(article - window.base)
            if mask[place >> 6] >> UInt64(place & 63) & 1 == 1 {
                let divisor = divisors[Int(columns.norms[Int(article)])]
                if try isWorthLooking(number, score, divisor) {
                    let count = try phrases[number].countHere(article)
                    if count > 0 {
                        set[place >> 6] |= 1 << UInt64(place & 63)
                        let share = Norms.share(Float(count) * score.multiplier, divisor)
                        score.sums[place] &+= Int32(score.weight * share)
                    }
                }
            }
            article = try phrases[number].seek(article + 1)
        }
        touch(set, window)
    }

    /// Whether the article at which a phrase's lists stand could still be among the best.
    func isWorthLooking(_ number: Int, _ score: Scored, _ divisor: Float)
        throws(IndexDamage) -> Bool
    {
        guard score.weight > 0, state.pointee.floor > Int.min else { return true }
        let most = Float(try phrases[number].greatestCount()) * score.multiplier
        return state.pointee.bound - phraseBounds[number]
            + Int(score.weight * Norms.share(most, divisor)) + 1 >= state.pointee.floor
    }
}

extension ListCursor {
    /// The first place in the block, from that of the cursor on, whose article is not before
    /// `wanted`; the end of the block if there is none.
    @inline(__always)
    func indexInBlock(of wanted: UInt32) -> Int {
        if count == 0 || list[count - 1] < wanted { return count }
        var low = index
        var high = count
        while low < high {
            let middle = (low + high) >> 1
            if list[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
