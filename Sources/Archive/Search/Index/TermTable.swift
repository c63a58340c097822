/// The terms of a buffer, numbered as they come.
///
/// All that a word needs that is there already is its slot, its record and its letters: three
/// places in memory.
struct TermTable: ~Copyable {
    private struct Record {
        var start: UInt32
        var length: UInt32
        var count: UInt32
    }

    private(set) var count = 0
    private var records: UnsafeMutablePointer<Record>
    private var room = 1 << 11
    private var keys: UnsafeMutablePointer<UInt8>
    private var keysSize = 0
    private var keysRoom = 1 << 14
    /// Upper half of the hash, and the number of the term plus one; 0 where a slot is free.
    private var slots: UnsafeMutablePointer<UInt64>
    private var slotCount = 1 << 12

    init() {
        records = .allocate(capacity: room)
        keys = .allocate(capacity: keysRoom)
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
    }

    deinit {
        records.deallocate()
        keys.deallocate()
        slots.deallocate()
    }

    /// Bytes that it takes.
    var size: Int { keysSize + 12 * count + 8 * slotCount }

    /// How often a term occurs.
    @inline(__always)
    func count(of term: Int) -> Int {
        precondition(term >= 0 && term < count)
        return Int(records[term].count)
    }

    /// Takes back one occurrence of a term.
    mutating func forget(_ term: Int) {
        precondition(term >= 0 && term < count)
        records[term].count &-= 1
    }

    /// What the first slot of a hash holds: asking for it brings it near.
    @inline(__always)
    func slot(of hash: UInt64) -> UInt64 {
        slots[Int(truncatingIfNeeded: hash) & (slotCount &- 1)]
    }

    /// Where the letters of the term in a slot start: asking brings near what is known of it.
    @inline(__always)
    func start(of held: UInt64) -> UInt64 {
        held == 0 ? 0 : UInt64(keys[Int(records[Int(held & 0xFFFF_FFFF) &- 1].start)])
    }

    /// The number of the term in the `length` bytes at `key`, counting one occurrence.
    ///
    /// - Parameters:
    ///   - key: readable for seven bytes past its end.
    ///   - hash: its `hash`.
    @inline(__always)
    mutating func number(_ key: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64) -> UInt32 {
        let mask = slotCount &- 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let held = slots[slot]
            if held == 0 { return insert(key, length, hash, slot) }
            if (held ^ hash) >> 32 == 0 {
                // A slot holds no number but that of a record.
                let record = records + (Int(held & 0xFFFF_FFFF) &- 1)
                if record.pointee.length == UInt32(truncatingIfNeeded: length),
                    Self.equal(keys + Int(record.pointee.start), key, length)
                {
                    record.pointee.count &+= 1
                    return UInt32(truncatingIfNeeded: held) &- 1
                }
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// Compares eight bytes at a time; both are readable for seven bytes past their ends.
    @inline(__always)
    private static func equal(
        _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ length: Int
    ) -> Bool {
        var offset = 0
        while offset < length {
            if word(left, offset, length) != word(right, offset, length) { return false }
            offset &+= 8
        }
        return true
    }

    @inline(__always)
    private static func word(_ key: UnsafePointer<UInt8>, _ offset: Int, _ length: Int) -> UInt64 {
        let word = UnsafeRawPointer(key).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let left = length &- offset
        return left < 8 ? word & (1 &<< UInt64(truncatingIfNeeded: 8 &* left) &- 1) : word
    }

    @inline(__always)
    static func hash(_ key: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B1_85EB_CA87
        var offset = 0
        while offset < length {
            hash = (hash ^ word(key, offset, length)) &* 0xC2B2_AE3D_27D4_EB4F
            hash ^= hash >> 29
            offset &+= 8
        }
        return hash &* 0x9E37_79B1_85EB_CA87
    }

    @inline(never)
    private mutating func insert(
        _ key: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64, _ slot: Int
    ) -> UInt32 {
        if count == room { Self.enlarge(&records, count, &room, 1) }
        if keysSize + length + 8 > keysRoom { Self.enlarge(&keys, keysSize, &keysRoom, length + 8) }
        (keys + keysSize).update(from: key, count: length)
        (records + count).initialize(
            to: Record(start: UInt32(keysSize), length: UInt32(length), count: 1))
        keysSize += length
        count += 1
        // The lower half of the hash chooses the slot and is found again from the key.
        slots[slot] = hash & ~0xFFFF_FFFF | UInt64(count)
        if count * 2 > slotCount { spread() }
        return UInt32(count - 1)
    }

    private static func enlarge<Value: BitwiseCopyable>(
        _ values: inout UnsafeMutablePointer<Value>, _ count: Int, _ room: inout Int, _ more: Int
    ) {
        room = max(2 * room, room + more)
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: room)
        larger.update(from: values, count: count)
        values.deallocate()
        values = larger
    }

    /// Doubles the slots.
    private mutating func spread() {
        slots.deallocate()
        slotCount *= 2
        slots = .allocate(capacity: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
        let mask = slotCount - 1
        for number in 0..<count {
            let record = records[number]
            let hash = Self.hash(keys + Int(record.start), Int(record.length))
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = hash & ~0xFFFF_FFFF | UInt64(number + 1)
        }
    }

    /// The bytes of a term, valid until another is added.
    func bytes(of term: Int) -> UnsafeRawBufferPointer {
        precondition(term >= 0 && term < count)
        let record = records[term]
        return UnsafeRawBufferPointer(
            start: keys + Int(record.start), count: Int(record.length))
    }

    /// The numbers of the terms in the order of their bytes.
    func sorted() -> [Int] {
        var order: [(prefix: UInt64, term: Int)] = []
        order.reserveCapacity(count)
        for term in 0..<count {
            order.append((TermDictionary.prefix(of: bytes(of: term)), term))
        }
        let (keys, records) = (UnsafeRawPointer(keys), records)
        func key(_ term: Int) -> UnsafeRawBufferPointer {
            let record = records[term]
            return UnsafeRawBufferPointer(
                start: keys + Int(record.start), count: Int(record.length))
        }
        order.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            return TermDictionary.compare(key(left.term), key(right.term)) < 0
        }
        return order.map(\.term)
    }
}
