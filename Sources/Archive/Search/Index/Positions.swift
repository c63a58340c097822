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
        func group(_ start: Int) -> UnsafeBufferPointer<UInt32> {
            .init(rebasing: gaps[start..<min(start + groupSize, gaps.count)])
        }
        let widths = output.count
        for start in stride(from: 0, to: gaps.count, by: groupSize) {
            var bits: UInt32 = 0
            for gap in group(start) { bits |= gap }
            output.append(UInt8(BitPacking.width(bits)))
        }
        for (index, start) in stride(from: 0, to: gaps.count, by: groupSize).enumerated() {
            BitPacking.packRun(group(start), width: Int(output[widths + index]), to: &output)
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
    private var total = 0
    private var widths = UnsafeRawPointer(Norms.divisors)
    private var groupCount = 0
    /// Bytes of the widths and the groups.
    private var groupsSize = 0
    /// The group in which `position` is, and where it begins.
    private var group = 0
    private var groupPlace = 0
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
        let (first, count) = try locate(&list)
        output.count = 0
        output.reserve(count)
        let numbers = output.numbers
        if list.isTail {
            numbers.update(from: tail.numbers + first, count: count)
        } else {
            var written = 0
            try forEach(first, count) { place in
                numbers[written] = place
                written &+= 1
                return true
            }
        }
        output.count = count
    }

    /// Keeps of `starts` those that have a position at a distance of `place`, in the article at
    /// which `list` stands.
    ///
    /// - Parameter room: for the positions, where all must be read.
    /// - Returns: how many they are.
    mutating func keep(
        _ starts: UnsafeMutablePointer<UInt32>, _ count: Int, at place: UInt32,
        _ list: inout ListCursor, _ room: inout NumberBuffer
    ) throws(IndexDamage) -> Int {
        guard count <= 3 else {
            try read(&list, into: &room)
            return PhraseMatcher.keep(starts, count, at: place, in: room.all)
        }
        let (first, own) = try locate(&list)
        if list.isTail {
            let positions = UnsafeBufferPointer(start: tail.numbers + first, count: own)
            return PhraseMatcher.keep(starts, count, at: place, in: positions)
        }
        // Of few starts the last comes early: what is behind it need not be read.
        var (kept, next) = (0, 0)
        var wanted = starts[0] &+ place
        try forEach(first, own) { position in
            while position >= wanted {
                if position == wanted {
                    starts[kept] = starts[next]
                    kept += 1
                }
                next += 1
                guard next < count else { return false }
                wanted = starts[next] &+ place
            }
            return true
        }
        return kept
    }

    /// The gaps between the positions of the article at which `list` stands, for who goes through
    /// all articles: a block is read as a whole.
    mutating func gaps(_ list: inout ListCursor) throws(IndexDamage)
        -> UnsafeBufferPointer<UInt32>
    {
        if block != list.block || index > list.index {
            try open(&list)
            try readGaps(&list)
        }
        index = list.index
        let first = tailStarts[index]
        return .init(start: tail.numbers + first, count: tailStarts[index + 1] - first)
    }

    private mutating func readGaps(_ list: inout ListCursor) throws(IndexDamage) {
        if list.isTail {
            // Each position was made of the one before it in the same article.
            for article in 0..<list.count {
                for index in (tailStarts[article]..<tailStarts[article + 1]).dropFirst().reversed()
                {
                    tail.numbers[index] &-= tail.numbers[index - 1]
                }
            }
            return
        }
        let counts = try list.loadCounts()
        var sum = 0
        for article in 0..<BitPacking.blockSize {
            tailStarts[article] = sum
            sum += Int(counts[article] &- excesses[article])
        }
        tailStarts[BitPacking.blockSize] = sum
        guard sum == total else { throw damage(start) }
        tail.count = 0
        tail.reserve(total)
        var offset = groupCount
        for group in 0..<groupCount {
            let width = Int(widths.load(fromByteOffset: group, as: UInt8.self))
            let count = min(Self.groupSize, total - group * Self.groupSize)
            guard width <= 32, offset + (count * width + 7) / 8 <= groupsSize else {
                throw damage(start)
            }
            let numbers = tail.numbers + group * Self.groupSize
            for index in 0..<count {
                numbers[index] = BitPacking.number(widths + offset, width: width, at: index)
            }
            offset += 16 * width
        }
        tail.count = total
    }

    /// Where the positions of the article at which `list` stands begin, and how many there are.
    @inline(__always)
    private mutating func locate(_ list: inout ListCursor) throws(IndexDamage)
        -> (first: Int, count: Int)
    {
        if block != list.block || index > list.index { try open(&list) }
        if list.isTail {
            let first = tailStarts[list.index]
            return (first, tailStarts[list.index + 1] - first)
        }
        let counts = try list.loadCounts()
        var sum: UInt32 = 0
        for skipped in index..<list.index { sum &+= counts[skipped] &- excesses[skipped] }
        index = list.index
        position = Int(UInt32(truncatingIfNeeded: position) &+ sum)
        let own = Int(counts[index] &- excesses[index])
        guard position + own <= total else { throw damage(start) }
        while (group + 1) * Self.groupSize <= position {
            groupPlace += 16 * Int(widths.load(fromByteOffset: group, as: UInt8.self))
            group += 1
        }
        return (position, own)
    }

    /// Calls `body` with each of `count` positions from the one numbered `first` on, which is in
    /// `group`, as long as it returns true.
    @inline(__always)
    private func forEach(_ first: Int, _ count: Int, _ body: (UInt32) -> Bool)
        throws(IndexDamage)
    {
        var (group, offset) = (group, groupCount + groupPlace)
        var inGroup = first % Self.groupSize
        var left = count
        var place: UInt32 = 0
        while left > 0 {
            let width = Int(widths.load(fromByteOffset: group, as: UInt8.self))
            let taken = min(left, Self.groupSize - inGroup)
            guard width <= 32, offset + ((inGroup + taken) * width + 7) / 8 <= groupsSize else {
                throw damage(start)
            }
            let groups = widths + offset
            for index in inGroup..<inGroup + taken {
                place &+= BitPacking.number(groups, width: width, at: index)
                guard body(place) else { return }
            }
            left -= taken
            inGroup = 0
            group += 1
            offset += 16 * width
        }
    }

    /// Reads the head of a block's positions, or all of a tail's.
    private mutating func open(_ list: inout ListCursor) throws(IndexDamage) {
        block = list.block
        index = 0
        position = 0
        group = 0
        groupPlace = 0
        let counts = try list.loadCounts()
        let range = try list.positionsRange(size)
        let file = file._withUnsafeGuaranteedRef { $0 }
        let bytes = try file.bytes(at: start + range.lowerBound, range.count)
        if list.isTail { return try openTail(bytes, range.count, list.count, counts) }
        guard range.count >= 5 else { throw damage(start) }
        total = Int(bytes.loadUnaligned(as: UInt32.self))
        let width = Int(bytes.load(fromByteOffset: 4, as: UInt8.self))
        groupCount = (total + Self.groupSize - 1) / Self.groupSize
        groupsSize = range.count - 5 - 16 * width
        guard width <= 32, groupCount <= groupsSize else { throw damage(start) }
        BitPacking.unpack(bytes + 5, width: width, into: excesses)
        widths = bytes + 5 + 16 * width
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
