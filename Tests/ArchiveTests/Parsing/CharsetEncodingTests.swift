import Testing

@testable import Archive

/// Every encoding by the letters and the error rules of the WHATWG standard.
struct CharsetEncodingTests {
    private func decoded(_ bytes: [UInt8], _ label: String) throws -> DecodedText {
        let encoding = try #require(Charset.Encoding(label: label.utf8))
        let step = try #require(TextStep(encoding), "the C library lacks \(label)")
        return DecodedText(bytes, from: 0, by: step, hasASCIIRuns: encoding.isASCIICompatible)
    }

    private func text(_ bytes: [UInt8], _ label: String) throws -> String {
        String(decoding: try decoded(bytes, label).text, as: UTF8.self)
    }

    // MARK: Labels

    /// How many labels the standard gives to each encoding, the encoding's own name among them.
    private let counts: [String: Int] = [
        "utf-8": 6, "ibm866": 4, "iso-8859-2": 9, "iso-8859-3": 9, "iso-8859-4": 9,
        "iso-8859-5": 8, "iso-8859-6": 14, "iso-8859-7": 12, "iso-8859-8": 11, "iso-8859-8-i": 3,
        "iso-8859-10": 7, "iso-8859-13": 3, "iso-8859-14": 3, "iso-8859-15": 6, "iso-8859-16": 1,
        "koi8-r": 5, "koi8-u": 2, "macintosh": 4, "windows-874": 6, "windows-1250": 3,
        "windows-1251": 3, "windows-1252": 17, "windows-1253": 3, "windows-1254": 12,
        "windows-1255": 3, "windows-1256": 3, "windows-1257": 3, "windows-1258": 3,
        "x-mac-cyrillic": 2, "gbk": 9, "gb18030": 1, "big5": 5, "euc-jp": 3, "iso-2022-jp": 2,
        "shift_jis": 8, "euc-kr": 10, "replacement": 6, "utf-16be": 2, "utf-16le": 7,
        "x-user-defined": 1,
    ]

    @Test func `every label of the standard is known in any case and with space around it`() {
        var found: [String: Int] = [:]
        var seen: Set<Substring> = []
        for (encoding, labels) in Charset.Encoding.labels {
            for label in labels.split(separator: " ") {
                #expect(seen.insert(label).inserted, "\(label) twice")
                let dressed = "\t\n \(label.uppercased())\r\u{c}"
                #expect(Charset.Encoding(label: dressed.utf8) == encoding)
                found[encoding.rawValue, default: 0] += 1
            }
            #expect(seen.contains(encoding.rawValue[...]))
        }
        #expect(found == counts)
        #expect(seen.count == 228)
        #expect(Set(Charset.Encoding.allCases.map(\.rawValue)) == Set(counts.keys))
    }

    @Test(arguments: [
        "utf-7", "utf7", "unicode-1-1-utf-7", "", " ", "utf-8x", "utf 8", "latin-1", "iso-8859-12",
        "windows-1252\u{b}", "utf-32", "cp437", "ebcdic-cp-us", "UTF\u{2011}8",
    ])
    func `a label that the standard lacks is none`(label: String) {
        #expect(Charset.Encoding(label: label.utf8) == nil)
    }

    // MARK: One byte a letter

    @Test(arguments: CharsetUpperHalves.all.map(\.encoding))
    func `each byte of an encoding of one byte a letter is its letter`(encoding: String) throws {
        let upper = try #require(CharsetUpperHalves.all.first { $0.encoding == encoding }).letters
        try #require(upper.count == 128)
        for byte in UInt8.min...UInt8.max {
            let letter = byte < 0x80 ? UInt32(byte) : upper[Int(byte) - 0x80]
            let decoded = try decoded([byte], encoding)
            let expected = letter.flatMap(Unicode.Scalar.init) ?? "\u{fffd}"
            let found = String(decoding: decoded.text, as: UTF8.self).unicodeScalars
            #expect(found.elementsEqual([expected]))
            #expect(decoded.malformed == (letter == nil ? 1 : 0))
        }
    }

