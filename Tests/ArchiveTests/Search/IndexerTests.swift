import ArchiveProtocol
import Foundation
import GRDB
import Logging
import Testing

@testable import Archive

@Suite struct IndexerTests {
    /// The archive of some holdings as another daemon opens it.
    private struct Opened {
        let index: Indexer
        let repository: Repository
        var searcher: Searcher { Searcher(pool: repository.pool, index: index) }

        init(_ holdings: Holdings, memoryLimit: Int = 1 << 30) throws {
            let directory = holdings.directory.path
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            index = Indexer(
                directory: "\(directory)/index", memoryLimit: memoryLimit, logger: logger)
            repository = try Repository(stateDirectory: directory, index: index, logger: logger)
            try index.open(repository.pool, archive: repository.uuid)
        }

        func page(_ text: String) throws -> Searcher.Page {
            try searcher.articles(
                Searcher.Question(
                    query: try QueryParser.query(text), range: nil, sort: .newest, limit: 1000,
                    after: nil))
        }

        func headlines(_ text: String) throws -> [String] {
            try page(text).items.compactMap { $0["headline"]?.string }.sorted()
        }

        func keepAll() { while index.keep() {} }
    }

    private static func story(_ number: Int, _ words: String) -> Accession {
        StoryAccession.page(
            StoryAccession.article(
                "Story \(number)", url: "https://news.example/\(number)", body: [words]),
            file: "\(number) \(words).md")
    }

    /// Stories 1 to 60 on disk, and behind that: 61, another version of 1, and 2 taken back.
    private static func holdings() throws -> Holdings {
        let holdings = try Holdings()
        try holdings.repository.store((1...60).map { story($0, "ferry old\($0)") })
        try holdings.index.write()
        try holdings.repository.store([story(61, "ferry new"), story(1, "tram")])
        let notice = WithdrawalNotice(
            status: .canceled, url: "https://news.example/2", identifier: nil, outlet: nil,
            headline: nil, issued: nil, words: "no")
        try holdings.repository.store([StoryAccession.notice(notice, file: "kill.xml")])
        return holdings
    }

