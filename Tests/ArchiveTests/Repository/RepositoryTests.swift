import ArchiveProtocol
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Archive

@Suite struct RepositoryTests {
    private static let ferry = StoryAccession.article(
        "Ferry Returns", url: "https://news.example/ferry", published: "2016-05-04",
        body: ["The ferry came back.", "Nobody had \"expected\" it\t— nobody."])

    private static func id(_ article: Article) -> String {
        ArticleIdentity(article, capture: Digest(of: [])).id()
    }

    // MARK: The database

    @Test func `the writer syncs each commit and writes ahead`() throws {
        let holdings = try Holdings()
        let (synchronous, journal) = try holdings.repository.pool.writeWithoutTransaction { db in
            (
                try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                try String.fetchOne(db, sql: "PRAGMA journal_mode")
            )
        }
        #expect(synchronous == 2 && journal == "wal")
    }

    @Test func `opening again keeps the archive and its name`() throws {
        let holdings = try Holdings()
        try holdings.repository.store([StoryAccession.page(Self.ferry, file: "ferry.md")])
        let again = try Repository(
            stateDirectory: holdings.directory.path, index: holdings.index,
            logger: holdings.repository.logger)
        #expect(again.uuid == holdings.repository.uuid)
        #expect(try again.article(Self.id(Self.ferry)).version == 1)
        #expect(try again.revision() == 2)
        #expect(try again.pool.read { try Schema.migrator.hasCompletedMigrations($0) })
    }

