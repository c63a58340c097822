import ArchiveProtocol
import Foundation
import GRDB
import Testing

@testable import Archive

/// A lane over a real repository: what is in the database, the originals and the inbox after it.
@Suite struct LaneTests {
    /// The originals by name: `state form articles reason`.
    private func originals(_ holdings: Holdings) throws -> [String: String] {
        try holdings.repository.pool.read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM original")
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    let name = String(decoding: row["name"] as Data, as: UTF8.self)
                    let words = [
                        row["state"] as String, row["form"], "\(row["articles"] as Int)",
                        row["reason"] as String? ?? "",
                    ]
                    return (name, words.joined(separator: " "))
                })
        }
    }

    /// How many members ended in each way.
    private func outcomes(_ holdings: Holdings) throws -> [String: Int] {
        try holdings.repository.pool.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT outcome, count(*) AS n FROM member GROUP BY outcome")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["outcome"], $0["n"]) })
        }
    }

    private func count(_ table: String, _ holdings: Holdings) throws -> Int {
        try holdings.repository.pool.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1
        }
    }

    private func events(_ holdings: Holdings) throws -> [String] {
        try holdings.repository.pool.read {
            try String.fetchAll($0, sql: "SELECT type FROM event ORDER BY revision")
        }
    }

    private func inbox(_ holdings: Holdings) -> [String] {
        InboxPlace.names(Array(holdings.directory.appending(path: "inbox").path.utf8)).map {
            String(decoding: $0, as: UTF8.self)
        }.sorted()
    }

    /// Where bytes are kept: the station directories that hold them.
    private func places(_ bytes: [UInt8], _ holdings: Holdings) -> [String] {
        let digest = Digest(of: bytes)
        return [
            ("originals", holdings.originals.path(of: digest)),
            ("quarantine", holdings.originals.quarantinePath(of: digest)),
        ].filter { FileManager.default.fileExists(atPath: $0.1) }.map(\.0)
    }

    /// Drops files and takes them through the lane in one batch each, without the watch.
    private func process(_ holdings: Holdings, _ names: [String]...) throws -> [String] {
        let place = InboxDirectory(path: holdings.directory.appending(path: "inbox").path)
        let inbox = try #require(place.open()).descriptor
        return try names.flatMap { names in
            let candidates = try names.map { name in
                let status = InboxDirectory.status(of: InboxPath(name), in: inbox)
                guard case .file(let stamp, _)? = status else { throw Holdings.Unsettled() }
                return Candidate(path: InboxPath(name), stamp: stamp, noticed: .now)
            }
            let outcomes = try holdings.lane.process(Batch(candidates: candidates, inbox: inbox))
            return outcomes.map { "\($0.text) \($1.words)" }.sorted()
        }
    }

    private func story(_ number: Int) -> BrokenContainers.Part {
        let text = Holdings.story("bridge\(number)", headline: "Bridge \(number) Reopens")
        return BrokenContainers.Part("s\(number).txt", text)
    }

    // MARK: One file

    @Test func `a page text becomes one article and its file leaves the inbox`() throws {
        let holdings = try Holdings()
        let text = Holdings.story("kestrel")
        try holdings.drop("k.txt", text)
        #expect(try process(holdings, ["k.txt"]) == ["k.txt settled"])
        #expect(try originals(holdings) == ["k.txt": "stored page-text 1 "])
        #expect(try outcomes(holdings) == ["stored": 1])
        #expect(try events(holdings) == ["article.added", "file.stored"])
        #expect(inbox(holdings).isEmpty)
        #expect(places(Array(text.utf8), holdings) == ["originals"])
        let row = try #require(try holdings.row("k.txt"))
        let times = [row.times.noticed, row.times.read, row.times.parsed, row.times.searchable]
        #expect(times.allSatisfy { $0 != nil })
        #expect(row.size == text.utf8.count && row.articles == 1 && row.reason == nil)
    }

    @Test func `a page without an article is kept and says so`() throws {
        let holdings = try Holdings()
        try holdings.drop("empty.txt", "")
        #expect(try process(holdings, ["empty.txt"]) == ["empty.txt settled"])
        #expect(try holdings.row("empty.txt")?.articles == 0)
        #expect(try holdings.row("empty.txt")?.reason != nil)
        #expect(places([], holdings).count == 1)
    }

    @Test func `a broken zip is quarantined with its reason beside it`() throws {
        let holdings = try Holdings()
        var bytes = BrokenContainers.zip([story(1)])
        bytes.removeLast(bytes.count / 2)
        try holdings.drop("broken.zip", bytes)
        #expect(try process(holdings, ["broken.zip"]) == ["broken.zip settled"])
        #expect(inbox(holdings).isEmpty)
        #expect(places(bytes, holdings) == ["quarantine"])
        let row = try #require(try holdings.row("broken.zip"))
        #expect(row.state == .quarantined)
        let reason = try #require(row.reason)
        let path = holdings.originals.quarantinePath(of: Digest(of: bytes)) + ".reason"
        let words = try #require(InboxPlace.text(path))
        #expect(words.hasPrefix("\(reason.rawValue): "))
        #expect(words.hasSuffix("\npath: broken.zip\n"))
        #expect(try events(holdings) == ["file.quarantined"])
        #expect(holdings.originals.computedDigest(of: Digest(of: bytes)) == Digest(of: bytes))
    }

    @Test func `a zip with a good and a bad member is kept in part`() throws {
        let holdings = try Holdings()
        var bad = story(2)
        bad.crc = 1
        let bytes = BrokenContainers.zip([story(1), bad])
        try holdings.drop("half.zip", bytes)
        #expect(try process(holdings, ["half.zip"]) == ["half.zip settled"])
        #expect(try originals(holdings)["half.zip"]?.hasPrefix("partial zip 1") == true)
        #expect(try outcomes(holdings) == ["stored": 1, "refused": 1])
        #expect(places(bytes, holdings) == ["originals"])
        #expect(try holdings.row("half.zip")?.state == .stored)
        #expect(try holdings.row("half.zip")?.reason != nil)
    }

    @Test func `a zip of which no member can be read is quarantined`() throws {
        let holdings = try Holdings()
        var parts = [story(1), story(2)]
        for index in parts.indices { parts[index].crc = 1 }
        let bytes = BrokenContainers.zip(parts)
        try holdings.drop("bad.zip", bytes)
        _ = try process(holdings, ["bad.zip"])
        #expect(places(bytes, holdings) == ["quarantine"])
        #expect(try holdings.row("bad.zip")?.detail?.contains("2 of 2 members") == true)
    }

    @Test func `a picture among pages does no harm to their bundle`() throws {
        let holdings = try Holdings()
        let picture = BrokenContainers.Part(
            name: Array("p.png".utf8),
            bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])
        try holdings.drop("pages.zip", BrokenContainers.zip([story(1), picture]))
        _ = try process(holdings, ["pages.zip"])
        #expect(try originals(holdings) == ["pages.zip": "stored zip 1 "])
    }

    // MARK: The same again

    @Test func `the same bytes in one batch and later are parsed once`() throws {
        let holdings = try Holdings()
        let text = Holdings.story("kestrel")
        for name in ["a.txt", "b.txt", "c.txt"] { try holdings.drop(name, text) }
        #expect(
            try process(holdings, ["a.txt", "b.txt"], ["c.txt"]) == [
                "a.txt settled", "b.txt settled", "c.txt settled",
            ])
        #expect(try count("original", holdings) == 1)
        #expect(try count("member", holdings) == 1)
        #expect(try count("version", holdings) == 1)
        let states = try ["a.txt", "b.txt", "c.txt"].map { try holdings.row($0)?.state }
        #expect(states == [.stored, .duplicate, .duplicate])
        #expect(try holdings.row("c.txt")?.articles == 1)
        #expect(try holdings.row("c.txt")?.times.parsed == nil, "it was not parsed")
        #expect(inbox(holdings).isEmpty)
        #expect(
            try events(holdings) == [
                "article.added", "file.stored", "file.duplicate", "file.duplicate",
            ])
    }

    @Test func `bytes in quarantine that come again are quarantined and one file`() throws {
        let holdings = try Holdings()
        let bytes = Array(BrokenContainers.zip([story(1)]).dropLast(90))
        try holdings.drop("a.zip", bytes)
        try holdings.drop("b.zip", bytes)
        _ = try process(holdings, ["a.zip"], ["b.zip"])
        #expect(places(bytes, holdings) == ["quarantine"])
        #expect(try holdings.row("b.zip")?.state == .quarantined)
        #expect(try holdings.row("b.zip")?.reason == holdings.row("a.zip")?.reason)
        #expect(try count("original", holdings) == 1)
    }

    @Test func `bytes that an older parser refused are read again and in one place`() throws {
        let holdings = try Holdings(reader: DyingReader([0: 2]))
        let text = Holdings.story("kestrel")
        let digest = Digest(of: text.utf8)
        try holdings.drop("a.txt", text)
        _ = try process(holdings, ["a.txt"])
        #expect(places(Array(text.utf8), holdings) == ["quarantine"])
        // As if another release had refused it.
        try holdings.repository.pool.write { db in
            try db.execute(sql: "UPDATE original SET parser = 'older'")
        }
        try holdings.drop("b.txt", text)
        _ = try process(holdings, ["b.txt"])
        #expect(try holdings.row("b.txt")?.state == .stored)
        #expect(places(Array(text.utf8), holdings) == ["originals"])
        #expect(
            InboxPlace.text(holdings.originals.quarantinePath(of: digest) + ".reason") == nil)
    }

    // MARK: Large bundles

    @Test func `a bundle larger than one stretch has every member stored once`() throws {
        let holdings = try Holdings()
        let total = 600
        let bytes = BrokenContainers.zip((0..<total).map(story))
        try holdings.drop("all.zip", bytes)
        #expect(try process(holdings, ["all.zip"]) == ["all.zip settled"])
        #expect(try outcomes(holdings) == ["stored": total])
        #expect(try count("article", holdings) == total)
        #expect(try originals(holdings) == ["all.zip": "stored zip \(total) "])
        #expect(try holdings.row("all.zip")?.articles == total)
        #expect(try events(holdings).count { $0 == "file.stored" } == 1)
        #expect(try holdings.found("bridge599").count == 1)
        // Once more as another file: every article is known.
        try holdings.drop("more.zip", BrokenContainers.zip((0..<total).map(story), comment: [1]))
        _ = try process(holdings, ["more.zip"])
        #expect(try outcomes(holdings) == ["stored": total, "duplicate": total])
        #expect(try count("version", holdings) == total)
    }

    @Test func `a bundle that ends badly after a stretch keeps what was read before`() throws {
        let holdings = try Holdings()
        var parts = (0..<300).map(story)
        parts[299].crc = 1
        let bytes = BrokenContainers.zip(parts)
        try holdings.drop("all.zip", bytes)
        _ = try process(holdings, ["all.zip"])
        #expect(try originals(holdings)["all.zip"]?.hasPrefix("partial zip 299") == true)
        #expect(places(bytes, holdings) == ["originals"])
    }

    @Test func `a bundle whose reading was cut off is read from its beginning again`() throws {
        let holdings = try Holdings()
        let bytes = BrokenContainers.zip((0..<300).map(story))
        try holdings.drop("all.zip", bytes)
        // As a crash after the first stretch leaves it.
        _ = try process(holdings, ["all.zip"])
        try holdings.repository.pool.write { db in
            try db.execute(sql: "UPDATE original SET state = 'reading'")
            try db.execute(sql: "DELETE FROM member WHERE ordinal >= 256")
            try db.execute(sql: "DELETE FROM capture WHERE ordinal >= 256")
        }
        try holdings.drop("all.zip", bytes)
        #expect(try process(holdings, ["all.zip"]) == ["all.zip settled"])
        #expect(try originals(holdings) == ["all.zip": "stored zip 300 "])
        #expect(try count("member", holdings) == 300)
        #expect(try count("article", holdings) == 300)
        #expect(try count("version", holdings) == 300)
    }

    // MARK: Trouble

    @Test func `where the database has no room the files wait and are stored later`()
        async throws
    {
        // However slowly they are read, none is tried again before all have been.
        let holdings = try Holdings(retry: .seconds(60))
        let names = (0..<12).map { "\($0).txt" }
        for name in names {
            try holdings.drop(name, Holdings.story("full\(name.dropLast(4))") + filler)
        }
        try await bound(holdings, pages: 0)
        await holdings.inbox.open()
        let watch = Task { await holdings.inbox.run() }
        let work = Task { try await holdings.lane.run() }
        #expect(await isSoon { await holdings.inbox.tally().waiting == names.count })
        #expect(await holdings.inbox.rows().allSatisfy { $0.reason == .diskFull })
        #expect(inbox(holdings) == names.sorted())
        #expect(try count("article", holdings) == 0)

        try await bound(holdings, pages: 1 << 30)
        #expect(await holdings.inbox.retry(nil) > 0)
        #expect(await holdings.inbox.barrier(timeout: .seconds(60)))
        await holdings.inbox.stop()
        await watch.value
        try await work.value
        #expect(inbox(holdings).isEmpty)
        #expect(try count("article", holdings) == names.count)
        #expect(InboxPlace.names(Array((holdings.originals.root + "/tmp").utf8)).isEmpty)
    }

    /// A reader for which no process can be started.
    private struct NoReader: MemberReading {
        func read(
            _ deposit: Deposit, from start: Int, passingOver: Int?,
            each: (AccessionMember) throws -> Void
        ) throws -> Package { throw WorkerProcess.NotStarted(errno: EAGAIN) }

        func bytes(ofMember ordinal: Int, descriptor: Int32, name: [UInt8]) throws -> [UInt8] {
            throw WorkerProcess.NotStarted(errno: EAGAIN)
        }
    }

    @Test func `where no reader can be started the files wait, and it is told why`() async throws {
        let holdings = try Holdings(reader: NoReader())
        try holdings.drop("k.txt", Holdings.story("kestrel"))
        await holdings.inbox.open()
        let watch = Task { await holdings.inbox.run() }
        let work = Task { try await holdings.lane.run() }
        #expect(await isSoon { await holdings.inbox.tally().waiting == 1 })
        let problem = await holdings.inbox.counters.problem
        #expect(problem?.hasPrefix("1 files wait, limit: no worker can be started") == true)
        await holdings.inbox.stop()
        await watch.value
        try await work.value
        #expect(inbox(holdings) == ["k.txt"])
    }

    private var filler: String { String(repeating: "More words of the story.\n\n", count: 800) }

    /// Bounds the size of the database, as a full disk does; 0 is what it has now.
    private func bound(_ holdings: Holdings, pages: Int) async throws {
        try await holdings.repository.pool.writeWithoutTransaction { db in
            let present = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(max(pages, present))")
        }
    }

    @Test func `any other error of the database ends the lane and leaves the file`() async throws {
        let holdings = try Holdings()
        try holdings.drop("a.txt", Holdings.story("kestrel"))
        try await holdings.repository.pool.write { try $0.execute(sql: "DROP TABLE capture") }
        await holdings.inbox.open()
        await holdings.inbox.scan()
        await holdings.inbox.admit(InboxPath("a.txt"))
        await #expect(throws: DatabaseError.self) { try await holdings.lane.run() }
        await holdings.inbox.stop()
        #expect(inbox(holdings) == ["a.txt"])
    }

    @Test func `a file that one reader died over is read by the next`() throws {
        let holdings = try Holdings(reader: DyingReader([0: 1]))
        try holdings.drop("once.txt", Holdings.story("kestrel"))
        _ = try process(holdings, ["once.txt"])
        #expect(try originals(holdings)["once.txt"] == "stored page-text 1 ")
        #expect(try holdings.found("kestrel").count == 1)
    }

    @Test(arguments: [Reason.crashedParser, .timeout, .tooLarge])
    func `a file that two readers died over is quarantined and says why`(reason: Reason) throws {
        let holdings = try Holdings(reader: DyingReader([0: 2], reason: reason))
        let text = Holdings.story("osprey")
        try holdings.drop("twice.txt", text)
        _ = try process(holdings, ["twice.txt"])
        #expect(try originals(holdings)["twice.txt"] == "quarantined file 0 \(reason.rawValue)")
        #expect(places(Array(text.utf8), holdings) == ["quarantine"])
        #expect(try holdings.row("twice.txt")?.state == .quarantined)
        #expect(try holdings.found("osprey").isEmpty)
    }

    @Test func `a file that changed before it was read is left for another time`() throws {
        let holdings = try Holdings()
        try holdings.drop("a.txt", "short")
        let place = InboxDirectory(path: holdings.directory.appending(path: "inbox").path)
        let inbox = try #require(place.open()).descriptor
        let status = InboxDirectory.status(of: InboxPath("a.txt"), in: inbox)
        guard case .file(let stamp, _)? = status else { throw Holdings.Unsettled() }
        try holdings.drop("a.txt.part", "other")
        #expect(rename(holdings.inInbox("a.txt.part").path, holdings.inInbox("a.txt").path) == 0)
        let candidate = Candidate(path: InboxPath("a.txt"), stamp: stamp, noticed: .now)
        let outcomes = try holdings.lane.process(Batch(candidates: [candidate], inbox: inbox))
        #expect(outcomes.map(\.1.words) == ["changed"])
        #expect(try count("original", holdings) == 0)
        #expect(self.inbox(holdings) == ["a.txt"])
    }
}
