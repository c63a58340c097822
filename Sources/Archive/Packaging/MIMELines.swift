internal import Glibc

/// The lines of a message, however they end, handed over one by one.
///
/// A line is in memory as one up to `pieceBytes`; a longer one, such as a picture without line
/// ends, comes in pieces, so that no line can ask for memory.
final class MIMELines {
    /// Longer than every line that is looked into: a delimiter, or a field of a header.
    static let pieceBytes = 1 << 16

    /// A line without its end, or a piece of one; valid until the next call.
    struct Line {
        var bytes: UnsafeRawBufferPointer
        /// Bytes of its end: 2 for CR LF, 1 for LF, 0 where the line goes on or the source ends.
        var ending: Int
        /// Whether these are its first bytes.
        var isStart: Bool
        /// Where they begin in the source.
        var offset: Int
    }

    private let source: any ByteSource
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The bytes of a line that a block ended in.
    private var carry: [UInt8] = []
    private let kept = UnsafeMutableRawBufferPointer.allocate(
        byteCount: pieceBytes * 2, alignment: 16)
    private var isLineStart = true
    private var last: Line?
    private var isPushedBack = false
    /// Bytes of the source that were handed over as lines.
    private(set) var offset = 0

    init(_ source: any ByteSource) { self.source = source }

    deinit { kept.deallocate() }

    /// Makes the line that was handed over last the next one.
    func pushBack() { isPushedBack = last != nil }

    /// The next line, or the next piece of a long one; nil at the end.
    func next() throws(Refusal) -> Line? {
        if isPushedBack {
            isPushedBack = false
            return last
        }
        last = nil
        while true {
            if block.isEmpty {
                block = try source.next()
                if block.isEmpty { return rest() }
            }
            if let line = cut() { return line }
        }
    }

    /// Takes a line or a piece off the block; nil where it goes on in the next block.
    private func cut() -> Line? {
        let room = min(block.count, Self.pieceBytes - carry.count)
        if let base = block.baseAddress, let found = memchr(base, 0x0a, room) {
            let count = UnsafeRawPointer(found) - base + 1
            return whole(take(count))
        }
        if room == Self.pieceBytes - carry.count {
            return piece(take(room))
        }
        carry.append(contentsOf: take(room))
        return nil
    }

    private func take(_ count: Int) -> UnsafeRawBufferPointer {
        let taken = UnsafeRawBufferPointer(rebasing: block[..<count])
        block = UnsafeRawBufferPointer(rebasing: block[count...])
        return taken
    }

    /// What was carried, and `bytes` behind it.
    private func joined(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard !carry.isEmpty else { return bytes }
        carry.append(contentsOf: bytes)
        let count = min(carry.count, kept.count)
        kept.copyBytes(from: carry.prefix(count))
        carry.removeAll(keepingCapacity: true)
        return UnsafeRawBufferPointer(rebasing: kept[..<count])
    }

    private func whole(_ bytes: UnsafeRawBufferPointer) -> Line {
        let bytes = joined(bytes)
        let isCRLF = bytes.count > 1 && bytes[bytes.count - 2] == 0x0d
        return hand(bytes, ending: isCRLF ? 2 : 1, isLast: true)
    }

    private func piece(_ bytes: UnsafeRawBufferPointer) -> Line? {
        var bytes = joined(bytes)
        // A CR may belong to the line end.
        let endsInCR = bytes.last == 0x0d
        if endsInCR { bytes = UnsafeRawBufferPointer(rebasing: bytes.dropLast()) }
        let line = hand(bytes, ending: 0, isLast: false)
        if endsInCR { carry = [0x0d] }
        return line
    }

    /// What stands behind the last line end.
    private func rest() -> Line? {
        guard !carry.isEmpty else { return nil }
        return hand(
            joined(UnsafeRawBufferPointer(start: nil, count: 0)), ending: 0, isLast: true)
    }

    private func hand(_ bytes: UnsafeRawBufferPointer, ending: Int, isLast: Bool) -> Line {
        let line = Line(
            bytes: UnsafeRawBufferPointer(rebasing: bytes.dropLast(ending)), ending: ending,
            isStart: isLineStart, offset: offset)
        isLineStart = isLast
        offset += bytes.count
        last = line
        return line
    }
}
