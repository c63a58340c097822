/// Sees whether the words of a phrase stand next to each other, or near, in an article.
///
/// Positions are read only of articles that have all the words.
struct PhraseMatcher {
    /// How many words a phrase may have more than the list of its rarest asks: its lists.
    let lists: UnsafeMutablePointer<ListCursor>
    let count: Int
    private let distance: Int?
    var isNear: Bool { distance != nil }
    private let field: WordField
    private let columns: Columns
    private var positions: [Positions]
    /// The words in the order of how rare they are, and where in the phrase each stands.
    private let places: [UInt32]
    private var starts: [UInt32] = []
    private var other: [UInt32] = []
    private var all: [[UInt32]]

    /// - Parameter distance: how many words may stand between; nil for a phrase.
    init(
        _ entries: [TermEntry], field: WordField, distance: Int?, in segment: Segment,
        scratch: Scratch
    ) throws(IndexDamage) {
        count = entries.count
        self.distance = distance
        self.field = field
        columns = segment.columns
        let order = entries.indices.sorted { entries[$0].articles < entries[$1].articles }
        places = order.map { UInt32($0) }
        all = Array(repeating: [], count: entries.count)
        lists = scratch.cursors(entries.count)
        positions = []
        for (index, word) in order.enumerated() {
            let buffer = scratch.zeros(2 * BitPacking.blockSize, of: UInt32.self)
            lists[index] = try ListCursor(
                entries[word], in: segment.lists, limit: segment.count, buffer: buffer)
            positions.append(
                Positions(file: segment.positions, entry: entries[word], scratch: scratch))
        }
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
                least = least == .max ? counts[lists[index].index] : least &+ counts[lists[index].index]
            }
        }
        return least
    }

    /// How often, by weight, the phrase stands in the article at which the lists stand.
    mutating func countHere(_ article: UInt32) throws(IndexDamage) -> UInt32 {
        distance == nil ? try phraseCount(article) : try nearCount(article)
    }

    private mutating func phraseCount(_ article: UInt32) throws(IndexDamage) -> UInt32 {
        try positions[0].read(&lists[0], into: &starts)
        // Where the phrase would begin.
        var kept = 0
        for start in starts where start >= places[0] {
            starts[kept] = start - places[0]
            kept += 1
        }
        starts.removeLast(starts.count - kept)
        for index in 1..<count {
            try positions[index].read(&lists[index], into: &other)
            Self.keep(&starts, at: places[index], in: other)
            if starts.isEmpty { return 0 }
        }
        guard field == .anywhere else { return UInt32(truncatingIfNeeded: starts.count) }
        var sum: UInt32 = 0
        for start in starts {
            let (part, end) = part(of: start, article)
            if start &+ UInt32(count) <= end { sum &+= weight(ofPart: part) }
        }
        return sum
    }

    /// Keeps of `starts` those that have a position in `other` at a distance of `place`.
    private static func keep(
        _ starts: inout [UInt32], at place: UInt32, in other: [UInt32]
    ) {
        var kept = 0
        starts.withUnsafeMutableBufferPointer { starts in
            other.withUnsafeBufferPointer { other in
                var index = 0
                for start in starts {
                    let wanted = start &+ place
                    while index < other.count, other[index] < wanted { index += 1 }
                    guard index < other.count else { break }
                    if other[index] == wanted {
                        starts[kept] = start
                        kept += 1
                    }
                }
            }
        }
        starts.removeLast(starts.count - kept)
    }

    /// The part in which a word of `anywhere` stands, and where that part ends.
    private func part(of position: UInt32, _ article: UInt32) -> (part: Int, end: UInt32) {
        for part in 0..<4 {
            let end = columns.partEnd(article, part)
            if position < end { return (part, end) }
        }
        return (4, .max)
    }

    private func weight(ofPart part: Int) -> UInt32 {
        part < 4 ? UInt32(WordField.leading[part].weight) : 1
    }

    /// Counts the words, of those asked for, that have all others at most so far before them.
    private mutating func nearCount(_ article: UInt32) throws(IndexDamage) -> UInt32 {
        for index in 0..<count { try positions[index].read(&lists[index], into: &all[index]) }
        let reach = UInt32(truncatingIfNeeded: min(distance ?? 0, 1 << 24)) + 1
        var next = [Int](repeating: 0, count: count)
        var last = [UInt32?](repeating: nil, count: count)
        var sum: UInt32 = 0
        while true {
            var word = -1
            for index in 0..<count where next[index] < all[index].count {
                if word < 0 || all[index][next[index]] < all[word][next[word]] { word = index }
            }
            guard word >= 0 else { return sum }
            let position = all[word][next[word]]
            next[word] += 1
            last[word] = position
            var start = position >= reach ? position - reach : 0
            var weight: UInt32 = 1
            if field == .anywhere {
                let own = part(of: position, article).part
                if own > 0 { start = max(start, columns.partEnd(article, own - 1)) }
                weight = self.weight(ofPart: own)
            }
            if last.allSatisfy({ $0.map { $0 >= start } ?? false }) { sum &+= weight }
        }
    }
}

extension Scratch {
    /// Room for `count` cursors.
    func cursors(_ count: Int) -> UnsafeMutablePointer<ListCursor> {
        UnsafeMutableRawPointer(
            zeros(count * MemoryLayout<ListCursor>.stride, of: UInt8.self)
        ).bindMemory(to: ListCursor.self, capacity: count)
    }
}
