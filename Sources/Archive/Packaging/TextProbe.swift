/// Tells text from other bytes, before any encoding is known.
enum TextProbe {
    /// The byte order of UTF-16.
    enum ByteOrder { case littleEndian, bigEndian }

    /// Whether bytes can be text at all: one in twenty of them may be a control character.
    ///
    /// A stray NUL does not make a page unreadable; escape is counted as text, for the pages that
    /// were saved from a terminal.
    static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { controls(in: $0) * 20 <= $0.count }
    }

    /// Counts control characters that no text has; most blocks of 32 bytes have none at all.
    private static func controls(in bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var index = 0
        while index + 32 <= bytes.count {
            let block = bytes.loadUnaligned(fromByteOffset: index, as: SIMD32<UInt8>.self)
            if any(block .< 0x20 .| block .== 0x7f) {
                for place in index..<index + 32 where isControl(bytes[place]) { count += 1 }
            }
            index += 32
        }
        for place in index..<bytes.count where isControl(bytes[place]) { count += 1 }
        return count
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        switch byte {
        case 9, 10, 12, 13, 0x1b: false
        default: byte < 0x20 || byte == 0x7f
        }
    }

    /// The order of UTF-16 without a mark, told by the zeros that its Latin letters leave.
    static func utf16Order(of head: ArraySlice<UInt8>) -> ByteOrder? {
        let pairs = head.count / 2
        guard pairs >= 8 else { return nil }
        var first = 0
        var second = 0
        for pair in 0..<pairs {
            if head[head.startIndex + pair * 2] == 0 { first += 1 }
            if head[head.startIndex + pair * 2 + 1] == 0 { second += 1 }
        }
        if second * 10 > pairs * 7, first * 20 < pairs { return .littleEndian }
        if first * 10 > pairs * 7, second * 20 < pairs { return .bigEndian }
        return nil
    }
}
