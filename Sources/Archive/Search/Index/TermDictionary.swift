/// The terms of a segment in order, each with what leads to its list.
///
/// A term is the byte of its field (`WordField`) and the UTF-8 of its word. Terms stand in blocks
/// of 16; a table at the end tells where each block begins:
///
///     block:  varint offset of the first list, varint offset of its positions, then for each term
///             varint bytes shared with the term before, varint further bytes, those bytes,
///             varint articles, varint size of the list, varint size of the positions,
///             from 128 articles on UInt16 greatest share
///     table:  for each block UInt64 the first eight bytes of its first term, the first byte the
///             highest, then for each block UInt32 its offset
///
/// The lists of a block follow each other, as their positions do. Finding a term halves the table
/// by the beginnings of terms, then reads one block, seldom two.
struct TermDictionary {
    static let blockTerms = 16

    private let file: IndexFile
    /// Where the blocks and the table stand in the file.
    private let place: Range<Int>
    private let table: Int
    let blockCount: Int

    init(file: IndexFile, place: Range<Int>, blocks: Int) throws(IndexDamage) {
        self.file = file
        self.place = place
        blockCount = blocks
        table = place.upperBound - 12 * blocks
        guard blocks >= 0, blocks <= place.count / 12 else {
            throw IndexDamage(file: file.name, offset: table, detail: "the dictionary is cut")
        }
    }

    /// Where a block stands.
    private func block(_ index: Int) throws(IndexDamage) -> Range<Int> {
        let isLast = index == blockCount - 1
        let offsets = try file.bytes(at: table + 8 * blockCount + 4 * index, isLast ? 4 : 8)
        let start = place.lowerBound + Int(offsets.loadUnaligned(as: UInt32.self))
        let end =
            isLast
            ? table
            : place.lowerBound + Int(offsets.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        guard start < end, end <= table else {
            throw IndexDamage(file: file.name, offset: table + 4 * index, detail: "a block is cut")
        }
        return start..<end
    }

    private func damage(_ place: Range<Int>) -> IndexDamage {
        IndexDamage(file: file.name, offset: place.lowerBound, detail: "terms are cut")
    }

    /// The last block whose first term is not after `term`; 0 where there is none.
    fileprivate func candidate(_ term: [UInt8]) throws(IndexDamage) -> Int {
        var found: Result<Int, IndexDamage> = .success(0)
        term.withUnsafeBytes { bytes in
            do throws(IndexDamage) {
                found = .success(try candidate(bytes))
            } catch { found = .failure(error) }
        }
        return try found.get()
    }

    private func candidate(_ term: UnsafeRawBufferPointer) throws(IndexDamage) -> Int {
        let prefixes = try file.bytes(at: table, 8 * blockCount)
        let prefix = Self.prefix(of: term)
        // Before `high` stand the blocks that begin before the term or as it does, and from `low`
        // on only those that begin as it does.
        var high = Self.count(blockCount, prefixes) { $0 <= prefix }
        var low = max(0, high - 1)
        let last = prefixes.loadUnaligned(fromByteOffset: 8 * low, as: UInt64.self)
        if last == prefix { low = max(0, Self.count(high, prefixes) { $0 < prefix } - 1) }
        while high - low > 1 {
            let middle = (low + high) / 2
            let place = try block(middle)
            var reader = ByteReader(
                try file.bytes(at: place.lowerBound, place.count), count: place.count)
            _ = reader.varint()
            _ = reader.varint()
            _ = reader.varint()
            guard let first = reader.bytes(Int(clamping: reader.varint())) else {
                throw damage(place)
            }
            if Self.compare(first, term) <= 0 { low = middle } else { high = middle }
        }
        return low
    }

    /// The first eight bytes of a term, the first the highest.
    static func prefix(of term: UnsafeRawBufferPointer) -> UInt64 {
        var prefix: UInt64 = 0
        for index in 0..<8 { prefix = prefix << 8 | (index < term.count ? UInt64(term[index]) : 0) }
        return prefix
    }

    /// How many of ascending numbers `holds` is true for.
    @inline(__always)
    private static func count(
        _ count: Int, _ numbers: UnsafeRawPointer, where holds: (UInt64) -> Bool
    ) -> Int {
        var low = 0
        var high = count
        while low < high {
            // Without branches: which half it is cannot be foretold.
            let middle = (low &+ high) >> 1
            let isBefore = holds(
                numbers.loadUnaligned(fromByteOffset: 8 &* middle, as: UInt64.self))
            low = isBefore ? middle &+ 1 : low
            high = isBefore ? high : middle
        }
        return low
    }

    /// Less than, equal to or greater than 0 as `left` stands before, at or after `right`.
    static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
    }

