/// The steps of the encodings that have several bytes a letter.
///
/// Each follows the decoder of the same name in the standard. A malformed sequence never takes an
/// ASCII byte with it: `<` behind a broken letter is still a tag.
extension TextStep {
    /// What stands for `width` bytes: the letter, or U+FFFD for them without an ASCII byte at
    /// their end.
    private static func taken(
        _ scalar: Unicode.Scalar?, _ width: Int, last: UInt8
    ) -> Taken {
        guard let scalar else { return .malformed(last < 0x80 ? width - 1 : width) }
        return Taken(scalar, width: width)
    }

    static func gb18030(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ twoByte: CharsetIndex,
        _ fourByte: CharsetIndex
    ) -> Taken {
        let lead = bytes[index]
        if lead < 0x80 { return Taken(Unicode.Scalar(lead), width: 1) }
        if lead == 0x80 { return Taken("\u{20ac}", width: 1) }
        guard lead != 0xff, index + 1 < bytes.count else { return .malformed(1) }
        let second = bytes[index + 1]
        if (0x30...0x39).contains(second) { return gb18030Four(bytes, index, fourByte) }
        guard (0x40...0x7e).contains(second) || (0x80...0xfe).contains(second) else {
            return taken(nil, 2, last: second)
        }
        let trail = Int(second) - (second < 0x7f ? 0x40 : 0x41)
        return taken(twoByte[(Int(lead) - 0x81) * 190 + trail], 2, last: second)
    }

    /// Two bytes are known to be there and to begin a sequence of four.
    private static func gb18030Four(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ letters: CharsetIndex
    ) -> Taken {
        guard index + 2 < bytes.count else { return .malformed(2) }
        guard (0x81...0xfe).contains(bytes[index + 2]) else { return .malformed(1) }
        guard index + 3 < bytes.count else { return .malformed(3) }
        guard (0x30...0x39).contains(bytes[index + 3]) else { return .malformed(1) }
        let pointer =
            (Int(bytes[index]) - 0x81) * 12600 + (Int(bytes[index + 1]) - 0x30) * 1260
            + (Int(bytes[index + 2]) - 0x81) * 10 + Int(bytes[index + 3]) - 0x30
        if pointer >= 189_000 {
            guard let scalar = Unicode.Scalar(UInt32(0x10000 + pointer - 189_000)) else {
                return .malformed(4)
            }
            return Taken(scalar, width: 4)
        }
        guard let scalar = letters[pointer] else { return .malformed(4) }
        return Taken(scalar, width: 4)
    }

    static func big5(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ letters: CharsetIndex
    ) -> Taken {
        let lead = bytes[index]
        if lead < 0x80 { return Taken(Unicode.Scalar(lead), width: 1) }
        guard (0x81...0xfe).contains(lead), index + 1 < bytes.count else { return .malformed(1) }
        let second = bytes[index + 1]
        guard (0x40...0x7e).contains(second) || (0xa1...0xfe).contains(second) else {
            return taken(nil, 2, last: second)
        }
        let trail = Int(second) - (second < 0x7f ? 0x40 : 0x62)
        switch (Int(lead) - 0x81) * 157 + trail {
        case 1133: return Taken("\u{ca}", second: "\u{304}", width: 2)
        case 1135: return Taken("\u{ca}", second: "\u{30c}", width: 2)
        case 1164: return Taken("\u{ea}", second: "\u{304}", width: 2)
        case 1166: return Taken("\u{ea}", second: "\u{30c}", width: 2)
        case let pointer: return taken(letters[pointer], 2, last: second)
        }
    }

    static func eucKR(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ letters: CharsetIndex
    ) -> Taken {
        let lead = bytes[index]
        if lead < 0x80 { return Taken(Unicode.Scalar(lead), width: 1) }
        guard (0x81...0xfe).contains(lead), index + 1 < bytes.count else { return .malformed(1) }
        let second = bytes[index + 1]
        guard (0x41...0xfe).contains(second) else { return taken(nil, 2, last: second) }
        let pointer = (Int(lead) - 0x81) * 190 + Int(second) - 0x41
        return taken(letters[pointer], 2, last: second)
    }

