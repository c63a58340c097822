/// The block of the record at which a web archive's reader stands.
final class RecordBody: ByteCursor, ByteSource {
    /// Bytes that are still to come by the record's own account.
    private(set) var remaining: Int
    /// Whether the bytes ended before that.
    private(set) var isCut = false
    /// Whether they ended because the next record began.
    private(set) var metNext = false
    /// Bytes that were passed over unread.
    private(set) var skipped = 0
    /// Computes the digest that the record states, over the bytes as they pass.
    var check: StatedDigest?

    private let stream: RecordStream
    private let isHead: (UnsafeRawBufferPointer) -> Bool

    init(
        _ stream: RecordStream, length: Int, isHead: @escaping (UnsafeRawBufferPointer) -> Bool
    ) {
        self.stream = stream
        self.isHead = isHead
        remaining = length
    }

    func available() throws(Refusal) -> UnsafeRawBufferPointer {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        guard remaining > 0, !isCut else { return none }
        let bytes = try stream.available()
        if bytes.isEmpty {
            isCut = true
            return none
        }
        if stream.partHere != nil, isHead(bytes) {
            isCut = true
            metNext = true
            return none
        }
        return UnsafeRawBufferPointer(rebasing: bytes.prefix(remaining))
    }

    func take(_ count: Int) {
        if let check, let bytes = try? available() {
            check.update(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
        }
        remaining -= count
        stream.take(count)
    }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        let bytes = try available()
        if !bytes.isEmpty { take(bytes.count) }
        return bytes
    }

    /// Passes over what is left.
    func drain() throws(Refusal) {
        if check == nil {
            skipped = stream.skip(remaining)
            remaining -= skipped
        }
        while !(try next().isEmpty) {}
    }
}
