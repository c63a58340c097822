/// Where a term stands in the articles that have it.
///
/// The positions of a block of 128 articles, in a file of their own:
///
///     UInt32 number of positions in the block · UInt8 width, then what the counts of the block
///     exceed the numbers of positions by, packed · all positions in groups of 128, each as the
///     gap from the position before it in the same article: UInt8 width of each group, then the
///     groups, each a packed run
///
/// The positions of a tail are, for each article, varint excess where the count is above 1, then
/// a varint for each gap. Since the numbers of a run can be read alone, only those of articles
/// that may hold a phrase are read.
struct Positions {
    private static let groupSize = 128

    /// Appends the groups of a block.
    static func append(_ gaps: UnsafeBufferPointer<UInt32>, to output: inout [UInt8]) {
        var widths: [UInt8] = []
        for start in stride(from: 0, to: gaps.count, by: groupSize) {
            var bits: UInt32 = 0
            for gap in gaps[start..<min(start + groupSize, gaps.count)] { bits |= gap }
            widths.append(UInt8(BitPacking.width(bits)))
        }
        output += widths
        for (group, width) in widths.enumerated() {
            let start = group * groupSize
            BitPacking.packRun(
                .init(rebasing: gaps[start..<min(start + groupSize, gaps.count)]),
                width: Int(width), to: &output)
        }
    }

    private let file: Unmanaged<IndexFile>
    private var start: Int
    private var size: Int
    private let excesses: UnsafeMutablePointer<UInt32>
    /// The block that is open, and the article of it up to which positions are counted.
    private var block = -1
    private var index = 0
    private var position = 0
    private var hasExcess = false
    private var total = 0
    private var widths = UnsafeRawPointer(Norms.divisors)
    private var groupCount = 0
    /// The positions of a tail, all of them, and where those of each article begin.
    private var tail: NumberBuffer
    private let tailStarts: UnsafeMutablePointer<Int>

    init(file: IndexFile, entry: TermEntry, scratch: Scratch) {
        self.file = .passUnretained(file)
        tail = NumberBuffer(scratch)
        tailStarts = scratch.room(BitPacking.blockSize + 1, of: Int.self)
        start = entry.positions
        size = entry.positionsSize
        excesses = scratch.room(BitPacking.blockSize, of: UInt32.self)
    }

    /// Turns to another term.
    mutating func turn(to entry: TermEntry) {
        start = entry.positions
        size = entry.positionsSize
        block = -1
    }

    private func damage(_ offset: Int) -> IndexDamage {
        IndexDamage(
            file: file._withUnsafeGuaranteedRef { $0.name }, offset: offset,
            detail: "positions are cut")
    }

    /// Reads the positions of the article at which `list` stands.
    mutating func read(_ list: inout ListCursor, into output: inout NumberBuffer)
        throws(IndexDamage)
    {
        output.count = 0
        if block != list.block || index > list.index { try open(&list) }
        if list.isTail {
            let index = list.index
            let start = tailStarts[index]
            let count = tailStarts[index + 1] - start
            output.reserve(count)
            output.numbers.update(from: tail.numbers + start, count: count)
            output.count = count
            return
        }
        let counts = try list.loadCounts()
        var sum: UInt32 = 0
        for skipped in index..<list.index { sum &+= counts[skipped] }
        if hasExcess { for skipped in index..<list.index { sum &-= excesses[skipped] } }
        index = list.index
        position = Int(UInt32(truncatingIfNeeded: position) &+ sum)
        let own = counts[index] &- (hasExcess ? excesses[index] : 0)
        try readRun(position, Int(own), into: &output)
    }

    @inline(__always)
    private func readRun(_ first: Int, _ count: Int, into output: inout NumberBuffer)
        throws(IndexDamage)
    {
        guard first >= 0, count >= 0, first + count <= total else {
            throw damage(start)
        }
        var group = first / Self.groupSize
        var groups = widths + groupCount
        for earlier in 0..<group {
            groups += 16 * Int(widths.load(fromByteOffset: earlier, as: UInt8.self))
        }
        output.reserve(count)
        var inGroup = first % Self.groupSize
        var left = count
        var place: UInt32 = 0
        while left > 0 {
            let width = Int(widths.load(fromByteOffset: group, as: UInt8.self))
            let taken = min(left, Self.groupSize - inGroup)
            for index in inGroup..<(inGroup + taken) {
                place &+= BitPacking.number(groups, width: width, at: index)
                output.append(place)
            }
            left -= taken
            inGroup = 0
            group += 1
            groups += 16 * width
        }
    }

    /// Reads the head of a block's positions, or all of a tail's.
    private mutating func open(_ list: inout ListCursor) throws(IndexDamage) {
        block = list.block
        index = 0
        position = 0
        let counts = try list.loadCounts()
        let range = try list.positionsRange(size)
        let file = file._withUnsafeGuaranteedRef { $0 }
        let bytes = try file.bytes(at: start + range.lowerBound, range.count)
        if list.isTail { return try openTail(bytes, range.count, list.count, counts) }
        guard range.count >= 5 else { throw damage(start) }
        let total = Int(bytes.loadUnaligned(as: UInt32.self))
        let width = Int(bytes.load(fromByteOffset: 4, as: UInt8.self))
        guard width <= 32, range.count >= 5 + 16 * width else { throw damage(start) }
        hasExcess = width > 0
        if hasExcess { BitPacking.unpack(bytes + 5, width: width, into: excesses) }
        widths = bytes + 5 + 16 * width
        groupCount = (total + Self.groupSize - 1) / Self.groupSize
        self.total = total
        try checkGroups(total, left: range.count - 5 - 16 * width)
    }

    /// Sees that the groups fill what is left of the block.
    private func checkGroups(_ total: Int, left: Int) throws(IndexDamage) {
        guard groupCount <= left else { throw damage(start) }
        var size = groupCount
        for group in 0..<groupCount {
            let width = Int(widths.load(fromByteOffset: group, as: UInt8.self))
            let numbers = min(Self.groupSize, total - group * Self.groupSize)
            guard width <= 32 else { throw damage(start) }
            size += (numbers * width + 7) / 8
        }
        guard size <= left else { throw damage(start) }
    }

    private mutating func openTail(
        _ bytes: UnsafeRawPointer, _ size: Int, _ articles: Int, _ counts: UnsafePointer<UInt32>
    ) throws(IndexDamage) {
        var reader = ByteReader(bytes, count: size)
        tail.count = 0
        tailStarts[0] = 0
        for index in 0..<articles {
            let excess = counts[index] > 1 ? reader.varint() : 0
            guard excess <= UInt64(counts[index]) else { throw damage(start) }
            var place: UInt32 = 0
            for _ in 0..<(Int(counts[index]) - Int(excess)) {
                guard !reader.isAtEnd else { throw damage(start) }
                place &+= UInt32(truncatingIfNeeded: reader.varint())
                tail.reserve(1)
                tail.append(place)
            }
            tailStarts[index + 1] = tail.count
        }
        if reader.isCut { throw damage(start) }
    }
}
