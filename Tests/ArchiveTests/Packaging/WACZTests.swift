import Testing

@testable import Archive

struct WACZTests {
    typealias Builder = WebArchiveBuilder
    typealias Part = BrokenContainers.Part

    private let archive = Builder.archive(["a", "b"].map { Builder.response($0) }, .perRecord)

    private func list(_ parts: [(path: String, digest: String)]) -> Part {
        let resources = parts.map { "{\"path\": \"\($0.path)\", \"hash\": \"\($0.digest)\"}" }
        return Part(
            "datapackage.json",
            "{\"profile\": \"data-package\", \"wacz_version\": \"1.1.1\", \"resources\": ["
                + resources.joined(separator: ", ") + "]}")
    }

    private var parts: [Part] {
        [
            Part(name: Array("archive/data.warc.gz".utf8), bytes: archive),
            Part("indexes/index.cdx", "com,example)/ 2017 {}"),
            Part("pages/pages.jsonl", "{\"format\": \"json-pages-1.0\"}\n"),
        ]
    }

    private var listed: [(path: String, digest: String)] {
        parts.map { (String(decoding: $0.name, as: UTF8.self), Digest(of: $0.bytes).name) }
    }

    @Test func `the archives in a WACZ are read, its other parts are passed over`() throws {
        for members in [parts + [list(listed)], [list(listed)] + parts] {
            let opened = try Opened(BrokenContainers.zip(members))
            #expect(opened.pages == ["<html><p>a</p></html>", "<html><p>b</p></html>"])
            #expect(opened.passed == ["wacz", "wacz", "wacz"])
            #expect(opened.package.form == "wacz")
            #expect(opened.package.refusals.isEmpty)
            let path = String(decoding: try #require(opened.captures.first).name, as: UTF8.self)
            #expect(path == "archive/data.warc.gz!/20170306040206/http://gazette.example/a")
        }
    }

    @Test func `a part with another digest than is listed is told, and read`() throws {
        var listed = listed
        listed[0].digest = "sha256:" + String(repeating: "0", count: 64)
        let opened = try Opened(BrokenContainers.zip(parts + [list(listed)]))
        #expect(opened.pages.count == 2)
        #expect(opened.reasons == [.digest])
        #expect(opened.package.refusals.first?.detail.contains("archive/data.warc.gz") == true)
    }

    @Test func `a part that is listed and not there is told`() throws {
        let opened = try Opened(
            BrokenContainers.zip(parts + [list(listed + [("archive/more.warc.gz", "")])]))
        #expect(opened.reasons == [.digest])
        #expect(opened.package.refusals.first?.detail.contains("archive/more.warc.gz") == true)
    }

    @Test func `a path that climbs out of the package is told and never opened`() throws {
        let opened = try Opened(
            BrokenContainers.zip(parts + [list(listed + [("../../etc/passwd", "")])]))
        #expect(opened.pages.count == 2)
        #expect(opened.reasons == [.unsafePath])
    }

    @Test func `a list that is none is told`() throws {
        let opened = try Opened(
            BrokenContainers.zip(parts + [Part("datapackage.json", "{\"resources\": 7")]))
        #expect(opened.pages.count == 2)
        #expect(opened.reasons == [.malformed])
    }

    @Test func `a zip without a list is a zip`() throws {
        let opened = try Opened(BrokenContainers.zip(parts))
        #expect(opened.package.form == "zip")
        #expect(opened.pages.prefix(2) == ["<html><p>a</p></html>", "<html><p>b</p></html>"])
    }

    @Test func `a WACZ, the archive in it and the page in that are three deep`() throws {
        var limits = Limits()
        limits.nesting = 2
        let zip = BrokenContainers.zip(parts + [list(listed)])
        #expect(try Opened(zip, limits: limits).pages.count == 2)
        limits.nesting = 1
        let opened = try Opened(zip, limits: limits)
        #expect(opened.pages.isEmpty)
        #expect(opened.refused == [.nesting])
    }

    @Test func `an archive beyond what is held streams`() throws {
        // Noise beyond the window of DEFLATE, so that it does not expand too far.
        var noise: [UInt8] = []
        var state: UInt32 = 7
        for _ in 0..<(1 << 16) {
            state = state &* 1_664_525 &+ 1_013_904_223
            noise.append(UInt8(truncatingIfNeeded: state >> 24) | 0x20)
        }
        let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]
        let picture = (0..<130).reduce(into: png) { picture, _ in picture += noise }
        #expect(picture.count > Unpacking.heldBytes)
        let bytes = Builder.archive([
            Builder.record(block: Builder.http(picture, "Content-Type: image/png")),
            Builder.response("c"),
        ])
        let members = [Part(name: Array("archive/data.warc".utf8), bytes: bytes)]
        let digest = Digest(of: bytes).name
        let opened = try Opened(
            BrokenContainers.written(.zip, members + [list([("archive/data.warc", digest)])]))
        #expect(opened.pages == ["<html><p>c</p></html>"])
        #expect(opened.passed.first == "image")
        #expect(opened.package.refusals.isEmpty)
    }
}