    @Test func `all encodings of one byte a letter are among those compared`() {
        let compared = Set(CharsetUpperHalves.all.map(\.encoding))
        let others: [Charset.Encoding] = [.utf8, .utf16BigEndian, .utf16LittleEndian, .replacement]
        for encoding in Charset.Encoding.allCases where !others.contains(encoding) {
            #expect(compared.contains(encoding.rawValue) != encoding.isMultiByte)
        }
    }

    // MARK: Several bytes a letter

    private static let samples: [(String, [UInt8], String)] = [
        ("gbk", [0xd6, 0xd0, 0x41, 0x80, 0xa3, 0xa0], "中A€\u{3000}"),
        ("gb18030", [0x81, 0x30, 0x81, 0x30, 0x84, 0x31, 0xa4, 0x39], "\u{80}\u{ffff}"),
        ("gb18030", [0x90, 0x30, 0x81, 0x30, 0xe3, 0x32, 0x9a, 0x35], "\u{10000}\u{10ffff}"),
        ("gb18030", [0xe3, 0x32, 0x9a, 0x36, 0x81, 0x35, 0xf4, 0x37], "\u{fffd}\u{e7c7}"),
        ("gb18030", [0xa6, 0xd9, 0xfe, 0x59, 0xfe, 0x51], "\u{fe10}\u{9fb4}\u{e816}"),
        ("gb18030", [0x82, 0x35, 0x90, 0x37, 0x84, 0x31, 0x83, 0x35], "\u{9fb4}\u{fe19}"),
        ("big5", [0xa4, 0xa4, 0xa1, 0x45, 0xa3, 0xe1], "中‧€"),
        ("big5", [0x88, 0x62, 0x88, 0x64], "\u{ca}\u{304}\u{ca}\u{30c}"),
        ("big5", [0x88, 0xa3, 0x88, 0xa5], "\u{ea}\u{304}\u{ea}\u{30c}"),
        ("big5", [0x8e, 0x69, 0xfe, 0xdd, 0x87, 0x40], "\u{7bb8}\u{7809}\u{43f0}"),
        ("euc-jp", [0xc6, 0xfc, 0x8e, 0xb1, 0x8f, 0xb0, 0xa1], "日ｱ\u{4e02}"),
        ("euc-jp", [0xa1, 0xc1, 0xad, 0xa1, 0xfc, 0xee, 0x5c, 0x7e], "\u{ff5e}①黑\\~"),
        ("shift_jis", [0x93, 0xfa, 0xb1, 0x81, 0x60, 0x5c, 0x7e, 0x80], "日ｱ\u{ff5e}\\~\u{80}"),
        ("shift_jis", [0x87, 0x40, 0xed, 0x40, 0xfa, 0x54, 0xf0, 0x40], "①纊\u{ffe2}\u{e000}"),
        ("euc-kr", [0xc7, 0xd1, 0x81, 0x41, 0xa1, 0xad], "한갂\u{223c}"),
        ("iso-2022-jp", Array("\u{1b}$BF|K\\\u{1b}(J\\~\u{1b}(I1\u{1b}(Ba".utf8), "日本¥‾ｱa"),
        ("utf-16be", [0xd8, 0x3d, 0xde, 0xb2, 0, 0x41], "🚲A"),
    ]

    @Test(arguments: samples.indices)
    func `samples are read as the standard does`(place: Int) throws {
        let (label, bytes, expected) = Self.samples[place]
        let found = try text(bytes, label).unicodeScalars
        #expect(found.map(\.value) == expected.unicodeScalars.map(\.value), "\(label)")
    }

