import ArchiveProtocol
import Testing

@testable import Archive

private let story = BodyPage.story
private let more = BodyPage.more

/// The texts of an article's blocks.
private func texts(_ article: Article) -> [String] { article.body.map(\.text) }

/// What of a page is its story, one rule a test.
@Suite struct BodyTests {
    @Test(arguments: [
        "<div class='article-newsletter'><p>Every Friday the best of the harbour, free.</p></div>",
        "<section id='comments'><p>I always liked that crane and shall miss it.</p></section>",
        "<div class='share_tools'><p>Tell your friends about this one today.</p></div>",
        "<div role='dialog'><p>We would like to send you notices, may we?</p></div>",
        "<form><label>First name</label><input><p>Fill out this form to get our book.</p></form>",
        "<p aria-hidden='true'>This is here for the layout only, nothing more.</p>",
        "<div class='hidden'><p>Reserved for those who pay for every word.</p></div>",
        "<p>Sign up for our weekly letter and never miss a story from the harbour.</p>",
        "<center><span>Advertisement</span></center>",
        "<p>Tags: crane, harbour, Port Elsin</p>",
        "<p>Be sure to follow me on Pictogram for more of the harbour.</p>",
        "<p class='page-disclosure'>We are paid for what you buy by the links of this page.</p>",
        """
        <div itemscope itemtype='https://schema.org/Person'><p>Ida grew up by the harbour and has
        kept a boat there since she could swim.</p></div>
        """,
    ])
    func `what a page says of itself is no part of its story`(_ part: String) throws {
        let article = try BodyPage.article("<article>\(story)\(part)<p>\(last)</p></article>")
        #expect(texts(article).count == 3)
        #expect(texts(article).last == last)
    }

    private let last =
        "The crane will be shown in the museum of the port, where its jib is to stand."

    @Test func `words of a sentence stay, whatever their element is called`() throws {
        let article = try BodyPage.article(
            "<article>\(story)<p>She would <a class='related-link' href=/b>build another</a> "
                + "one of wood if the council let her do it.</p></article>")
        #expect(texts(article).last?.hasPrefix("She would build another one") == true)
    }

    @Test func `a word that marks the whole page says nothing`() throws {
        let parts = story.split(separator: "<p>").map {
            "<div class='page-widget'><p>\($0)</div>"
        }
        let article = try BodyPage.article("<div>\(parts.joined())</div>")
        #expect(article.body.count == 2)
    }

    @Test func `a page that is about a person is read`() throws {
        let page = "<div itemscope itemtype='http://schema.org/Person'>\(story)\(more)</div>"
        #expect(try BodyPage.article(page).body.count == 4)
    }

    @Test func `comments longer than the story are left out`() throws {
        let comments = (1...20).map {
            "<li><p>Comment \($0): I saw it being built, and it was a good crane all the same, "
                + "whatever the harbour master may say about the foundations.</p></li>"
        }
        let article = try BodyPage.article(
            "<article>\(story)</article>"
                + "<div class='comments-area'><ol>\(comments.joined())</ol></div>"
        )
        #expect(article.body.count == 2)
    }

    @Test func `the first of two stories on a page is its story`() throws {
        let other = (1...3).map {
            "<p>Story two, paragraph \($0): the ferry to Lund runs every hour from the first of "
                + "May, the company said, and twice as often on the days of the fair.</p>"
        }
        let article = try BodyPage.article(
            "<article><h1>Old crane to go</h1>\(story)\(more)"
                + "</article><article><h1>Ferry</h1>\(other.joined())</article>")
        #expect(texts(article).first?.hasPrefix("The harbour master") == true)
        #expect(!texts(article).contains { $0.hasPrefix("Story two") })
    }

    @Test func `a story parted by advertisements is read whole`() throws {
        let parts = story.split(separator: "<p>").map {
            "<div class='story-body'><p>\($0)</div><div class='ad-slot'>Advertisement</div>"
        }
        let article = try BodyPage.article("<div><h1>Old crane to go</h1>\(parts.joined())</div>")
        #expect(article.body.count == 2)
    }

