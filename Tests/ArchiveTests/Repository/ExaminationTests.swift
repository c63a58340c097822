import ArchiveProtocol
import Foundation
import GRDB
import Testing

@testable import Archive

@Suite struct ExaminationTests {
    /// A small archive with pages, a bundle, a duplicate, a file in quarantine and two versions.
    private static func counter() throws -> Counter {
        let counter = try Counter()
        for number in 0..<5 { try counter.keep("\(number).md", Counter.page(number)) }
        try counter.keep("again.md", Counter.page(1, body: "The ferry is late."))
        let members = (4..<9).map {
            BrokenContainers.Part(name: Array("\($0).md".utf8), bytes: Counter.page($0))
        }
        try counter.keep("bundle.zip", BrokenContainers.zip(members))
        try counter.keep("bad.zip", Array("PK\u{3}\u{4} and no more".utf8))
        return counter
    }

    /// All damages of an archive.
    private static func damages(_ repository: Repository, rows: Int = 64) throws -> [Damage] {
        var damages: [Damage] = []
        var place: Repository.ExaminationPlace? = .init()
        while let present = place {
            let piece = try repository.examine(after: present, rows: rows)
            #expect(piece.rows <= rows)
            damages += piece.damages
            place = piece.next
        }
        return damages
    }

    @Test(arguments: [1, 3, 1000])
    func `a sound database has no damage, however it is looked through`(_ rows: Int) throws {
        let counter = try Self.counter()
        let repository = counter.holdings.repository
        #expect(try Self.damages(repository, rows: rows) == [])
        try repository.pool.write { try $0.execute(sql: "UPDATE version SET evidence = x'00'") }
        #expect(try Self.damages(repository, rows: rows).count == 10)
    }

    private static let damages: [(String, [Damage.Kind], String)] = [
        ("version SET document = x'FF' WHERE seq = 3", [.record], "version 1, has another digest"),
        ("version SET digest = x'FF' WHERE seq = 3", [.record], "has another digest"),
        ("version SET evidence = x'5B5B315D5D' WHERE seq = 3", [.evidence], "evidence of article"),
        ("version SET evidence = x'5B5D00' WHERE seq = 3", [.evidence], "cannot be read"),
        ("version SET headline = 'x' WHERE seq = 3", [.column], "in the list of versions"),
        ("article SET headline = 'x' WHERE seq = 3", [.column], "stands another headline"),
        ("article SET published = NULL WHERE seq = 3", [.column], "another published"),
        ("article SET byline = 'x', dateline = 'y' WHERE seq = 3", [.column], "byline, dateline"),
        ("article SET byline = x'FF' WHERE seq = 3", [.column, .table], "byline"),
        ("original SET size = 'x' WHERE seq = 2", [.table], "table original"),
        ("ledger SET since = 'x' WHERE path = CAST('1.md' AS BLOB)", [.table], "table ledger"),
        ("event SET payload = x'FF' WHERE revision = 2", [.table], "the first is 2"),
    ]

    @Test(arguments: damages.indices)
    func `each damage is found and named`(_ number: Int) throws {
        let (damage, kinds, words) = Self.damages[number]
        let repository = try Self.counter().holdings.repository
        try repository.pool.write { try $0.execute(sql: "UPDATE \(damage)") }
        let found = try Self.damages(repository)
        #expect(found.map(\.kind) == kinds, "\(found)")
        #expect(found.first?.detail.contains(words) == true, "\(found)")
    }

    /// Keeps a page while SQLite does not know of an index, which then lacks its rows.
    static func damage(index: String, of counter: Counter, by page: Int) throws {
        let pool = counter.holdings.repository.pool
        func withSchema(_ sql: String, _ arguments: StatementArguments) throws {
            try pool.writeWithoutTransaction { db in
                let version = try Int.fetchOne(db, sql: "PRAGMA schema_version") ?? 0
                try db.execute(sql: "PRAGMA writable_schema = ON")
                try db.execute(sql: sql, arguments: arguments)
                try db.execute(sql: "PRAGMA schema_version = \(version + 1)")
                try db.execute(sql: "PRAGMA writable_schema = RESET")
            }
        }
        let row = try #require(
            try pool.read { db in
                try Row.fetchOne(
                    db, sql: "SELECT * FROM sqlite_schema WHERE name = ?", arguments: [index])
            })
        try withSchema("DELETE FROM sqlite_schema WHERE name = ?", [index])
        try counter.keep("\(page).md", Counter.page(page))
        try withSchema(
            "INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)",
            StatementArguments(row.databaseValues))
    }

    @Test(arguments: ["article_published", "article_url", "capture_article", "ledger_state"])
    func `an index that does not find a row is found`(_ index: String) throws {
        let counter = try Self.counter()
        try Self.damage(index: index, of: counter, by: 77)
        let found = try Self.damages(counter.holdings.repository)
        #expect(found.map(\.index) == [index], "\(found)")
        #expect(found.first?.detail.hasPrefix("1 rows of the table") == true)
        try counter.holdings.repository.remake(index: index)
        #expect(try Self.damages(counter.holdings.repository) == [])
    }

    @Test func `clients look through it page by page, and the daemon learns of it`() async throws {
        let counter = try Self.counter()
        let repository = counter.holdings.repository
        #expect(try await counter.pages("archive.verify", limit: 7) == [])
        #expect(!repository.damage.takeAll())
        try await repository.pool.write {
            try $0.execute(sql: "UPDATE version SET document = x'FF' WHERE seq = 3")
        }
        let found = try await counter.pages("archive.verify", limit: 7)
        #expect(found.map { $0["kind"]?.string } == ["record"])
        #expect(found.first?["article"]?.string?.utf8.count == ArticleID.length)
        #expect(repository.damage.takeAll())
        let page = try await counter.ask("archive.verify", ["limit": 7])
        #expect(page["rows"] == 7 && page["nextCursor"] != nil)
    }
}
