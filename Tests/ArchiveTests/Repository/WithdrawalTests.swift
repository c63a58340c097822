import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct WithdrawalTests {
    private static let guid = "urn:newsml:wire.example:2016:ferry"

    private static func ferry(
        modified: String? = nil, url: String? = nil, words: String = "The ferry sank."
    ) -> Article {
        var article = StoryAccession.article(
            "Ferry Sinks", url: url, published: "2016-05-04T10:00Z", body: [words])
        article.identifier = guid
        article.outlet = "Harlow Wire"
        article.modified = modified.map {
            NewsDate(value: $0, precision: .minute, source: "newsml-g2")
        }
        article.quotations = [
            Quotation(text: "It sank.", speaker: "Odile Park", paragraph: 0, range: 0..<3)
        ]
        return article
    }

    private static func notice(
        _ status: WithdrawalNotice.Status = .canceled, issued: String? = "2016-05-04T12:00:00Z",
        identifier: String? = guid, url: String? = nil
    ) -> WithdrawalNotice {
        WithdrawalNotice(
            status: status, url: url, identifier: identifier, outlet: "Harlow Wire",
            headline: nil, issued: issued, words: "it did not sink")
    }

    private static func id(_ article: Article) -> String {
        ArticleIdentity(article, capture: Digest(of: [])).id()
    }

    private static func isShown(_ article: Article, in holdings: Holdings) throws -> Bool {
        let record = try holdings.repository.article(id(article))
        let json = try JSONParser.parse(record.document)
        let isFound = try holdings.found("sank") == [id(article)]
        let isListed = try holdings.found("") == [id(article)]
        let quotes = try holdings.searcher.quotations(
            Searcher.QuotationQuestion(
                speaker: try QueryParser.query("park"), query: nil, range: nil, limit: 9,
                after: nil)
        ).items
        let answers = [isFound, isListed, quotes.count == 1, json["withdrawn"] == nil]
        #expect(Set(answers).count == 1, "all answers agree: \(answers)")
        return isFound
    }

    @Test func `a notice takes a kept story out of every answer`() throws {
        let holdings = try Holdings()
        let story = Self.ferry()
        try holdings.repository.store([StoryAccession.page(story, file: "ferry.xml")])
        #expect(try Self.isShown(story, in: holdings))
        try holdings.repository.store([StoryAccession.notice(Self.notice(), file: "kill.xml")])
        #expect(try !Self.isShown(story, in: holdings))
        let record = try JSONParser.parse(holdings.repository.article(Self.id(story)).document)
        #expect(record["withdrawn"]?.string == "canceled by its publisher: it did not sink")
        #expect(record["headline"]?.string == "" && record["body"]?.array?.isEmpty == true)
        #expect(throws: Failure.self) {
            try holdings.repository.versions(id: Self.id(story), url: nil)
        }
        #expect(throws: Failure.self) {
            try holdings.repository.source(Self.id(story), version: nil)
        }
        let types = try holdings.repository.events(after: 0, limit: 100).map(\.type)
        #expect(types.contains("article.withdrawn"))
    }

    @Test func `a notice holds for a story that comes after it`() throws {
        let holdings = try Holdings()
        let story = Self.ferry()
        try holdings.repository.store([StoryAccession.notice(Self.notice(), file: "kill.xml")])
        try holdings.repository.store([StoryAccession.page(story, file: "ferry.xml")])
        #expect(try !Self.isShown(story, in: holdings))
    }

    @Test func `another capture of a withdrawn story stays withdrawn`() throws {
        let holdings = try Holdings()
        let story = Self.ferry()
        try holdings.repository.store([StoryAccession.page(story, file: "ferry.xml")])
        try holdings.repository.store([StoryAccession.notice(Self.notice(), file: "kill.xml")])
        let again = Self.ferry(words: "The ferry sank quickly.")
        try holdings.repository.store([
            StoryAccession.page(story, file: "copy.xml", bytes: "other"),
            StoryAccession.page(again, file: "again.xml"),
        ])
        #expect(try !Self.isShown(story, in: holdings))
    }

    @Test(arguments: [false, true])
    func `what its publisher sends later is shown again`(noticeComesLast: Bool) throws {
        let holdings = try Holdings()
        let later = Self.ferry(modified: "2016-05-04T15:00+02:00")
        let accessions = [
            StoryAccession.notice(Self.notice(.withheld), file: "hold.xml"),
            StoryAccession.page(later, file: "ferry-2.xml"),
        ]
        for accession in noticeComesLast ? accessions.reversed() : accessions {
            try holdings.repository.store([accession])
        }
        #expect(try Self.isShown(later, in: holdings))
    }

    @Test func `a later time of day in an earlier zone does not lift a notice`() throws {
        let holdings = try Holdings()
        let earlier = Self.ferry(modified: "2016-05-04T13:00+02:00")
        try holdings.repository.store([
            StoryAccession.notice(Self.notice(), file: "kill.xml"),
            StoryAccession.page(earlier, file: "ferry.xml"),
        ])
        #expect(try !Self.isShown(earlier, in: holdings))
    }

    @Test func `a notice without a date is not lifted by a date`() throws {
        let holdings = try Holdings()
        let story = Self.ferry(modified: "2026-05-04T15:00Z")
        try holdings.repository.store([
            StoryAccession.notice(Self.notice(issued: nil), file: "kill.xml"),
            StoryAccession.page(story, file: "ferry.xml"),
        ])
        #expect(try !Self.isShown(story, in: holdings))
    }

    @Test func `a story known by its address is found by its publisher's name for it`() throws {
        let holdings = try Holdings()
        let story = Self.ferry(url: "https://wire.example/ferry")
        try holdings.repository.store([
            StoryAccession.page(story, file: "ferry.xml"),
            StoryAccession.notice(Self.notice(), file: "kill.xml"),
        ])
        #expect(try !Self.isShown(story, in: holdings))
    }

    @Test func `a notice for another story changes nothing`() throws {
        let holdings = try Holdings()
        let story = Self.ferry()
        let other = Self.notice(identifier: "urn:newsml:wire.example:2016:train")
        try holdings.repository.store([
            StoryAccession.page(story, file: "ferry.xml"),
            StoryAccession.notice(other, file: "kill.xml"),
        ])
        #expect(try Self.isShown(story, in: holdings))
    }

    @Test func `names that are no URI are told apart by outlet`() {
        var story = Self.ferry()
        story.identifier = "12"
        var notice = Self.notice(identifier: "12")
        #expect(
            ArticleIdentity.named(by: notice) == ArticleIdentity.named(by: story))
        notice.outlet = "Other Wire"
        #expect(
            ArticleIdentity.named(by: notice) != ArticleIdentity.named(by: story))
    }

    @Test func `a file that is a notice is stored, and says what it is`() throws {
        let holdings = try Holdings()
        let accession = StoryAccession.notice(Self.notice(), file: "kill.xml")
        try holdings.repository.store([accession])
        let row = try holdings.row("kill.xml")
        #expect(row?.state == .stored && row?.articles == 0)
        #expect(row?.detail?.contains(Self.guid) == true)
        let (seq, _) = try holdings.repository.original(digest: nil, name: "kill.xml")
        let member = try holdings.repository.members(of: seq, after: -1, limit: 2).first
        #expect(member?["outcome"]?.string == "withdrawal")
    }

    @Test(arguments: [
        ("2017-01-26T15:14-05:00", "2017-01-26T20:14:00.000Z"),
        ("2017-01-26T00:14:09+05:30", "2017-01-25T18:44:09.000Z"),
        ("2017-01-26T15:14:00Z", "2017-01-26T15:14:00.000Z"),
    ])
    func `times with an offset are instants`(text: String, instant: String) {
        #expect(Timestamp(rfc3339: text)?.text == instant)
    }

    @Test(arguments: ["2017-01-26T15:14", "2017-01-26", "", "+05:00", "2017-01-26T15:14+0:5:00"])
    func `times without an offset are none`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }
}
