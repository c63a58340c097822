/// Goes through the articles that have a term, a block of 128 at a time.
///
/// It holds pointers only, so that moving it costs nothing; the segment and the scratch that it
/// was made with must outlive it. A cursor can also go through articles that were gathered from
/// several lists; they are its one block then.
struct ListCursor {
    /// What `article` is behind the last one.
    static let end = UInt32.max

    /// How many articles the list has.
    let articles: Int
    /// The file's number of articles: none may lie beyond.
    private let limit: UInt32
    private let file: Unmanaged<IndexFile>?
    private let start: Int
    private let size: Int
    /// The number of whole blocks, and of all with the tail.
    private let wholeBlocks: Int
    private let blocks: Int
    private let table: UnsafeRawPointer?
    private let greatestShare: Float

    /// The block that is read.
    private(set) var block = -1
    private(set) var count = 0
    /// Where in the block the cursor stands.
    var index = 0
    private var lastInBlock: UInt32 = 0
    private(set) var list: UnsafeMutablePointer<UInt32>
    private(set) var counts: UnsafeMutablePointer<UInt32>
    private var hasCounts = false
    /// The last entry of the table that a bound was asked of.
    private var boundBlock = 0

    /// Opens the list of a term.
    ///
    /// - Parameter buffer: room for two blocks of numbers.
    init(
        _ entry: TermEntry, in file: IndexFile, limit: Int, buffer: UnsafeMutablePointer<UInt32>
    ) throws(IndexDamage) {
        articles = entry.articles
        self.limit = UInt32(truncatingIfNeeded: limit)
        self.file = .passUnretained(file)
        start = entry.list
        wholeBlocks = entry.articles / BitPacking.blockSize
        blocks = (entry.articles + BitPacking.blockSize - 1) / BitPacking.blockSize
        let tableSize = wholeBlocks > 0 ? blocks * PostingsWriter.entrySize : 0
        size = entry.listSize - tableSize
        guard size >= 0, articles > 0, articles <= limit else {
            throw IndexDamage(file: file.name, offset: start, detail: "a list is cut")
        }
        table = wholeBlocks > 0 ? try file.bytes(at: start + size, tableSize) : nil
        greatestShare = Float(entry.greatestShare) / PostingsWriter.shareScale
        list = buffer
        counts = buffer + BitPacking.blockSize
    }

    /// Goes through gathered articles, which ascend, with their counts.
    init(
        list: UnsafeMutablePointer<UInt32>, counts: UnsafeMutablePointer<UInt32>, count: Int,
        limit: Int
    ) {
        articles = count
        self.limit = UInt32(truncatingIfNeeded: limit)
        file = nil
        start = 0
        size = 0
        wholeBlocks = 0
        blocks = count > 0 ? 1 : 0
        table = nil
        greatestShare = 1
        self.list = list
        self.counts = counts
        self.count = count
        lastInBlock = count > 0 ? list[count - 1] : 0
        block = 0
        hasCounts = true
    }

    private func damage(_ offset: Int) -> IndexDamage {
        IndexDamage(
            file: file?.takeUnretainedValue().name ?? "", offset: start + offset,
            detail: "a list is cut")
    }

    // MARK: The table

    @inline(__always)
    private func last(_ block: Int) -> UInt32 {
        table?.loadUnaligned(fromByteOffset: block * 16, as: UInt32.self) ?? limit
    }

    private func offset(_ block: Int) -> Int {
        Int(table?.loadUnaligned(fromByteOffset: block * 16 + 4, as: UInt32.self) ?? 0)
    }

    /// Whether the block that is read is the tail, whose positions are varints.
    var isTail: Bool { block >= wholeBlocks }

    /// Where among the positions of the term those of the block stand.
    func positionsRange(_ size: Int) throws(IndexDamage) -> Range<Int> {
        guard let table else { return 0..<size }
        let from = Int(table.loadUnaligned(fromByteOffset: block * 16 + 8, as: UInt32.self))
        let to =
            block + 1 < blocks
            ? Int(table.loadUnaligned(fromByteOffset: block * 16 + 24, as: UInt32.self)) : size
        guard from <= to, to <= size else { throw damage(0) }
        return from..<to
    }

    /// The greatest share of its weight that the term gives an article from `first` to `last`.
    @inline(__always)
    mutating func greatestShare(from first: UInt32, to last: UInt32) -> Float {
        guard let table, blocks > 1 else { return greatestShare }
        var entry = boundBlock
        if entry > 0, self.last(entry - 1) >= first { entry = 0 }
        if self.last(entry) < first { entry = firstBlock(from: entry, reaching: first) }
        boundBlock = min(entry, blocks - 1)
        var greatest: UInt16 = 0
        while entry < blocks {
            let share = table.loadUnaligned(fromByteOffset: entry * 16 + 12, as: UInt16.self)
            greatest = max(greatest, share)
            if self.last(entry) >= last { break }
            entry += 1
        }
        return Float(greatest) / PostingsWriter.shareScale
    }