    @Test func `boxes below the story are no part of it`() throws {
        let article = try BodyPage.article(
            "<main>\(story)\(more)"
                + "<div><h3><a href=/x>Ferry to run</a></h3><p>Every hour.</p></div></main>")
        #expect(article.body.count == 4)
    }

    @Test func `a standfirst is the second title`() throws {
        let article = try BodyPage.article(
            "<article><h1>Old crane to go</h1><p class='standfirst'>After a century the pier loses "
                + "its landmark.</p>\(story)</article>")
        #expect(article.alternativeHeadline == "After a century the pier loses its landmark.")
        #expect(article.body.count == 2)
    }

    @Test func `a first paragraph that the description repeats stays`() throws {
        let first = "Nobody in Port Elsin can remember the north pier without its crane of 1911."
        let article = try BodyPage.article(
            "<article><p class='lead'>\(first)</p>\(story)</article>",
            head: "<meta name='description' content='\(first)'>")
        #expect(texts(article).first == first)
    }

    @Test func `small print under a picture is its caption`() throws {
        let page = """
            <title>Old crane to go</title><article>\(story)<p><img src="/crane.jpg" width=600></p>
            <p><em>The crane in 1911 (Ann Roe/Elsin Gull)</em></p><p>\(last)</p></article>
            """
        let reading = try readPage(page, url: "https://gull.example/crane")
        let article = try article(reading)
        #expect(article.images.first?.caption == "The crane in 1911")
        #expect(article.images.first?.credit == "Ann Roe/Elsin Gull")
        #expect(article.body.count == 3)
        let evidence = reading.evidence.first { $0.field == "images[0].caption" }
        #expect(evidence.map { Array(page.utf8)[$0.range].contains(UInt8(ascii: "(")) } == true)
    }

    @Test func `a correction is told apart`() throws {
        let article = try BodyPage.article(
            "<article>\(story)<p>Correction: an earlier text gave the crane's year as 1901.</p>"
                + "</article>")
        #expect(article.corrections.count == 1)
        #expect(article.body.count == 2)
    }

    @Test func `the words of a post are a quote where they stood`() throws {
        let article = try BodyPage.article(
            "<article>\(story)<blockquote class='twitter-tweet'><p>The crane goes. Finally.</p>"
                + "<a href='https://twitter.com/port/status/1'>May 2</a></blockquote>"
                + "<p>\(last)</p></article>")
        #expect(article.body[2].kind == .quote)
        #expect(article.body[2].text.hasPrefix("The crane goes."))
        #expect(article.embeds.first?.provider == "Twitter")
    }

    @Test func `linked data has the text of a page that shows none`() throws {
        let text = String(
            repeating: "The crane goes, said the harbour master of the port. ", count: 9)
        let reading = try readPage(
            """
            <title>Crane</title><script type="application/ld+json">{"@type": "NewsArticle",
            "headline": "Crane", "articleBody": "\(text)"}</script><div id=app></div>
            """)
        #expect(try article(reading).body.first?.text.hasPrefix("The crane goes") == true)
        #expect(reading.evidence.contains { $0.rule == "json-ld/articleBody" })
    }

    @Test func `a page that hides all of its text is read`() throws {
        let article = try BodyPage.article(
            "<div style='display: none'><article>\(story)</article></div>")
        #expect(article.body.count == 2)
    }

    @Test func `what linked data's text lacks is dropped where that text is the story`() throws {
        let told = texts(try BodyPage.article("<article>\(story)\(more)"))
        let article = try BodyPage.article(
            "<article>\(story)<p>Our readers liked the picture book of cranes best last year.</p>"
                + "\(more)</article>",
            head: """
                <script type="application/ld+json">{"@type": "NewsArticle", "headline": "Crane",
                "articleBody": "\(told.joined(separator: " "))"}</script>
                """)
        #expect(texts(article) == told)
    }

    @Test func `a shallow page of ten thousand boxes is read in linear time`() throws {
        let boxes = String(repeating: "<div class='story-body'><p>x</p></div>", count: 10_000)
        let article = try BodyPage.article("<article>\(story)</article>\(boxes)")
        #expect(article.body.first?.text.hasPrefix("The harbour master") == true)
    }
}
