import Testing

@testable import Archive

struct ParserTests {
    private let parser = Parser(styles: .none)

    private func read(_ text: String, _ name: String) throws -> Reading {
        try parser.read(Capture(name: Array(name.utf8), bytes: Array(text.utf8)))
    }

    private func reason(_ reading: Reading) -> Reason? {
        if case .noArticle(let reason, _) = reading.finding { reason } else { nil }
    }

    @Test(arguments: [
        ("%PDF-1.7\n", "pdf"), ("GIF89a", "image"), ("<?xml version=\"1.0\"?><svg/>", "xml"),
        ("{\"a\": 1}", "json"), ("WARC/1.0\r\n", "warc"),
    ])
    func `a form that is not read yet is kept and says so`(text: String, form: String) throws {
        let reading = try read(text, "story.txt")
        #expect(reading.form == form)
        #expect(reason(reading) == .unsupported)
    }

    @Test func `nothing and white space are empty`() throws {
        #expect(reason(try read("", "a.txt")) == .empty)
        #expect(reason(try read(" \n\t\r\n", "a.txt")) == .empty)
    }

    @Test func `a page is read as what it is, whatever its name says`() throws {
        #expect(try read("<!DOCTYPE html><p>Words of the page.</p>", "photo.jpg").form == "html")
    }

    @Test func `a form that the opener told is not asked for again`() throws {
        var capture = Capture(name: [], bytes: Array("<p>Words of the page.</p>".utf8))
        capture.form = .pdf
        #expect(try parser.read(capture).form == "pdf")
    }

    @Test func `binary is kept, unless its name says text`() throws {
        let bytes = (0..<600).map { UInt8($0 % 20) }
        #expect(
            reason(try parser.read(Capture(name: Array("a.bin".utf8), bytes: bytes)))
                == .unsupported)
        let error = #expect(throws: Refusal.self) {
            try parser.read(Capture(name: Array("a.txt".utf8), bytes: bytes))
        }
        #expect(error?.reason == .notText)
        let both = #expect(throws: Refusal.self) {
            let page = Array(repeating: "<p>Words.</p>", count: 30).joined()
            return try parser.read(
                Capture(name: Array("a.html".utf8), bytes: Array(page.utf8) + bytes))
        }
        #expect(both?.reason == .typeMismatch)
    }
}
