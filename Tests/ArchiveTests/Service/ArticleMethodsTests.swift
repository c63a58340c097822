import ArchiveProtocol
import CLinux
import Foundation
import Glibc
import Testing

@testable import Archive

@Suite struct ArticleMethodsTests {
    private static func cached(_ counter: Counter, _ id: String) -> [UInt8]? {
        Array(id.utf8).withUnsafeBytes { counter.service.cachedArticle(id: $0) }
    }

    /// The bytes of `articles.raw`, asked for in pieces.
    private static func pieces(_ counter: Counter, _ params: [JSON.Member], length: Int)
        async throws -> [UInt8]
    {
        var bytes: [UInt8] = []
        while true {
            let result = try await counter.ask(
                "articles.raw",
                .object(
                    params + [
                        .init("offset", .integer(bytes.count)), .init("length", .integer(length)),
                    ]))
            let piece = try #require(result["data"]?.string.flatMap(Base64.decode))
            #expect(result["offset"]?.int == bytes.count)
            bytes += piece
            if piece.isEmpty || bytes.count > 1 << 20 {
                #expect(result["size"]?.int == bytes.count)
                return bytes
            }
        }
    }

    private static func whole(_ descriptor: Descriptor) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var count = 0
        while true {
            let step = bytes.withUnsafeMutableBytes {
                read(descriptor.number, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            guard step > 0 else { return Array(bytes[..<count]) }
            count += step
        }
    }

    @Test func `a record is cached until the article changes`() async throws {
        let counter = try Counter()
        try counter.keep("1.md", Counter.page(1))
        let id = try counter.holdings.found("ferry")[0]
        #expect(Self.cached(counter, id) == nil)
        let first = try await counter.answer("articles.get", ["id": .string(id)]).result
        #expect(Self.cached(counter, id) == first)
        #expect(Self.cached(counter, id.uppercased()) == first)
        try counter.keep("2.md", Counter.page(2, body: "tram"))
        #expect(Self.cached(counter, id) == first)
        try counter.keep("1b.md", Counter.page(1, body: "The ferry sank."))
        #expect(Self.cached(counter, id) == nil)
        let second = try await counter.ask("articles.get", ["id": .string(id)])
        #expect(second["version"]?.int == 2 && second["supersedes"]?.int == 1)
        let old = try await counter.answer("articles.get", ["id": .string(id), "version": 1])
        #expect(Self.cached(counter, id) == second.bytes)
        #expect(try JSONParser.parse(old.result)["version"]?.int == 1)
        // A further capture of the same content changes the record too.
        try counter.keep("1c.md", Counter.page(1, body: "The ferry sank.") + [0x0A])
        #expect(Self.cached(counter, id) == nil)
    }

    @Test func `what is not there is not found`() async throws {
        let counter = try Counter()
        for method in ["articles.get", "articles.raw", "articles.versions", "articles.evidence"] {
            let failure = await counter.failure(method, ["id": "zzzzzzzzzzzz"])
            #expect(failure.code == .notFound, "\(method)")
        }
        let byURL = await counter.failure("articles.versions", ["url": "https://news.example/1"])
        #expect(byURL.code == .notFound)
        let noURL = await counter.failure("articles.versions", ["url": "no address"])
        #expect(noURL.code == .notFound)
        for params in [[:], ["id": "zzzz", "url": "https://news.example/1"]] as [JSON] {
            #expect(await counter.failure("articles.versions", params).code == .invalidParams)
        }
    }

    @Test func `versions are listed by name and by any form of the address`() async throws {
        let counter = try Counter()
        try counter.keep("1.md", Counter.page(1))
        try counter.keep("1b.md", Counter.page(1, body: "The ferry sank."))
        let id = try counter.holdings.found("ferry")[0]
        let byName = try await counter.ask("articles.versions", ["id": .string(id)])
        #expect(byName["id"]?.string == id)
        #expect(byName["items"]?.array?.map { $0["version"]?.int } == [2, 1])
        let files = byName["items"]?.array?.map { $0["captures"]?.array?[0]["file"]?.string }
        #expect(files == ["1b.md", "1.md"])
        for url in ["https://news.example/1", "http://www.news.example/1/?utm_source=x#top"] {
            #expect(try await counter.ask("articles.versions", ["url": .string(url)]) == byName)
        }
    }

    @Test(arguments: [1, 7, 524_288])
    func `raw bytes of a plain file are those that were dropped`(_ length: Int) async throws {
        let counter = try Counter()
        let page = Counter.page(1) + [0xC3, 0x28, 0x0D, 0x0A]
        let digest = try counter.keep("1.md", page)
        let id = try counter.holdings.found("ferry")[0]
        #expect(try await Self.pieces(counter, [.init("id", .string(id))], length: length) == page)
        let answer = try await counter.answer(
            "articles.raw", ["id": .string(id), "descriptor": true])
        let json = try JSONParser.parse(answer.result)
        #expect(json["original"]?.string == digest.name && json["member"] == nil)
        #expect(json["data"] == nil && json["size"]?.int == page.count)
        #expect(Self.whole(try #require(answer.descriptor)) == page)
    }

    @Test(arguments: ["bundle.zip", "1.md"])
    func `raw bytes of a member are those in the bundle`(_ name: String) async throws {
        let counter = try Counter()
        let pages = [Counter.page(0, body: "tram"), Counter.page(1), Counter.page(2, body: "bus")]
        let zip = BrokenContainers.zip(
            pages.enumerated().map { .init(name: Array("\($0).md".utf8), bytes: $1) })
        // A bundle may have the name of its member.
        let digest = try counter.keep(name, zip)
        let id = try counter.holdings.found("ferry")[0]
        #expect(
            try await Self.pieces(counter, [.init("id", .string(id))], length: 11) == pages[1])
        let answer = try await counter.answer(
            "articles.raw", ["id": .string(id), "descriptor": true])
        let json = try JSONParser.parse(answer.result)
        #expect(json["original"]?.string == digest.name && json["member"]?.string == "1.md")
        let descriptor = try #require(answer.descriptor)
        #expect(Self.whole(descriptor) == pages[1])
        #expect(write(descriptor.number, [0x21], 1) == -1)
        let record = try await counter.ask("articles.get", ["id": .string(id)])
        #expect(record["captures"]?.array?[0]["member"]?.string == "1.md")
    }

