import ArchiveProtocol
import Testing

@testable import Archive

private let story = BodyPage.story
private let more = BodyPage.more

/// A paragraph of its own.
private let part = """
    The museum of the port will show the jib from next summer on, in a hall that is still to be
    built beside the old customs house.
    """.replacing("\n", with: " ")

/// The texts of the blocks of a page with such a body.
private func texts(_ html: String, head: String = "") throws -> [String] {
    try BodyPage.article(html, head: head).body.map(\.text)
}

/// Which parts of a page belong to its story, though they look as if they did not, and which do
/// not, though they look as if they did.
@Suite struct BodyPartsTests {
    @Test(arguments: [
        "<div class='wrap has-sidebar no-ads'><p>\(part)</p></div>",
        "<div id='block-64ab9ad0-45ad'><p>\(part)</p></div>",
        "<div class='element-12df2ad7'><p>\(part)</p></div>",
        "<div id='how-the-menu-of-a-crane-is-made'><p>\(part)</p></div>",
        "<p id='block-id-n1AuAdJlVL'>\(part)</p>",
        "<div role='region' style='display:none'><p>\(part)</p></div>",
        "<h3><button>The jib</button></h3><div hidden><p>\(part)</p></div>",
        "<p class='paywall' aria-hidden='true'>\(part)</p>",
    ])
    func `what only looks like furniture is read`(_ html: String) throws {
        #expect(try texts("<article>\(story)\(html)\(more)</article>").contains(part))
    }

    @Test(arguments: [
        "<div class='col ad-300'><p>\(part)</p></div>",
        "<div id='right-rail'><p>\(part)</p></div>",
        "<div hidden><p>\(part)</p></div>",
    ])
    func `a word that stands for itself is believed`(_ html: String) throws {
        #expect(try !texts("<article>\(story)\(html)\(more)</article>").contains(part))
    }

    @Test func `a part that was sent after the page is read`() throws {
        let page = "<div id=a>\(story)</div><div hidden id='S:1'>\(more)</div>"
        #expect(try texts(page).count == 4)
    }

    @Test func `a heading that folds is a heading`() throws {
        let article = try BodyPage.article(
            "<article>\(story)<h3><button>What of the jib?</button></h3>\(more)</article>")
        #expect(article.body.contains(Block(.heading, "What of the jib?")))
    }

    @Test func `a quotation with a portrait is no picture`() throws {
        let article = try BodyPage.article(
            "<article>\(story)<figure><img src=/roe.jpg width=90><blockquote>It was a good crane"
                + " as long as it stood.</blockquote></figure>\(more)</article>")
        #expect(article.body.contains(Block(.quote, "It was a good crane as long as it stood.")))
    }

    @Test func `paragraphs between the title and the story's element are the story's`() throws {
        let page = """
            <main><h1>Old crane to go</h1><div class=sum><p>\(part)</p><p>\(part) Soon.</p></div>
            <div class='story-body'>\(story)\(more)</div></main>
            """
        #expect(try texts(page).prefix(2) == [part[...], "\(part) Soon."].map(String.init)[...])
    }

    @Test func `a single one between them is none`() throws {
        let page = """
            <main><h1>Old crane to go</h1><div class=sum><p>\(part)</p></div>
            <div class='story-body'>\(story)\(more)</div></main>
            """
        #expect(try !texts(page).contains(part))
    }

    @Test func `a list that a sentence announces is of the story`() throws {
        let list =
            "<ul><li><a href=/a>The crane of Lund</a><li><a href=/b>The crane of Elm</a></ul>"
        let lead = "<p>Three cranes of the same make are still standing at the coast:</p>"
        #expect(
            try texts("<article>\(story)\(lead)\(list)\(more)</article>")
                .contains("The crane of Lund"))
        #expect(
            try !texts("<article>\(story)\(list)\(more)</article>").contains("The crane of Lund"))
    }

    @Test func `a link among items that are none is of their list`() throws {
        let list = "<ul><li><a href=/a>The crane of Lund</a><li>The mill<li>The old lock</ul>"
        #expect(
            try texts("<article>\(story)\(list)\(more)</article>").contains("The crane of Lund"))
    }

    // MARK: Below the story

    @Test func `what stands under a heading of its own below the story is left out`() throws {
        let page = """
            <article>\(story)\(more)<h3>About the author</h3><p>Ann Roe has written of harbours
            since she could hold a pen.</p></article>
            """
        #expect(try texts(page).count == 4)
    }

    @Test func `such a heading in the middle of a story is one of it`() throws {
        let page = "<article>\(story)<h3>Contact</h3>\(more)\(story)\(more)</article>"
        #expect(try texts(page).contains("Contact"))
    }

    @Test(arguments: [
        "<p>All of this is for informational purposes only and no advice to owners of cranes.</p>",
        "<p>With files from the Harbour Wire.</p>", "<p>Translated by Jane Roe</p>",
        "<p>[1] The Elsin Gull of 4 May 1911</p><p>[12] Minutes of the harbour board, 1911</p>",
    ])
    func `a line about the story is no end of it`(_ line: String) throws {
        #expect(try texts("<article>\(story)\(more)\(line)</article>").count == 4)
    }

    @Test func `a line about the writer is no end of a story`() throws {
        let head = "<meta name=author content='Ann Roe'>"
        let line = "<p>Ann Roe is the harbour correspondent of the Gull and lives at the pier.</p>"
        #expect(try texts("<article>\(story)\(more)\(line)", head: head).count == 4)
        #expect(try texts("<article>\(story)\(more)\(line)").count == 5)
    }
}

