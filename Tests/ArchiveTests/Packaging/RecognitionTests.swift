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
        ("PK is how the council calls its park.", .pageText),
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
            (.bzip2, .bzip2), (.xz, .xz), (.zstd, .zstd),
        ] {
            let bytes = BrokenContainers.written(written, [part])
            #expect(Recognition.form(of: bytes, name: Array("a.txt".utf8)) == form)
        }
        #expect(Recognition.form(of: BrokenContainers.tar([part]), name: []) == .tar)
    }
}