    /// The entry of a term; nil where no article has it.
    func entry(of term: [UInt8]) throws(IndexDamage) -> TermEntry? {
        guard blockCount > 0 else { return nil }
        var found: Result<TermEntry?, IndexDamage> = .success(nil)
        term.withUnsafeBytes { bytes in
            do throws(IndexDamage) {
                found = .success(try entry(of: bytes, in: try block(try candidate(bytes))))
            } catch { found = .failure(error) }
        }
        return try found.get()
    }

    /// Looks a term up in a block, comparing no byte twice.
    private func entry(of term: UnsafeRawBufferPointer, in place: Range<Int>)
        throws(IndexDamage) -> TermEntry?
    {
        var reader = ByteReader(
            try file.bytes(at: place.lowerBound, place.count), count: place.count)
        var list = Int(clamping: reader.varint())
        var positions = Int(clamping: reader.varint())
        var matched = 0
        while !reader.isAtEnd {
            let shared = Int(clamping: reader.varint())
            guard let bytes = reader.bytes(Int(clamping: reader.varint())) else {
                throw damage(place)
            }
            guard let entry = TermEntry(&reader, list, positions) else { throw damage(place) }
            if shared < matched { return nil }
            if shared == matched {
                var further = 0
                while further < bytes.count, matched + further < term.count,
                    bytes[further] == term[matched + further]
                {
                    further += 1
                }
                matched += further
                let isWhole = matched == term.count
                if further == bytes.count, isWhole { return entry }
                if further < bytes.count, isWhole || bytes[further] > term[matched] { return nil }
            }
            list += entry.listSize
            positions += entry.positionsSize
        }
        return nil
    }

    /// The terms from the first one that is not before `term`.
    func terms(from term: [UInt8]) throws(IndexDamage) -> TermCursor {
        var cursor = TermCursor(self)
        try cursor.seek(term)
        return cursor
    }

    /// Reads the head of a block.
    fileprivate func open(_ index: Int, _ cursor: inout TermCursor) throws(IndexDamage) {
        let place = try block(index)
        var reader = ByteReader(
            try file.bytes(at: place.lowerBound, place.count), count: place.count)
        cursor.list = Int(clamping: reader.varint())
        cursor.positions = Int(clamping: reader.varint())
        cursor.reader = reader
        cursor.place = place.lowerBound
        if reader.isCut { throw damage(place) }
    }

    fileprivate func cut(_ index: Int) -> IndexDamage {
        IndexDamage(
            file: file.name, offset: place.lowerBound, detail: "the terms of block \(index) are cut"
        )
    }
}

/// Goes through terms in order.
struct TermCursor {
    private let dictionary: TermDictionary
    private var block = -1
    private var isPending = false
    private(set) var term: [UInt8] = []
    private(set) var entry = TermEntry.none
    fileprivate var reader = ByteReader(UnsafeRawPointer(Norms.divisors), count: 0)
    fileprivate var list = 0
    fileprivate var positions = 0
    /// Where in the file the block of the term stands.
    fileprivate(set) var place = 0

    fileprivate init(_ dictionary: TermDictionary) { self.dictionary = dictionary }

    /// Goes on to the first term that is not before `wanted`, so that `next` gives it; never back.
    ///
    /// What lies between is not put together: blocks are passed over, and terms are compared from
    /// where they can differ.
    mutating func seek(_ wanted: [UInt8]) throws(IndexDamage) {
        guard dictionary.blockCount > 0 else { return }
        let target = try dictionary.candidate(wanted)
        if target > block { try open(target) }
        if isPending || !term.isEmpty {
            guard term.lexicographicallyPrecedes(wanted) else { return }
            isPending = false
        }
        var matched = 0
        while matched < term.count, term[matched] == wanted[matched] { matched += 1 }
        while try hasMore() {
            let (kept, bytes) = try readTerm()
            guard kept <= matched else { continue }
            let isCommon = kept == matched
            var further = 0
            while isCommon, further < bytes.count, matched < wanted.count,
                bytes[further] == wanted[matched]
            {
                further += 1
                matched += 1
            }
            if isCommon, matched < wanted.count,
                further == bytes.count || bytes[further] < wanted[matched]
            {
                continue
            }
            term.removeAll(keepingCapacity: true)
            term.append(contentsOf: wanted[..<kept])
            term.append(contentsOf: bytes)
            isPending = true
            return
        }
    }

