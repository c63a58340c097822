import ArchiveProtocol
import Testing

@testable import Archive

/// What a house style on trial would change.
@Suite struct OutletMethodsTests {
    private static let style = """
        outlet: The Harlow Courier
        timeZone: America/New_York
        banners: ["The Harlow Courier"]
        furniture: ["Our presses never sleep."]
        """

    private static func story(_ word: String) -> [UInt8] {
        Array((Holdings.story(word) + "\nOur presses never sleep.\n").utf8)
    }

    @Test func `a check tells what a style would change, and stores nothing`() async throws {
        let counter = try Counter()
        try counter.keep("one.txt", Self.story("quarrel"))
        try counter.keep("two.md", Counter.page(2))
        let before = try counter.holdings.repository.revision()
        let answer = try await counter.ask("outlets.check", ["style": .string(Self.style)])
        #expect(answer["outlet"]?.string == "The Harlow Courier")
        #expect(answer["isNew"]?.bool == true)
        // The page in Markdown has an address of another host.
        #expect(answer["total"]?.int == 1 && answer["checked"]?.int == 1)
        #expect(answer["unread"]?.int == 0)
        let item = try #require(answer["items"]?.array?.first)
        let changes = Dictionary(
            uniqueKeysWithValues: (item["changes"]?.array ?? []).map {
                ($0.member("field"), $0)
            })
        #expect(changes["outlet"]?["after"]?.string == "The Harlow Courier")
        #expect(changes["outlet"]?["before"] == nil)
        #expect(changes["published"]?["before"]?.string == "2015-03-04T07:33")
        #expect(changes["published"]?["after"]?.string == "2015-03-04T07:33-05:00")
        #expect(changes["body[2]"]?["before"]?.string?.contains("never sleep") == true)
        #expect(changes["body[2]"]?["after"] == nil)
        #expect(changes["headline"] == nil && changes["id"] == nil)
        #expect(try counter.holdings.repository.revision() == before)
    }

    @Test func `a story in a bundle is read again, and the limit holds`() async throws {
        let counter = try Counter()
        let zip = BrokenContainers.zip(
            (0..<3).map { .init(name: Array("\($0).txt".utf8), bytes: Self.story("wall\($0)")) })
        try counter.keep("a.zip", zip)
        let answer = try await counter.ask(
            "outlets.check", ["style": .string(Self.style), "limit": 2])
        #expect(answer["total"]?.int == 3 && answer["checked"]?.int == 2)
        #expect(answer["items"]?.array?.count == 2)
    }

    @Test func `articles are the outlet's by the host of their address`() async throws {
        let counter = try Counter()
        try counter.keep("one.md", Counter.page(1))
        for (host, total) in [("news.example", 1), ("www.news.example", 1), ("ews.example", 0)] {
            let style = "outlet: News\nhosts: [\(host)]\n"
            let answer = try await counter.ask("outlets.check", ["style": .string(style)])
            #expect(answer["total"]?.int == total, "\(host)")
        }
    }

    @Test func `a fault is told with file, line and key, and readers may not ask`() async throws {
        let counter = try Counter()
        let faulty: JSON = ["style": "outlet: A\ntimeZone: Mars\n", "name": "a.yaml"]
        let failure = await counter.failure("outlets.check", faulty)
        #expect(failure.code == .invalidParams)
        #expect(failure.message.hasPrefix("a.yaml: line 2: timeZone: \"Mars\""))
        let refused = await counter.failure("outlets.check", faulty, rights: .read)
        #expect(refused.code == .notPermitted)
        let list = try await counter.ask("outlets.list", rights: .read)
        #expect(list["items"]?.array == [])
    }

    @Test func `changes in place are one, and long texts are cut`() {
        let long = String(repeating: "a", count: 500)
        let before: JSON = [
            "id": "x", "authors": ["Ida Roe", "Jon Poe"], "wordCount": 3,
            "published": ["value": "2015", "source": "url"], "section": "Harbor",
        ]
        let after: JSON = [
            "id": "y", "authors": ["Ida Roe", "Ann Lee", "Bo Reed"], "wordCount": 4,
            "published": ["value": "2015", "source": "meta"], "byline": .string(long),
        ]
        let list = ArticleChanges(from: before.bytes, to: after.bytes).list
        #expect(
            list == [
                .init(field: "authors[1]", before: "Jon Poe", after: "Ann Lee"),
                .init(field: "authors[2]", after: "Bo Reed"),
                .init(field: "section", before: "Harbor"),
                .init(field: "byline", after: String(long.prefix(240)) + "…"),
            ])
    }
}

extension JSON {
    fileprivate func member(_ key: String) -> String { self[key]?.string ?? "" }
}