    private static let malformed: [(String, [UInt8], String)] = [
        ("gbk", [0x81, 0x3c, 0xff, 0x81], "�<��"),
        ("gb18030", [0x81, 0x30, 0x3c, 0x81, 0x30, 0x81, 0x3c], "�0<�0�<"),
        ("gb18030", [0x81, 0x30, 0x81], "�"), ("gb18030", [0x81, 0x30], "�"),
        ("big5", [0x81, 0x3c, 0xa4, 0xff, 0x80, 0xa4], "�<���"),
        ("big5", [0x81, 0x40, 0x81, 0xa1], "�@�"),
        ("euc-jp", [0xc6, 0x3c, 0x8e, 0xff, 0x8f, 0xa1, 0x3c], "�<��<"),
        ("euc-jp", [0x8f, 0xa1, 0xa0, 0x8f, 0x3c, 0x8f, 0xa1], "��<�"),
        ("shift_jis", [0x81, 0x3c, 0x85, 0xff, 0xa0, 0xfd, 0x81], "�<����"),
        ("euc-kr", [0xc7, 0x3c, 0xc9, 0xff, 0x80, 0xc7], "�<���"),
        ("euc-kr", [0x81, 0x5b, 0xc9, 0xa1], "�[�"),
        ("iso-2022-jp", Array("\u{1b}$B\n\u{1b}(Ba\u{e}\u{1b}x".utf8), "�a��x"),
        ("iso-2022-jp", Array("\u{1b}$B\u{1b}(Ba\u{1b}$BF".utf8), "�a�"),
        ("utf-16le", [0x3d, 0xd8, 0x41, 0, 0, 0xdc, 0x3d, 0xd8, 0x41], "�A��"),
        ("utf-8", [0xe2, 0x82, 0x3c, 0xc0, 0xaf], "�<��"),
        ("utf-8", [0xed, 0xa0, 0x80, 0xf0, 0x9f, 0x9a], "����"),
    ]

    @Test(arguments: malformed.indices)
    func `malformed bytes are replaced, and never an ASCII letter with them`(place: Int) throws {
        let (label, bytes, expected) = Self.malformed[place]
        let decoded = try decoded(bytes, label)
        #expect(String(decoding: decoded.text, as: UTF8.self) == expected, "\(label)")
        #expect(decoded.malformed == expected.unicodeScalars.count { $0 == "\u{fffd}" })
    }

    @Test func `what the C library has otherwise is as the standard has it`() throws {
        for (pair, letter) in CharsetDifferences.big5 {
            let bytes = [UInt8(pair >> 8), UInt8(pair & 0xff)]
            #expect(try text(bytes, "big5").unicodeScalars.map(\.value) == [UInt32(letter)])
        }
        #expect(CharsetDifferences.big5.count == 142)
        for (pair, letter) in CharsetDifferences.gb18030 {
            let bytes = [UInt8(pair >> 8), UInt8(pair & 0xff)]
            #expect(try text(bytes, "gb18030").unicodeScalars.map(\.value) == [UInt32(letter)])
        }
        #expect(CharsetDifferences.gb18030.count == 25)
    }

    @Test func `a sequence is read alike wherever the blocks of the text end`() throws {
        let samples: [(String, [UInt8])] = [
            ("gb18030", [0x81, 0x30, 0x81, 0x30, 0x81, 0x3c]), ("big5", [0x88, 0x62, 0xff]),
            ("euc-jp", [0x8f, 0xb0, 0xa1, 0x8f, 0xa1]), ("shift_jis", [0x93, 0xfa, 0x81, 0x3c]),
            ("iso-2022-jp", Array("\u{1b}$BF|\u{1b}(B\u{1b}".utf8)),
        ]
        for (label, bytes) in samples {
            let alone = try text(bytes, label)
            for padding in 50..<70 {
                // Nothing but ASCII that no sequence can go on with.
                let before = [UInt8](repeating: 0x20, count: padding)
                let expected = try text(before, label) + alone + text(before, label)
                let whole = try text(before + bytes + before, label)
                #expect(whole.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(label)")
            }
        }
    }
}
