import ArchiveProtocol
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Archive

/// That nothing small waits long for a bundle.
@Suite struct WriterQueueTests {
    @Test func `what is small writes before a stretch that waited longer`() async throws {
        let queue = WriterQueue()
        let order = Mutex<[String]>([])
        let (isIn, mayLeave) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        func start(_ name: String, isSmall: Bool) {
            Thread.detachNewThread {
                queue.take(isSmall: isSmall) { order.withLock { $0.append(name) } }
                isIn.signal()
            }
        }
        Thread.detachNewThread {
            queue.take(isSmall: false) {
                isIn.signal()
                mayLeave.wait()
            }
        }
        isIn.wait()
        start("stretch", isSmall: false)
        while queue.waiting.large < 1 { await Task.yield() }
        start("page", isSmall: true)
        while queue.waiting.small < 1 { await Task.yield() }
        #expect(queue.isOver(since: .now - WriterQueue.turnIfWanted))
        mayLeave.signal()
        for _ in 0..<2 { isIn.wait() }
        #expect(order.withLock { $0 } == ["page", "stretch"])
        #expect(!queue.isOver(since: .now))
        #expect(queue.isOver(since: .now - WriterQueue.turn))
    }

    private static func bundle(of count: Int) -> Accession {
        let articles = (0..<count).map {
            StoryAccession.article("Pier \($0)", url: "https://news.example/\($0)")
        }
        return StoryAccession.bundle(articles, file: "piers.zip")
    }

    @Test func `a bundle that is kept turn by turn is whole in the end`() throws {
        let holdings = try Holdings()
        let bundle = Self.bundle(of: 5)
        var rest = [bundle, StoryAccession.page(StoryAccession.article("Ferry"), file: "f.md")][...]
        var turns: [Int] = []
        while !rest.isEmpty {
            try holdings.repository.pool.write { db in
                let writer = AccessionWriter(db: db, index: holdings.index)
                // The second member of each turn is one too many.
                try writer.store(&rest, until: { true })
                turns.append(writer.changes.articles.count)
            }
            let state = try holdings.repository.pool.read { db in
                try String.fetchOne(
                    db, sql: "SELECT state FROM original WHERE name = CAST('piers.zip' AS BLOB)")
            }
            #expect(state == (turns.count < 5 ? "reading" : "stored"))
        }
        #expect(turns == [1, 1, 1, 1, 1, 1])
        let row = try #require(try holdings.row("piers.zip"))
        #expect(row.state == .stored && row.articles == 5)
    }

    @Test func `what is wrong with a bundle is told when all of it is kept`() throws {
        let holdings = try Holdings()
        var bundle = Self.bundle(of: 3)
        bundle.refusals = [Refusal(.truncated, "the directory is missing", offset: 12)]
        let (first, rest) = bundle.parted(after: 2)
        #expect(first.members.count == 2 && rest.members.count == 1)
        #expect(!first.isLast && first.refusals.isEmpty && rest.isLast)
        #expect(rest.earlier.hasStories)
        try holdings.repository.store([first])
        try holdings.repository.store([rest])
        let row = try #require(try holdings.row("piers.zip"))
        #expect(row.state == .stored && row.reason == .truncated && row.articles == 3)
    }

    @Test func `the log begins anew though commits follow each other without a pause`() throws {
        let holdings = try Holdings()
        let body = [String(repeating: "The pier is long. ", count: 4000)]
        let log = holdings.directory.appending(path: "archive.sqlite-wal").path
        var largest = 0
        for number in 0..<40 {
            let articles = (0..<40).map {
                StoryAccession.article(
                    "Pier \(number) \($0)", url: "https://news.example/\(number)/\($0)",
                    body: body)
            }
            try holdings.repository.store([
                StoryAccession.bundle(articles, file: "piers-\(number).zip")
            ])
            let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
            largest = max(largest, size ?? 0)
        }
        let database = holdings.directory.appending(path: "archive.sqlite").path
        let size = try FileManager.default.attributesOfItem(atPath: database)[.size] as? Int
        #expect((size ?? 0) > 100 << 20)
        #expect(largest < 90 << 20, "\(largest) bytes")
    }
}