    /// The greatest share over the whole list.
    var bound: Float { greatestShare }

    /// The last article of the block that reaches `article`, and the block's greatest share.
    mutating func blockBound(at article: UInt32) -> (last: UInt32, share: Float) {
        guard let table, blocks > 1 else { return (Self.end, greatestShare) }
        if boundBlock > 0, last(boundBlock - 1) >= article { boundBlock = 0 }
        if last(boundBlock) < article {
            boundBlock = firstBlock(from: boundBlock, reaching: article)
        }
        guard boundBlock < blocks else {
            boundBlock = blocks - 1
            return (Self.end, 0)
        }
        let share = table.loadUnaligned(fromByteOffset: boundBlock * 16 + 12, as: UInt16.self)
        return (last(boundBlock), Float(share) / PostingsWriter.shareScale)
    }

    /// The first block from `from` on whose last article is not before `article`.
    private func firstBlock(from: Int, reaching article: UInt32) -> Int {
        var low = from
        var step = 1
        while low + step < blocks, last(low + step) < article {
            low += step
            step *= 2
        }
        var high = min(blocks, low + step)
        // All before `low` and `low` itself end before `article`.
        while high - low > 1 {
            let middle = (low + high) / 2
            if last(middle) < article { low = middle } else { high = middle }
        }
        return last(low) < article ? low + 1 : low
    }

    // MARK: Many articles at once

    /// Whether it goes through articles that were gathered, in one block of any length.
    var isGathered: Bool { file == nil }

    /// The block, from the one that is read on, that reaches `wanted`; nil behind the last one.
    @inline(__always)
    func block(reaching wanted: UInt32) -> Int? {
        if block >= 0, wanted <= lastInBlock { return block }
        var target = block + 1
        guard target < blocks else { return nil }
        if last(target) < wanted { target = firstBlock(from: target, reaching: wanted) }
        return target < blocks ? target : nil
    }

    /// The last article of a block, or one behind it, and the block's greatest share.
    @inline(__always)
    func bound(ofBlock target: Int) -> (last: UInt32, share: Float) {
        guard let table else { return (limit, greatestShare) }
        let share = table.loadUnaligned(fromByteOffset: target * 16 + 12, as: UInt16.self)
        return (last(target), Float(share) / PostingsWriter.shareScale)
    }

    /// Whether the term can give an article of the block that is read a score of `least`.
    @inline(__always)
    func mayGive(_ least: Int, _ weight: Float) -> Bool {
        if least <= 0 { return true }
        return Int(weight * (isGathered ? 1 : bound(ofBlock: block).share)) + 1 >= least
    }

    /// Reads a block that `block(reaching:)` named, if it is not read.
    @inline(__always)
    mutating func open(_ target: Int) throws(IndexDamage) {
        if target != block {
            try read(target)
            index = 0
        }
    }

    /// Where in the block the first article stands that is not before `wanted`, of a block that
    /// was read from a file; its last place if there is none.
    ///
    /// Without branches, so that many searches are under way at once.
    @inline(__always)
    func place(of wanted: UInt32) -> Int {
        var low = 0
        low &+= list[63] < wanted ? 64 : 0
        low &+= list[low &+ 31] < wanted ? 32 : 0
        low &+= list[low &+ 15] < wanted ? 16 : 0
        low &+= list[low &+ 7] < wanted ? 8 : 0
        low &+= list[low &+ 3] < wanted ? 4 : 0
        low &+= list[low &+ 1] < wanted ? 2 : 0
        low &+= list[low] < wanted ? 1 : 0
        return low
    }

