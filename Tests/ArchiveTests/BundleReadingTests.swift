import Foundation
import GRDB
import Synchronization
import Testing

@testable import Archive

/// Large bundles: interrupted, gone on with, crashed upon, and told of while they are read.
@Suite struct BundleReadingTests {
    private static func story(_ number: Int) -> BrokenContainers.Part {
        let text = Holdings.story("bridge\(number)", headline: "Bridge \(number) Reopens")
        return BrokenContainers.Part("s\(number).txt", text)
    }

    private static func bundle(_ count: Int) -> [UInt8] {
        BrokenContainers.zip((0..<count).map(story))
    }

    /// Reads a deposit as a lane does, stopping after `members` of this run.
    private static func read(
        _ holdings: Holdings, stoppingAfter members: Int = .max, parsed: Counter = Counter()
    ) throws -> Int {
        let place = InboxDirectory(path: holdings.directory.appending(path: "inbox").path)
        let inbox = try #require(place.open()).descriptor
        let path = InboxPath("all.zip")
        guard case .file(let stamp, _)? = InboxDirectory.status(of: path, in: inbox) else {
            throw Holdings.Unsettled()
        }
        var lane = holdings.lane
        lane.isStopping = { parsed.add() > members }
        let candidate = Candidate(path: path, stamp: stamp, noticed: .now)
        return try lane.process(Batch(candidates: [candidate], inbox: inbox)).count
    }

    /// Counts how often it was asked.
    final class Counter: Sendable {
        private let count = Mutex(0)
        func add() -> Int {
            count.withLock {
                $0 += 1
                return $0
            }
        }
        var value: Int { count.withLock { $0 } }
    }

    private static func number(_ sql: String, _ holdings: Holdings) throws -> Int {
        try holdings.repository.pool.read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }

    @Test func `a stopping daemon leaves a bundle between two members and keeps what it read`()
        throws
    {
        let holdings = try Holdings()
        try holdings.drop("all.zip", Self.bundle(600))
        #expect(try Self.read(holdings, stoppingAfter: 300) == 0, "the file is not answered for")
        #expect(FileManager.default.fileExists(atPath: holdings.inInbox("all.zip").path))
        #expect(try Self.number("SELECT count(*) FROM member", holdings) == 300)
        #expect(try holdings.found("bridge299").count == 1)
        #expect(
            try Self.number("SELECT count(*) FROM original WHERE state = 'reading'", holdings) == 1)
    }

    @Test func `a bundle goes on behind what is kept, wherever it was interrupted`() throws {
        for place in [1, 255, 256, 257, 599] {
            let holdings = try Holdings()
            try holdings.drop("all.zip", Self.bundle(600))
            _ = try Self.read(holdings, stoppingAfter: place)
            let counter = Counter()
            #expect(try Self.read(holdings, parsed: counter) == 1)
            // One question before the first member and one behind each that was read.
            #expect(counter.value == 1 + 600 - place)
            #expect(try Self.number("SELECT count(*) FROM member", holdings) == 600)
            #expect(try Self.number("SELECT count(*) FROM article", holdings) == 600)
            #expect(try Self.number("SELECT count(*) FROM version", holdings) == 600)
            #expect(try Self.number("SELECT articles FROM original", holdings) == 600)
            #expect(try holdings.row("all.zip")?.state == .stored)
            #expect(!FileManager.default.fileExists(atPath: holdings.inInbox("all.zip").path))
        }
    }

    @Test func `a page that a stop comes upon is read anew, and has its form`() throws {
        let holdings = try Holdings()
        try holdings.drop("all.zip", Holdings.story("kestrel"))
        #expect(try Self.read(holdings, stoppingAfter: 1) == 0)
        #expect(try Self.number("SELECT count(*) FROM original", holdings) == 0)
        #expect(try Self.read(holdings) == 1)
        let form = try holdings.repository.pool.read { db in
            try String.fetchOne(db, sql: "SELECT form FROM original")
        }
        #expect(form == "page-text")
    }

    @Test func `a bad member before the interruption is told of at the end`() throws {
        let holdings = try Holdings()
        var parts = (0..<20).map(Self.story)
        parts[3].crc = 1
        try holdings.drop("all.zip", BrokenContainers.zip(parts))
        _ = try Self.read(holdings, stoppingAfter: 10)
        _ = try Self.read(holdings)
        let row = try #require(try holdings.row("all.zip"))
        #expect(row.state == .stored && row.articles == 19)
        #expect(
            row.detail?.hasPrefix("1 of 20 members cannot be read, the first is s3.txt") == true)
    }

    @Test func `a damaged bundle that gives no story is quarantined for its members' reason`()
        throws
    {
        let blank = BrokenContainers.Part("blank.html", "<!DOCTYPE html><title>Contact</title>")
        var torn = Self.story(1)
        torn.crc = 1
        let picture = BrokenContainers.Part(name: Array("p.png".utf8), bytes: [0x89, 0x50, 0, 1])
        let holdings = try Holdings()
        func row(_ parts: [BrokenContainers.Part], stopping: Int = .max) throws -> LedgerRow? {
            try holdings.drop("all.zip", BrokenContainers.zip(parts))
            if stopping < .max { _ = try Self.read(holdings, stoppingAfter: stopping) }
            _ = try Self.read(holdings)
            return try holdings.row("all.zip")
        }
        let damaged = try #require(try row([blank, torn]))
        #expect(damaged.state == .quarantined && damaged.reason == .corrupt)
        #expect(
            damaged.detail?.hasPrefix("1 of 2 members cannot be read, the first is s1.txt") == true)
        // The same where it was interrupted between the two.
        #expect(try row([blank, torn, torn], stopping: 1)?.state == .quarantined)
        let kept = try #require(try row([blank, Self.story(2), torn]))
        #expect(kept.state == .stored && kept.articles == 1 && kept.reason == .corrupt)
        #expect(try holdings.repository.totals().partial == 1)
        // Sound bytes without a story are no failure, with pictures beside them or not.
        #expect(try row([blank])?.state == .stored)
        #expect(try row([blank, picture])?.state == .stored)
        #expect(try holdings.repository.totals().partial == 1)
    }

    @Test func `a member that two readers died over is passed over and its neighbours kept`()
        throws
    {
        let reader = DyingReader([3: 1, 5: 2])
        let holdings = try Holdings(reader: reader)
        try holdings.drop("all.zip", Self.bundle(12))
        _ = try Self.read(holdings)
        let row = try #require(try holdings.row("all.zip"))
        #expect(row.state == .stored && row.articles == 11)
        #expect(row.reason == .crashedParser)
        let refused = try holdings.repository.pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT ordinal, reason, path FROM member WHERE outcome = 'refused'")
        }
        #expect(refused.map { $0["ordinal"] as Int } == [5])
        #expect(refused.map { $0["reason"] as String } == ["crashed-parser"])
        #expect(refused.map { $0["path"] as String } == ["s5.txt"])
        #expect(try holdings.found("bridge5").isEmpty)
        #expect(reader.starts == [0, 3, 5, 5], "each goes on where the one before it died")
    }

    @Test func `a bundle that cannot be opened past a place keeps what lies before it`() throws {
        let holdings = try Holdings(reader: DyingReader([5: 9], opening: true))
        let bytes = Self.bundle(12)
        try holdings.drop("all.zip", bytes)
        _ = try Self.read(holdings)
        let row = try #require(try holdings.row("all.zip"))
        #expect(row.state == .stored && row.articles == 5 && row.reason == .crashedParser)
        #expect(holdings.originals.computedDigest(of: Digest(of: bytes)) == Digest(of: bytes))
        #expect(
            try Self.number("SELECT count(*) FROM original WHERE state = 'partial'", holdings) == 1)
    }

    @Test func `a bundle that goes on ending readers is left unread at last`() throws {
        let deaths = Dictionary(uniqueKeysWithValues: (0..<40).map { ($0, 1) })
        let reader = DyingReader(deaths)
        let holdings = try Holdings(reader: reader)
        try holdings.drop("all.zip", Self.bundle(40))
        _ = try Self.read(holdings)
        #expect(reader.starts.count == DepositReading.deathsInAll + 1)
        #expect(try holdings.row("all.zip")?.articles == DepositReading.deathsInAll)
    }

    @Test func `the progress of a bundle is seen while it is read`() async throws {
        let holdings = try Holdings()
        try holdings.drop("all.zip", Self.bundle(300))
        let seen = Mutex<[ReadingProgress.Entry]>([])
        var lane = holdings.lane
        let inbox = holdings.inbox
        lane.isStopping = {
            seen.withLock { $0 += inbox.progress.entries }
            return false
        }
        let place = InboxDirectory(path: holdings.directory.appending(path: "inbox").path)
        let directory = try #require(place.open()).descriptor
        let path = InboxPath("all.zip")
        guard case .file(let stamp, _)? = InboxDirectory.status(of: path, in: directory) else {
            throw Holdings.Unsettled()
        }
        let candidate = Candidate(path: path, stamp: stamp, noticed: .now)
        _ = try lane.process(Batch(candidates: [candidate], inbox: directory))
        let entries = seen.withLock { $0 }
        #expect(entries.map(\.members) == Array(1...300))
        #expect(entries.last?.articles == 300)
        #expect(entries.allSatisfy { $0.path == path && $0.size == stamp.size })
        #expect(inbox.progress.entries.isEmpty, "nothing is being read any more")
    }
}
