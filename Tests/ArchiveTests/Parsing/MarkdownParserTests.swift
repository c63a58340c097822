import ArchiveProtocol
import Testing

@testable import Archive

private func markdown(_ text: String) throws -> Article {
    try article(readPage(text) { try MarkdownParser(styles: .none).read($0) })
}

@Suite struct MarkdownParserTests {
    @Test(arguments: [
        ("Fire: Two \"Heroes\" Named", "Fire: Two \"Heroes\" Named"),
        ("\"Left\" Turn Is \"Right\"", "\"Left\" Turn Is \"Right\""),
        ("'Old Crane' Goes To 'Museum'", "'Old Crane' Goes To 'Museum'"),
        ("\"Fire: Two Named\"", "Fire: Two Named"), ("'It''s Over'", "It's Over"),
        ("\"She said \\\"no\\\"\"", "She said \"no\""), ("R&D; At H&M", "R&D; At H&M"),
    ])
    func `a title keeps the marks that are its own`(value: String, headline: String) throws {
        let article = try markdown("---\ntitle: \(value)\ndate: 2015-03-04\n---\n\nText.\n")
        #expect(article.headline == headline)
    }

    @Test(arguments: [
        "---\ntitle: A\nauthors:\n  - Ida Roe\n  - Jon Poe\ntags: [x, y]\n---\nText.",
        "---\ntitle: A\nauthors: [\"Ida Roe\", 'Jon Poe']\n---\nText.",
        "---\ntitle: A\nauthor: Ida Roe and Jon Poe\n---\nText.",
        "---\ntitle: A\nauthors:\n- name: Ida Roe\n- name: Jon Poe\n---\nText.",
        "+++\ntitle = \"A\"\nauthors = [\"Ida Roe\", \"Jon Poe\"]\n+++\nText.",
        "---\r\ntitle: A\r\nauthor: Ida Roe, Jon Poe\r\n---\r\nText.",
    ])
    func `authors are read in every way of listing them`(text: String) throws {
        #expect(try markdown(text).authors == ["Ida Roe", "Jon Poe"])
    }

    @Test(arguments: [
        "---\ntitle: A\nauthor:\n  name: Ida Roe\n  url: https://gull.example/ida\n---\nText.",
        "---\ntitle: >-\n  A\nauthor:\n  - \"[[Ida Roe]]\"\nsource: https://gull.example/a\n---\n"
            + "Text.",
        "---\ntitle: A\nauthor: Ida Roe\n\nText.", "Title: A\nAuthor: Ida Roe\n\nText.",
        "Title: A\n\nURL Source: https://gull.example/a\n\nAuthor: Ida Roe\n\n"
            + "Markdown Content:\nText.",
        "---\nsource: https://gull.example/a\nauthor: Ida Roe\n---\n\n# A\n\nText.",
        "---\ntitle: A\nauthor: Ida Roe\n---\n\n# A\n\nText.",
    ])
    func `front matter is read as exports and clippers write it`(text: String) throws {
        let article = try markdown(text)
        #expect(article.headline == "A")
        #expect(article.authors == ["Ida Roe"])
        #expect(article.body == [Block(.paragraph, "Text.")])
        #expect(!text.contains("gull.example/a\n") || article.url == "https://gull.example/a")
    }

    @Test func `text behind a rule stays where the front matter was never closed`() throws {
        let article = try markdown("---\ntitle: A\n\nOne of them.\n\n---\n\nTwo of them.\n")
        #expect(article.body.map(\.text) == ["One of them.", "Two of them."])
    }

