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
        while line.count < limit {
            let bytes = try available()
            if bytes.isEmpty { break }
            let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(limit - line.count))
            let end = window.lineEnd
            line.append(contentsOf: window.prefix(end ?? window.count))
            take(end ?? window.count)
            if end != nil { break }
        }
        return line
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
