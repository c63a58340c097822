import ArchiveProtocol
import Testing

@testable import Archive

/// Who is said to have written a story, and by what.
struct MetadataAuthorsTests {
    private func authors(head: String = "", top: String = "", bottom: String = "") throws
        -> [String]
    {
        try MetadataPage(head: head, top: top, bottom: bottom).article().authors
    }

    @Test(arguments: [
        "<meta name=author content='Ida Roe'>",
        "<meta property='article:author' content='Ida Roe'>",
        "<meta name='parsely-author' content='Ida Roe'>",
        "<meta name='DC.creator' content='Roe, Ida'>",
        "<meta name='sailthru.author' content='Ida Roe'>", "<meta name=byl content='By Ida Roe'>",
        "<meta name='citation_author' content='Roe, Ida'>",
        "<meta name='twitter:label1' content='Written by'>"
            + "<meta name='twitter:data1' content='Ida Roe'>",
    ])
    func `the head names the writer`(head: String) throws {
        #expect(try authors(head: head) == ["Ida Roe"])
    }

    @Test(arguments: [
        "https://www.facebook.com/elsingull", "@idaroe", "105092", "gull.example", "The Elsin Gull",
    ])
    func `addresses, handles, numbers and the site are no writers`(value: String) throws {
        let head = """
            <meta property="og:site_name" content="Elsin Gull">
            <meta name="author" content="\(value)">
            """
        #expect(try authors(head: head) == [])
    }

    @Test(arguments: [
        ("<p class=byline>By Ida Roe and Jon Poe</p>", ["Ida Roe", "Jon Poe"]),
        (
            "<p class=byline>By <a>Ida Roe</a>, <a>Jon Poe</a> and <a>Li O'Dell</a></p>",
            ["Ida Roe", "Jon Poe", "Li O'Dell"]
        ),
        ("<div class=article__author>Von Ida Roe und Jörg Maß</div>", ["Ida Roe", "Jörg Maß"]),
        ("<p class=auteur>Par Élise Roux et Luc Blanc</p>", ["Élise Roux", "Luc Blanc"]),
        ("<p class=autor>Por Ana Ruiz y Luis Gil</p>", ["Ana Ruiz", "Luis Gil"]),
        ("<p class=autore>di Ugo Neri e Ada Riva</p>", ["Ugo Neri", "Ada Riva"]),
        ("<p class=auteur>Door Jan de Wit</p>", ["Jan de Wit"]),
        ("<p class=byline>Av Kari Li og Per Moe</p>", ["Kari Li", "Per Moe"]),
        (
            "<div class=author-card><span>By</span><a>Ida Roe</a><span>Lifestyle Writer</span>"
                + "<span>14:00</span></div>", ["Ida Roe"]
        ),
        ("<div class=byline>Ida Roe, Staff Writer | May 2, 2016</div>", ["Ida Roe"]),
        ("<div class=byline><span>Ida Roe</span><button>Follow</button></div>", ["Ida Roe"]),
        ("<a rel=author href=/ida>Ida Roe</a>", ["Ida Roe"]),
        ("<span itemprop=author><span itemprop=name>Ida Roe</span></span>", ["Ida Roe"]),
        ("<span property='schema:author'>Ida Roe</span>", ["Ida Roe"]),
        ("<span class='author vcard'><a class=fn>Ida Roe</a></span>", ["Ida Roe"]),
        ("<div data-testid=AuthorCard>Ida Roe</div>", ["Ida Roe"]),
        (
            "<address data-component=meta-byline><a>Ida Roe</a> and <a>Jon Poe</a></address>",
            ["Ida Roe", "Jon Poe"]
        ),
        ("<p><span>Written by</span> <b>Ida Roe</b></p>", ["Ida Roe"]),
        ("<div><p>Written by:</p><p>Ida Roe</p></div>", ["Ida Roe"]),
        ("<p>Interview von Ida Roe</p><a href='/autor/roe/'>Ida Roe</a>", ["Ida Roe"]),
        ("<aside><a rel=author href=/ida>Ida Roe</a></aside>", ["Ida Roe"]),
        ("<p class=byline>Von Gull-Online-Experte Ida Roe</p>", ["Ida Roe"]),
        ("<p class=byline>By Ida Roe ⋅ Reviewed by Max Other</p>", ["Ida Roe"]),
        (
            "<p class=byline>By <a>Ida Roe</a> <span>Updated by</span> <a>Max Other</a></p>",
            ["Ida Roe"]
        ),
    ])
    func `a printed byline gives its names`(top: String, names: [String]) throws {
        #expect(try authors(top: top) == names)
    }

    @Test(arguments: [
        "<figure><span itemprop=author>Lew Ash</span></figure>",
        "<section class=comments><p class=author>Lew Ash</p></section>",
        "<div class=related-stories><span class=byline>By Lew Ash</span></div>",
        "<article><h2>Other</h2><p class=byline>By Lew Ash</p></article>",
        "<div itemscope itemtype='https://schema.org/ImageObject'>"
            + "<meta itemprop=author content='Lew Ash'></div>",
        "<p class=author-role>Read more articles</p>",
    ])
    func `names of pictures, comments and other stories are passed over`(bottom: String) throws {
        #expect(try authors(bottom: bottom) == [])
    }

