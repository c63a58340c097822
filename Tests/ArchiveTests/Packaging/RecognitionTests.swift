import Testing

@testable import Archive

struct RecognitionTests {
    private func form(_ text: String, _ name: String = "x") -> Form {
        Recognition.form(of: Array(text.utf8), name: Array(name.utf8))
    }

    @Test(arguments: [
        ("<!DOCTYPE html><p>x", Form.html), ("\u{feff}<html><head>", .html),
        ("<?xml version=\"1.0\"?><!DOCTYPE html><html xmlns=\"x\">", .html),
        ("<?xml version=\"1.0\"?><nitf>", .nitf), ("<nitf><head/></nitf>", .nitf),
        ("<?xml version=\"1.0\"?><urlset>", .xml), ("<n:newsItem xmlns:n=\"x\">", .newsML),
        ("<newsMessage>", .newsMessage), ("<NewsML Version=\"1.2\">", .newsMessage),
        ("<!-- made by hand -->\n<?xml version=\"1.0\"?><rss>", .feed), ("<rdf:RDF>", .feed),
        ("<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\">", .feed),
        ("<!DOCTYPE html><rss version=\"2.0\"/>", .feed),
        ("<!-- saved --><div class=a>x</div>", .html),
        ("<!DOCTYPE nitf SYSTEM \"n\"><nitf>", .nitf),
        ("A stray line\n<html><body>x", .html), ("Bus lane opens\n\nBy A. Quill", .pageText),
        ("---\ntitle: Bus\n---\nText", .markdown), ("+++\ntitle = \"Bus\"\n+++\n", .markdown),
        ("--- a rule, not a key", .pageText), ("{\"a\": 1}", .json), ("[{\"a\": 1}]", .json),
        ("{\"a\": 1}\n{\"a\": 2}\n", .json), ("{\"a\": 1}\nThe Harbour Gazette", .pageText),
        ("[Editor's note: this was changed]", .pageText), ("%PDF-1.7", .pdf),
        ("WARC/1.0\r\n", .warc), ("GIF89a", .image), ("", .empty),
        (
            "From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n",
            .mhtml
        ),
        ("Received: by a\r\nFrom: x\r\nDate: y\r\n\r\nwords", .mhtml),
        ("From x Mon\nFrom: x\nMIME-Version: 1.0\nContent-Type: text/plain\n\nwords", .mhtml),
        ("From: the mayor\nDate: today\nSubject: ferries\n\nThey run.", .pageText),
        ("MIME-Version: 1.0 is how mail begins.\nSo it is.", .pageText),
        ("PK is how the council calls its park.", .pageText),
        ("070701 is the number of the case.", .pageText), ("{\\rtf1\\ansi", .office),
        ("com,example)/ 20170306040348 {\"url\": \"http://example.com/\"}\n", .cdx),
        (" CDX N b a m s k r M S V g\n", .cdx), ("MSCF\u{0}\u{0}\u{0}\u{0}", .cab),
        ("!<arch>\ndebian", .ar), ("bplist00\u{1}", .binaryPropertyList), ("Rar!\u{1a}\u{7}", .rar),
    ])
    func `content decides the form`(text: String, expected: Form) {
        #expect(form(text, "page.jpg") == expected)
    }

    @Test func `the name decides between text forms only`() {
        #expect(form("# Bus lane opens\n\nText", "bus.MD") == .markdown)
        #expect(form("# Bus lane opens\n\nText", "bus.txt") == .pageText)
        #expect(form("<html><body>", "bus.md") == .html)
        #expect(form("GIF89a", "bus.md") == .image)
    }

    @Test func `binary bytes are binary whatever the name`() {
        let bytes = (0..<512).map { UInt8(truncatingIfNeeded: $0 &* 7 % 31) }
        #expect(Recognition.form(of: bytes, name: Array("a.txt".utf8)) == .binary)
        #expect(Recognition.form(of: [UInt8](repeating: 0, count: 2048), name: []) == .binary)
    }

    @Test func `UTF-16 is text with and without its mark`() {
        let text = "<!DOCTYPE html><p>Bus lane opens in May".utf16
        let bytes = text.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(Recognition.form(of: [0xff, 0xfe] + bytes, name: []) == .html)
        #expect(Recognition.form(of: bytes, name: []) == .html)
    }

    @Test func `containers are told by their bytes`() {
        let part = BrokenContainers.Part("a.txt", "text")
        for (written, form) in [
            (BrokenContainers.Written.zip, Form.zip), (.pax, .tar), (.gzip, .gzip),
            (.bzip2, .bzip2), (.xz, .xz), (.zstd, .zstd), (.lz4, .lz4), (.sevenZip, .sevenZip),
        ] {
            let bytes = BrokenContainers.written(written, [part])
            #expect(Recognition.form(of: bytes, name: Array("a.txt".utf8)) == form)
        }
        #expect(Recognition.form(of: BrokenContainers.tar([part]), name: []) == .tar)
    }

    @Test func `a header that is longer than the head is a message all the same`() {
        let long = "X-Long: a" + String(repeating: "\r\n b", count: 2000)
        #expect(form("MIME-Version: 1.0\r\n" + long) == .mhtml)
        #expect(form("Received: by a\r\nFrom: b\r\n" + long) == .mhtml)
        #expect(form(long) == .pageText)
    }

