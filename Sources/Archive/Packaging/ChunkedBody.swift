/// The content of an HTTP body that came in chunks (RFC 9112, 7.1), or that only claims so.
///
/// Crawlers have kept bodies without their chunks under the same header; where the first line is
/// no chunk size, all is content.
final class ChunkedBody: ByteSource {
    private let source: SourceCursor
    /// Bytes left of the chunk at hand.
    private var remaining = 0
    private var state = State.first
    /// Whether all of it was handed on.
    var isEnded: Bool { state == .ended }
    /// Computes a digest over the content.
    var check: StatedDigest?
    /// Whether the body ended within a chunk.
    private(set) var isCut = false

    private enum State { case first, chunks, plain, ended }

    init(_ source: any ByteSource) { self.source = SourceCursor(source) }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        while true {
            if state == .plain { return try source.next() }
            if state == .ended { return none }
            if remaining > 0 {
                let bytes = try source.available()
                if bytes.isEmpty {
                    isCut = true
                    state = .ended
                    return none
                }
                let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(remaining))
                check?.update(part)
                source.take(part.count)
                remaining -= part.count
                return part
            }
            try beginChunk()
        }
    }

    /// Reads the size of the next chunk.
    private func beginChunk() throws(Refusal) {
        if state == .first {
            let start = try source.available()
            // A size stands in the first block of the body, if anywhere.
            guard Self.size(start.prefix(start.lineEnd ?? 0)) != nil else {
                state = .plain
                return
            }
        }
        var line = try source.line(1 << 12)
        if state == .chunks, line == [0x0d, 0x0a] || line == [0x0a] {
            line = try source.line(1 << 12)
        }
        state = .chunks
        if line.isEmpty {
            state = .ended
            return
        }
        guard let size = Self.size(line), size >= 0 else {
            throw Refusal(.corrupt, "a chunk of the page has no size")
        }
        if size == 0 { state = .ended }
        remaining = size
    }

    /// The size in a chunk's first line, -1 for what no `Int` holds; nil where there is none.
    private static func size(_ line: some Collection<UInt8>) -> Int? {
        let digits = line.prefix { Self.hexadecimal($0) != nil }
        let rest = line.dropFirst(digits.count).first { $0 != 0x20 && $0 != 0x09 }
        guard !digits.isEmpty, let rest, rest == 0x0d || rest == 0x0a || rest == 0x3b else {
            return nil
        }
        var size = 0
        for digit in digits {
            guard size <= Int.max >> 5 else { return -1 }
            size = size << 4 | (hexadecimal(digit) ?? 0)
        }
        return size
    }

    private static func hexadecimal(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x30...0x39: Int(digit) - 0x30
        case 0x41...0x46, 0x61...0x66: Int(digit | 0x20) - 0x57
        default: nil
        }
    }
}
