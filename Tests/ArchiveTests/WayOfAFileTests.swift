import ArchiveProtocol
import Foundation
import GRDB
import Testing

@testable import Archive

/// From the inbox to the answer, by the stations themselves.
@Suite struct WayOfAFileTests {
    private static func part(_ name: String, _ word: String) -> BrokenContainers.Part {
        BrokenContainers.Part(name, Holdings.story(word))
    }

    @Test func `a dropped page is found, its original kept and its file gone from the inbox`()
        async throws
    {
        let holdings = try Holdings()
        let story = Holdings.story("kestrel")
        try holdings.drop("kestrel.txt", story)
        try await holdings.settle()

        #expect(try holdings.found("kestrel").count == 1)
        #expect(try holdings.found("by:quill headline:kestrel").count == 1)
        #expect(try holdings.found("osprey").isEmpty)
        let row = try #require(try holdings.row("kestrel.txt"))
        #expect(row.state == .stored)
        #expect(row.articles == 1)
        let digest = Digest(of: Array(story.utf8))
        #expect(row.digest == digest)
        #expect(holdings.originals.computedDigest(of: digest) == digest)
        #expect(!FileManager.default.fileExists(atPath: holdings.inInbox("kestrel.txt").path))
    }

    @Test func `the same bytes under another name are a duplicate, and one article`()
        async throws
    {
        let holdings = try Holdings()
        try holdings.drop("a.txt", Holdings.story("kestrel"))
        try holdings.drop("b.txt", Holdings.story("kestrel"))
        try await holdings.settle()
        let states = try ["a.txt", "b.txt"].map { try holdings.row($0)?.state }
        #expect(Set(states) == [.stored, .duplicate])
        #expect(try holdings.found("kestrel").count == 1)
        #expect(try holdings.repository.totals().originals == 1)
    }

    @Test func `a changed text of the same story is its second version`() async throws {
        let holdings = try Holdings()
        try holdings.drop("a.txt", Holdings.story("kestrel", headline: "Bridge Opens"))
        try await holdings.settle()
        let again = try Holdings(in: holdings.directory)
        try again.drop("b.txt", Holdings.story("heron", headline: "Bridge Opens"))
        try await again.settle()
        let ids = try again.found("heron")
        #expect(ids.count == 1)
        #expect(try again.found("kestrel").isEmpty, "only the latest version is searched")
        let latest = try again.repository.article(ids[0])
        #expect(latest.version == 2)
        let record = try #require(Article(try JSONParser.parse(latest.document)))
        #expect(record.supersedes == 1)
        #expect(record.captures.map(\.file) == ["b.txt"])
        let first = try again.repository.article(ids[0], version: 1)
        #expect(String(decoding: first.document, as: UTF8.self).contains("kestrel"))
    }

    @Test func `names are the same on another machine`() async throws {
        var names: [[String]] = []
        for _ in 0..<2 {
            let holdings = try Holdings()
            try holdings.drop("page.txt", Holdings.story("kestrel"))
            try await holdings.settle()
            names.append(try holdings.found("kestrel"))
        }
        #expect(names[0] == names[1])
        #expect(names[0][0].count == ArticleID.length)
        #expect(ArticleID(utf8: names[0][0].utf8)?.text == names[0][0])
    }

    @Test func `good members of a bundle are kept when another is bad`() async throws {
        let holdings = try Holdings()
        var bad = Self.part("bad.txt", "osprey")
        bad.crc = 0xDEAD_BEEF
        try holdings.drop(
            "bundle.zip",
            BrokenContainers.zip([
                Self.part("good.txt", "kestrel"), bad, Self.part("other.txt", "heron"),
            ]))
        try await holdings.settle()

        #expect(try holdings.found("kestrel").count == 1)
        #expect(try holdings.found("heron").count == 1)
        let original = try holdings.repository.original(digest: nil, name: "bundle.zip")
        let members = try holdings.repository.members(of: original.seq, after: -1, limit: 10)
        let outcomes = Dictionary(
            uniqueKeysWithValues: members.map {
                ($0["path"]?.string ?? "", $0["outcome"]?.string ?? "")
            })
        #expect(outcomes == ["good.txt": "stored", "bad.txt": "refused", "other.txt": "stored"])
    }

    @Test func `a large bundle is stored in stretches, each member once`() async throws {
        let holdings = try Holdings()
        let parts = (0..<600).map { Self.part("\($0).txt", "word\($0)") }
        try holdings.drop("bundle.zip", BrokenContainers.zip(parts))
        try await holdings.settle()
        #expect(try holdings.row("bundle.zip")?.articles == 600)
        #expect(try holdings.repository.totals().articles == 600)
        #expect(try holdings.found("word599").count == 1)
        #expect(
            try holdings.repository.originals(state: "stored", since: nil, after: 0, limit: 9)
                .count == 1)
    }

    @Test func `a file of which nothing can be read is in quarantine with its reason`()
        async throws
    {
        let holdings = try Holdings()
        let cut = Array(BrokenContainers.zip([Self.part("page.txt", "kestrel")]).prefix(60))
        try holdings.drop("cut.zip", cut)
        try await holdings.settle()
        let row = try #require(try holdings.row("cut.zip"))
        #expect(row.state == .quarantined)
        #expect(row.reason == .truncated || row.reason == .corrupt)
        let place = holdings.originals.quarantinePath(of: Digest(of: cut))
        #expect(FileManager.default.contents(atPath: place).map(Array.init) == cut)
        let reason = try String(contentsOfFile: place + ".reason", encoding: .utf8)
        #expect(reason.contains("cut.zip"))
        #expect(!FileManager.default.fileExists(atPath: holdings.inInbox("cut.zip").path))
    }

    @Test func `what two readers died over is quarantined`() async throws {
        let holdings = try Holdings(reader: DyingReader([0: 2]))
        try holdings.drop("poison.txt", Holdings.story("kestrel"))
        try await holdings.settle()
        #expect(try holdings.row("poison.txt")?.reason == .crashedParser)
        #expect(try holdings.found("kestrel").isEmpty)
    }

    @Test func `commits are synced to the disk`() async throws {
        let holdings = try Holdings()
        let (synchronous, mode) = try await holdings.repository.pool.write { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                try String.fetchOne(db, sql: "PRAGMA journal_mode")
            )
        }
        #expect(synchronous == 2, "NORMAL loses accepted files at a power cut")
        #expect(mode == "wal")
    }

    @Test func `a database of a newer release is refused and left alone`() async throws {
        let holdings = try Holdings()
        try await holdings.repository.pool.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')")
        }
        #expect(throws: RepositoryError.self) { try Holdings(in: holdings.directory) }
    }
}
