import Testing

@testable import Archive

struct WARCTests {
    typealias Builder = WebArchiveBuilder

    private let trio = ["one", "two", "three"].map { Builder.response($0) }
    private let pages = ["one", "two", "three"].map { "<html><p>\($0)</p></html>" }

    @Test func `a record is a member with its own provenance`() throws {
        let record = Builder.record(
            url: "<http://gazette.example/ferry?a=1>", date: "2017-03-06T05:02:06.25+01:00",
            block: Builder.http(
                Array(Builder.page.utf8), "Content-Type: text/html; charset=koi8-r"),
            mediaType: "application/http", fields: ["WARC-Record-ID: <urn:uuid:7>"])
        let opened = try Opened(Builder.archive([Builder.response("first"), record]))
        let capture = try #require(opened.captures.last)
        #expect(capture.url == "http://gazette.example/ferry?a=1")
        #expect(capture.captured == "2017-03-06T04:02:06.25Z")
        #expect(capture.recordID == "urn:uuid:7")
        #expect(capture.mediaType == "text/html; charset=koi8-r")
        #expect(capture.bytes == Array(Builder.page.utf8))
        #expect(capture.digest == Digest(of: Array(Builder.page.utf8)))
        let member = try #require(opened.members.last)
        #expect(member.path == Array("20170306040206/http://gazette.example/ferry?a=1".utf8))
        #expect(member.offset == Builder.response("first").count)
        #expect(member.size == Builder.page.utf8.count)
        #expect(opened.package.form == "warc")
        #expect(opened.package.refusals.isEmpty)
    }

    @Test(arguments: Builder.Compression.allCases)
    func `records are read however they are compressed`(_ compression: Builder.Compression) throws {
        let opened = try Opened(Builder.archive(trio, compression))
        #expect(opened.pages == pages)
        #expect(opened.package.refusals.isEmpty)
        #expect(opened.package.members == 3)
        #expect(opened.package.form.hasPrefix("warc"))
    }

