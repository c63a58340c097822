/// Writes the list of a term: which articles have it, how often it counts there, and where.
///
/// A list is whole blocks of 128 articles, then a tail of fewer, then, if there is a block, a
/// table with one entry of 16 bytes for each block and for the tail:
///
///     block:  128 gaps between articles (less one), 128 counts (less one), both packed
///     tail:   for each article varint(gap · 2 + (count > 1 ? 1 : 0)), varint(count) if above 1
///     entry:  UInt32 last article, UInt32 offset of the block, UInt32 offset of its positions,
///             UInt16 greatest share of the term's weight (`Norms`), UInt8 width of the gaps,
///             UInt8 width of the counts
///
/// The count of `anywhere` is the weighted one, by which an article is ranked. `Positions` tells
/// how the positions stand, in a file of their own so that ranking never touches them.
struct PostingsWriter {
    static let blockSize = BitPacking.blockSize
    static let entrySize = 16
    static let shareScale: Float = 65_535

    private let gaps: UnsafeMutablePointer<UInt32>
    private let counts: UnsafeMutablePointer<UInt32>
    private let excesses: UnsafeMutablePointer<UInt32>
    private let norms: UnsafePointer<UInt8>
    private var filled = 0
    private var total = 0
    private var next: UInt32 = 0
    private var share: Float = 0
    private var greatestShare: UInt16 = 0
    private var weight: Float = 1
    /// The positions of the block, each as the gap from the one before in its article.
    private var deltas: NumberBuffer
    private var list: [UInt8] = []
    private var table: [UInt8] = []
    private var positions: [UInt8] = []
    private var positionsCount = 0

    /// - Parameter norms: those of all articles of the segment, valid while this is used, as the
    ///   scratch must be.
    init(norms: UnsafePointer<UInt8>, scratch: Scratch) {
        self.norms = norms
        gaps = scratch.zeros(Self.blockSize, of: UInt32.self)
        counts = scratch.zeros(Self.blockSize, of: UInt32.self)
        excesses = scratch.zeros(Self.blockSize, of: UInt32.self)
        deltas = NumberBuffer(scratch)
    }

    /// Begins the list of a term whose occurrences count `weight` each beyond their count.
    mutating func begin(weight: Int) {
        filled = 0
        total = 0
        next = 0
        share = 0
        greatestShare = 0
        self.weight = Float(weight)
        deltas.count = 0
        list.removeAll(keepingCapacity: true)
        table.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        positionsCount = 0
    }

    /// Adds an article; articles ascend.
    ///
    /// - Parameter places: its positions, each as the gap from the one before.
    @inline(__always)
    mutating func add(
        _ article: UInt32, count: UInt32, gaps places: UnsafeBufferPointer<UInt32>,
        to sink: inout IndexSink
    ) throws(IndexFailure) {
        gaps[filled] = article &- next
        next = article &+ 1
        counts[filled] = count &- 1
        excesses[filled] = count &- UInt32(truncatingIfNeeded: places.count)
        deltas.append(places)
        let divisor = Norms.divisors[Int(norms[Int(article)])]
        share = max(share, Norms.share(Float(count) * weight, divisor))
        filled += 1
        if filled == Self.blockSize { try closeBlock(&sink) }
    }

    private mutating func closeBlock(_ sink: inout IndexSink) throws(IndexFailure) {
        let gapWidth = Self.width(gaps)
        let countWidth = Self.width(counts)
        appendEntry(gapWidth, countWidth)
        BitPacking.pack(gaps, width: gapWidth, to: &list)
        BitPacking.pack(counts, width: countWidth, to: &list)
        let excessWidth = Self.width(excesses)
        positions.appendWord(UInt32(truncatingIfNeeded: deltas.count))
        positions.append(UInt8(excessWidth))
        BitPacking.pack(excesses, width: excessWidth, to: &positions)
        Positions.append(deltas.all, to: &positions)
        deltas.count = 0
        total += filled
        filled = 0
        share = 0
        try drain(&sink)
    }

    private static func width(_ numbers: UnsafePointer<UInt32>) -> Int {
        var bits: UInt32 = 0
        for index in 0..<blockSize { bits |= numbers[index] }
        return BitPacking.width(bits)
    }

    private mutating func appendEntry(_ gapWidth: Int, _ countWidth: Int) {
        let rounded = UInt16(min(Self.shareScale, (share * Self.shareScale).rounded(.up) + 1))
        greatestShare = max(greatestShare, rounded)
        table.appendWord(next &- 1)
        table.appendWord(UInt32(truncatingIfNeeded: list.count))
        table.appendWord(UInt32(truncatingIfNeeded: positionsCount + positions.count))
        table.appendWord(rounded)
        table.append(UInt8(gapWidth))
        table.append(UInt8(countWidth))
    }

    private mutating func drain(_ sink: inout IndexSink) throws(IndexFailure) {
        try sink.append(positions)
        positionsCount += positions.count
        positions.removeAll(keepingCapacity: true)
    }

    /// Ends the list.
    ///
    /// - Returns: what the dictionary says of it; nil where no article was added.
    mutating func end(_ lists: inout IndexSink, _ sink: inout IndexSink) throws(IndexFailure)
        -> TermEntry?
    {
        guard total + filled > 0 else { return nil }
        if total > 0, filled > 0 { appendEntry(0, 0) }
        var delta = 0
        for index in 0..<filled {
            let isMany = counts[index] > 0
            list.appendVarint(UInt64(gaps[index]) << 1 | (isMany ? 1 : 0))
            if isMany {
                list.appendVarint(UInt64(counts[index]) + 1)
                positions.appendVarint(UInt64(excesses[index]))
            }
            for _ in 0..<Int(counts[index] &+ 1 &- excesses[index]) {
                positions.appendVarint(UInt64(deltas.all[delta]))
                delta += 1
            }
        }
        list += table
        let entry = TermEntry(
            articles: total + filled, list: lists.count, listSize: list.count,
            positions: sink.count - positionsCount, positionsSize: positionsCount + positions.count,
            greatestShare: total > 0 ? greatestShare : .max)
        try lists.append(list)
        try drain(&sink)
        return entry
    }
}

/// What the dictionary says of a term: how many articles have it, and where its list stands.
struct TermEntry: Equatable {
    /// That of a term which no article has.
    static let none = TermEntry(
        articles: 0, list: 0, listSize: 0, positions: 0, positionsSize: 0, greatestShare: 0)

    var articles: Int
    var list: Int
    var listSize: Int
    var positions: Int
    var positionsSize: Int
    /// No article gets a greater share of the term's weight, in 65,535ths.
    var greatestShare: UInt16
}