    @Test(
        arguments: [
            ("page.html", "GIF89a", "named .html, but it is an image"),
            ("page.json", "<!DOCTYPE html><p>x", "named .json, but it is HTML"),
            ("crawl.txt", "WARC/1.0\r\n", "named .txt, but it is a web archive (WARC)"),
            ("page.HTML", "<!DOCTYPE html><p>x", nil), ("page.html", "words alone", nil),
            ("page", "GIF89a", nil), ("page.unknown", "GIF89a", nil), ("page.html", "", nil),
            ("page.md", "<html><body>", nil),
            ("photo.jpg", "words alone", "named .jpg, but it is plain text"),
        ] as [(String, String, String?)])
    func `a name that lies is told`(name: String, text: String, expected: String?) {
        let mismatch = NameClaim.mismatch(Array(name.utf8), form(text, name))
        #expect(mismatch?.detail == expected)
        #expect(mismatch.map { $0.reason == .typeMismatch } ?? true)
    }

    @Test func `a file with a wrong name is read as what it is, and says so`() throws {
        let gzip = BrokenContainers.written(
            .gzip, [BrokenContainers.Part("x", "<html><p>words</p></html>")])
        let opened = try Opened(gzip, name: "crawl.warc")
        #expect(opened.lines == ["crawl.warc=<html><p>words</p></html>"])
        #expect(opened.reasons == [])
        #expect(
            opened.package.notes.map(\.detail) == [
                "named .warc, but it is compressed (gzip)",
                "member 0 is named .warc, but it is HTML",
            ])
        let page = try Opened(Array("<!DOCTYPE html><p>x".utf8), name: "a.json")
        #expect(page.package.notes.map(\.reason) == [.typeMismatch])
        #expect(page.reasons == [])
        let names = (0..<40).map { BrokenContainers.Part("\($0).jpg", "words") }
        #expect(try Opened(BrokenContainers.zip(names)).package.notes.count == 16)
    }

    @Test func `containers that are not opened are refused by name`() throws {
        let rar = Array("Rar!".utf8) + [0x1a, 7, 0] + [UInt8](repeating: 9, count: 200)
        let opened = try Opened(rar, name: "papers.rar")
        #expect(opened.reasons == [.unsupported])
        #expect(opened.package.refusals.first?.detail == "a bundle (rar), which is not opened")
        #expect(opened.package.refusals.first?.remedy != nil)
        let cpio = try System.run(
            "printf x > a; echo a | cpio -o -H newc > out 2>/dev/null || "
                + "printf '070701%0200d' 0 > out")
        #expect(try Opened(cpio).package.form == "cpio")
        let part = BrokenContainers.Part(name: Array("p.rar".utf8), bytes: rar)
        let within = try Opened(BrokenContainers.zip([part, .init("a.txt", "kept")]))
        #expect(within.lines == ["p.rar!unsupported", "a.txt=kept"])
        #expect(within.reasons == [])
    }

    @Test func `an office document lists its parts and says what to do, an EPUB is read`() throws {
        let types = BrokenContainers.Part("[Content_Types].xml", "<Types/>")
        for (folder, form) in [("word", "docx"), ("xl", "xlsx"), ("ppt", "pptx")] {
            let body = BrokenContainers.Part("\(folder)/document.xml", "<document/>")
            let opened = try Opened(BrokenContainers.zip([body, types]))
            #expect(
                opened.lines == [
                    "\(folder)/document.xml!unsupported", "[Content_Types].xml!unsupported",
                ])
            guard case .refused(let refusal)? = opened.members.first?.content else { continue }
            #expect(refusal.detail.contains("(\(form))"))
        }
        let text = BrokenContainers.Part("mimetype", "application/vnd.oasis.opendocument.text")
        #expect(
            try Opened(BrokenContainers.zip([text, .init("content.xml", "<x/>")])).lines
                == ["mimetype!unsupported", "content.xml!unsupported"])
        let book = BrokenContainers.Part("mimetype", "application/epub+zip")
        #expect(
            try Opened(BrokenContainers.zip([book, .init("1.xhtml", "<html>x")])).lines.last
                == "1.xhtml=<html>x")
        // Either alone is a zip like any other.
        #expect(
            try Opened(BrokenContainers.zip([types])).lines == ["[Content_Types].xml=<Types/>"])
    }

    @Test func `no change of the first bytes traps, and forms stay what is told by them`() {
        var noise = Noise(seed: 4096)
        let heads =
            [
                "<!DOCTYPE html><html><head>", "From: x\r\nMIME-Version: 1.0\r\nContent-Type: a",
                "{\"a\": [1, 2]}", "---\ntitle: Bus\n---\n", "com,example)/ 20170306040348 {}",
                "RIFF0000WEBP",
                "<?xml version=\"1.0\"?><!-- x --><nitf>",
                "P\u{2a}M\u{18}\u{ff}\u{7f}\u{1}\u{2}rest",
            ].map { Array($0.utf8) } + [BrokenContainers.tar([.init("a", "b")])]
        for round in 0..<4000 {
            var head = heads[round % heads.count]
            for _ in 0...noise.below(4) {
                head[noise.below(head.count)] = UInt8(truncatingIfNeeded: noise.below(256))
            }
            head.removeLast(noise.below(head.count))
            let form = Recognition.form(of: head, name: noise.bytes(noise.below(9)))
            #expect((form == .empty) == head.isEmpty)
        }
    }
}
