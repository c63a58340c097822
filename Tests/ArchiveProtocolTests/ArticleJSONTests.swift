import ArchiveProtocol
import Testing

@Suite("The article as JSON")
struct ArticleJSONTests {
    @Test
    func `a full article comes back as it was`() throws {
        let article = Self.full
        #expect(Article(try JSONParser.parse(article.bytes)) == article)
    }

    @Test
    func `an empty article comes back, and only lists are written for nothing`() throws {
        let article = Article()
        let json = try JSONParser.parse(article.bytes)
        #expect(Article(json) == article)
        #expect(json["url"] == nil)
        #expect(json["published"] == nil)
        #expect(json["images"] == [])
        #expect(json["version"] == 1)
    }

    @Test
    func `keys of later versions are passed over`() throws {
        var members = try #require(try JSONParser.parse(Self.full.bytes).members)
        members.append(.init("later", [1, 2]))
        #expect(Article(.object(members)) == Self.full)
    }

    @Test
    func `what is no article is none`() {
        #expect(Article(["headline": "x"]) == nil)
        #expect(Article(["id": "x"]) == nil)
        #expect(Article([1]) == nil)
    }

    @Test
    func `a quotation with its range the wrong way is left out`() {
        let quotation: JSON = ["text": "t", "paragraph": 0, "range": [5, 2]]
        let article = Article(["id": "a", "headline": "h", "quotations": [quotation]])
        #expect(article?.quotations == [])
    }

    private static var full: Article {
        var article = Article()
        article.id = "k3x97qpm2d4f"
        article.url = "https://harbourpost.example/2011/ferry"
        article.outlet = "Harbour Post"
        article.headline = "Ferry \"Linnet\" to\tsail again"
        article.alternativeHeadline = "Back on the water"
        article.byline = "By Ada Quill and Bo Reed"
        article.authors = ["Ada Quill", "Bo Reed"]
        article.published = NewsDate(
            value: "2011-04-02T09:30-04:00", precision: .minute, source: "byline")
        article.modified = NewsDate(value: "2011-04", precision: .month, source: "json-ld")
        article.dateline = "PORT ELM"
        article.contributors = ["Reporting by B. Reed; editing by Cy Moor"]
        article.section = "Transport"
        article.keywords = ["tides", "port elm"]
        article.genre = .roundUp
        article.images = [Image(caption: "The quay", credit: "B. Reed", url: "q.jpg"), Image()]
        article.body = [Block(.heading, "Tides"), Block(.paragraph, "“We sail,” she said. \u{7F}")]
        article.quotations = [
            Quotation(
                text: "We sail", speaker: "Cy Moor", role: "pilot", paragraph: 1, range: 0..<14),
            Quotation(text: "No", paragraph: 0, range: 3..<3),
        ]
        article.related = [RelatedLink(label: "READ MORE", headline: "Dock shut", url: "/dock")]
        article.embeds = [Embed(title: "Plan", creator: "Port", provider: "Scribd", url: "p")]
        article.corrections = ["An earlier version misnamed the ship."]
        article.language = "en-US"
        article.wordCount = 6
        article.captures = [
            CaptureNote(
                original: "sha256:00", file: "a.warc", member: "1",
                captured: "2012-01-01T00:00:00Z",
                accessioned: "2020-01-01T00:00:00Z")
        ]
        article.version = 3
        article.supersedes = 2
        article.withdrawn = "asked by the court"
        return article
    }
}