    /// Goes on to the next term.
    ///
    /// - Returns: whether there is one.
    mutating func next() throws(IndexDamage) -> Bool {
        if isPending {
            isPending = false
            return true
        }
        guard try hasMore() else { return false }
        let (kept, bytes) = try readTerm()
        guard kept <= term.count else { throw dictionary.cut(block) }
        term.removeLast(term.count - kept)
        term.append(contentsOf: bytes)
        return true
    }

    private mutating func hasMore() throws(IndexDamage) -> Bool {
        while reader.isAtEnd {
            guard block + 1 < dictionary.blockCount else {
                term = []
                return false
            }
            try open(block + 1)
        }
        return true
    }

    private mutating func open(_ index: Int) throws(IndexDamage) {
        block = index
        isPending = false
        term.removeAll(keepingCapacity: true)
        try dictionary.open(index, &self)
    }

    /// Reads a term: how many bytes it has of the one before, and its further bytes.
    @inline(__always)
    private mutating func readTerm() throws(IndexDamage) -> (Int, UnsafeRawBufferPointer) {
        let kept = Int(clamping: reader.varint())
        let further = Int(clamping: reader.varint())
        guard further <= 512, let bytes = reader.bytes(further) else {
            throw dictionary.cut(block)
        }
        try readEntry()
        return (kept, bytes)
    }

    private mutating func readEntry() throws(IndexDamage) {
        guard let entry = TermEntry(&reader, list, positions) else { throw dictionary.cut(block) }
        self.entry = entry
        list += entry.listSize
        positions += entry.positionsSize
    }
}

extension TermEntry {
    /// Reads what stands behind a term; nil where it is cut or beyond all measure.
    @inline(__always)
    init?(_ reader: inout ByteReader, _ list: Int, _ positions: Int) {
        articles = Int(clamping: reader.varint())
        listSize = Int(clamping: reader.varint())
        positionsSize = Int(clamping: reader.varint())
        self.list = list
        self.positions = positions
        greatestShare = .max
        if articles >= PostingsWriter.blockSize {
            guard let bytes = reader.bytes(2) else { return nil }
            greatestShare = bytes.loadUnaligned(as: UInt16.self)
        }
        guard !reader.isCut, listSize < 1 << 40, positionsSize < 1 << 40, list < 1 << 48,
            positions < 1 << 48
        else { return nil }
    }
}

/// Writes a dictionary; terms come in order.
struct TermDictionaryWriter {
    private(set) var bytes: [UInt8] = []
    private var starts: [UInt32] = []
    private var prefixes: [UInt64] = []
    private var last: [UInt8] = []
    private var count = 0

    var blockCount: Int { starts.count }

    mutating func add(_ term: UnsafeRawBufferPointer, _ entry: TermEntry) {
        var shared = 0
        if count % TermDictionary.blockTerms == 0 {
            starts.append(UInt32(truncatingIfNeeded: bytes.count))
            prefixes.append(TermDictionary.prefix(of: term))
            bytes.appendVarint(UInt64(entry.list))
            bytes.appendVarint(UInt64(entry.positions))
        } else {
            let most = min(last.count, term.count)
            while shared < most, last[shared] == term[shared] { shared += 1 }
        }
        bytes.appendVarint(UInt64(shared))
        bytes.appendVarint(UInt64(term.count - shared))
        bytes.append(contentsOf: term[shared...])
        bytes.appendVarint(UInt64(entry.articles))
        bytes.appendVarint(UInt64(entry.listSize))
        bytes.appendVarint(UInt64(entry.positionsSize))
        if entry.articles >= PostingsWriter.blockSize { bytes.appendWord(entry.greatestShare) }
        last.removeAll(keepingCapacity: true)
        last.append(contentsOf: term)
        count += 1
    }

    /// The blocks and their table.
    consuming func finish() -> [UInt8] {
        for prefix in prefixes { bytes.appendWord(prefix) }
        for start in starts { bytes.appendWord(start) }
        return bytes
    }
}
