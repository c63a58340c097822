import ArchiveProtocol
import GRDB
import Testing

@testable import Archive

/// Duplicates, half-read bundles, quarantine and the ledger.
@Suite struct RegisterTests {
    private static let stories = (0..<3).map {
        StoryAccession.article("Story \($0)", url: "https://news.example/\($0)")
    }

    private static func members(_ holdings: Holdings, _ digest: Digest) throws -> [JSON] {
        let (seq, _) = try holdings.repository.original(digest: digest.hex, name: nil)
        return try holdings.repository.members(of: seq, after: -1, limit: 100)
    }

    @Test func `a copy in the batch of its original is its duplicate`() throws {
        let holdings = try Holdings()
        let page = StoryAccession.page(Self.stories[0], file: "a.md")
        var copy = page.deposit
        copy.path = InboxPath(bytes: Array("b.md".utf8))
        let bad = StoryAccession.broken("bad.zip")
        var badCopy = bad.deposit
        badCopy.path = InboxPath(bytes: Array("worse.zip".utf8))
        try holdings.repository.store([page, bad], duplicates: [copy, badCopy])
        let row = try #require(try holdings.row("b.md"))
        #expect(row.state == .duplicate && row.articles == 1)
        let badRow = try #require(try holdings.row("worse.zip"))
        #expect(badRow.state == .quarantined && badRow.reason == .truncated)
        #expect(try holdings.repository.totals().duplicates == 1)
    }

    @Test func `a bundle that is half read is not known, and is read once in the end`() throws {
        let holdings = try Holdings()
        var half = StoryAccession.bundle(Array(Self.stories.prefix(2)), file: "a.zip")
        half.isLast = false
        try holdings.repository.store([half])
        let digest = half.deposit.digest
        #expect(try holdings.repository.known([digest]).isEmpty)
        #expect(try holdings.row("a.zip") == nil)
        #expect(try holdings.found("story").count == 2)
        try holdings.repository.store([StoryAccession.bundle(Self.stories, file: "a.zip")])
        let known = try #require(try holdings.repository.known([digest])[digest])
        #expect(!known.isQuarantined && known.articles == 3 && known.parser == Parser.version)
        let members = try Self.members(holdings, digest)
        #expect(members.map { $0["outcome"]?.string } == ["stored", "stored", "stored"])
        #expect(try holdings.repository.totals().versions == 3)
        #expect(try holdings.row("a.zip")?.articles == 3)
    }

    @Test func `a member that no longer gives an article is not called stored`() throws {
        let holdings = try Holdings()
        var accession = StoryAccession.bundle(Array(Self.stories.prefix(1)), file: "a.zip")
        try holdings.repository.store([accession])
        accession.members[0].content = .refused(Refusal(.malformed, "it makes no sense"))
        accession.refusals = [Refusal(.malformed, "a member makes no sense")]
        try holdings.repository.store([accession])
        let member = try #require(try Self.members(holdings, accession.deposit.digest).first)
        #expect(member["outcome"]?.string == "refused")
        #expect(member["reason"]?.string == "malformed")
        #expect(member["article"] == nil)
    }

    @Test func `good members keep a damaged bundle, and without any it is quarantined`() throws {
        let holdings = try Holdings()
        var partial = StoryAccession.bundle(Array(Self.stories.prefix(1)), file: "a.zip")
        partial.refusals = [Refusal(.truncated, "it is cut")]
        #expect(partial.state == .partial)
        let broken = StoryAccession.broken("b.zip")
        #expect(broken.state == .quarantined)
        var rest = broken
        rest.earlier.hasPages = true
        #expect(rest.state == .quarantined)
        rest.earlier.hasStories = true
        #expect(rest.state == .partial)
        try holdings.repository.store([partial, broken])
        let totals = try holdings.repository.totals()
        #expect(totals.originals == 1 && totals.quarantined == 1)
        let size = partial.deposit.size + broken.deposit.size
        #expect(totals.bytes == size)
        #expect(try holdings.row("a.zip")?.state == .stored)
        #expect(try holdings.row("a.zip")?.reason == .truncated)
        let row = try #require(try holdings.row("b.zip"))
        #expect(row.state == .quarantined && row.detail == "the directory is missing at byte 12")
    }

    @Test func `what is let out of quarantine is unknown, and its ledger row stays`() throws {
        let holdings = try Holdings()
        let broken = StoryAccession.broken("b.zip")
        let digest = broken.deposit.digest
        try holdings.repository.store([broken])
        #expect(try holdings.repository.known([digest])[digest]?.isQuarantined == true)
        #expect(try holdings.repository.path(of: digest).display == "b.zip")
        try holdings.repository.forgetQuarantine(digest)
        #expect(try holdings.repository.known([digest]).isEmpty)
        #expect(try holdings.row("b.zip")?.state == .quarantined)
    }

    @Test func `what is discarded is gone in the ledger and nowhere else`() throws {
        let holdings = try Holdings()
        let broken = StoryAccession.broken("b.zip")
        try holdings.repository.store([broken])
        try holdings.repository.discard(broken.deposit.digest)
        #expect(try holdings.row("b.zip")?.state == .gone)
        #expect(try holdings.repository.totals().quarantined == 0)
    }

