/// The content of an HTTP body with one coding taken away (RFC 9110, 8.4.1), or that only claims
/// to have it.
///
/// Crawlers have kept decoded pages under the header of the coded ones: what does not begin like
/// the coding is content. Bytes behind the coded ones are nothing.
final class ContentDecoding: ByteSource {
    /// Whether the body ended within the coded bytes.
    private(set) var isCut = false

    private let source: SourceCursor
    private let coding: String
    private var decoder: (any PartDecoder)?
    private var isBegun = false
    private var isEnded = false
    private var isFull = false
    private var hasOutput = false
    /// What was taken before anything came out, to be handed on where it cannot be decoded.
    private var first: [UInt8] = []
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    /// Takes a coding's name in small letters; nil where nothing is to be taken away.
    init?(_ source: any ByteSource, coding: String) throws(Refusal) {
        // First, so that what is left early gives its memory back.
        self.source = SourceCursor(source)
        self.coding = coding
        switch coding {
        case "gzip", "x-gzip", "deflate", "br", "zstd": break
        case "", "identity", "none", "utf-8", "binary": return nil
        default:
            throw Refusal(.unsupported, "the content coding \(coding.prefix(40)) is not known")
        }
    }

    deinit { output.deallocate() }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        if !isBegun { try begin() }
        guard let decoder else { return try nextPlain() }
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        while !isEnded {
            let input = isFull ? none : try source.available()
            if input.isEmpty, !isFull {
                isEnded = true
                isCut = true
                break
            }
            let decoded = decoder.decode(input, into: output)
            if let damage = decoded.damage {
                guard !hasOutput, decoder.magic.isEmpty, first.count < output.count else {
                    throw Refusal(.corrupt, damage.detail)
                }
                self.decoder = nil
                return try nextPlain()
            }
            if !input.isEmpty {
                if !hasOutput, first.count + decoded.used < output.count {
                    first += input.prefix(decoded.used)
                }
                source.take(decoded.used)
            }
            isFull = decoded.made == output.count
            if decoded.made > 0 {
                hasOutput = true
                first = []
            }
            if decoded.isEnd { try endPart(decoder) }
            if decoded.used == 0, decoded.made == 0, !input.isEmpty, !decoded.isEnd {
                throw Refusal(.corrupt, "the \(decoder.name) stream is damaged")
            }
            if decoded.made > 0 {
                return UnsafeRawBufferPointer(rebasing: output[..<decoded.made])
            }
        }
        return none
    }

    /// Looks at the first bytes and chooses the decoder.
    private func begin() throws(Refusal) {
        isBegun = true
        let start = try source.available()
        switch coding {
        case "gzip", "x-gzip":
            if start.starts(with: [0x1f, 0x8b]) { decoder = DeflateDecoder(.gzip) }
        case "zstd":
            if start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { decoder = try ZstdDecoder() }
        case "deflate":
            if start.starts(with: [0x1f, 0x8b]) {
                decoder = DeflateDecoder(.gzip)
            } else {
                decoder = DeflateDecoder(Self.isZlib(start) ? .zlib : .none)
            }
        default: decoder = BrotliDecoder()
        }
        if start.isEmpty { isEnded = true }
    }

    /// The two bytes before zlib's blocks: method 8, and a check sum (RFC 1950, 2.2).
    private static func isZlib(_ start: UnsafeRawBufferPointer) -> Bool {
        guard start.count >= 2 else { return false }
        return start[0] & 0x0f == 8 && (Int(start[0]) << 8 | Int(start[1])).isMultiple(of: 31)
    }

    /// Another part may follow at once.
    private func endPart(_ decoder: any PartDecoder) throws(Refusal) {
        let more = try source.available()
        if !decoder.magic.isEmpty, more.count >= decoder.magic.count,
            more.starts(with: decoder.magic)
        {
            decoder.begin()
        } else {
            isEnded = true
        }
        isFull = false
    }

    /// What claims the coding and has it not, as it is.
    private func nextPlain() throws(Refusal) -> UnsafeRawBufferPointer {
        guard !first.isEmpty else { return try source.next() }
        let count = first.count
        output.copyBytes(from: first)
        first = []
        return UnsafeRawBufferPointer(rebasing: output[..<count])
    }
}