    @Test func `a database with a migration from the future is refused`() throws {
        let holdings = try Holdings()
        try holdings.repository.pool.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('of another year')")
        }
        #expect(throws: RepositoryError.self) {
            _ = try Repository(
                stateDirectory: holdings.directory.path, index: holdings.index,
                logger: holdings.repository.logger)
        }
    }

    // MARK: Versions and captures

    @Test func `the same content in two files is one version with two captures`() throws {
        let holdings = try Holdings()
        let early = Timestamp(microseconds: 1_400_000_000_000_000)
        let late = Timestamp(microseconds: 1_400_000_001_000_000)
        try holdings.repository.store([
            StoryAccession.page(Self.ferry, file: "late.md", read: late)
        ])
        try holdings.repository.store([
            StoryAccession.page(Self.ferry, file: "early.md", read: early)
        ])
        let record = try holdings.repository.article(Self.id(Self.ferry))
        let article = try #require(Article(try JSONParser.parse(record.document)))
        #expect(article.version == 1)
        #expect(article.supersedes == nil)
        #expect(article.captures.map(\.file) == ["early.md", "late.md"])
        #expect(article.captures.map(\.accessioned) == [early.text, late.text])
        #expect(article.captures.allSatisfy { $0.member == nil })
        let totals = try holdings.repository.totals()
        #expect(totals.articles == 1 && totals.versions == 1 && totals.originals == 2)
    }

    @Test func `changed content is the next version, and both can be read`() throws {
        let holdings = try Holdings()
        var changed = Self.ferry
        changed.headline = "Ferry Returns, Late"
        try holdings.repository.store([StoryAccession.page(Self.ferry, file: "one.md")])
        try holdings.repository.store([StoryAccession.page(changed, file: "two.md")])
        let id = Self.id(Self.ferry)
        let latest = try holdings.repository.article(id)
        let article = try #require(Article(try JSONParser.parse(latest.document)))
        #expect(latest.isLatest && article.version == 2 && article.supersedes == 1)
        #expect(article.headline == "Ferry Returns, Late")
        let first = try holdings.repository.article(id, version: 1)
        let old = try #require(Article(try JSONParser.parse(first.document)))
        #expect(!first.isLatest && old.headline == "Ferry Returns" && old.supersedes == nil)
        #expect(old.captures.map(\.file) == ["one.md"])
        #expect(throws: Failure.self) { try holdings.repository.article(id, version: 3) }
        // The first content again is the first version, captured once more.
        try holdings.repository.store([
            StoryAccession.page(Self.ferry, file: "three.md", bytes: "again")
        ])
        #expect(try holdings.repository.article(id).version == 2)
        #expect(try holdings.repository.totals().versions == 2)
    }

    @Test func `the record is the article with all its fields`() throws {
        let holdings = try Holdings()
        var article = Self.ferry
        article.outlet = "The Quay Courier"
        article.alternativeHeadline = "Photos: “The Return”"
        article.byline = "By Ada Quill"
        article.authors = ["Ada Quill"]
        article.modified = NewsDate(value: "2016", precision: .year, source: "url")
        article.dateline = "LANTERN QUAY"
        article.section = "Harbor"
        article.images = [Image(caption: "The \\ ferry", credit: "A. Q.", alt: "", url: nil)]
        article.quotations = [
            Quotation(text: "Ahoy\n", speaker: "Odile", paragraph: 1, range: 0..<6)
        ]
        article.related = [RelatedLink(label: "READ MORE", headline: "Ferry Sinks")]
        article.embeds = [Embed(title: "Plans", creator: nil, provider: "Scribd", url: nil)]
        article.corrections = ["It was blue."]
        article.language = "en"
        article.wordCount = 9
        try holdings.repository.store([StoryAccession.page(article, file: "ferry.md")])
        let record = try holdings.repository.article(Self.id(article))
        var read = try #require(Article(try JSONParser.parse(record.document)))
        #expect(read.captures.count == 1)
        article.id = Self.id(article)
        #expect(read.bytes == record.document)
        read.captures = []
        #expect(read == article)
    }

    @Test func `a name can be shortened while that is not ambiguous`() throws {
        let holdings = try Holdings()
        try holdings.repository.store([StoryAccession.page(Self.ferry, file: "ferry.md")])
        let id = Self.id(Self.ferry)
        #expect(try holdings.repository.article(String(id.prefix(4))).id == id)
        #expect(try holdings.repository.article(id.uppercased()).id == id)
        for wrong in [String(id.prefix(3)), id + "0", "", "zzzz", "%%%%", "____"] {
            #expect(throws: Failure.self) { try holdings.repository.article(wrong) }
        }
        try holdings.repository.pool.write { db in
            let twin = String(id.dropLast()) + (id.hasSuffix("0") ? "1" : "0")
            try db.execute(
                sql: "INSERT INTO article (id, identity, headline, version) VALUES (?, '', '', 1)",
                arguments: [twin])
        }
        let failure = #expect(throws: Failure.self) {
            try holdings.repository.article(String(id.prefix(6)))
        }
        #expect(failure?.code == .invalidParams)
        #expect(try holdings.repository.article(id).id == id)
    }

    @Test func `evidence stays with the bytes that it was read from`() throws {
        let holdings = try Holdings()
        let evidence = [Evidence(field: "headline", rule: "test/rule", range: 2..<5)]
        let late = Timestamp(microseconds: 1_400_000_001_000_000)
        let early = Timestamp(microseconds: 1_400_000_000_000_000)
        let first = StoryAccession.page(
            Self.ferry, file: "late.md", read: late, evidence: evidence)
        try holdings.repository.store([first])
        try holdings.repository.store([
            StoryAccession.page(Self.ferry, file: "early.md", read: early)
        ])
        let source = try holdings.repository.source(Self.id(Self.ferry), version: nil)
        #expect(source.original == first.deposit.digest)
        #expect(source.evidence == [["headline", "test/rule", 2, 5]])
        #expect(!source.isContainer)
    }

    // MARK: Events

    @Test func `events are counted without a gap and tell what they are about`() throws {
        let holdings = try Holdings()
        let heard = Mutex<[Event]>([])
        let changed = Mutex<Set<String>>([])
        holdings.repository.onCommit { events, articles in
            heard.withLock { $0 += events }
            changed.withLock { $0.formUnion(articles) }
        }
        var other = Self.ferry
        other.headline = "Ferry Returns, Late"
        let first = StoryAccession.page(Self.ferry, file: "one.md")
        try holdings.repository.store([first])
        try holdings.repository.store([
            StoryAccession.page(other, file: "two.md"), StoryAccession.broken("bad.zip"),
        ])
        try holdings.repository.store([], duplicates: [first.deposit])
        let kept = try holdings.repository.events(after: 0, limit: 100)
        #expect(kept.map(\.revision) == Array(1...6))
        #expect(
            kept.map(\.type) == [
                "article.added", "file.stored", "article.version", "file.stored",
                "file.quarantined", "file.duplicate",
            ])
        #expect(heard.withLock { $0.map(\.params) } == kept.map(\.params))
        #expect(changed.withLock { $0 } == [Self.id(Self.ferry)])
        #expect(kept[0].payload["id"]?.string == Self.id(Self.ferry))
        #expect(kept[2].payload["headline"]?.string == "Ferry Returns, Late")
        #expect(kept[2].payload["version"]?.int == 2)
        #expect(kept[1].payload["path"]?.string == "one.md")
        #expect(kept[1].payload["digest"]?.string == first.deposit.digest.name)
        #expect(kept[4].payload["reason"]?.string == "truncated")
        #expect(try holdings.repository.events(after: 4, limit: 1).map(\.revision) == [5])
        #expect(try holdings.repository.revision() == 6)
    }
}
