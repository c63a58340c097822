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
        ("<meta http-equiv=content-type content=\"text/html; charset=koi8-r\">", "koi8-r"),
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
        #expect(read.encodingSource == .http)
        #expect(read.overruled == [])
    }

    @Test func `what told the encoding is kept`() throws {
        let tail: [UInt8] = [0x20, 0xf2, 0x20]
        #expect(try page([0xef, 0xbb, 0xbf, 0x61]).encodingSource == .bom)
        #expect(try page(utf16("Ferry lanes open", bigEndian: true)).encodingSource == .detected)
        #expect(try page(Array("<meta charset=big5>".utf8)).encodingSource == .meta)
        #expect(try page(Array("<meta charset=big5>".utf8)).encoding == "big5")
        let xml = Array("<?xml version='1.0' encoding='koi8-r'?>".utf8)
        #expect(try page(xml + Array("<rss>".utf8) + tail).encodingSource == .xml)
        #expect(try page(xml + Array("<html><meta charset=big5>".utf8)).encodingSource == .meta)
        let feed = Array("<rss><a><![CDATA[<meta charset=big5>]]></a></rss>".utf8) + tail
        #expect(try page(xml + feed).encoding == "koi8-r")
        #expect(try page(Array("Café".utf8)).encodingSource == .utf8)
        #expect(try page(Array("Caf".utf8) + tail).encodingSource == .fallback)
    }

    // MARK: What the bytes contradict

    @Test func `an old label on a page saved as UTF-8 is not believed`() throws {
        let bytes = Array("<meta charset=windows-1251>Café".utf8)
        let read = try page(bytes)
        #expect(read.text == bytes)
        #expect(read.encodingSource == .utf8)
        #expect(read.overruled == ["meta windows-1251"])
    }

    @Test func `UTF-8 with a broken end is still not what an old label says`() throws {
        let head = Array("<meta charset=iso-8859-1>".utf8)
        let words = Array("L’été à Québec était très agréable, où l’on a nagé.".utf8)
        let read = try page(head + words + [0xe2, 0x80])
        #expect(text(read).hasSuffix("où l’on a nagé.\u{fffd}"))
        #expect(read.overruled == ["meta windows-1252"])
        #expect(try page(head + [0xc3, 0xa9, 0x20, 0xe9]).encoding == "windows-1252")
    }

    @Test func `a label of several bytes a letter gives way to UTF-8 of some length only`() throws {
        let head = Array("<meta charset=gbk>".utf8)
        let short = try page(head + [0xc1, 0xaa, 0xcd, 0xa8])
        #expect(short.encoding == "gbk")
        // A word of Chinese in GBK that happens to be valid UTF-8.
        let chance = try page(head + [0xc4, 0xa3, 0xca, 0xbd])
        #expect(text(chance).hasSuffix("模式"))
        #expect(chance.overruled == [])
        let long = try page(head + Array("新的自行车道将于五月".utf8))
        #expect(text(long).hasSuffix("五月"))
        #expect(long.overruled == ["meta gbk"])
    }

    @Test func `a page that says UTF-8 and is not is read by what else is told`() throws {
        let bytes = Array("<meta charset=windows-1251>".utf8) + [0xcf, 0xf0, 0xe8]
        let read = try page(bytes, mediaType: "text/html; charset=utf-8")
        #expect(text(read).hasSuffix("При"))
        #expect(read.encodingSource == .meta)
        #expect(read.overruled == ["http utf-8"])
    }

    @Test func `UTF-16 told of bytes that are UTF-8 is not believed`() throws {
        let read = try page(Array("Café".utf8), mediaType: "text/plain; charset=utf-16")
        #expect(text(read) == "Café")
        #expect(read.overruled == ["http utf-16le"])
    }

    @Test func `an encoding that no browser reads is refused where it is one`() throws {
        for escape in ["\u{1b}$)C", "\u{e}", "~{"] {
            let error = #expect(throws: Refusal.self) {
                try page(Array("<meta charset=iso-2022-kr>\(escape)".utf8))
            }
            #expect(error?.reason == .encoding)
            #expect(error?.remedy != nil)
        }
        let plain = try page(Array("<meta charset=hz-gb-2312>The lane opens.".utf8))
        #expect(plain.encoding == "utf-8")
        #expect(plain.overruled == ["meta replacement"])
    }

    @Test func `malformed bytes are counted`() throws {
        #expect(try page(Array("“Café” à ".utf8) + [0xff, 0x20, 0xe2, 0x80]).malformed == 2)
        let jis = try page(Array("<meta charset=euc-jp>".utf8) + [0xc6, 0xfc, 0xff, 0x61, 0xc6])
        #expect(jis.encoding == "windows-1252")
        #expect(jis.overruled == ["meta euc-jp"])
        let day: [UInt8] = [0xc6, 0xfc]
        let read = try page(
            Array("<meta charset=euc-jp>".utf8) + day + day + day + [0xff, 0x61, 0xc6])
        #expect(text(read).hasSuffix("日日日\u{fffd}a\u{fffd}"))
        #expect(read.malformed == 2)
    }

    @Test func `bytes that are no text are refused, a stray NUL is not`() throws {
        let error = #expect(throws: Refusal.self) {
            try page((0..<400).map { UInt8($0 % 16) })
        }
        #expect(error?.reason == .notText)
        let bytes = Array("The lane opens in May, the council said.\u{0}".utf8)
        #expect(try page(bytes).text == bytes)
    }

    // MARK: What nothing tells

    private let russian =
        "Городской совет сообщил в четверг, что новая полоса откроется в мае, сказал председатель."

    /// `text` in an encoding of one byte a letter, by our own table of it.
    private func bytes(_ text: String, in encoding: String) throws -> [UInt8] {
        let upper = try #require(CharsetUpperHalves.all.first { $0.encoding == encoding }).letters
        return try text.unicodeScalars.map { letter in
            if letter.isASCII { return UInt8(letter.value) }
            return UInt8(0x80 + (try #require(upper.firstIndex(of: letter.value))))
        }
    }

    @Test(arguments: ["koi8-r", "windows-1251", "iso-8859-5", "ibm866", "x-mac-cyrillic"])
    func `Russian that says nothing of its encoding is read`(encoding: String) throws {
        let read = try page(try bytes(russian, in: encoding))
        #expect(text(read) == russian)
        #expect(read.encodingSource == .detected)
    }

    @Test func `Latin text keeps to windows-1252 unless much speaks against it`() throws {
        let english = "“It won’t be faster,” she said – the café’s owner didn’t agree… "
        for count in [1, 40] {
            let words = String(repeating: english, count: count)
            #expect(text(try page(try bytes(words, in: "windows-1252"))) == words)
        }
        let polish = "Źródło: mieszkańcy od dawna prosili o ścieżkę, powiedział przewodniczący. "
        let words = String(repeating: polish, count: 6)
        #expect(text(try page(try bytes(words, in: "windows-1250"))) == words)
    }

    @Test func `a page that a Macintosh wrote is told by what stands within its words`() throws {
        let words = "“It won’t be faster,” she said. The café’s owner didn’t agree."
        let read = try page(try bytes(words, in: "macintosh"))
        #expect(text(read) == words)
        #expect(read.encoding == "macintosh")
        let windows = "the ‘pip‘s and ”but”s of Paris–based, ‘if’ ones…and more—said Õne"
        #expect(text(try page(try bytes(windows, in: "windows-1252"))) == windows)
    }

    @Test func `Japanese in seven bits is told by its escapes`() throws {
        let word = "\u{1b}$B?7$7$$<+E>\u{1b}(B "
        let read = try page(Array(String(repeating: word, count: 8).utf8))
        #expect(read.encoding == "iso-2022-jp")
        let terminal = Array("The lane \u{1b}[1mopens\u{1b}[0m in May.".utf8)
        #expect(try page(terminal).text == terminal)
    }
}
