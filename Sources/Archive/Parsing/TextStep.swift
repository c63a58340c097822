/// How one character is taken off bytes in an encoding that is read here, not by `iconv`.
///
/// The same steps make a page's text and, later, lead from the text back to the bytes.
enum TextStep: Equatable {
    case utf8, utf16LittleEndian, utf16BigEndian, windows1252

    /// The steps of an encoding by its WHATWG name; nil for one that `iconv` reads.
    init?(encoding: String) {
        switch encoding {
        case "utf-8": self = .utf8
        case "utf-16le": self = .utf16LittleEndian
        case "utf-16be": self = .utf16BigEndian
        case "windows-1252": self = .windows1252
        default: return nil
        }
    }

    /// The WHATWG name, lower case.
    var name: String {
        switch self {
        case .utf8: "utf-8"
        case .utf16LittleEndian: "utf-16le"
        case .utf16BigEndian: "utf-16be"
        case .windows1252: "windows-1252"
        }
    }

    /// The character at `index` and its width in bytes; malformed bytes are U+FFFD.
    func character(
        in bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar, width: Int) {
        switch self {
        case .utf8: Self.utf8Character(in: bytes, at: index)
        case .windows1252: (Self.windows1252Scalar(bytes[index]), 1)
        case .utf16LittleEndian: Self.utf16Character(in: bytes, at: index, high: 1)
        case .utf16BigEndian: Self.utf16Character(in: bytes, at: index, high: 0)
        }
    }

    private static let replacement: Unicode.Scalar = "\u{fffd}"

    /// The malformed part that one U+FFFD stands for is the longest that could have gone on
    /// (Unicode 3.9, as WHATWG decodes).
    private static func utf8Character(
        in bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (scalar: Unicode.Scalar, width: Int) {
        let lead = bytes[index]
        if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
        let count: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xbf
        switch lead {
        case 0xc2...0xdf: count = 1
        case 0xe0...0xef:
            count = 2
            if lead == 0xe0 { lowest = 0xa0 }
            if lead == 0xed { highest = 0x9f }
        case 0xf0...0xf4:
            count = 3
            if lead == 0xf0 { lowest = 0x90 }
            if lead == 0xf4 { highest = 0x8f }
        default: return (replacement, 1)
        }
        var value = UInt32(lead) & (0x3f >> UInt32(count))
        for offset in 1...count {
            guard index + offset < bytes.count,
                (lowest...highest).contains(bytes[index + offset])
            else { return (replacement, offset) }
            value = value << 6 | UInt32(bytes[index + offset] & 0x3f)
            lowest = 0x80
            highest = 0xbf
        }
        return (Unicode.Scalar(value) ?? replacement, count + 1)
    }

    private static func utf16Character(
        in bytes: UnsafeBufferPointer<UInt8>, at index: Int, high: Int
    ) -> (scalar: Unicode.Scalar, width: Int) {
        func unit(_ index: Int) -> UInt32? {
            guard index + 1 < bytes.count else { return nil }
            return UInt32(bytes[index + high]) << 8 | UInt32(bytes[index + 1 - high])
        }
        guard let first = unit(index) else { return (replacement, 1) }
        guard (0xd800...0xdfff).contains(first) else {
            return (Unicode.Scalar(first) ?? replacement, 2)
        }
        guard first < 0xdc00, let second = unit(index + 2), (0xdc00...0xdfff).contains(second)
        else { return (replacement, 2) }
        let value = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
        return (Unicode.Scalar(value) ?? replacement, 4)
    }

    private static func windows1252Scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9f).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(windows1252High[Int(byte - 0x80)]) ?? replacement
    }

    private static let windows1252High: [UInt16] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021,
        0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
        0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
    ]
}