    /// Where an article stands that the block has, at `index` or behind it.
    func place(of article: UInt32, from index: Int) -> Int {
        if !isGathered { return place(of: article) }
        var low = index
        var high = count - 1
        while low < high {
            let middle = (low + high) >> 1
            if list[middle] < article { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Moving

    /// The article at which the cursor stands.
    @inline(__always)
    var article: UInt32 { index < count ? list[index] : Self.end }

    /// Goes on to the first article that is not before `wanted`; never back.
    ///
    /// At its end it stays there, whatever is wanted.
    @inline(__always)
    mutating func seek(_ wanted: UInt32) throws(IndexDamage) -> UInt32 {
        if index < count {
            if list[index] >= wanted { return list[index] }
            if wanted <= lastInBlock {
                search(wanted)
                return list[index]
            }
        } else if block >= 0 {
            return Self.end
        }
        return try jump(wanted)
    }

    /// Forgets where it stood, so that it can be sent to an earlier article.
    mutating func restart() {
        boundBlock = 0
        index = 0
        guard file != nil else { return }
        block = -1
        count = 0
    }

    /// Goes on within the block, whose last article is not before `wanted`.
    @inline(__always)
    private mutating func search(_ wanted: UInt32) {
        var low = index
        if list[low] >= wanted { return }
        var step = 1
        while low + step < count, list[low + step] < wanted {
            low += step
            step &*= 2
        }
        var high = min(count - 1, low + step)
        while high - low > 1 {
            let middle = (low + high) >> 1
            if list[middle] < wanted { low = middle } else { high = middle }
        }
        index = high
    }

    private mutating func jump(_ wanted: UInt32) throws(IndexDamage) -> UInt32 {
        guard file != nil else {
            index = count
            return Self.end
        }
        var target = block + 1
        if target < blocks, last(target) < wanted, wholeBlocks > 0 {
            target = firstBlock(from: target, reaching: wanted)
        }
        guard target < blocks else {
            index = count
            return Self.end
        }
        try read(target)
        index = 0
        guard wanted <= lastInBlock else {
            index = count
            return Self.end
        }
        search(wanted)
        return list[index]
    }

    /// Goes to the first article of the next block.
    mutating func nextBlock() throws(IndexDamage) -> UInt32 {
        guard file != nil, block + 1 < blocks else {
            index = count
            return Self.end
        }
        try read(block + 1)
        index = 0
        return list[0]
    }

    /// Goes to the first article of the next block in which a score of `floor` can be.
    mutating func nextBlock(reaching floor: Int, weight: Float) throws(IndexDamage) -> UInt32 {
        guard let table, floor > 0 else { return try nextBlock() }
        var target = block + 1
        while target < blocks {
            let share = table.loadUnaligned(fromByteOffset: target * 16 + 12, as: UInt16.self)
            if Int(weight * (Float(share) / PostingsWriter.shareScale)) + 1 >= floor { break }
            target += 1
        }
        block = target - 1
        return try nextBlock()
    }

    // MARK: Reading blocks

    private mutating func read(_ target: Int) throws(IndexDamage) {
        guard let file = file?._withUnsafeGuaranteedRef({ $0 }) else { return }
        block = target
        hasCounts = false
        if target >= wholeBlocks { return try readTail(file) }
        guard let table else { return }
        let width = Int(table.load(fromByteOffset: target * 16 + 14, as: UInt8.self))
        let offset = offset(target)
        guard width <= 24, offset + 16 * width <= size else { throw damage(offset) }
        let bytes = try file.bytes(at: start + offset, 16 * width)
        BitPacking.unpack(bytes, width: width, into: list)
        // Gaps below 2^24 cannot overflow: the bounds being right, all are within them.
        let first = target > 0 ? last(target - 1) &+ 1 : 0
        BitPacking.addUp(list, from: first)
        count = BitPacking.blockSize
        lastInBlock = list[BitPacking.blockSize - 1]
        guard first <= lastInBlock, lastInBlock == last(target), lastInBlock < limit else {
            throw damage(offset)
        }
    }

    private mutating func readTail(_ file: IndexFile) throws(IndexDamage) {
        let offset = wholeBlocks > 0 ? offset(wholeBlocks) : 0
        guard offset <= size else { throw damage(0) }
        var reader = ByteReader(
            try file.bytes(at: start + offset, size - offset), count: size - offset)
        var next = wholeBlocks > 0 ? UInt64(last(wholeBlocks - 1)) + 1 : 0
        count = articles % BitPacking.blockSize
        for index in 0..<count {
            let gap = reader.varint()
            next += gap >> 1
            guard next < UInt64(limit) else { throw damage(offset) }
            list[index] = UInt32(next)
            counts[index] = gap & 1 == 1 ? UInt32(truncatingIfNeeded: reader.varint()) : 1
            next += 1
        }
        if reader.isCut { throw damage(offset) }
        // `place` looks at a whole block.
        for index in count..<BitPacking.blockSize { list[index] = .max }
        hasCounts = true
        lastInBlock = count > 0 ? list[count - 1] : 0
        // Whoever goes by the table must get on by it.
        guard wholeBlocks == 0 || lastInBlock == last(wholeBlocks) else { throw damage(offset) }
    }

    /// Reads the counts of the block, if they are not read.
    @inline(__always)
    mutating func loadCounts() throws(IndexDamage) -> UnsafeMutablePointer<UInt32> {
        if !hasCounts { try readCounts() }
        return counts
    }

    private mutating func readCounts() throws(IndexDamage) {
        guard let file = file?._withUnsafeGuaranteedRef({ $0 }), let table else { return }
        let gapWidth = Int(table.load(fromByteOffset: block * 16 + 14, as: UInt8.self))
        let width = Int(table.load(fromByteOffset: block * 16 + 15, as: UInt8.self))
        let offset = offset(block) + 16 * gapWidth
        guard width <= 32, offset + 16 * width <= size else { throw damage(offset) }
        BitPacking.unpack(
            try file.bytes(at: start + offset, 16 * width), width: width, into: counts)
        for index in 0..<BitPacking.blockSize { counts[index] &+= 1 }
        hasCounts = true
    }
}
