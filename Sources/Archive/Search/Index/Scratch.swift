internal import Synchronization

/// Memory for the length of one task, such as a query: given back all at once.
///
/// The pointers live as long as this object, which whoever uses them must keep alive beyond the
/// last use of it (`withExtendedLifetime`); inner loops read and write through them without
/// counting references.
final class Scratch: @unchecked Sendable {
    private static let chunkSize = 1 << 16
    /// What queries have given back, for the next ones.
    private static let spare = Mutex<[Scratch]>([])

    private var chunks: [UnsafeMutableRawPointer] = []
    private var free = 0
    private var next: UnsafeMutableRawPointer

    init() {
        next = .allocate(byteCount: Self.chunkSize, alignment: 64)
        free = Self.chunkSize
        chunks.append(next)
    }

    /// One that another task has given back, or a new one: it is one task's at a time.
    static func taken() -> Scratch { spare.withLock { $0.popLast() } ?? Scratch() }

    /// Lets another task have it; nobody may use a pointer of it any more.
    func giveBack() {
        rewind()
        Self.spare.withLock { if $0.count < 8 { $0.append(self) } }
    }

    /// Takes all that it gave out for free again.
    func rewind() {
        while chunks.count > 1 { chunks.removeLast().deallocate() }
        next = chunks[0]
        free = Self.chunkSize
    }

    deinit { for chunk in chunks { chunk.deallocate() } }

    /// Room for `count` values, all of them zero.
    func zeros<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type)
        -> UnsafeMutablePointer<Value>
    {
        let place = room(count, of: type)
        UnsafeMutableRawPointer(place).initializeMemory(
            as: UInt8.self, repeating: 0, count: count * MemoryLayout<Value>.stride)
        return place
    }

    /// Room for `count` values that are written before they are read.
    func room<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type)
        -> UnsafeMutablePointer<Value>
    {
        // Vectors may be read past the end, and lines of the cache are not shared.
        let size = (max(1, count) * MemoryLayout<Value>.stride + 127) & ~63
        if size > free {
            let chunk = max(size, Self.chunkSize)
            next = .allocate(byteCount: chunk, alignment: 64)
            free = chunk
            chunks.append(next)
        }
        defer {
            next += size
            free -= size
        }
        return next.assumingMemoryBound(to: type)
    }
}

extension Scratch {
    /// The values in memory that lives as long as this.
    func copy<Value: BitwiseCopyable>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
        let place = room(values.count, of: Value.self)
        place.initialize(from: values, count: values.count)
        return place
    }
}

/// A list in memory of a scratch, of which it is known how many it can hold at most.
struct FixedList<Value: BitwiseCopyable> {
    let values: UnsafeMutablePointer<Value>
    private(set) var count = 0
    private let capacity: Int

    init(_ capacity: Int, _ scratch: Scratch) {
        values = scratch.room(capacity, of: Value.self)
        self.capacity = capacity
    }

    @inline(__always)
    subscript(index: Int) -> Value { values[index] }

    mutating func append(_ value: Value) { insert(value, at: count) }

    mutating func insert(_ value: Value, at index: Int) {
        precondition(count < capacity && index >= 0 && index <= count)
        var place = count
        while place > index {
            values[place] = values[place - 1]
            place -= 1
        }
        (values + index).initialize(to: value)
        count += 1
    }
}

/// Numbers in memory of a scratch, with room for more.
///
/// A copy shares the numbers: it is for one user who passes it on.
struct NumberBuffer {
    private(set) var numbers: UnsafeMutablePointer<UInt32>
    var count = 0
    private var capacity = 64
    private let scratch: Unmanaged<Scratch>

    init(_ scratch: Scratch) {
        self.scratch = .passUnretained(scratch)
        numbers = scratch.room(capacity, of: UInt32.self)
    }

    /// Makes room for `more` numbers behind those that are there.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if count + more > capacity { grow(count + more) }
    }

    private mutating func grow(_ least: Int) {
        capacity = max(2 * capacity, least)
        let larger = scratch._withUnsafeGuaranteedRef { $0.room(capacity, of: UInt32.self) }
        larger.update(from: numbers, count: count)
        numbers = larger
    }

    /// Appends a number, for which there is room.
    @inline(__always)
    mutating func append(_ number: UInt32) {
        numbers[count] = number
        count += 1
    }

    /// Appends many numbers.
    @inline(__always)
    mutating func append(_ more: UnsafeBufferPointer<UInt32>) {
        reserve(more.count)
        for index in 0..<more.count { numbers[count &+ index] = more[index] }
        count += more.count
    }

    var all: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: numbers, count: count) }
}
