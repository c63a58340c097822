internal import Glibc

/// Text as it is made from bytes in another encoding, with the way back to them.
struct DecodedText {
    /// The text, valid UTF-8.
    private(set) var text: [UInt8] = []
    /// The capture's offset of the character that holds each 64th byte of the text.
    private(set) var checkpoints: [Int] = []

    /// Decodes `bytes` from `origin` on by `step`.
    init(_ bytes: [UInt8], from origin: Int, by step: TextStep) {
        bytes.withUnsafeBufferPointer { bytes in
            var index = origin
            while index < bytes.count {
                let (scalar, width) = step.character(in: bytes, at: index)
                append(scalar, from: index)
                index += width
            }
        }
    }

    /// Decodes `bytes` by the system's converter `name`; nil where the system has none.
    init?(_ bytes: [UInt8], converter name: String) {
        guard let converter = iconv_open("UTF-8", name),
            converter != iconv_t(bitPattern: -1)
        else { return nil }
        defer { iconv_close(converter) }
        var input = bytes
        input.withUnsafeMutableBytes { input in
            withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { output in
                convert(input, by: converter, through: output)
            }
        }
    }

    /// Converts one character at a time, by giving room for no more, so that the offset of each
    /// is known.
    private mutating func convert(
        _ input: UnsafeMutableRawBufferPointer, by converter: iconv_t,
        through output: UnsafeMutableRawBufferPointer
    ) {
        let start = input.baseAddress?.assumingMemoryBound(to: CChar.self)
        var index = 0
        var room = 1
        while index < input.count {
            var from = start.map { $0 + index }
            var left = input.count - index
            var to = output.baseAddress?.assumingMemoryBound(to: CChar.self)
            var free = room
            let result = iconv(converter, &from, &left, &to, &free)
            let failure = result == -1 ? errno : 0
            for offset in 0..<(room - free) { appendByte(output[offset], from: index) }
            let used = input.count - left - index
            index += used
            let isStuck = used == 0 && free == room
            switch failure {
            case E2BIG: room = isStuck ? min(room + 1, output.count) : 1
            case EILSEQ, EINVAL:
                append("\u{fffd}", from: index)
                index += 1
            default: room = 1
            }
            // No converter needs more room for one character; go on rather than stay.
            if isStuck, failure == E2BIG, room == output.count { index += 1 }
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar, from offset: Int) {
        if scalar.isASCII {
            appendByte(UInt8(truncatingIfNeeded: scalar.value), from: offset)
        } else {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                appendByte(byte, from: offset)
            }
        }
    }

    private mutating func appendByte(_ byte: UInt8, from offset: Int) {
        if text.count & 63 == 0 { checkpoints.append(offset) }
        text.append(byte)
    }
}