    /// That the archive of `holdings()` is found as it is.
    private static func expectRight(_ opened: Opened, at place: SourceLocation = #_sourceLocation)
        throws
    {
        let page = try opened.page("ferry")
        #expect(page.rebuilding == nil, sourceLocation: place)
        #expect(page.total == 59 && page.items.count == 59, sourceLocation: place)
        #expect(try opened.headlines("tram") == ["Story 1"], sourceLocation: place)
        #expect(try opened.headlines("old1 OR old2").isEmpty, sourceLocation: place)
        #expect(try opened.headlines("new") == ["Story 61"], sourceLocation: place)
        #expect(try opened.page("").total == 60, sourceLocation: place)
    }

    @Test func `what a crash took from the index is read again, and told until then`() throws {
        let holdings = try Self.holdings()
        let opened = try Opened(holdings)
        let before = try opened.page("ferry")
        #expect(before.rebuilding != nil)
        // What is taken back is not shown, whatever the index has.
        #expect(!before.items.contains { $0["headline"]?.string == "Story 2" })
        opened.keepAll()
        try Self.expectRight(opened)
    }

    @Test func `an index that was closed lacks nothing`() throws {
        let holdings = try Self.holdings()
        holdings.index.close()
        try Self.expectRight(try Opened(holdings))
    }

    @Test func `without its files the index is made anew`() throws {
        let holdings = try Self.holdings()
        holdings.index.close()
        try FileManager.default.removeItem(at: holdings.directory.appending(path: "index"))
        let opened = try Opened(holdings)
        let before = try opened.page("ferry")
        #expect(before.rebuilding == Indexer.Progress(done: 0, total: 61) && before.items.isEmpty)
        opened.keepAll()
        try Self.expectRight(opened)
        opened.index.close()
        try Self.expectRight(try Opened(holdings))
    }

    @Test func `damaged records are told when the index is made anew, and evidence costs none`()
        throws
    {
        let holdings = try Self.holdings()
        holdings.index.close()
        try holdings.repository.pool.write { db in
            try db.execute(sql: "UPDATE version SET document = x'FF' WHERE article = 7")
            try db.execute(sql: "UPDATE version SET evidence = x'FF' WHERE article = 8")
        }
        try FileManager.default.removeItem(at: holdings.directory.appending(path: "index"))
        let opened = try Opened(holdings)
        opened.index.onDamage { [damage = opened.repository.damage] in damage.report(article: $0) }
        opened.keepAll()
        #expect(opened.repository.damage.takeArticles() == [7, 8])
        #expect(try opened.headlines("old7").isEmpty)
        #expect(try opened.headlines("old8") == ["Story 8"])
    }

    @Test func `commits go on while the index is made anew`() throws {
        let holdings = try Self.holdings()
        try FileManager.default.removeItem(at: holdings.directory.appending(path: "index"))
        let opened = try Opened(holdings)
        #expect(opened.index.keep())
        try opened.repository.store([Self.story(3, "tunnel"), Self.story(60, "tunnel")])
        #expect(try opened.headlines("tunnel") == ["Story 3", "Story 60"])
        opened.keepAll()
        #expect(try opened.headlines("tunnel") == ["Story 3", "Story 60"])
        #expect(try opened.headlines("old3 OR old60").isEmpty)
        #expect(try opened.page("ferry").total == 57)
    }

    @Test func `the index of another archive is not asked`() throws {
        let holdings = try Self.holdings()
        holdings.index.close()
        let stamp = holdings.directory.appending(path: "index/archive")
        let own = try String(contentsOf: stamp, encoding: .utf8)
        try own.replacing(holdings.repository.uuid, with: "0").write(
            to: stamp, atomically: true, encoding: .utf8)
        let opened = try Opened(holdings)
        #expect(try opened.page("ferry").rebuilding != nil)
        opened.keepAll()
        try Self.expectRight(opened)
        opened.index.close()
        #expect(try String(contentsOf: stamp, encoding: .utf8) == own)
    }

    @Test func `an index that is ahead of its database is made anew`() throws {
        let holdings = try Self.holdings()
        try holdings.repository.append([(type: "file.stored", payload: [:])])
        holdings.index.close()
        // As if the database were put back from a copy.
        try holdings.repository.pool.write { db in
            try db.execute(
                sql: "DELETE FROM event WHERE revision = (SELECT max(revision) FROM event)")
        }
        let opened = try Opened(holdings)
        #expect(try opened.page("ferry").rebuilding != nil)
        opened.keepAll()
        try Self.expectRight(opened)
    }

    @Test func `damage is noticed and mended, and never answers wrongly`() throws {
        let holdings = try Self.holdings()
        holdings.index.close()
        let directory = holdings.directory.appending(path: "index")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        var whole: [String: Data] = [:]
        for file in files { whole[file] = try Data(contentsOf: directory.appending(path: file)) }
        #expect(files.count >= 4)
        var random = Seeded(state: 7)
        var rebuilt = 0
        for file in files.sorted() {
            for _ in 0..<12 {
                try FileManager.default.removeItem(at: directory)
                try FileManager.default.createDirectory(
                    at: directory, withIntermediateDirectories: true)
                for (name, bytes) in whole {
                    var bytes = bytes
                    if name == file, let place = bytes.indices.randomElement(using: &random) {
                        bytes[place] ^= UInt8.random(in: 1...255, using: &random)
                    }
                    try bytes.write(to: directory.appending(path: name))
                }
                let opened = try Opened(holdings)
                // Words, a phrase and everything, so that every part of the files is asked.
                for text in ["ferry", "\"ferry new\"", "tram", "old*", ""] {
                    let page = try opened.page(text)
                    if page.rebuilding != nil { rebuilt += 1 }
                }
                opened.keepAll()
                try Self.expectRight(opened)
                #expect(try opened.headlines("\"ferry new\"") == ["Story 61"])
            }
        }
        #expect(rebuilt > 40)
    }

    @Test func `a full memory takes no more, loses nothing and tells of it`() throws {
        let holdings = try Holdings()
        let opened = try Opened(holdings, memoryLimit: 1)
        try opened.repository.store((1...5).map { Self.story($0, "ferry") })
        #expect(try opened.page("ferry").total == 5)
        // A search made a segment of them: now memory is full.
        try opened.repository.store([Self.story(6, "ferry"), Self.story(1, "tram")])
        let full = try opened.page("ferry")
        #expect(full.rebuilding != nil)
        #expect(try !opened.headlines("ferry").contains("Story 1"))
        #expect(opened.index.index.map { $0.memorySize } ?? 0 > 0)
        opened.keepAll()
        #expect(try opened.page("ferry").rebuilding != nil)
        try opened.index.write()
        opened.keepAll()
        let after = try opened.page("ferry")
        #expect(after.rebuilding == nil && after.total == 5)
        #expect(try opened.headlines("tram") == ["Story 1"])
    }

    @Test func `a disk that refuses is told, and nothing is lost by it`() throws {
        let holdings = try Holdings()
        let path = holdings.directory.appending(path: "index")
        try Data("in the way".utf8).write(to: path)
        try holdings.repository.store([Self.story(1, "ferry")])
        holdings.index.close()
        #expect(holdings.index.problem?.contains("the search index") == true)
        #expect(!holdings.index.isDurable)
        #expect(try holdings.found("ferry").count == 1)
        try FileManager.default.removeItem(at: path)
        holdings.index.close()
        #expect(holdings.index.problem == nil && holdings.index.isDurable)
        let opened = try Opened(holdings)
        #expect(try opened.page("ferry").rebuilding == nil && opened.page("ferry").total == 1)
    }

    @Test func `what is stored is found at once, from several lanes and while records are read`()
        throws
    {
        let holdings = try Self.holdings()
        try FileManager.default.removeItem(at: holdings.directory.appending(path: "index"))
        let opened = try Opened(holdings)
        let keeper = BackgroundThread { opened.keepAll() }
        let lanes = (0..<3).map { lane in
            BackgroundThread {
                for turn in 0..<25 {
                    // All lanes bring versions of the same stories, and one of their own.
                    let own = "own\(lane)x\(turn)"
                    try? opened.repository.store([
                        Self.story(turn % 5 + 1, "v\(lane)x\(turn)"),
                        Self.story(1000 + lane * 100 + turn, own),
                    ])
                    #expect((try? opened.headlines(own).count) == 1)
                }
            }
        }
        lanes.forEach { $0.join() }
        keeper.join()
        opened.keepAll()
        for number in 1...5 {
            let record = try #require(
                try opened.repository.pool.read { db in
                    try Data.fetchOne(
                        db,
                        sql: """
                            SELECT document FROM version JOIN article ON article = article.seq
                            WHERE url = ? ORDER BY number DESC LIMIT 1
                            """, arguments: ["https://news.example/\(number)"])
                })
            let latest = try #require(Article(try JSONParser.parse(record)))
            let word = latest.body.first?.text ?? ""
            for lane in 0..<3 {
                for turn in stride(from: number - 1, to: 25, by: 5) {
                    let found = try opened.headlines("v\(lane)x\(turn)")
                    // Story 2 was taken back before.
                    let isShown = word == "v\(lane)x\(turn)" && number != 2
                    #expect(found == (isShown ? ["Story \(number)"] : []))
                }
            }
        }
        #expect(try opened.page("").total == 60 + 75 && opened.index.rebuilding == nil)
    }
}
