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

    /// Counts control characters that no text has; most blocks of eight bytes have none at all.
    private static func controls(in bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var index = 0
        while index + 8 <= bytes.count {
            let block = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if mayHoldControl(block) {
                for place in index..<index + 8 where isControl(bytes[place]) { count += 1 }
            }
            index += 8
        }
        for place in index..<bytes.count where isControl(bytes[place]) { count += 1 }
        return count
    }

    /// Whether a byte of eight is below 0x20 or is 0x7f; now and then also where none is.
    @inline(__always)
    private static func mayHoldControl(_ block: UInt64) -> Bool {
        let high: UInt64 = 0x8080_8080_8080_8080
        let isLow = (block &- 0x2020_2020_2020_2020) & ~block
        let delete = block ^ 0x7f7f_7f7f_7f7f_7f7f
        let isDelete = (delete &- 0x0101_0101_0101_0101) & ~delete
        return (isLow | isDelete) & high != 0
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
