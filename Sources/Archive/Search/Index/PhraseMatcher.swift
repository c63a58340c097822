/// Sees whether the words of a phrase stand next to each other, or near, in an article.
///
/// Positions are read only of articles that have all the words.
struct PhraseMatcher {
    /// The lists of its words, the rarest first.
    let lists: UnsafeMutablePointer<ListCursor>
    let count: Int
    private let distance: Int?
    var isNear: Bool { distance != nil }
    private let field: WordField
    /// The column in which the parts of articles end.
    private let parts: UnsafeRawPointer
    /// Of each list, in the order of how rare they are: its positions, and where in the phrase
    /// its word stands.
    private let positions: UnsafeMutablePointer<Positions>
    private let places: UnsafeMutablePointer<UInt32>
    /// How much a word of each part counts, of the body last.
    private let weights: UnsafeMutablePointer<UInt32>
    /// What was read of each list.
    private let found: UnsafeMutablePointer<NumberBuffer>

    /// - Parameter distance: how many words may stand between; nil for a phrase.
    init(
        _ entries: ArraySlice<TermEntry>, field: WordField, distance: Int?, in segment: Segment,
        scratch: Scratch
    ) throws(IndexDamage) {
        count = entries.count
        self.distance = distance
        self.field = field
        parts = segment.columns.parts
        var weights = FixedList<UInt32>(WordField.leading.count + 1, scratch)
        for field in WordField.leading + [.anywhere] { weights.append(UInt32(field.weight)) }
        self.weights = weights.values
        let first = entries.startIndex
        var order = FixedList<Int>(count, scratch)
        var positions = FixedList<Positions>(count, scratch)
        var places = FixedList<UInt32>(count, scratch)
        var found = FixedList<NumberBuffer>(count, scratch)
        var lists = FixedList<ListCursor>(count, scratch)
        for word in entries.indices {
            let own = entries[word].articles
            let rarer = (0..<order.count).first { entries[order[$0]].articles > own }
            order.insert(word, at: rarer ?? order.count)
        }
        for index in 0..<count {
            let entry = entries[order[index]]
            let buffer = scratch.room(2 * BitPacking.blockSize, of: UInt32.self)
            places.append(UInt32(order[index] - first))
            found.append(NumberBuffer(scratch))
            positions.append(Positions(file: segment.positions, entry: entry, scratch: scratch))
            lists.append(
                try ListCursor(entry, in: segment.lists, limit: segment.count, buffer: buffer))
        }
        self.places = places.values
        self.found = found.values
        self.positions = positions.values
        self.lists = lists.values
    }

    /// Goes on to the first article from `wanted` on that has all the words.
    @inline(__always)
    func seek(_ wanted: UInt32) throws(IndexDamage) -> UInt32 {
        var article = try lists[0].seek(wanted)
        var agreeing = 1
        while agreeing < count, article != ListCursor.end {
            let found = try lists[agreeing].seek(article)
            if found == article {
                agreeing += 1
            } else {
                article = found == ListCursor.end ? found : try lists[0].seek(found)
                agreeing = 1
            }
        }
        return article
    }

    /// The greatest count that the phrase can have in the article at which the lists stand.
    func greatestCount() throws(IndexDamage) -> UInt32 {
        var least = UInt32.max
        for index in 0..<count {
            let counts = try lists[index].loadCounts()
            if distance == nil {
                least = min(least, counts[lists[index].index])
            } else {
                least =
                    least == .max ? counts[lists[index].index] : least &+ counts[lists[index].index]
            }
        }
        return least
    }

    /// How often, by weight, the phrase stands in the article at which the lists stand.
    func countHere(_ article: UInt32) throws(IndexDamage) -> UInt32 {
        distance == nil ? try phraseCount(article) : try nearCount(article)
    }

