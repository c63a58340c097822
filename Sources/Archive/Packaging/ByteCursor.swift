internal import Glibc

/// A reader of bytes that takes as many as it likes and leaves the rest.
protocol ByteCursor: AnyObject {
    /// Bytes that come next, at least one unless all were taken; valid until the next call.
    func available() throws(Refusal) -> UnsafeRawBufferPointer

    /// Takes bytes that are available.
    func take(_ count: Int)
}

extension ByteCursor {
    /// A line with its line feed, cut at `limit`; empty at the end.
    func line(_ limit: Int) throws(Refusal) -> [UInt8] {
        var line: [UInt8] = []
        try appendLine(to: &line, limit)
        return line
    }

    /// Appends a line with its line feed, cut at `limit`; nothing at the end.
    func appendLine(to text: inout [UInt8], _ limit: Int) throws(Refusal) {
        var left = limit
        while left > 0 {
            let bytes = try available()
            if bytes.isEmpty { return }
            let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(left))
            let end = window.lineEnd
            text.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: window.prefix(end ?? left)))
            take(end ?? window.count)
            if end != nil { return }
            left -= window.count
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The index behind the first line feed.
    var lineEnd: Int? {
        guard let baseAddress, let found = memchr(baseAddress, 0x0a, count) else { return nil }
        return UnsafeRawPointer(found) - baseAddress + 1
    }
}

/// A source of blocks as a cursor.
final class SourceCursor: ByteCursor, ByteSource {
    private let source: any ByteSource
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ source: any ByteSource) { self.source = source }

    var length: Int? { source.length }

    func seek(to offset: Int) {
        source.seek(to: offset)
        block = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    func twin(at offset: Int) -> (any ByteSource)? { source.twin(at: offset) }

    func available() throws(Refusal) -> UnsafeRawBufferPointer {
        if block.isEmpty { block = try source.next() }
        return block
    }

    func take(_ count: Int) { block = UnsafeRawBufferPointer(rebasing: block[count...]) }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        let bytes = try available()
        take(bytes.count)
        return bytes
    }
}