    @Test func `bytes beyond the end are none`() async throws {
        let counter = try Counter()
        try counter.keep("1.md", Counter.page(1))
        try counter.keep(
            "a.zip",
            BrokenContainers.zip([.init(name: [0x61], bytes: Counter.page(2, body: "tram"))]))
        for word in ["ferry", "tram"] {
            let id = try counter.holdings.found(word)[0]
            for offset in [1 << 20, Int.max] {
                let result = try await counter.ask(
                    "articles.raw", ["id": .string(id), "offset": .integer(offset)])
                #expect(result["data"]?.string == "")
            }
        }
    }

    @Test func `a missing original is not found`() async throws {
        let counter = try Counter()
        let digest = try counter.keep("1.md", Counter.page(1))
        let id = try counter.holdings.found("ferry")[0]
        try FileManager.default.removeItem(atPath: counter.holdings.originals.path(of: digest))
        let failure = await counter.failure("articles.raw", ["id": .string(id)])
        #expect(failure.code == .notFound)
        #expect(try await counter.ask("articles.get", ["id": .string(id)])["version"]?.int == 1)
    }

    @Test func `evidence is the bytes that a field was read from`() async throws {
        let counter = try Counter()
        let page = Counter.page(1)
        try counter.keep("1.md", page)
        let id = try counter.holdings.found("ferry")[0]
        let all = try await counter.ask("articles.evidence", ["id": .string(id)])
        let items = try #require(all["items"]?.array)
        #expect(items.count > 3 && all["encoding"]?.string?.isEmpty == false)
        for item in items {
            let bounds = item["range"]?.array ?? []
            let range = bounds.compactMap { $0.int }
            let bytes = String(decoding: page[range[0]..<range[1]].prefix(1000), as: UTF8.self)
            #expect(item["bytes"]?.string == bytes)
        }
        let one = try await counter.ask(
            "articles.evidence", ["id": .string(id), "field": "headline"])
        #expect(one["items"]?.array?.map { $0["bytes"]?.string?.contains("Story 1") } == [true])
        let none = await counter.failure(
            "articles.evidence", ["id": .string(id), "field": "section"])
        #expect(none.code == .notFound)
    }