    static func shiftJIS(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ jis0208: CharsetIndex
    ) -> Taken {
        let lead = bytes[index]
        switch lead {
        case 0...0x80: return Taken(Unicode.Scalar(lead), width: 1)
        case 0xa1...0xdf: return Taken(halfWidthKatakana(lead - 0xa1), width: 1)
        case 0x81...0x9f, 0xe0...0xfc: break
        default: return .malformed(1)
        }
        guard index + 1 < bytes.count else { return .malformed(1) }
        let second = bytes[index + 1]
        guard (0x40...0x7e).contains(second) || (0x80...0xfc).contains(second) else {
            return taken(nil, 2, last: second)
        }
        let row = (Int(lead) - (lead < 0xa0 ? 0x81 : 0xc1)) * 188
        let pointer = row + Int(second) - (second < 0x7f ? 0x40 : 0x41)
        return taken(jis0208[pointer], 2, last: second)
    }

    static func eucJP(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ jis0208: CharsetIndex,
        _ jis0212: CharsetIndex
    ) -> Taken {
        let lead = bytes[index]
        if lead < 0x80 { return Taken(Unicode.Scalar(lead), width: 1) }
        guard lead == 0x8e || lead == 0x8f || (0xa1...0xfe).contains(lead),
            index + 1 < bytes.count
        else { return .malformed(1) }
        let second = bytes[index + 1]
        if lead == 0x8e, (0xa1...0xdf).contains(second) {
            return Taken(halfWidthKatakana(second - 0xa1), width: 2)
        }
        guard (0xa1...0xfe).contains(second) else { return taken(nil, 2, last: second) }
        if lead != 0x8f {
            let scalar = lead < 0xa1 ? nil : jis0208[cell(lead, second, from: 0xa1)]
            return taken(scalar, 2, last: second)
        }
        guard index + 2 < bytes.count else { return .malformed(2) }
        let third = bytes[index + 2]
        guard (0xa1...0xfe).contains(third) else { return taken(nil, 3, last: third) }
        return taken(jis0212[cell(second, third, from: 0xa1)], 3, last: third)
    }

    /// The pointer of a row and a cell of 94.
    private static func cell(_ row: UInt8, _ cell: UInt8, from first: Int) -> Int {
        (Int(row) - first) * 94 + Int(cell) - first
    }

    private static func halfWidthKatakana(_ offset: UInt8) -> Unicode.Scalar? {
        Unicode.Scalar(0xff61 + UInt32(offset))
    }

    // MARK: Escape sequences

    /// The sets that an escape sequence of ISO-2022-JP can call; the lower bits of `shift`.
    private enum CodedSet: UInt8 { case ascii, roman, katakana, jis0208 }

    /// Set in `shift` where an escape sequence was the last thing read.
    ///
    /// Two with nothing between them are malformed, for the attacks that they allow.
    private static let escaped: UInt8 = 0x80

    static func iso2022JP(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ jis0208: CharsetIndex,
        _ shift: inout UInt8
    ) -> Taken {
        let byte = bytes[index]
        if byte == 0x1b, let set = set(calledIn: bytes, index) {
            let isSecond = shift & escaped != 0
            shift = set.rawValue | escaped
            return isSecond ? .malformed(3) : Taken(nil, width: 3)
        }
        shift &= ~escaped
        guard byte != 0x1b else { return .malformed(1) }
        switch CodedSet(rawValue: shift) ?? .ascii {
        case .jis0208: return jis0208Letter(bytes, index, jis0208)
        case .katakana:
            guard (0x21...0x5f).contains(byte) else { return .malformed(1) }
            return Taken(halfWidthKatakana(byte - 0x21), width: 1)
        case .roman where byte == 0x5c: return Taken("\u{a5}", width: 1)
        case .roman where byte == 0x7e: return Taken("\u{203e}", width: 1)
        case .roman, .ascii:
            guard byte < 0x80, byte != 0x0e, byte != 0x0f else { return .malformed(1) }
            return Taken(Unicode.Scalar(byte), width: 1)
        }
    }

    private static func jis0208Letter(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ jis0208: CharsetIndex
    ) -> Taken {
        guard (0x21...0x7e).contains(bytes[index]), index + 1 < bytes.count,
            bytes[index + 1] != 0x1b
        else { return .malformed(1) }
        guard (0x21...0x7e).contains(bytes[index + 1]),
            let scalar = jis0208[cell(bytes[index], bytes[index + 1], from: 0x21)]
        else { return .malformed(2) }
        return Taken(scalar, width: 2)
    }

    private static func set(calledIn bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> CodedSet? {
        guard index + 2 < bytes.count else { return nil }
        switch (bytes[index + 1], bytes[index + 2]) {
        case (0x28, 0x42): return .ascii
        case (0x28, 0x4a): return .roman
        case (0x28, 0x49): return .katakana
        case (0x24, 0x40), (0x24, 0x42): return .jis0208
        default: return nil
        }
    }
}
