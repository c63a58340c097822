/// Text as it is made from bytes in another encoding, with the way back to them.
struct DecodedText {
    /// The text, valid UTF-8.
    private(set) var text: [UInt8] = []
    /// One for each 64th byte of the text.
    private(set) var checkpoints: [Checkpoint] = []
    /// The sequences that stand for nothing, each of them U+FFFD in the text.
    private(set) var malformed = 0
    /// The characters beyond ASCII that the bytes stand for.
    private(set) var beyondASCII = 0

    /// Whether more of what is beyond ASCII is well formed than not.
    var isBorneOut: Bool { malformed == 0 || malformed < beyondASCII }

    /// Decodes `bytes` from `origin` on by `step`.
    ///
    /// `hasASCIIRuns` tells that bytes below 0x80 are ASCII, so that runs of them can be copied.
    init(_ bytes: [UInt8], from origin: Int, by step: TextStep, hasASCIIRuns: Bool) {
        text.reserveCapacity(bytes.count + bytes.count / 4)
        checkpoints.reserveCapacity(bytes.count / 64 + 1)
        bytes.withUnsafeBufferPointer { bytes in
            var shift: UInt8 = 0
            var index = origin
            while index < bytes.count {
                if hasASCIIRuns, bytes[index] < 0x80 {
                    let end = bytes.endOfASCII(from: index)
                    appendASCII(bytes, index..<end)
                    index = end
                    continue
                }
                let before = shift
                let taken = step.next(in: bytes, at: index, shift: &shift)
                append(taken, from: index, shift: before)
                index += taken.width
            }
        }
    }

    private mutating func appendASCII(
        _ bytes: UnsafeBufferPointer<UInt8>, _ run: Range<Int>
    ) {
        let start = text.count
        text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[run]))
        var mark = checkpoints.count * 64
        while mark < text.count {
            checkpoints.append(Checkpoint(source: run.lowerBound + mark - start))
            mark += 64
        }
    }

    private mutating func append(_ taken: TextStep.Taken, from offset: Int, shift: UInt8) {
        guard let scalar = taken.scalar else { return }
        if taken.isMalformed {
            malformed += 1
        } else if !scalar.isASCII {
            beyondASCII += 1
        }
        let start = text.count
        append(scalar)
        if let second = taken.second { append(second) }
        // A character is shorter than 64 bytes: no more than one checkpoint is within it.
        let mark = checkpoints.count * 64
        if mark < text.count {
            let back = UInt8(truncatingIfNeeded: mark - start)
            checkpoints.append(Checkpoint(source: offset, back: back, shift: shift))
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        func continuation(_ shift: UInt32) -> UInt8 {
            UInt8(truncatingIfNeeded: value >> shift & 0x3f | 0x80)
        }
        switch value {
        case ..<0x80: text.append(UInt8(truncatingIfNeeded: value))
        case ..<0x800:
            text.append(UInt8(truncatingIfNeeded: value >> 6 | 0xc0))
            text.append(continuation(0))
        case ..<0x10000:
            text.append(UInt8(truncatingIfNeeded: value >> 12 | 0xe0))
            text.append(continuation(6))
            text.append(continuation(0))
        default:
            text.append(UInt8(truncatingIfNeeded: value >> 18 | 0xf0))
            text.append(continuation(12))
            text.append(continuation(6))
            text.append(continuation(0))
        }
    }
}

/// A place in decoded text from which one can walk on: where it is in the bytes and in the text.
struct Checkpoint: Sendable, Equatable {
    /// The offset of the character in the capture.
    let source: Int
    /// How many bytes of the character stand before the 64th byte in the text.
    var back: UInt8 = 0
    /// What the decoder had to remember there.
    var shift: UInt8 = 0
}

extension UnsafeBufferPointer<UInt8> {
    /// The first index from `start` on that is not of ASCII, or the end; eight bytes at a time.
    func endOfASCII(from start: Int) -> Int {
        let bytes = UnsafeRawBufferPointer(self)
        var index = start
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < bytes.count, bytes[index] < 0x80 { index += 1 }
        return index
    }
}