/// Notices of corrections, wherever they stand.
@Suite struct BodyCorrectionsTests {
    @Test(arguments: [
        "<ul><li>Correction: the crane is of 1911.</ul>",
        "<h4>Corrections</h4><ul><li>The crane is of 1911.</ul>",
        "<h4>Editor’s note</h4><p>The crane is of 1911.</p>",
        "<p>May 4, 2011: An earlier version of this story gave the crane's year as 1901.</p>",
    ])
    func `a notice is told apart from the story`(_ html: String) throws {
        let article = try BodyPage.article("<article>\(story)\(html)\(more)</article>")
        #expect(article.corrections.count == 1)
        #expect(article.body.count == 4)
    }

    @Test func `a heading announces the list below it, and no more`() throws {
        let article = try BodyPage.article(
            "<article>\(story)<h4>Corrections</h4><ul><li>It is of 1911.<li>Ann Roe wrote it.</ul>"
                + "\(more)</article>")
        #expect(article.corrections == ["It is of 1911.", "Ann Roe wrote it."])
        #expect(article.body.count == 4)
    }
}

/// Tickers and round-ups.
@Suite struct BodyGenreTests {
    private static let updates = (1...4).map {
        "<p><span class=date>14:0\($0)</span></p><p>Update \($0): \(part)</p>"
    }.joined()

    @Test func `linked data tells a ticker`() throws {
        let reading = try readPage(
            """
            <title>Crane</title><script type="application/ld+json">{"@type": "LiveBlogPosting",
            "headline": "Crane"}</script><article>\(story)</article>
            """)
        #expect(try article(reading).genre == .live)
        #expect(reading.evidence.contains { $0.field == "genre" && $0.rule == "json-ld/@type" })
    }

    @Test func `the element tells a ticker, which keeps its times`() throws {
        let reading = try readPage(
            "<title>Crane</title><article><div class=liveblog>\(Self.updates)</div></article>")
        let article = try article(reading)
        #expect(article.genre == .live)
        #expect(article.body.count { BodyGenre.isTime($0.text) } == 4)
        #expect(reading.evidence.contains { $0.field == "genre" && $0.rule == "html/live" })
    }

    @Test func `its own words tell a ticker, if it has times`() throws {
        let updates = Self.updates.replacing(" class=date", with: "")
        func genre(_ body: String) throws -> Genre? {
            try article(
                try readPage("<title>Live updates: crane comes down</title><article>\(body)")
            ).genre
        }
        #expect(try genre(updates) == .live)
        #expect(try genre(story) == nil)
    }

    @Test func `its own words tell a round-up, if it has parts`() throws {
        func genre(_ body: String) throws -> Genre? {
            try article(try readPage("<title>Harbour news in brief</title><article>\(body)")).genre
        }
        let parts = ["Crane", "Ferry", "Mill"].map { "<h3>\($0)</h3>\(story)\($0)" }
        #expect(try genre(parts.joined()) == .roundUp)
        #expect(try genre(story) == nil)
    }

    @Test(arguments: ["14:05", "9:30 pm", "2.15 pm: gone", "14.05 Uhr", "9h30"])
    func `a time of day is one`(_ text: String) { #expect(BodyGenre.isTime(text)) }

    @Test(arguments: ["14", "1914", "25:00", "14:75", "2.15 million", "3.50", "", ":30"])
    func `a number is no time of day`(_ text: String) { #expect(!BodyGenre.isTime(text)) }
}