    private func phraseCount(_ article: UInt32) throws(IndexDamage) -> UInt32 {
        try positions[0].read(&lists[0], into: &found[0])
        let starts = found[0].numbers
        // Where the phrase would begin.
        var kept = 0
        for index in 0..<found[0].count where starts[index] >= places[0] {
            starts[kept] = starts[index] - places[0]
            kept += 1
        }
        for index in 1..<count {
            guard kept > 0 else { return 0 }
            // Whoever found the article may have left out a word that most articles have.
            guard try lists[index].seek(article) == article else { return 0 }
            kept = try positions[index].keep(
                starts, kept, at: places[index], &lists[index], &found[index])
        }
        guard field == .anywhere else { return UInt32(truncatingIfNeeded: kept) }
        var sum: UInt32 = 0
        for index in 0..<kept {
            let (part, end) = part(of: starts[index], article)
            if starts[index] &+ UInt32(count) <= end { sum &+= weights[part] }
        }
        return sum
    }

    /// Keeps of `starts` those that have a position in `other` at a distance of `place`.
    ///
    /// - Returns: how many they are.
    @inline(__always)
    static func keep(
        _ starts: UnsafeMutablePointer<UInt32>, _ count: Int, at place: UInt32,
        in other: UnsafeBufferPointer<UInt32>
    ) -> Int {
        if count &* other.count <= 256 { return keepFew(starts, count, at: place, in: other) }
        var kept = 0
        var own = 0
        var index = 0
        while own < count, index < other.count {
            // Without branches: which of the two goes on cannot be foretold.
            let wanted = starts[own] &+ place
            let here = other[index]
            starts[kept] = starts[own]
            kept &+= wanted == here ? 1 : 0
            own &+= wanted <= here ? 1 : 0
            index &+= here <= wanted ? 1 : 0
        }
        return kept
    }

    /// The same, comparing each with each, several at once.
    @inline(__always)
    private static func keepFew(
        _ starts: UnsafeMutablePointer<UInt32>, _ count: Int, at place: UInt32,
        in other: UnsafeBufferPointer<UInt32>
    ) -> Int {
        var kept = 0
        for own in 0..<count {
            let start = starts[own]
            let wanted = start &+ place
            var isThere: UInt32 = 0
            for here in other { isThere |= here == wanted ? 1 : 0 }
            starts[kept] = start
            kept &+= Int(isThere)
        }
        return kept
    }

    @inline(__always)
    private func partEnd(_ article: UInt32, _ part: Int) -> UInt32 {
        UInt32(parts.loadUnaligned(fromByteOffset: 8 * Int(article) + 2 * part, as: UInt16.self))
    }

    /// The part in which a word of `anywhere` stands, and where that part ends.
    private func part(of position: UInt32, _ article: UInt32) -> (part: Int, end: UInt32) {
        for part in 0..<4 {
            let end = partEnd(article, part)
            if position < end { return (part, end) }
        }
        return (4, .max)
    }

    /// Counts the words, of those asked for, that have all others at most so far before them.
    private func nearCount(_ article: UInt32) throws(IndexDamage) -> UInt32 {
        for index in 0..<count { try positions[index].read(&lists[index], into: &found[index]) }
        let reach = UInt32(truncatingIfNeeded: min(distance ?? 0, 1 << 24)) + 1
        var next = [Int](repeating: 0, count: count)
        var last = [UInt32?](repeating: nil, count: count)
        var sum: UInt32 = 0
        while true {
            var word = -1
            for index in 0..<count where next[index] < found[index].count {
                let isFirst =
                    word < 0
                    || found[index].numbers[next[index]] < found[word].numbers[next[word]]
                if isFirst { word = index }
            }
            guard word >= 0 else { return sum }
            let position = found[word].numbers[next[word]]
            next[word] += 1
            last[word] = position
            var start = position >= reach ? position - reach : 0
            var weight: UInt32 = 1
            if field == .anywhere {
                let own = part(of: position, article).part
                if own > 0 { start = max(start, partEnd(article, own - 1)) }
                weight = weights[own]
            }
            if last.allSatisfy({ $0.map { $0 >= start } ?? false }) { sum &+= weight }
        }
    }

    /// What share of its weight the phrase can have from one article to another.
    func greatestShare(from first: UInt32, to last: UInt32) -> Float {
        if isNear {
            var sum: Float = 0
            for index in 0..<count { sum += lists[index].greatestShare(from: first, to: last) }
            return min(1, sum)
        }
        var least: Float = 1
        for index in 0..<count {
            least = min(least, lists[index].greatestShare(from: first, to: last))
        }
        return least
    }
}
