import Testing

@testable import Archive

struct ARCTests {
    typealias Builder = WebArchiveBuilder

    private let head = Builder.arc(
        "filedesc://x.arc 0.0.0.0 20140216050221 text/plain",
        Array("1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n".utf8)
    )

    private func page(_ name: String, type: String = "text/html") -> [UInt8] {
        Builder.arc(
            "http://gazette.example/\(name) 127.0.0.1 20140216050223 \(type)",
            Builder.http(Builder.html(name)))
    }

    private func html(_ name: String) -> String {
        String(decoding: Builder.html(name), as: UTF8.self)
    }

    @Test func `a record of an ARC is a member with its own provenance`() throws {
        let opened = try Opened(head + page("a"))
        let capture = try #require(opened.captures.first)
        #expect(opened.package.form == "arc")
        #expect(opened.package.refusals.isEmpty)
        #expect(opened.passed == ["warcinfo"])
        #expect(capture.url == "http://gazette.example/a")
        #expect(capture.captured == "2014-02-16T05:02:23Z")
        #expect(capture.mediaType == "text/html")
        #expect(opened.members.last?.offset == head.count)
    }

    @Test func `an ARC compressed record by record is read`() throws {
        let parts = [head, page("a"), page("b")].map(Builder.gzip)
        let opened = try Opened(Array(parts.joined()))
        #expect(opened.pages == [html("a"), html("b")])
        #expect(opened.package.form == "arc.gz")
        #expect(
            opened.members.map(\.offset) == [0, parts[0].count, parts[0].count + parts[1].count])
    }

    @Test(
        arguments: [
            "http://g.example/with spaces in it 127.0.0.1 20140216050223 text/html",
            "http://g.example/x 127.0.0.1 20140216050223 ",
            "http://g.example/x 127.0.0.1 20140216050223 text/html 200 fac069 - 209 x.arc",
            "http://g.example/x 127.0.0.1 201402160502 no-type",
        ])
    func `odd record lines are read`(_ line: String) throws {
        let opened = try Opened(head + Builder.arc(line, Builder.http()) + page("b"))
        #expect(opened.pages == [Builder.page, html("b")])
        #expect(opened.captures.first?.captured?.hasPrefix("2014-02-16T05:02:") == true)
    }

    @Test func `a block without an HTTP head is a page of the stated type`() throws {
        let record = Builder.arc(
            "http://g.example/x 127.0.0.1 20140216050223 text/plain", Array("Ferry resumes.".utf8))
        let opened = try Opened(head + record)
        #expect(opened.pages == ["Ferry resumes."])
        #expect(opened.captures.first?.mediaType == "text/plain")
    }

    @Test(arguments: [10, 100, 90_000])
    func `a wrong length costs the record alone`(_ length: Int) throws {
        let wrong = Builder.arc(
            "http://g.example/x 127.0.0.1 20140216050223 text/html", Builder.http(),
            length: length)
        let opened = try Opened(head + page("a") + wrong + page("b"))
        #expect(opened.pages == [html("a"), html("b")])
        #expect(opened.refused == [.corrupt])
    }

    @Test func `an ARC cut in a record gives the records before`() throws {
        let opened = try Opened(head + page("a") + page("b").dropLast(30))
        #expect(opened.pages == [html("a")])
        #expect(opened.refused == [.truncated])
    }
}
