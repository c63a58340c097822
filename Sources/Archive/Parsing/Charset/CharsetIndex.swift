internal import Glibc

/// Which letter each byte sequence of an old encoding stands for, asked once of the C library.
///
/// The sequences asked are our own and every one that there is, so no byte of a page reaches a
/// converter; and a page is then read by the standard's rules with the standard's letters.
struct CharsetIndex: Sendable {
    /// A letter each pointer (the standard's word for the place in an index); 0 where none is.
    private let scalars: [UInt32]

    subscript(pointer: Int) -> Unicode.Scalar? {
        guard scalars.indices.contains(pointer), scalars[pointer] != 0 else { return nil }
        return Unicode.Scalar(scalars[pointer])
    }

    /// Asks `converter` for the sequence of each pointer below `count`; nil where the C library
    /// lacks it.
    private init?(_ converter: String, count: Int, sequence: (Int) -> [UInt8]) {
        guard let converter = LetterConverter(converter) else { return nil }
        scalars = (0..<count).map { converter.scalar(of: sequence($0)) ?? 0 }
    }

    private init(_ scalars: [UInt32]) { self.scalars = scalars }

    // MARK: One byte a letter

    /// The upper half of an encoding of one byte a letter; nil where the C library lacks it.
    static func upperHalf(of encoding: Charset.Encoding) -> CharsetIndex? { upperHalves[encoding] }

    private static let upperHalves = Dictionary(
        uniqueKeysWithValues: Charset.Encoding.allCases.compactMap { encoding in
            askUpperHalf(of: encoding).map { (encoding, $0) }
        })

    /// Asks the C library for all letters at once: a confined process can no longer.
    static func askAll() {
        _ = upperHalves
        for index in [jis0208, jis0212, eucKR, big5, gb18030, gb18030FourByte] { _ = index }
    }

    private static func askUpperHalf(of encoding: Charset.Encoding) -> CharsetIndex? {
        if encoding == .userDefined { return CharsetIndex((0..<128).map { 0xf780 + $0 }) }
        guard let converter = LetterConverter(converterName(of: encoding)) else { return nil }
        var scalars = (0x80...0xff).map { (byte: UInt8) in converter.scalar(of: [byte]) ?? 0 }
        if encoding.rawValue.hasPrefix("windows-") {
            // What Microsoft leaves open in the first two rows are the C1 controls.
            for place in 0..<32 where scalars[place] == 0 { scalars[place] = 0x80 + UInt32(place) }
        }
        for (byte, scalar) in CharsetDifferences.singleByte(encoding) where byte >= 0x80 {
            scalars[Int(byte) - 0x80] = UInt32(scalar)
        }
        return CharsetIndex(scalars)
    }

    private static func converterName(of encoding: Charset.Encoding) -> String {
        switch encoding {
        case .iso8859_8I: "ISO-8859-8"
        case .macCyrillic: "MAC-CYRILLIC"
        case let encoding where encoding.rawValue.hasPrefix("windows-"):
            "CP" + encoding.rawValue.dropFirst(8)
        default: encoding.rawValue.uppercased()
        }
    }

    // MARK: Several bytes a letter

    /// JIS X 0208 with Microsoft's additions, as Shift_JIS reaches it.
    static let jis0208 = CharsetIndex("CP932", count: 60 * 188) { pointer in
        let lead = pointer / 188
        let trail = pointer % 188
        return [
            byte(lead + (lead < 0x1f ? 0x81 : 0xc1)), byte(trail + (trail < 0x3f ? 0x40 : 0x41)),
        ]
    }

    /// JIS X 0212, as EUC-JP reaches it.
    static let jis0212 = CharsetIndex("EUC-JP", count: 94 * 94) { pointer in
        [0x8f, byte(pointer / 94 + 0xa1), byte(pointer % 94 + 0xa1)]
    }

    /// KS X 1001 with all syllables (Microsoft's code page 949).
    static let eucKR = CharsetIndex("CP949", count: 126 * 190) { pointer in
        [byte(pointer / 190 + 0x81), byte(pointer % 190 + 0x41)]
    }

    /// Big5 with the supplement of Hong Kong.
    static let big5 = CharsetIndex("BIG5-HKSCS", count: 126 * 157) { pointer in
        let trail = pointer % 157
        return [byte(pointer / 157 + 0x81), byte(trail + (trail < 0x3f ? 0x40 : 0x62))]
    }?.corrected(CharsetDifferences.big5) { lead, trail in
        (lead - 0x81) * 157 + trail - (trail < 0x7f ? 0x40 : 0x62)
    }

    /// GB 18030 in two bytes.
    static let gb18030 = CharsetIndex("GB18030", count: 126 * 190) { pointer in
        let trail = pointer % 190
        return [byte(pointer / 190 + 0x81), byte(trail + (trail < 0x3f ? 0x40 : 0x41))]
    }?.corrected(CharsetDifferences.gb18030) { lead, trail in
        (lead - 0x81) * 190 + trail - (trail < 0x7f ? 0x40 : 0x41)
    }

    /// GB 18030 in four bytes, as far as the Basic Multilingual Plane goes.
    static let gb18030FourByte: CharsetIndex? = {
        let index = CharsetIndex("GB18030", count: 39420) { pointer in
            [
                byte(pointer / 12600 + 0x81), byte(pointer / 1260 % 10 + 0x30),
                byte(pointer / 10 % 126 + 0x81), byte(pointer % 10 + 0x30),
            ]
        }
        guard var scalars = index?.scalars else { return nil }
        for (start, run) in CharsetDifferences.gb18030FourByte {
            for (offset, scalar) in run.enumerated() { scalars[start + offset] = UInt32(scalar) }
        }
        return CharsetIndex(scalars)
    }()

    private func corrected(
        _ pairs: [(bytes: UInt16, scalar: UInt16)], pointer: (Int, Int) -> Int
    ) -> CharsetIndex {
        var scalars = scalars
        for (bytes, scalar) in pairs {
            let place = pointer(Int(bytes >> 8), Int(bytes & 0xff))
            if scalars.indices.contains(place) { scalars[place] = UInt32(scalar) }
        }
        return CharsetIndex(scalars)
    }

    private static func byte(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: value) }
}

/// A converter of the C library that is asked for one letter at a time.
private struct LetterConverter: ~Copyable {
    private let converter: iconv_t

    /// Nil where the C library has no such converter: some systems install few of them.
    init?(_ name: String) {
        // The target is built into the library: nothing but the converter itself can be missing.
        guard let converter = iconv_open("UCS-4LE", name), converter != iconv_t(bitPattern: -1)
        else { return nil }
        self.converter = converter
    }

    deinit { iconv_close(converter) }

    /// The letter that `sequence` stands for; nil where it stands for none, or for two.
    func scalar(of sequence: [UInt8]) -> UInt32? {
        var input = sequence.map { CChar(bitPattern: $0) }
        return input.withUnsafeMutableBufferPointer { input in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16) { output -> UInt32? in
                var from = input.baseAddress
                var left = input.count
                var to = output.baseAddress
                var free = output.count
                iconv(converter, nil, nil, nil, nil)
                guard iconv(converter, &from, &left, &to, &free) == 0, left == 0 else {
                    return nil
                }
                // Some hold a letter back, for an accent that might follow.
                iconv(converter, nil, nil, &to, &free)
                guard free == output.count - 4 else { return nil }
                return (0..<4).reduce(0) { value, place in
                    value | UInt32(UInt8(bitPattern: output[place])) << UInt32(8 * place)
                }
            }
        }
    }
}