    @Test func `the offset is that of the compressed record where it can be read alone`() throws {
        let parts = trio.map(Builder.gzip)
        let opened = try Opened(Builder.archive(trio, .perRecord))
        #expect(
            opened.members.map(\.offset) == [0, parts[0].count, parts[0].count + parts[1].count])
        let whole = try Opened(Builder.archive(trio, .whole))
        #expect(whole.members.map(\.offset) == [0, trio[0].count, trio[0].count + trio[1].count])
        let frames = trio.map { Builder.zstd($0).count }
        let zstd = try Opened(Builder.archive(trio, .zstd))
        #expect(zstd.members.map(\.offset) == [0, frames[0], frames[0] + frames[1]])
    }

    @Test(arguments: ["WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1", "warc/1.0"])
    func `every version is read`(_ version: String) throws {
        let record = Builder.record(block: Builder.http(), version: version)
        #expect(try Opened(record + trio[0]).pages == [Builder.page, pages[0]])
    }

    @Test func `a version that is not known is refused and its neighbours are read`() throws {
        let record = Builder.record(block: Builder.http(), version: "WARC/9.9")
        let opened = try Opened(record + trio[0])
        #expect(opened.pages == [pages[0]])
        #expect(opened.refused == [.unsupported])
    }

    @Test func `what is no page is passed over in words`() throws {
        let block = Array("anything".utf8)
        let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        let records = [
            Builder.record("warcinfo", url: nil, block: block),
            Builder.record("request", block: block),
            Builder.record("metadata", block: block),
            Builder.record("continuation", block: block),
            Builder.record("monkeys", block: block),
            Builder.record(url: "dns:gazette.example", block: block, mediaType: "text/dns"),
            Builder.record(block: Builder.http(status: "HTTP/1.1 302 Found")),
            Builder.record(block: Builder.http(status: "HTTP/1.0 404 Not Found")),
            Builder.record(block: Builder.http(png, "Content-Type: image/png")),
            Builder.record(block: Builder.http(Array("a{b:c}".utf8), "Content-Type: text/css")),
            Builder.record(
                block: Builder.http(Array("var a = 1".utf8), "Content-Type: text/javascript")),
            Builder.record(block: Builder.http([])),
            Builder.record(block: Builder.http(Array("%PDF-1.4".utf8))),
            Builder.record(
                "resource", url: "metadata://gnu.org/wget.log", block: block,
                mediaType: "text/plain"),
            Builder.record(url: "http://gazette.example/robots.txt", block: Builder.http(block)),
        ]
        let opened = try Opened(Builder.archive(records))
        #expect(
            opened.passed == [
                "warcinfo", "request", "metadata", "continuation", "monkeys", "response", "html",
                "html", "image", "css", "script", "empty", "pdf", "resource", "response",
            ])
        #expect(opened.package.refusals.isEmpty)
        let names = opened.members.map { String(decoding: $0.path, as: UTF8.self) }
        #expect(names[1] == "request/20170306040206/http://gazette.example/a")
        #expect(Set(opened.members.map(\.ordinal)).count == records.count)
    }

    @Test func `a mislabelled page is read as what it is`() throws {
        let records = [
            Builder.record(
                block: Builder.http(Array(Builder.page.utf8), "Content-Type: image/png")),
            Builder.record(
                block: Builder.http(Array(Builder.page.utf8), "Content-Type: text/css")),
            Builder.record("resource", block: Array("Ferry resumes.".utf8)),
            Builder.record("conversion", block: Array("Ferry.".utf8), mediaType: "text/plain"),
        ]
        let opened = try Opened(Builder.archive(records))
        #expect(opened.pages == [Builder.page, Builder.page, "Ferry resumes.", "Ferry."])
        #expect(opened.captures.last?.mediaType == "text/plain")
    }

    @Test func `the first part of a page in parts is refused in words`() throws {
        let first = Builder.record(
            block: Builder.http(), fields: ["WARC-Segment-Number: 1"])
        let next = Builder.record(
            "continuation", block: Array("more".utf8),
            fields: ["WARC-Segment-Number: 2", "WARC-Segment-Total-Length: 9"])
        let opened = try Opened(Builder.archive([first, next, trio[0]]))
        #expect(opened.refused == [.unsupported])
        #expect(opened.passed == ["continuation"])
        #expect(opened.pages == [pages[0]])
    }

    @Test func `fields are found whatever their case and folded`() throws {
        let head = [
            "WARC/1.0", "warc-TYPE: ", " response", "nonsense",
            "WARC-target-uri:http://g.example/x", "WARC-Date:", "\t2017-03-06T04:02:06Z",
            "content-LENGTH: \(Builder.page.utf8.count)", "",
        ].joined(separator: "\r\n")
        let opened = try Opened(Array((head + "\r\n" + Builder.page).utf8))
        #expect(opened.captures.first?.url == "http://g.example/x")
        #expect(opened.captures.first?.captured == "2017-03-06T04:02:06Z")
    }

    @Test(
        arguments: [
            ("2017", "2017-01-01T00:00:00Z"), ("2017-03", "2017-03-01T00:00:00Z"),
            ("2017-03-06", "2017-03-06T00:00:00Z"), ("2017-03-06T04:02", "2017-03-06T04:02:00Z"),
            ("2017-03-06T04:02:06.123456789Z", "2017-03-06T04:02:06.123456789Z"),
            ("20170306040206", "2017-03-06T04:02:06Z"),
            ("2017-12-31T23:30:00-01:00", "2018-01-01T00:30:00Z"),
            ("2008-10-294T05:21:46-0700", nil), ("2017-02-30T00:00:00Z", nil), ("", nil),
            ("blue monday", nil), ("99999999999999", nil), ("2017-03-06T04:02:06X", nil),
        ] as [(String, String?)])
    func `dates of captures are told in UTC or not at all`(_ text: String, _ date: String?) {
        #expect(CaptureDate(text)?.text == date)
    }
}
