internal import CLinux
internal import Glibc

/// Bytes on their way to one client, in plain memory that is used again.
///
/// Every read and write is within `start..<end..<capacity`, which only this type changes.
final class OutputBuffer {
    private var memory: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    /// Buffers that grew beyond this are not kept for another client.
    static let keptCapacity = 2 << 20

    init(capacity: Int = 32 << 10) {
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// How many bytes wait.
    var count: Int { end - start }

    /// Whether another client may use this buffer when it is empty.
    var isKept: Bool { memory.count <= Self.keptCapacity }

    /// The waiting bytes; valid until the next change.
    var waiting: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

    /// Adds `bytes`.
    func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        copy(bytes)
    }

    /// Adds `{"jsonrpc":"2.0","id":`, the id, `,"result":`, the result, `}` and a line feed.
    ///
    /// - Returns: how many bytes those are.
    func appendAnswer(id: UnsafeRawBufferPointer, result: UnsafeRawBufferPointer) -> Int {
        let before = count
        reserve(id.count + result.count + Self.frame)
        copy(Self.head)
        copy(id)
        copy(Self.middle)
        copy(result)
        copy(Self.tail)
        return count - before
    }

    /// What stands before the result of the answer with this id.
    static func head(id: UnsafeRawBufferPointer) -> [UInt8] {
        Array(head.description.utf8) + id + Array(middle.description.utf8)
    }

    /// Takes `count` bytes off the front.
    func consume(_ count: Int) {
        start += min(count, end - start)
        if start == end { (start, end) = (0, 0) }
    }

    private static let head: StaticString = "{\"jsonrpc\":\"2.0\",\"id\":"
    private static let middle: StaticString = ",\"result\":"
    static let tail: StaticString = "}\n"
    private static let frame = 64

    @inline(__always)
    private func copy(_ text: StaticString) {
        copy(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    private func copy(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, let base = memory.baseAddress else { return }
        precondition(bytes.count <= memory.count - end)
        memcpy(base + end, source, bytes.count)
        end += bytes.count
    }

    @inline(__always)
    private func reserve(_ count: Int) {
        if memory.count - end < count { grow(count) }
    }

    private func grow(_ count: Int) {
        let used = end - start
        // Bytes are moved to the front only when that frees at least as much as it moves.
        if start >= used, memory.count - used >= count {
            memory.copyMemory(from: waiting)
        } else {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(memory.count * 2, used + count), alignment: 16)
            larger.copyMemory(from: waiting)
            memory.deallocate()
            memory = larger
        }
        (start, end) = (0, used)
    }
}
