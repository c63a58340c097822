import Testing

@testable import Archive

struct RevisitTests {
    typealias Builder = WebArchiveBuilder

    private let original = Builder.record(
        url: "http://gazette.example/a", date: "2017-03-06T04:02:06Z", block: Builder.http(),
        fields: ["WARC-Record-ID: <urn:uuid:1>", "WARC-Payload-Digest: sha1:NOTHINGTHATISKNOWN"])

    private func revisit(_ fields: String...) -> [UInt8] {
        Builder.record(
            "revisit", url: "http://gazette.example/again", date: "2018-01-01T00:00:00Z",
            block: Builder.http([]), fields: fields + ["WARC-Record-ID: <urn:uuid:2>"])
    }

    @Test(
        arguments: [
            ["WARC-Refers-To: <urn:uuid:1>"],
            [
                "WARC-Refers-To-Target-URI: http://gazette.example/a",
                "WARC-Refers-To-Date: 2017-03-06T04:02:06Z",
            ],
            ["WARC-Payload-Digest: sha1:nothingthatisknown"],
            ["WARC-Refers-To: <urn:uuid:gone>", "WARC-Payload-Digest: SHA1:NOTHINGTHATISKNOWN"],
        ], [Builder.Compression.none, .perRecord, .zstd, .packedDictionary])
    func `a page that was seen again is a further capture of the same bytes`(
        _ fields: [String], _ compression: Builder.Compression
    ) throws {
        let again = Builder.record(
            "revisit", url: "http://gazette.example/again", date: "2018-01-01T00:00:00Z",
            block: Builder.http([]), fields: fields + ["WARC-Record-ID: <urn:uuid:2>"])
        let opened = try Opened(
            Builder.archive(
                [Builder.response("before"), original, again, Builder.response("behind")],
                compression))
        #expect(opened.pages.count == 4)
        let (first, second) = (opened.captures[1], opened.captures[2])
        #expect(second.bytes == first.bytes)
        #expect(second.digest == first.digest)
        #expect(second.url == "http://gazette.example/again")
        #expect(second.captured == "2018-01-01T00:00:00Z")
        #expect(second.recordID == "urn:uuid:2")
        #expect(second.mediaType == "text/html")
        #expect(opened.package.refusals.isEmpty)
    }

    @Test func `a revisit of what is not in the file is passed over in words`() throws {
        let opened = try Opened(
            Builder.archive([original, revisit("WARC-Refers-To: <urn:uuid:gone>"), revisit()]))
        #expect(opened.pages == [Builder.page])
        #expect(opened.passed == ["revisit", "revisit"])
        #expect(opened.package.refusals.isEmpty)
    }

    @Test func `a revisit of a picture is passed over`() throws {
        let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        let picture = Builder.record(
            block: Builder.http(png, "Content-Type: image/png"),
            fields: ["WARC-Record-ID: <urn:uuid:1>"])
        let opened = try Opened(
            Builder.archive([picture, revisit("WARC-Refers-To: <urn:uuid:1>")]))
        guard case .passed("revisit", _, let words) = try #require(opened.members.last).content
        else {
            Issue.record("not passed")
            return
        }
        #expect(words == "seen again unchanged; no page")
    }

    @Test func `where one cannot go back a revisit is passed over`() throws {
        let opened = try Opened(
            Builder.archive(
                [Builder.response("before"), original, revisit("WARC-Refers-To: <urn:uuid:1>")],
                .whole))
        #expect(opened.pages.count == 2)
        #expect(opened.passed == ["revisit"])
    }

    @Test func `pages seen again count as unpacked, so that few bytes do not become many`() throws {
        let text = Array("<html>".utf8) + [UInt8](repeating: 0x61, count: 1 << 20)
        let large = Builder.record(
            block: Builder.http(text), fields: ["WARC-Record-ID: <urn:uuid:1>"])
        let again = Builder.gzip(revisit("WARC-Refers-To: <urn:uuid:1>"))
        var bytes = Builder.gzip(large)
        for _ in 0..<400 { bytes += again }
        let opened = try Opened(bytes)
        #expect(opened.reasons == [.expansion])
        #expect(opened.captures.count < 100)
    }
}