    @Test func `one writer in two spellings is one`() throws {
        let head = """
            <meta name="author" content="ELISE ROUX"><meta name="author" content="Élise Roux">
            """
        #expect(
            try authors(head: head, top: "<p class=byline>Par Élise Roux</p>") == ["Élise Roux"])
    }

    @Test func `a byline in capitals is written as another carrier has it`() throws {
        let linked = MetadataPage.linked(
            "{\"@type\": \"Article\", \"headline\": \"Old crane to go\", \"author\": \"IDA ROE\"}")
        #expect(try authors(head: linked) == ["IDA ROE"])
        #expect(try authors(head: linked, top: "<p class=byline>By Ida Roe</p>") == ["Ida Roe"])
    }

    @Test func `an organisation is named where nobody else is`() throws {
        let linked = MetadataPage.linked(
            """
            {"@type": "Article", "headline": "Old crane to go",
             "author": {"@type": "Organization", "name": "The Elsin Gull"}}
            """)
        #expect(try authors(head: linked) == ["The Elsin Gull"])
        #expect(try authors(head: linked, top: "<p class=byline>By Ida Roe</p>") == ["Ida Roe"])
    }

    @Test func `a credit at the story's end is read`() throws {
        let page = MetadataPage()
        let text = page.text.replacing(
            "for the work.</p>", with: "for the work.</p><p>Auteur : Ida Roe</p>")
        #expect(try story(text).authors == ["Ida Roe"])
    }

    @Test(arguments: [
        ("<p>Von:\n <span><a href='/ida-roe'>Ida Roe</a></span></p>", ["Ida Roe"]),
        ("<ul><li><strong>Autorin/Autor</strong>\nIda Roe</li></ul>", ["Ida Roe"]),
        ("<p>Author: Ida Roe</p>", ["Ida Roe"]),
        ("<p class=author>erstellt von <a href='/author/ida'>Ida</a></p>", ["Ida"]),
        (
            """
            <div class=byline><a rel=author href='mailto:i@gull.example'><span>Ida</span>
            <span>Roe</span></a></div><div class=byline><a rel=author href='/jon'><span>Jon Lee
            </span> <span>Poe</span></a></div>
            """, ["Ida Roe", "Jon Lee Poe"]
        ),
        (
            "<p class=byline>By Ida Roe, The Associated Press</p>",
            ["Ida Roe", "The Associated Press"]
        ),
        ("<p class=byline>By <a rel=author href='/author/quayrat'>quayrat</a></p>", ["quayrat"]),
    ])
    func `the writer is named behind a label`(top: String, names: [String]) throws {
        #expect(try authors(top: top) == names)
    }

    @Test func `whom print and another carrier name comes before one who put the story up`() throws
    {
        let linked = MetadataPage.linked(
            """
            {"@type": "Article", "headline": "Old crane to go",
             "author": {"@type": "Person", "name": "Lew Ash"}}
            """)
        let byline = "<p class=byline>By Ida Roe and Jon Poe</p>"
        let named = linked + "<meta name=parsely-author content='Ida Roe'>"
        #expect(try authors(head: named, top: byline) == ["Ida Roe", "Jon Poe"])
        #expect(try authors(head: linked, top: byline) == ["Lew Ash"])
        let more = linked + "<meta name=author content='Lew Ash, Ida Roe'>"
        #expect(try authors(head: more) == ["Lew Ash", "Ida Roe"])
    }

    @Test func `a team that the page calls a person stands beside the others`() throws {
        let linked = MetadataPage.linked(
            """
            {"@type": "Article", "headline": "Old crane to go", "author": [
             {"@type": "Person", "name": "Ida Roe"}, {"@type": "Person", "name": "Harbour Desk"},
             {"@type": "Organization", "name": "Gull Media Ltd"},
             {"@type": "Organization", "name": "Agence France-Presse"}]}
            """)
        #expect(try authors(head: linked) == ["Ida Roe", "Harbour Desk", "Agence France-Presse"])
    }

    @Test func `a part of the house is none of the writers`() throws {
        let head = "<meta property='og:site_name' content='GULL'>"
        #expect(
            try authors(head: head, top: "<p class=byline>By Ida Roe, GULL North</p>")
                == ["Ida Roe"])
        #expect(try authors(top: "<p class=byline>By Ida Roe, QRX North</p>").count == 2)
    }

    @Test func `names in a line above the story are its writers'`() throws {
        let text = MetadataPage().text.replacing(
            "<div class=\"story-body\">", with: "<div class=story-body><p>Ida Roe/Jon Poe</p>")
        #expect(try story(text).authors == ["Ida Roe", "Jon Poe"])
    }

    @Test func `a profession and its field in one word is no name`() throws {
        #expect(!BylineNames.isPerson("Leitender Wirtschaftsredakteur"))
        let top = "<p class=byline>Von <a>Ida Roe</a> <span>Leitende Hafenredakteurin</span></p>"
        #expect(try authors(top: top) == ["Ida Roe"])
    }

    @Test func `a sentence's end is no name`() {
        #expect(!BylineNames.isPerson("Roger Ashby."))
        #expect(BylineNames.isPerson("Ida Roe Jr."))
    }

    private func story(_ text: String) throws -> Article {
        guard case .article(let article) = try readPage(text).finding else {
            throw Refusal(.noArticle, "no article")
        }
        return article
    }

    @Test func `carriers that disagree are kept as evidence`() throws {
        let page = MetadataPage(
            head: "<meta name=author content='Jon Poe'>",
            top: "<p class=byline>By Ida Roe</p>")
        #expect(try page.article().authors == ["Ida Roe"])
        let evidence = try page.evidence("authors")
        #expect(evidence.map(\.item.confidence) == [.low, .rival])
        #expect(evidence.map(\.item.rule) == ["html/byline", "meta/author"])
        #expect(evidence.last?.bytes == "Jon Poe")
        #expect(try page.evidence("byline").first?.bytes == "By Ida Roe")
    }
}
