import Testing

@testable import Archive

/// How the page comes out of the HTTP message that a crawler kept.
struct HTTPPayloadTests {
    typealias Builder = WebArchiveBuilder

    private static let page = Array(Builder.page.utf8)

    /// One way of keeping a page.
    struct Way: CustomTestStringConvertible {
        var testDescription: String
        var head: String
        var body: [UInt8]
        var page = Builder.page
        var isCut = false

        init(
            _ name: String, _ head: String, _ body: [UInt8], page: String = Builder.page,
            isCut: Bool = false
        ) {
            testDescription = name
            self.head = "HTTP/1.1 200 OK\r\n\(head)\r\n\r\n"
            self.body = body
            self.page = page
            self.isCut = isCut
        }
    }

    static let ways = [
        Way("identity", "Content-Encoding: identity", page),
        Way(
            "chunked", "Transfer-Encoding: chunked",
            Builder.chunked(["<html><body><p>Ferry resumes", " after the storm.</p></body></html>"])
        ),
        Way(
            "chunked with extensions", "transfer-encoding: Chunked",
            Array("3f;a=b\r\n\(Builder.page)\r\n0\r\nTrailer: x\r\n\r\n".utf8)),
        Way(
            "chunked without its end", "Transfer-Encoding: chunked",
            Builder.chunked([Builder.page], end: "")),
        Way("says chunked and is not", "Transfer-Encoding: chunked", page),
        Way("gzip", "Content-Encoding: gzip", Builder.gzip(page)),
        Way(
            "gzip in two members", "Content-Encoding: x-gzip",
            Builder.gzip(Array(page.prefix(9))) + Builder.gzip(Array(page.dropFirst(9)))),
        Way("says gzip and is not", "Content-Encoding: gzip", page),
        Way("zlib", "Content-Encoding: deflate", Builder.zlib(page)),
        Way("deflate without a wrapper", "Content-Encoding: deflate", Builder.deflate(page)),
        Way("says deflate and is not", "Content-Encoding: deflate", page),
        Way("brotli", "Content-Encoding: br", Builder.brotli, page: Builder.brotliPage),
        Way("says brotli and is not", "Content-Encoding: br", page),
        Way("zstd", "Content-Encoding: zstd", Builder.zstd(page)),
        Way("two codings", "Content-Encoding: deflate, gzip", Builder.gzip(Builder.zlib(page))),
        Way(
            "two fields", "Content-Encoding: zstd\r\nContent-Encoding: gzip",
            Builder.gzip(Builder.zstd(page))),
        Way("gzip with bytes behind", "Content-Encoding: gzip", Builder.gzip(page) + [1, 2, 3]),
        Way(
            "a chunk cut", "Transfer-Encoding: chunked", Array("ff\r\n\(Builder.page)".utf8),
            isCut: true),
    ]

    @Test(arguments: ways)
    func `the page is found however it was sent`(_ way: Way) throws {
        let record = Builder.record(block: Array(way.head.utf8) + way.body)
        let opened = try Opened(record + Builder.response("next"))
        #expect(opened.pages == [way.page, "<html><p>next</p></html>"])
        #expect(opened.reasons == (way.isCut ? [.truncated] : []))
    }

    @Test func `a gzipped page in chunks is found`() throws {
        let packed = Builder.gzip(Self.page)
        let body =
            Array("5\r\n".utf8) + packed.prefix(5) + Array("\r\n".utf8)
            + Array("\(String(packed.count - 5, radix: 16))\r\n".utf8) + packed.dropFirst(5)
            + Array("\r\n0\r\n\r\n".utf8)
        let record = Builder.record(
            block: Builder.http(
                body, "Transfer-Encoding: chunked", "Content-Encoding: gzip",
                "Content-Type: text/html"))
        #expect(try Opened(record).pages == [Builder.page])
    }

    @Test(
        arguments: [
            "HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Type: text/html\n\n",
            "HTTP/1.0 200 OK\r\nno colon here\r\nX:\r\n folded\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", "HTTP/1.1 OK\r\n\r\n", "",
        ])
    func `odd heads are read`(_ head: String) throws {
        let record = Builder.record(block: Array((head + Builder.page).utf8))
        #expect(try Opened(record).pages == [Builder.page])
    }

    @Test func `a page that ends within its coding is read as far as it goes, and told`() throws {
        let text = "<html>" + (0..<4000).map { "\($0 &* 2_654_435_761 % 9973) " }.joined()
        let packed = Builder.gzip(Array(text.utf8))
        let record = Builder.record(
            block: Builder.http(Array(packed.dropLast(200)), "Content-Encoding: gzip"))
        let opened = try Opened(record)
        let page = try #require(opened.pages.first)
        #expect(page.utf8.count > 1000 && text.hasPrefix(page))
        #expect(opened.reasons == [.truncated])
    }

    @Test(
        arguments: [
            ("Content-Encoding: gzip", Builder.gzip(page).dropLast(9) + [7, 7, 7], Reason.corrupt),
            ("Content-Encoding: sdch", page, .unsupported),
            ("Transfer-Encoding: chunked", Array("FFFFFFFFFFFFFFFF\r\nab".utf8), .corrupt),
            ("Transfer-Encoding: chunked", Array("2\r\nabxx".utf8), .corrupt),
        ])
    func `a page that cannot be decoded is refused alone`(
        _ field: String, _ body: [UInt8], _ reason: Reason
    ) throws {
        let opened = try Opened(
            Builder.record(block: Builder.http(body, field)) + Builder.response("next"))
        #expect(opened.refused == [reason])
        #expect(opened.pages == ["<html><p>next</p></html>"])
    }

    @Test func `a page above the limit is refused and streamed over`() throws {
        var limits = Limits()
        limits.pageBytes = 5000
        let large = Array("<html>".utf8) + [UInt8](repeating: 0x61, count: 200_000)
        let records = [Builder.record(block: Builder.http(large)), Builder.response("next")]
        let opened = try Opened(Builder.archive(records), limits: limits)
        #expect(opened.refused == [.tooLarge])
        #expect(opened.pages == ["<html><p>next</p></html>"])
    }

    @Test func `a page that expands too far costs itself alone`() throws {
        let bomb = Array("<html>".utf8) + [UInt8](repeating: 0x20, count: 40 << 20)
        let records = [
            Builder.record(block: Builder.http(Builder.gzip(bomb), "Content-Encoding: gzip")),
            Builder.response("next"),
        ]
        let opened = try Opened(Builder.archive(records))
        #expect(opened.refused == [.expansion])
        #expect(opened.pages == ["<html><p>next</p></html>"])
        #expect(opened.package.expandedBytes < 1 << 20)
    }
}
