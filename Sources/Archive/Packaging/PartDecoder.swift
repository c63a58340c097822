internal import CBrotli
internal import CIsal
internal import CZstd

/// Unpacks one compressed stream, part by part.
///
/// A part is what can be unpacked without the bytes before it: a gzip member, a zstd frame.
protocol PartDecoder: AnyObject {
    /// What it is called in a refusal.
    var name: String { get }

    /// The bytes that every part begins with.
    var magic: [UInt8] { get }

    /// Makes ready for another part.
    func begin()

    /// Unpacks some of `input` into `output`; what is put out before damage is good.
    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Decoded

    /// A decoder of its own for another reader of the same bytes.
    func twin() throws(Refusal) -> any PartDecoder
}

extension PartDecoder {
    /// Whether a part without output may begin with `byte`: a skippable frame of zstd.
    func isSkippable(_ byte: UInt8) -> Bool { magic.first == 0x28 && (0x50...0x5f).contains(byte) }
}

/// What one call of a decoder did.
struct Decoded {
    /// Bytes of the input that were used up.
    var used: Int
    /// Bytes that were put out.
    var made: Int
    /// Whether the part ended here.
    var isEnd: Bool
    /// `.malformed` where no part begins here, `.corrupt` where one is damaged.
    var damage: Refusal?
}

/// DEFLATE in its three wrappers (RFC 1950, 1951, 1952), each check sum looked at.
///
/// ISA-L unpacks twice as fast as zlib, its streaming interface and checks are the same.
final class DeflateDecoder: PartDecoder {
    /// What is around the DEFLATE blocks.
    enum Wrapper { case gzip, zlib, none }

    let wrapper: Wrapper
    private let state: UnsafeMutablePointer<inflate_state>

    init(_ wrapper: Wrapper) {
        self.wrapper = wrapper
        state = .allocate(capacity: 1)
        isal_inflate_init(state)
        begin()
    }

    deinit { state.deallocate() }

    var name: String { wrapper == .gzip ? "gzip" : "deflate" }
    var magic: [UInt8] { wrapper == .gzip ? [0x1f, 0x8b, 8] : [] }

    func begin() {
        isal_inflate_reset(state)
        state.pointee.crc_flag =
            switch wrapper {
            case .gzip: UInt32(ISAL_GZIP)
            case .zlib: UInt32(ISAL_ZLIB)
            case .none: UInt32(ISAL_DEFLATE)
            }
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Decoded {
        state.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?
            .assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(input.count)
        state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(output.count)
        let result = isal_inflate(state)
        // Behind damage, ISA-L can tell more left over than it was given; where it stands is right.
        let left = state.pointee.next_in.flatMap { end in
            input.baseAddress.map { $0 + input.count - UnsafeRawPointer(end) }
        }
        var decoded = Decoded(
            used: input.count - min(max(0, left ?? 0), input.count),
            made: output.count - min(Int(state.pointee.avail_out), output.count),
            isEnd: state.pointee.block_state == ISAL_BLOCK_FINISH)
        if result < 0 {
            let isHeader = result == ISAL_INVALID_WRAPPER || result == ISAL_UNSUPPORTED_METHOD
            decoded.damage = Refusal(
                isHeader ? .malformed : .corrupt,
                "the \(name) stream is damaged: \(Self.words(result))")
        }
        return decoded
    }

    func twin() -> any PartDecoder { DeflateDecoder(wrapper) }

    private static func words(_ result: Int32) -> String {
        switch result {
        case ISAL_INVALID_BLOCK: "invalid block"
        case ISAL_INVALID_SYMBOL: "invalid code"
        case ISAL_INVALID_LOOKBACK: "invalid distance"
        case ISAL_INVALID_WRAPPER: "invalid header"
        case ISAL_UNSUPPORTED_METHOD: "unknown method"
        case ISAL_INCORRECT_CHECKSUM: "wrong check sum or length"
        default: "error \(result)"
        }
    }
}

/// Zstandard (RFC 8878), where the stream has one with the dictionary that its first frame holds.
final class ZstdDecoder: PartDecoder {
    private let context: OpaquePointer
    private let dictionary: [UInt8]

    /// Takes the dictionary, empty for none.
    init(dictionary: [UInt8] = []) throws(Refusal) {
        guard let context = ZSTD_createDCtx() else {
            throw Refusal(.limit, "no memory to unpack zstd")
        }
        self.context = context
        self.dictionary = dictionary
        guard !dictionary.isEmpty else { return }
        let result = ZSTD_DCtx_loadDictionary(context, dictionary, dictionary.count)
        guard ZSTD_isError(result) == 0 else {
            throw Refusal(.corrupt, "the zstd dictionary is damaged", offset: 0)
        }
    }

    deinit { ZSTD_freeDCtx(context) }

    var name: String { "zstd" }
    var magic: [UInt8] { [0x28, 0xb5, 0x2f, 0xfd] }

    func begin() { ZSTD_DCtx_reset(context, ZSTD_reset_session_only) }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Decoded {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = ZSTD_decompressStream(context, &target, &source)
        return Decoded(
            used: source.pos, made: target.pos, isEnd: result == 0,
            damage: ZSTD_isError(result) == 0 ? nil : Self.damage(result))
    }

    private static func damage(_ result: Int) -> Refusal {
        let words = String(cString: ZSTD_getErrorName(result)).lowercased()
        let reason: Reason =
            if words.contains("memory") {
                .expansion
            } else if words.contains("unknown frame") {
                .malformed
            } else {
                .corrupt
            }
        return Refusal(reason, "the zstd stream is damaged: \(words)")
    }

    func twin() throws(Refusal) -> any PartDecoder { try ZstdDecoder(dictionary: dictionary) }
}

/// Brotli (RFC 7932), as servers send pages; it has neither magic nor check sum.
final class BrotliDecoder: PartDecoder {
    private var state: OpaquePointer?

    init() { state = BrotliDecoderCreateInstance(nil, nil, nil) }

    deinit { BrotliDecoderDestroyInstance(state) }

    var name: String { "brotli" }
    var magic: [UInt8] { [] }

    func begin() {
        BrotliDecoderDestroyInstance(state)
        state = BrotliDecoderCreateInstance(nil, nil, nil)
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Decoded {
        guard let state else {
            let damage = Refusal(.limit, "no memory to unpack brotli")
            return Decoded(used: 0, made: 0, isEnd: false, damage: damage)
        }
        var free = output.count
        var left = input.count
        var source = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var target = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let result = BrotliDecoderDecompressStream(state, &left, &source, &free, &target, nil)
        let isDamaged = result == BROTLI_DECODER_RESULT_ERROR
        return Decoded(
            used: input.count - left, made: output.count - free,
            isEnd: result == BROTLI_DECODER_RESULT_SUCCESS,
            damage: isDamaged ? Refusal(.corrupt, "the brotli stream is damaged") : nil)
    }

    func twin() -> any PartDecoder { BrotliDecoder() }
}
