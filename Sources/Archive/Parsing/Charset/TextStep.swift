/// How one character is taken off bytes in an encoding, by the rules of the WHATWG decoders.
///
/// The same steps make a page's text and, later, lead from the text back to the bytes.
enum TextStep: Sendable {
    case utf8, utf16LittleEndian, utf16BigEndian, windows1252
    /// One byte a letter, by the letters of the upper half.
    case singleByte(CharsetIndex)
    case gb18030(twoByte: CharsetIndex, fourByte: CharsetIndex)
    case big5(CharsetIndex)
    case eucKR(CharsetIndex)
    case eucJP(jis0208: CharsetIndex, jis0212: CharsetIndex)
    case shiftJIS(CharsetIndex)
    case iso2022JP(CharsetIndex)

    /// The steps of an encoding; nil where the C library lacks its converter, and for
    /// `replacement`, which is not read.
    init?(_ encoding: Charset.Encoding) {
        switch encoding {
        case .utf8: self = .utf8
        case .utf16LittleEndian: self = .utf16LittleEndian
        case .utf16BigEndian: self = .utf16BigEndian
        case .windows1252: self = .windows1252
        case .replacement: return nil
        case .gbk, .gb18030:
            guard let twoByte = CharsetIndex.gb18030, let fourByte = CharsetIndex.gb18030FourByte
            else { return nil }
            self = .gb18030(twoByte: twoByte, fourByte: fourByte)
        case .big5: self.init(CharsetIndex.big5) { .big5($0) }
        case .eucKR: self.init(CharsetIndex.eucKR) { .eucKR($0) }
        case .shiftJIS: self.init(CharsetIndex.jis0208) { .shiftJIS($0) }
        case .iso2022JP: self.init(CharsetIndex.jis0208) { .iso2022JP($0) }
        case .eucJP:
            guard let jis0208 = CharsetIndex.jis0208, let jis0212 = CharsetIndex.jis0212 else {
                return nil
            }
            self = .eucJP(jis0208: jis0208, jis0212: jis0212)
        default: self.init(CharsetIndex.upperHalf(of: encoding)) { .singleByte($0) }
        }
    }

    private init?(_ index: CharsetIndex?, _ step: (CharsetIndex) -> TextStep) {
        guard let index else { return nil }
        self = step(index)
    }

    /// What one step takes off the bytes.
    struct Taken {
        /// The character; nil for an escape sequence, which is none.
        var scalar: Unicode.Scalar?
        /// A second one, for the four sequences of Big5 that stand for a letter with an accent.
        var second: Unicode.Scalar?
        /// The bytes taken.
        var width: Int
        /// Whether the bytes stand for nothing, and U+FFFD for them.
        var isMalformed = false

        init(_ scalar: Unicode.Scalar?, second: Unicode.Scalar? = nil, width: Int) {
            self.scalar = scalar
            self.second = second
            self.width = width
        }

        /// U+FFFD for `width` bytes.
        static func malformed(_ width: Int) -> Taken {
            var taken = Taken("\u{fffd}", width: width)
            taken.isMalformed = true
            return taken
        }
    }

    /// The character at `index`, which must be within `bytes`; malformed bytes are U+FFFD.
    ///
    /// `shift` is what an encoding with escape sequences has to remember; 0 at the beginning.
    func next(
        in bytes: UnsafeBufferPointer<UInt8>, at index: Int, shift: inout UInt8
    ) -> Taken {
        switch self {
        case .utf8: Self.utf8(bytes, index)
        case .windows1252: Taken(Self.windows1252Scalar(bytes[index]), width: 1)
        case .utf16LittleEndian: Self.utf16(bytes, index, high: 1)
        case .utf16BigEndian: Self.utf16(bytes, index, high: 0)
        case .singleByte(let upper):
            if bytes[index] < 0x80 {
                Taken(Unicode.Scalar(bytes[index]), width: 1)
            } else if let scalar = upper[Int(bytes[index]) - 0x80] {
                Taken(scalar, width: 1)
            } else {
                .malformed(1)
            }
        case .gb18030(let twoByte, let fourByte): Self.gb18030(bytes, index, twoByte, fourByte)
        case .big5(let letters): Self.big5(bytes, index, letters)
        case .eucKR(let letters): Self.eucKR(bytes, index, letters)
        case .eucJP(let jis0208, let jis0212): Self.eucJP(bytes, index, jis0208, jis0212)
        case .shiftJIS(let jis0208): Self.shiftJIS(bytes, index, jis0208)
        case .iso2022JP(let jis0208): Self.iso2022JP(bytes, index, jis0208, &shift)
        }
    }

    /// The malformed part that one U+FFFD stands for is the longest that could have gone on
    /// (Unicode 3.9, as WHATWG decodes).
    private static func utf8(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Taken {
        let lead = bytes[index]
        if lead < 0x80 { return Taken(Unicode.Scalar(lead), width: 1) }
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
        default: return .malformed(1)
        }
        var value = UInt32(lead) & (0x3f >> UInt32(count))
        for offset in 1...count {
            guard index + offset < bytes.count,
                (lowest...highest).contains(bytes[index + offset])
            else { return .malformed(offset) }
            value = value << 6 | UInt32(bytes[index + offset] & 0x3f)
            lowest = 0x80
            highest = 0xbf
        }
        return Taken(Unicode.Scalar(value) ?? "\u{fffd}", width: count + 1)
    }

    private static func utf16(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, high: Int
    ) -> Taken {
        func unit(_ index: Int) -> UInt32? {
            guard index + 1 < bytes.count else { return nil }
            return UInt32(bytes[index + high]) << 8 | UInt32(bytes[index + 1 - high])
        }
        guard let first = unit(index) else { return .malformed(1) }
        guard (0xd800...0xdfff).contains(first) else {
            return Taken(Unicode.Scalar(first), width: 2)
        }
        guard first < 0xdc00 else { return .malformed(2) }
        // Half a pair and half a unit at the end are one U+FFFD.
        guard let second = unit(index + 2) else { return .malformed(bytes.count - index) }
        guard (0xdc00...0xdfff).contains(second) else { return .malformed(2) }
        let value = 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
        return Taken(Unicode.Scalar(value), width: 4)
    }

    private static func windows1252Scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9f).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(windows1252High[Int(byte - 0x80)]) ?? "\u{fffd}"
    }

    private static let windows1252High: [UInt16] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021,
        0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
        0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
    ]
}