    @Test func `a bundle that crashed the parser half way keeps its articles`() throws {
        let holdings = try Holdings()
        var half = StoryAccession.bundle(Array(Self.stories.prefix(2)), file: "a.zip")
        half.isLast = false
        try holdings.repository.store([half])
        var crashed = Accession(deposit: half.deposit, form: "file")
        crashed.refusals = [Refusal(.crashedParser, "the parser crashed on it 2 times")]
        try holdings.repository.store([crashed])
        let digest = half.deposit.digest
        #expect(throws: Failure.self) { try holdings.repository.discard(digest) }
        try holdings.repository.forgetQuarantine(digest)
        #expect(try holdings.repository.known([digest]).isEmpty)
        #expect(try holdings.found("story").count == 2)
        try holdings.repository.store([StoryAccession.bundle(Self.stories, file: "a.zip")])
        #expect(try holdings.repository.known([digest])[digest]?.articles == 3)
    }

    @Test func `forgetting the quarantine leaves what is stored alone`() throws {
        let holdings = try Holdings()
        let page = StoryAccession.page(Self.stories[0], file: "a.md")
        try holdings.repository.store([page])
        try holdings.repository.forgetQuarantine(page.deposit.digest)
        #expect(try Self.members(holdings, page.deposit.digest).count == 1)
        #expect(try holdings.repository.known([page.deposit.digest]).count == 1)
    }

    // MARK: The ledger

    @Test func `a row of the ledger is read as it was written`() throws {
        let holdings = try Holdings()
        var row = LedgerRow(
            path: InboxPath(bytes: [0x61, 0xFF, 0x5C, 0x2F, 0xC3, 0xA9, 0x0A]), state: .waiting,
            since: Timestamp(microseconds: 1), size: 1 << 40, digest: Digest(of: [1]), articles: 7)
        row.reason = .diskFull
        row.detail = "make room; \"now\""
        row.times = LedgerRow.Times(
            noticed: Timestamp(microseconds: 2), read: Timestamp(microseconds: 3),
            parsed: Timestamp(microseconds: 4), searchable: Timestamp(microseconds: -5))
        let bare = LedgerRow(
            path: InboxPath(bytes: [0xFE]), state: .gone, since: Timestamp(microseconds: 0))
        try holdings.repository.record([row, bare])
        #expect(try holdings.repository.ledgerRow(row.path) == row)
        #expect(try holdings.repository.ledgerRow(bare.path) == bare)
        #expect(try holdings.repository.ledgerRow(InboxPath(bytes: [0x61])) == nil)
        row.state = .stored
        try holdings.repository.record([row])
        #expect(
            try holdings.repository.ledgerRows(state: nil, after: nil, limit: 9) == [row, bare])
        #expect(
            try holdings.repository.ledgerRows(state: .gone, after: row.path, limit: 9) == [bare])
        #expect(try holdings.repository.ledgerRows(state: nil, after: bare.path, limit: 9) == [])
    }

    @Test(arguments: LedgerRow.State.allCases, [nil] + Reason.allCases.map(Optional.some))
    func `every state and reason has a word in the ledger`(
        _ state: LedgerRow.State, _ reason: Reason?
    ) throws {
        var row = LedgerRow(path: InboxPath(bytes: [1]), state: state, since: .now)
        row.reason = reason
        try DatabaseQueue().write { db in
            try db.execute(
                sql: """
                    CREATE TABLE ledger (path BLOB PRIMARY KEY, state, reason, detail, since,
                        size, digest, articles, noticed, read, parsed, searchable)
                    """)
            try LedgerTable.write(row, to: db)
            let read = try Row.fetchOne(db, sql: "SELECT * FROM ledger").map(LedgerTable.row)
            #expect(read == row)
        }
    }

    @Test func `digests are found by the first eight digits and names by their bytes`() throws {
        let holdings = try Holdings()
        let page = StoryAccession.page(Self.stories[0], file: "Café.md")
        try holdings.repository.store([page])
        let digest = page.deposit.digest
        for text in [digest.hex, digest.name, String(digest.hex.prefix(8)).uppercased()] {
            #expect(try holdings.repository.original(digest: text, name: nil).digest == digest)
        }
        for text in ["", "1234567", "not a digest", digest.hex + "0"] {
            let failure = #expect(throws: Failure.self) {
                try holdings.repository.original(digest: text, name: nil)
            }
            #expect(failure?.code == .invalidParams)
        }
        #expect(try holdings.repository.original(digest: nil, name: "Café.md").digest == digest)
        #expect(throws: Failure.self) {
            try holdings.repository.original(digest: nil, name: "Cafe.md")
        }
        let prefix = try #require(digest.bytes.first)
        #expect(try holdings.repository.registeredDigests(prefix: prefix) == [digest])
        #expect(try holdings.repository.registeredDigests(prefix: prefix ^ 1).isEmpty)
    }
}