    @Test func `searches go on from page to page, each with its own cursor`() async throws {
        let counter = try Counter()
        for number in 0..<9 { try counter.keep("\(number).md", Counter.page(number)) }
        let query: [JSON.Member] = [.init("query", "ferry")]
        let items = try await counter.pages("articles.search", query, limit: 2)
        #expect(Set(items.compactMap { $0["id"]?.string }).count == 9 && items.count == 9)
        let page = try await counter.ask("articles.search", ["query": "ferry", "limit": 2])
        #expect(page["total"] == ["value": 9, "relation": "eq"])
        let cursor = try #require(page["nextCursor"])
        for params in [
            ["query": "story", "cursor": cursor],
            ["query": "ferry", "sort": "newest", "cursor": cursor],
            ["query": "ferry", "since": "2016", "cursor": cursor],
            ["cursor": "AAAA", "query": "ferry"],
            ["query": "ferry", "cursor": "not base 64"],
        ] as [JSON] {
            let failure = await counter.failure("articles.search", params)
            #expect(failure.code == .cursorExpired, "\(params.text)")
        }
        let again = try await counter.ask(
            "articles.search", ["cursor": cursor, "query": "ferry", "limit": 1000])
        #expect(again["items"]?.array?.count == 7 && again["nextCursor"] == nil)
        for params in [["since": "soon"], ["until": "20"]] as [JSON] {
            #expect(await counter.failure("articles.search", params).code == .invalidParams)
        }
        let wrong = await counter.failure("articles.search", ["query": "a OR"])
        #expect(wrong.code == .querySyntax)
    }

    @Test func `a cursor that a client made up does no harm`() async throws {
        let counter = try Counter()
        for number in 0..<3 {
            try counter.keep(
                "\(number).md",
                Counter.page(number, body: "&quot;We will swim,&quot; said Odile Park."))
        }
        for method in [
            "articles.search", "quotes.search", "inbox.list", "originals.list", "originals.verify",
            "archive.verify",
        ] {
            let page = try await counter.ask(method, ["limit": 1])
            let real = try #require(page["nextCursor"]?.string, "\(method)")
            let mark = try #require(
                try JSONParser.parse(Base64.decode(real) ?? [])["q"], "\(method)")
            for place in [
                .null, 1, -1, .integer(Int.min), .integer(Int.max), "x", "\\", [:],
                ["k": "", "r": .integer(Int.min)], ["k": 7, "r": 1], ["k": .null, "r": "x"],
                ["k": "~", "r": .integer(Int.max)],
            ] as [JSON] {
                let forged = Base64.encode(
                    JSON.object([.init("q", mark), .init("p", place)]).bytes)
                do {
                    _ = try await counter.ask(method, ["limit": 1, "cursor": .string(forged)])
                } catch let failure as Failure {
                    #expect(failure.code == .cursorExpired, "\(method) \(place.text)")
                }
            }
        }
    }

    @Test func `quotations are searched by words alone`() async throws {
        let counter = try Counter()
        let page = try await counter.ask("quotes.search", ["speaker": "park", "query": "ferry"])
        #expect(page["items"] == [])
        for query in [
            "by:moss", "date:2017", "-ferry", "-has:quote", "url:x", "a~", "(a b) OR c",
            "by:a OR b", "\"a b\"~3", "-(a OR b)", "stem:a",
        ] {
            let failure = await counter.failure("quotes.search", ["query": .string(query)])
            #expect(failure.code == .querySyntax, "\(query)")
        }
    }
}
