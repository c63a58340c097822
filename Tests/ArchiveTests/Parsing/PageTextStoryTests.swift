import ArchiveProtocol
import Testing

@testable import Archive

/// The story among the lines of a whole page.
struct PageTextStoryTests {
    private static let menu = ["Home", "News", "Harbor", "Schools", "Weather", "Sign in", "Menu"]
    private static let title = "Old Crane at North Basin Comes Down After Ninety Years"
    private static let prose = [
        "The crane that stood above the northern basin for ninety years was taken down on Monday, "
            + "and the crowd that had come to watch it stayed silent for a minute.",
        "Crews cut the last of its four legs at noon, and the boom came to rest on a bed of sand "
            + "that had been poured for it the night before, the harbor board said.",
        "The museum will get the cabin, with the chair in which the last driver sat until 1994, "
            + "and a school has asked for the hook, the chairman of the board said on Tuesday.",
    ]
    private static let foot = [
        "Most read", "Harbor Bridge to Close for Eleven Weekends", "Contact us", "Privacy policy",
    ]

    private func read(
        head: [String], body: [String] = Self.prose, foot: [String] = Self.foot,
        style: HouseStyle? = nil
    ) throws -> Article {
        let text = (Self.menu + head + body + foot).joined(separator: "\n")
        let parser = PageTextParser(styles: HouseStyles(style.map { [$0] } ?? []))
        let finding = try parser.read(PageTextParserTests.page(Array(text.utf8))).finding
        guard case .article(let article) = finding else {
            Issue.record("\(finding)")
            return Article()
        }
        return article
    }

    @Test(arguments: [
        ["By Ida Roe", "January 26, 2017"], ["January 26, 2017", "Ida Roe"],
        ["By", "Ida Roe", "January 26, 2017 5 min read"], ["Ida Roe", "Posted January 26, 2017"],
        ["Von Ida Roe, dpa", "26. Januar 2017, 15:14 Uhr"], ["Par Ida Roe", "26 janvier 2017"],
        ["Por Ida Roe", "26 de enero de 2017"],
        ["Ida Roe Ida Roe", "Publisert 26.01.2017 - 15:14"],
        ["Ida Roe | Harbor Desk", "26 January 2017"],
    ])
    func `who wrote it and when is found between menus and text`(credits: [String]) throws {
        let article = try read(head: [Self.title] + credits + ["Share", "Copy link"])
        #expect(article.headline == Self.title)
        #expect(article.authors == ["Ida Roe"])
        #expect(article.published?.value.hasPrefix("2017-01-26") == true)
        #expect(article.modified == nil)
        #expect(article.body.map(\.text) == Self.prose)
    }

    @Test func `the day of a change stands in for that of publication, in doubt`() throws {
        let text = (Self.menu + [Self.title, "Stand: 26.01.2017 15:14 Uhr"] + Self.prose)
            .joined(separator: "\n")
        let reading = try PageTextParser(styles: .none).read(
            PageTextParserTests.page(Array(text.utf8)))
        guard case .article(let article) = reading.finding else {
            Issue.record("no article")
            return
        }
        #expect(article.published?.value == "2017-01-26")
        #expect(article.modified?.value == "2017-01-26T15:14")
        let evidence = reading.evidence.first { $0.field == "published" }
        #expect(evidence?.confidence == .low)
    }

    @Test func `a headline is told from kicker, caption, standfirst and offers`() throws {
        let article = try read(head: [
            "Ferry Returns to the Basin After Years", "Harbor > Basin", "Harbor news",
            Self.title, "The rusty giant outlived three shipyards and one mayor of the town",
            "By Ida Roe", "The crane on Monday. Photo: Jon Poe/Post",
        ])
        #expect(article.headline == Self.title)
        #expect(article.alternativeHeadline?.hasPrefix("The rusty giant") == true)
        #expect(article.images == [Image(caption: "The crane on Monday.", credit: "Jon Poe/Post")])
        #expect(article.body.map(\.text) == Self.prose)
    }

    @Test func `a list of stories with days of their own is none`() throws {
        let teasers = (0..<8).flatMap { number in
            [
                "Boat Number \(number) Ties Up at the Pier", "January \(number + 1), 2017",
                Self.prose[0],
            ]
        }
        let text = (Self.menu + teasers).joined(separator: "\n")
        guard
            case .noArticle = try PageTextParser(styles: .none).read(
                PageTextParserTests.page(Array(text.utf8))
            ).finding
        else {
            Issue.record("read as an article")
            return
        }
    }

    @Test func `a house style tells where a story ends and what is the site's`() throws {
        let more = Self.prose.map { $0.replacing("crane", with: "ferry") }
        let body = Self.prose + ["What our readers sent us", "A note of the house."] + more
        let head = [Self.title, "By Ida Roe", "January 26, 2017"]
        #expect(try read(head: head, body: body).body.count > Self.prose.count)
        var style = HouseStyle(outlet: "The Post")
        style.banners = ["Home News Harbor"]
        style.endMarks = ["What our readers sent us"]
        let article = try read(head: head, body: body, style: style)
        #expect(article.body.map(\.text) == Self.prose)
        #expect(article.outlet == "The Post")
    }

    @Test(arguments: [
        "Crane Goes | Harbor Post", "Crane Goes - harborpost.example", "Crane Goes – The Post",
    ])
    func `the name of the site is taken off a title`(title: String) {
        let style = HouseStyle(outlet: "The Post")
        func cut(_ title: String) -> String {
            TextScanning.string(PageTextWords.withoutSite(Array(title.utf8), style: style))
        }
        #expect(cut("The Old " + title) == "The Old Crane Goes")
        #expect(cut("Crane - Boom - Bust at the Old Yard") == "Crane - Boom - Bust at the Old Yard")
    }

    @Test(arguments: ["Home\n", "A line of prose that goes on and ends.\n", "Share\nBy Ida Roe\n"])
    func `a page of one repeated line takes time in proportion`(piece: String) {
        let clock = ContinuousClock()
        func time(_ count: Int) -> Duration {
            let page = PageTextParserTests.page(Array(String(repeating: piece, count: count).utf8))
            return clock.measure { _ = try? PageTextParser(styles: .none).read(page) }
        }
        _ = time(100)
        #expect(time(16_000) < time(2_000) * 40 + .milliseconds(200))
    }
}
