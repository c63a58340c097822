/// Tells text from other bytes, before any encoding is known.
enum TextProbe {
    /// The byte order of UTF-16.
    enum ByteOrder { case littleEndian, bigEndian }

    /// Whether bytes can be text at all: one in twenty of them may be a control character.
    ///
    /// A stray NUL does not make a page unreadable; escape is counted as text, for the pages that
    /// were saved from a terminal.
    static func isText(_ bytes: [UInt8]) -> Bool {
        var controls = 0
        for byte in bytes where byte < 0x20 || byte == 0x7f {
            switch byte {
            case 9, 10, 12, 13, 0x1b: break
            default: controls += 1
            }
        }
        return controls * 20 <= bytes.count
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