    @Test func `links and headings that were broken at a column are put together`() throws {
        let article = try markdown(
            """
            # The Old Crane at the Northern End of the Harbor Goes Away to
            Another Town

            By Ida Roe

            The crane went to [Another
            Town](https://gull.example/town "A town") on Monday.\\
            It rained.

            ![](data:image/png;base64,\(String(repeating: "QUJD", count: 3000)))
            """)
        #expect(
            article.headline
                == "The Old Crane at the Northern End of the Harbor Goes Away to Another Town")
        #expect(article.authors == ["Ida Roe"])
        #expect(
            article.body.map(\.text) == ["The crane went to Another Town on Monday. It rained."])
        #expect(article.images.isEmpty)
    }

    @Test func `the fields of the front matter are taken`() throws {
        let article = try markdown(
            """
            ---
            title: Crane goes
            date: March  4, 2015  9:58 AM
            updated: 2015-03-05
            category: Harbour
            canonical: https://web.archive.org/web/2016/http://www.gull.example/crane/
            ---
            Text.
            """)
        #expect(article.published?.value == "2015-03-04T09:58")
        #expect(article.published?.source == "front-matter")
        #expect(article.modified?.value == "2015-03-05")
        #expect(article.section == "Harbour")
        #expect(article.url == "https://gull.example/crane")
    }

    @Test func `the blocks of Markdown are told apart`() throws {
        let article = try markdown(
            """
            ---
            title: Crane goes
            ---
            First *line*
            second __line__ of [a link](http://gull.example/a "t").

            Setext
            ------

            ### Heading ###

            > Said so.

            * One
            * Two_words_here \\*
            1. Three

            ![Crane](http://web.archive.org/web/2016im_/http://gull.example/c.jpg "Rain (Ida Roe)")

            ***

            <figure><img src="http://gull.example/d.jpg"><figcaption>A pier</figcaption></figure>

            Caf&eacute; & more
            """)
        #expect(
            article.body == [
                Block(.paragraph, "First line second line of a link."), Block(.heading, "Setext"),
                Block(.heading, "Heading"), Block(.quote, "Said so."), Block(.listItem, "One"),
                Block(.listItem, "Two_words_here *"), Block(.listItem, "Three"),
                Block(.paragraph, "Café & more"),
            ])
        #expect(
            article.images == [
                Image(
                    caption: "Rain", credit: "Ida Roe", alt: "Crane",
                    url: "http://gull.example/c.jpg"),
                Image(caption: "A pier", url: "http://gull.example/d.jpg"),
            ])
    }

    @Test func `a file without front matter opens with headline, byline and date`() throws {
        let article = try markdown(
            "# Crane goes\n\nBy Ida Roe\n\nMarch 4, 2015\n\nThe crane went on Monday.\n")
        #expect(article.headline == "Crane goes")
        #expect(article.authors == ["Ida Roe"])
        #expect(article.published?.value == "2015-03-04")
        #expect(article.body == [Block(.paragraph, "The crane went on Monday.")])
    }

    @Test func `a signed story of pictures alone is a story`() throws {
        let article = try markdown(
            "---\ntitle: Crane\nauthor: Ida Roe\n---\n<img src=\"http://gull.example/a.jpg\">"
        )
        #expect(article.body.isEmpty)
        #expect(article.images.count == 1)
    }

    @Test(arguments: [
        "Just a line.", "---\ndate: 2015-03-04\n---\nText.", "---\ntitle: Crane\n---\n",
        "# Crane\n", "---\ntitle: never closed\nText", "Crane: it goes\n\nText",
    ])
    func `a file without headline or text is no story`(text: String) throws {
        let reading = try readPage(text) { try MarkdownParser(styles: .none).read($0) }
        guard case .noArticle(.noArticle, _) = reading.finding else {
            Issue.record("\(reading.finding)")
            return
        }
    }

    @Test(arguments: ["[", "![", "[a](", "**", "<a ", "> ", "&", "\\", "```\n", "<div>\n\n"])
    func `a flood of marks is read to its end`(mark: String) throws {
        let flood = String(repeating: mark, count: 40_000)
        let article = try markdown("---\ntitle: Flood\ndate: 2015-03-04\n---\nText\n\n\(flood)")
        #expect(article.headline == "Flood")
        #expect(article.body.first?.text == "Text")
    }
}
