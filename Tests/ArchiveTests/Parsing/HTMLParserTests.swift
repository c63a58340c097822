import ArchiveProtocol
import Testing

@testable import Archive

/// Reads a page as if it had been captured at `url`.
func readPage(
    _ text: String, url: String? = nil,
    by read: (Page) throws -> Reading = { try HTMLParser(styles: .none).read($0) }
) throws -> Reading {
    let bytes = Array(text.utf8)
    let capture = Capture(name: [], bytes: bytes, digest: Digest(of: bytes), url: url)
    return try read(
        Page(capture: capture, text: bytes, encoding: "utf-8", origin: 0, checkpoints: []))
}

/// The article of a reading.
func article(_ reading: Reading) throws -> Article {
    guard case .article(let article) = reading.finding else {
        throw Refusal(.noArticle, "\(reading.finding)")
    }
    return article
}

/// Two paragraphs of some length.
private let prose = """
    <p>The harbour master of Port Elsin said on Monday that the old crane, which has stood at the
    north pier since 1911, would be taken down before winter.</p>
    <p>Its foundations, she said, have moved by eleven centimetres, and nobody knows how long they
    will hold; the town has set money aside for the work.</p>
    """

@Suite struct HTMLParserTests {
    @Test func `linked data in a graph tells headline, authors and dates`() throws {
        let page = """
            <html><head><title>Crane to go - Elsin Gull</title>
            <meta property="og:site_name" content="Elsin Gull">
            <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"},
            {"@type": "NewsArticle", "headline": "Old crane to go", "author": {"@id": "#ida"},
            "datePublished": "2016-05-02T09:30:00+02:00", "articleSection": "Harbour",},
            {"@id": "#ida", "@type": "Person", "name": "Ida Roe"}]}</script></head>
            <body><h1>Old crane to go</h1><article>\(prose)</article></body></html>
            """
        let article = try article(try readPage(page, url: "https://www.gull.example/crane/"))
        #expect(article.headline == "Old crane to go")
        #expect(article.authors == ["Ida Roe"])
        #expect(article.published?.value.hasPrefix("2016-05-02T09:30") == true)
        #expect(article.published?.source == "json-ld")
        #expect(article.section == "Harbour")
        #expect(article.outlet == "Elsin Gull")
        #expect(article.url == "https://gull.example/crane")
        #expect(article.body.count == 2)
    }

    @Test func `what surrounds a story is no part of it`() throws {
        let page = """
            <title>Crane | Gull</title><nav><a href=/a>News</a> <a href=/b>Sport</a></nav>
            <div class="story"><h1>Crane</h1>\(prose)
            <div class="share-tools">Share this story with everyone you know and love today</div>
            <div class="newsletter-signup"><p>Sign up and get the best every morning.</p></div>
            </div><aside><p>Weather: it will rain in all of the town until Thursday.</p></aside>
            <div id="comments"><p>I remember that crane from my childhood, green.</p></div>
            <footer><p>Copyright by the Gull, printed at 4 Quay Street since 1902.</p></footer>
            """
        let article = try article(try readPage(page))
        #expect(article.headline == "Crane")
        #expect(article.body.count == 2)
        #expect(
            article.body.allSatisfy { $0.text.contains("harbour") || $0.text.contains("found") })
    }

    @Test func `the publisher is no author`() throws {
        let page = """
            <title>Crane</title><meta property="og:site_name" content="The Elsin Gull">
            <meta name="author" content="Elsin Gull"><h1>Crane</h1>\(prose)
            """
        #expect(try article(try readPage(page)).authors == [])
    }

    @Test func `dates that most carriers agree upon win`() throws {
        let page = """
            <title>Crane</title><meta name="date" content="2019-01-01">
            <meta property="article:published_time" content="2016-05-02T09:30:00Z">
            <h1>Crane</h1><time datetime="2016-05-02">2 May</time>\(prose)
            """
        let article = try article(try readPage(page, url: "http://gull.example/2016/05/02/crane"))
        #expect(article.published?.value.hasPrefix("2016-05-02T09:30") == true)
    }

    @Test func `a day that is known is not made a minute`() throws {
        let page = "<title>Crane</title><h1>Crane</h1><time datetime='2016-05-02'></time>\(prose)"
        let date = try #require(try article(try readPage(page)).published)
        #expect(date.value == "2016-05-02")
        #expect(date.precision == .day)
    }

    @Test(
        arguments: [
            ("<title>Nothing</title>", nil), ("", nil),
            (
                "<p>A line without any title above it, long enough to be read as a paragraph.</p>",
                nil
            ),
            (
                "<title>Gull</title><p>Read our stories from the harbour, every day anew.</p>",
                "https://gull.example/"
            ),
            (
                "<title>Harbour</title><p>All that we have on the harbour, in one list.</p>",
                "https://gull.example/tag/harbour"
            ),
        ] as [(String, String?)])
    func `a page that is no story says why`(page: String, url: String?) throws {
        let reading = try readPage(page, url: url)
        guard case .noArticle(let reason, let why) = reading.finding else {
            Issue.record("\(reading.finding)")
            return
        }
        #expect(reason == .noArticle)
        #expect(!why.isEmpty)
    }

    @Test func `broken linked data does no harm`() throws {
        let deep = String(repeating: "[", count: 100_000)
        for script in [deep, "{\"@type\":", "{} {}", "\u{1}", "null"] {
            let page = """
                <title>Crane</title><script type="application/ld+json">\(script)</script>
                <h1>Crane</h1>\(prose)
                """
            #expect(try article(try readPage(page)).headline == "Crane")
        }
    }

    @Test func `evidence points at the bytes of its field`() throws {
        let page = "<title>Crane - The Gull</title><h1>Crane</h1>\(prose)"
        let reading = try readPage(page)
        let bytes = Array(page.utf8)
        let headline = try #require(reading.evidence.first { $0.field == "headline" })
        #expect(String(decoding: bytes[headline.range], as: UTF8.self) == "Crane")
        #expect(headline.rule == "h1")
        let body = try #require(reading.evidence.first { $0.field == "body[1]" })
        #expect(String(decoding: bytes[body.range], as: UTF8.self).hasPrefix("Its foundations"))
    }
}
