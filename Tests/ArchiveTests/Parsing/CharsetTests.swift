import Testing

@testable import Archive

struct CharsetTests {
    private func page(_ bytes: [UInt8], mediaType: String? = nil) throws -> Page {
        var capture = Capture(name: [], bytes: bytes)
        capture.mediaType = mediaType
        return try Charset.page(of: capture)
    }

    private func text(_ page: Page) -> String { String(decoding: page.text, as: UTF8.self) }

    private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            let pair = [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)]
            return bigEndian ? pair : pair.reversed()
        }
    }

    @Test func `valid UTF-8 is passed through with and without its mark`() throws {
        let bytes = Array("Café “Ferry” 🚲".utf8)
        let plain = try page(bytes)
        #expect(plain.text == bytes)
        #expect(plain.encoding == "utf-8")
        #expect(plain.checkpoints.isEmpty)
        let marked = try page([0xef, 0xbb, 0xbf] + bytes)
        #expect(marked.text == bytes)
        #expect(marked.origin == 3)
        #expect(marked.source(of: 0..<3) == 3..<6)
    }

    @Test func `UTF-16 is read in both orders, marked and not`() throws {
        let words = "Ferry “resumes” 🚲 on Thursday"
        for bigEndian in [true, false] {
            let name = bigEndian ? "utf-16be" : "utf-16le"
            let bytes = utf16(words, bigEndian: bigEndian)
            let bare = try page(bytes)
            #expect(text(bare) == words)
            #expect(bare.encoding == name)
            let mark: [UInt8] = bigEndian ? [0xfe, 0xff] : [0xff, 0xfe]
            let marked = try page(mark + bytes)
            #expect(text(marked) == words)
            #expect(marked.origin == 2)
        }
    }

    @Test func `an odd byte and half a pair of UTF-16 are replaced`() throws {
        let bytes: [UInt8] = [0xff, 0xfe, 0x61, 0, 0, 0xd8, 0x62, 0, 0x63]
        #expect(text(try page(bytes)) == "a\u{fffd}b\u{fffd}")
    }

    @Test func `what is not UTF-8 is windows-1252`() throws {
        let read = try page(Array("It said ".utf8) + [0x93, 0x80, 0xe9, 0x94])
        #expect(text(read) == "It said “€é”")
        #expect(read.encoding == "windows-1252")
    }

    @Test func `a few bad bytes in UTF-8 are replaced, not misread`() throws {
        let read = try page(Array("“Café” à ".utf8) + [0xff, 0x20, 0xe2, 0x80, 0x61])
        #expect(text(read) == "“Café” à \u{fffd} \u{fffd}a")
        #expect(read.encoding == "utf-8")
    }

    @Test(arguments: [
        ("<meta charset=koi8-r>", "koi8-r"), ("<META CharSet = 'KOI8-R'>", "koi8-r"),
        ("<meta http-equiv=a content=\"text/html; charset=koi8-r\">", "koi8-r"),
        ("<?xml version=\"1.0\" encoding='koi8-r'?>", "koi8-r"),
        ("<!-- <meta charset=koi8-r> -->", "windows-1252"),
        ("<meta charset=utf-7>", "windows-1252"), ("<meta charset=utf-16>", "windows-1252"),
        ("<meta charset=no-such>", "windows-1252"), ("<meta charset=latin1>", "windows-1252"),
        ("<meta charset=utf-8>", "windows-1252"),
    ])
    func `a declared label is found and weighed`(head: String, encoding: String) throws {
        let read = try page(Array(head.utf8) + [0xf2, 0x20, 0xd5])
        #expect(read.encoding == encoding)
        if encoding == "koi8-r" { #expect(text(read) == head + "Р у") }
    }

    @Test func `the media type comes before the page's own label`() throws {
        let bytes = Array("<meta charset=koi8-r>".utf8) + [0xcf]
        let read = try page(bytes, mediaType: "text/html; charset=\"windows-1251\"")
        #expect(text(read).hasSuffix("П"))
    }

    @Test func `an old label on a page saved as UTF-8 is not believed`() throws {
        let bytes = Array("<meta charset=windows-1251>Café".utf8)
        #expect(try page(bytes).text == bytes)
    }

    @Test(arguments: [
        ("shift_jis", [0x93, 0xfa, 0x96, 0x7b] as [UInt8], "日本"),
        ("euc-jp", [0xc6, 0xfc, 0xcb, 0xdc], "日本"), ("gbk", [0xc8, 0xd5, 0xb1, 0xbe], "日本"),
        ("big5", [0xa4, 0xe9, 0xa5, 0xbb], "日本"), ("euc-kr", [0xc7, 0xd1], "한"),
        ("iso-8859-2", [0xb1, 0x20], "ą "), ("windows-1255", [0xe0, 0x20], "א "),
        ("iso-2022-jp", [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42], "日"),
    ])
    func `other encodings are converted`(label: String, bytes: [UInt8], expected: String) throws {
        let head = "<meta charset=\(label)>"
        let read = try page(Array(head.utf8) + bytes)
        #expect(text(read) == head + expected)
        #expect(read.encoding == label)
    }

    @Test func `malformed bytes of a converted encoding are replaced`() throws {
        let read = try page(Array("<meta charset=euc-jp>".utf8) + [0xc6, 0xfc, 0xff, 0x61, 0xc6])
        #expect(text(read).hasSuffix("日\u{fffd}a\u{fffd}"))
    }

    @Test func `bytes that are no text are refused, a stray NUL is not`() throws {
        let error = #expect(throws: Refusal.self) {
            try page((0..<400).map { UInt8($0 % 16) })
        }
        #expect(error?.reason == .notText)
        let error2 = #expect(throws: Refusal.self) {
            try page(Array("<meta charset=iso-2022-kr>".utf8))
        }
        #expect(error2?.reason == .encoding)
        let bytes = Array("The lane opens in May, the council said.\u{0}".utf8)
        #expect(try page(bytes).text == bytes)
    }

    @Test func `every range of text leads back to the bytes that it was read from`() throws {
        var seed: UInt64 = 7
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let letters: [Character] = ["a", " ", "\n", "é", "”", "日", "🚲"]
        for _ in 0..<60 {
            let characters = (0..<random(300)).map { _ in letters[random(letters.count)] }
            for bigEndian in [true, false] {
                let mark: [UInt8] = bigEndian ? [0xfe, 0xff] : [0xff, 0xfe]
                let read = try page(mark + utf16(String(characters), bigEndian: bigEndian))
                let start = random(characters.count + 1)
                let end = start + random(characters.count - start + 1)
                let before = String(characters[..<start])
                let within = String(characters[start..<end])
                let lower = before.utf8.count
                let range = read.source(of: lower..<(lower + within.utf8.count))
                #expect(
                    Array(read.capture.bytes[range]) == utf16(within, bigEndian: bigEndian))
            }
        }
    }

    @Test func `a range in a converted encoding is covered`() throws {
        let head = Array("<meta charset=shift_jis>".utf8)
        let word: [UInt8] = [0x93, 0xfa, 0x96, 0x7b, 0x20]
        let read = try page(head + (0..<100).flatMap { _ in word })
        for index in 0..<100 {
            let lower = head.count + index * 7
            let range = read.source(of: lower..<(lower + 6))
            let exact = head.count + index * 5
            #expect(range.lowerBound <= exact && range.upperBound >= exact + 4)
            #expect(range.count <= 4 + 128)
        }
    }
}
