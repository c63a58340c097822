import ArchiveProtocol
import Testing

@testable import Archive

/// When a story is said to have been published, and by what.
struct MetadataDatesTests {
    @Test(arguments: [
        "<meta property='article:published_time' content='2016-05-02T09:30:00+02:00'>",
        "<meta name=pubdate content='2016-05-02T09:30:00+02:00'>",
        "<meta name='parsely-pub-date' content='2016-05-02T09:30:00+02:00'>",
        "<meta name='DC.date.issued' content='2016-05-02T09:30:00+02:00'>",
        "<meta itemprop=datePublished content='2016-05-02T09:30:00+02:00'>",
    ])
    func `the head tells the moment with its offset`(head: String) throws {
        let date = try MetadataPage(head: head).article().published
        #expect(date?.value == "2016-05-02T09:30:00+02:00")
        #expect(date?.source == "meta")
    }

    @Test(arguments: [
        ("en", "Monday, May 2, 2016 at 9:30 a.m.", "2016-05-02T09:30"),
        ("en-US", "Published 5/2/2016", "2016-05-02"),
        ("en-GB", "Published 2/5/2016", "2016-05-02"),
        ("de", "Montag, 02.05.2016 | 9:30 Uhr", "2016-05-02T09:30"),
        ("de", "2. Mai 2016", "2016-05-02"),
        ("de", "Stadtteil / 02.05.16 / Ida Roe", "2016-05-02"), ("de", "2. 5. 2016", "2016-05-02"),
        ("fr", "Publié le 2 mai 2016 à 9h30", "2016-05-02T09:30"),
        ("es", "2 de mayo de 2016", "2016-05-02"),
        ("it", "2 maggio 2016 alle 9:30", "2016-05-02T09:30"),
        ("pt", "2 de maio de 2016", "2016-05-02"), ("nl", "maandag 2 mei 2016", "2016-05-02"),
        ("nb", "Publisert 2. mai 2016", "2016-05-02"), ("pl", "2 maja 2016", "2016-05-02"),
        ("ja", "2016年5月2日", "2016-05-02"), ("fr", "Paris, 02/05/2016", "2016-05-02"),
    ])
    func `a day in print near the title is read`(language: String, line: String, day: String) throws
    {
        let page = MetadataPage(top: "<div>\(line)</div>", language: language)
        #expect(try page.article().published?.value == day)
    }

    @Test(arguments: [
        "<p>The crane was built in 1911 and mended in 1974.</p>", "<p>2016</p>",
        "<section class=comments><p class=date>May 2, 2016</p></section>",
        "<div class=related-posts><time datetime='2016-05-02'>May 2</time></div>",
        "<article><h3>Other</h3><time datetime='2016-05-02'></time></article>",
        "<p class=date>May 2, 1887</p>",
    ])
    func `years, comments and other stories give no date`(bottom: String) throws {
        #expect(try MetadataPage(bottom: bottom).article().published == nil)
    }

    @Test func `the newsroom's clocks are kept where the page tells them`() throws {
        let head = "<meta property='article:published_time' content='2016-05-03T04:30:00Z'>"
        let offset = MetadataPage(
            head: head, top: "<time datetime='2016-05-02T21:30:00-07:00'>Monday</time>")
        #expect(try offset.article().published?.value == "2016-05-02T21:30:00-07:00")
        let wall = MetadataPage(head: head, top: "<p>May 2, 2016, 9:30 pm</p>")
        #expect(try wall.article().published?.value == "2016-05-02T21:30-07:00")
        let day = MetadataPage(head: head, top: "<p class=date>May 2, 2016</p>")
        #expect(try day.article().published?.value == "2016-05-02")
        let moment = MetadataPage(head: head)
        #expect(try moment.article().published?.value == "2016-05-03T04:30:00Z")
    }

    @Test func `a change is no publication`() throws {
        let page = MetadataPage(
            head: """
                <meta property="article:published_time" content="2016-05-02T09:30:00Z">
                <meta property="article:modified_time" content="2016-05-04T10:00:00Z">
                """,
            top: "<p>Updated May 4, 2016</p>")
        let article = try page.article()
        #expect(article.published?.value == "2016-05-02T09:30:00Z")
        #expect(article.modified?.value == "2016-05-04T10:00:00Z")
    }

    @Test func `where only a change is known its day is a doubtful date`() throws {
        let page = MetadataPage(top: "<p>Last updated: May 4, 2016</p>")
        #expect(try page.article().published?.value == "2016-05-04")
        #expect(try page.evidence("published").first?.item.confidence == .low)
    }

    @Test func `no story is younger than its capture`() throws {
        let head = "<meta name=date content='2031-01-01'>"
        let page = MetadataPage(head: head, captured: "2016-05-03T00:00:00Z")
        #expect(try page.article().published == nil)
        #expect(try MetadataPage(head: head).article().published?.value == "2031-01-01")
    }

    @Test func `the day in the address is read`() throws {
        let page = MetadataPage(url: "https://gull.example/2016/05/02/crane")
        #expect(try page.article().published?.value == "2016-05-02")
        #expect(try page.article().published?.source == "url")
        #expect(try page.evidence("published").map(\.item.confidence) == [.low])
        let printed = MetadataPage(top: "<p>On the quay, 2 May 2016</p>", url: page.url)
        #expect(try printed.evidence("published").map(\.item.confidence) == [.medium])
        let text = MetadataPage(top: "<p>On the quay, 2 May 2016</p>")
        #expect(try text.evidence("published").map(\.item.confidence) == [.low])
    }

    @Test func `changes that disagree are kept as evidence`() throws {
        let head = """
            <meta property='article:modified_time' content='2016-05-03T10:00:00Z'>
            <meta property='og:updated_time' content='2016-06-03T10:00:00Z'>
            """
        let evidence = try MetadataPage(head: head).evidence("modified")
        #expect(evidence.map(\.item.confidence) == [.low, .rival])
    }

    @Test func `days that disagree are kept as evidence`() throws {
        let page = MetadataPage(
            head: MetadataPage.linked(
                """
                {"@type": "Article", "headline": "Old crane to go", "datePublished": "2016-05-02"}
                """) + "<meta name='date' content='2019-01-01'>")
        #expect(try page.article().published?.value == "2016-05-02")
        let evidence = try page.evidence("published")
        #expect(evidence.map(\.item.confidence) == [.high, .rival])
        #expect(evidence.map(\.bytes) == ["2016-05-02", "2019-01-01"])
    }

    @Test func `a date within a text is found where it begins`() throws {
        let text = Array("Nr. 12, Seite 3 / 22.04.2020 / 06:15 / Ida Roe".utf8)
        let found = try #require(
            NewsDateReader.first(in: text, source: "html", style: nil, monthFirst: nil))
        #expect(found.date.value == "2020-04-22T06:15")
        #expect(found.start == 18)
        let none = Array("In 2017 all 300 of 12 were gone by May".utf8)
        #expect(NewsDateReader.first(in: none, source: "", style: nil, monthFirst: nil) == nil)
    }
}
