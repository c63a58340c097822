import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

struct NewsFormsTests {
    private func reading(_ text: String, url: String? = nil) throws -> Reading {
        var capture = Capture(name: Array("x".utf8), bytes: Array(text.utf8))
        capture.url = url
        return try Parser(styles: .none).read(capture)
    }

    private func article(_ text: String, url: String? = nil) throws -> Article {
        let reading = try reading(text, url: url)
        guard case .article(let article) = reading.finding else {
            throw Refusal(.noArticle, "\(reading.finding)")
        }
        return article
    }

    private func words(_ text: String) throws -> String? {
        if case .noArticle(_, let words) = try reading(text).finding { words } else { nil }
    }

    private static let many = String(repeating: "The ferry crossed the harbour. ", count: 6)

    private func rss(_ item: String, channel: String = "") -> String {
        "<rss xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
            + "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\(channel)<item>\(item)"
            + "<description>\(Self.many)</description></item></channel></rss>"
    }

    // MARK: Dates and statuses

    @Test(
        arguments: [
            ("20130605T210000+0000", "2013-06-05T21:00:00+00:00"),
            ("20130605T2100Z", "2013-06-05T21:00Z"), ("20090506", "2009-05-06"),
            ("2014-07-22T06:20:12.000Z", "2014-07-22T06:20:12Z"),
            ("2014-07-22T06:20:12.123+02:00", "2014-07-22T06:20:12+02:00"),
            ("\n 2018-01-03T20:13:08 \n", "2018-01-03T20:13:08"), ("T1", nil), ("", nil),
            ("20131305T210000Z", nil), ("20130605T21", nil),
        ] as [(String, String?)])
    func `dates of wires are read as they are written`(text: String, expected: String?) {
        #expect(NewsDraft.date(text, source: "x")?.value == expected)
    }

    @Test(
        arguments: [
            ("stat:canceled", WithdrawalNotice.Status.canceled), ("Canceled", .canceled),
            ("http://cv.iptc.org/newscodes/pubstatusg2/withheld", .withheld),
            ("cancelled", .canceled),
            ("stat:usable", nil), ("", nil), ("canceled-soon", nil),
        ] as [(String, WithdrawalNotice.Status?)])
    func `a status is told by its last word`(word: String, expected: WithdrawalNotice.Status?) {
        #expect(NewsDraft.status(word) == expected)
    }

    // MARK: Feeds

    @Test func `an author's address is no part of the name`() throws {
        #expect(
            try article(rss("<author>mark@example.org (Mark Reed)</author>")).authors == [
                "Mark Reed"
            ])
        #expect(
            try article(rss("<dc:creator>Mark Reed (mark@example.org)</dc:creator>")).authors
                == ["Mark Reed"])
    }

    @Test func `what an item does not say is taken from its channel`() throws {
        let channel =
            "<title>The Gazette</title><language>en-us</language><dc:creator>Ada Quill</dc:creator>"
        let article = try article(rss("<title>x</title>", channel: channel))
        #expect(article.outlet == "The Gazette")
        #expect(article.language == "en-US")
        #expect(article.authors == ["Ada Quill"])
    }

    @Test func `the last of several dates holds, and a change alone stands for publication`() throws
    {
        let text = """
            <feed xmlns="http://www.w3.org/2005/Atom"><entry><updated>2010-12-01T10:14:55Z</updated>
            <updated>2003-12-31T10:14:55Z</updated><content>\(Self.many)</content></entry></feed>
            """
        let article = try article(text)
        #expect(article.published?.value == "2003-12-31T10:14:55Z")
        #expect(article.modified == nil)
    }

    @Test func `a title with markup or references escaped twice is plain`() throws {
        #expect(try article(rss("<title>A &amp;amp; B</title>")).headline == "A & B")
        #expect(try article(rss("<title>&lt;b&gt;A&lt;/b&gt; b</title>")).headline == "A b")
        #expect(try article(rss("<title>2 &lt; 3</title>")).headline == "2 < 3")
    }

    @Test func `text of Atom that is announced as plain keeps its brackets`() throws {
        let text = """
            <feed xmlns="http://www.w3.org/2005/Atom"><entry>
            <content type="text">The &lt;blink&gt; tag. \(Self.many)</content></entry></feed>
            """
        #expect(try article(text).body.first?.text.hasPrefix("The <blink> tag.") == true)
    }

    @Test func `a teaser is no article, unless it is long`() throws {
        func item(_ text: String) -> String {
            "<rss><channel><item><title>T</title><description>\(text)</description></item>"
                + "</channel></rss>"
        }
        #expect(try words(item(Self.many + "[...]")) == "a teaser of 31 words: T")
        #expect(try words(item(Self.many + "and then\u{2026}"))?.hasPrefix("a teaser") == true)
        #expect(try words(item("Three words only.")) == "a feed's item of 3 words: T")
        #expect(try words(item("")) == "a feed's item without text: T")
        let long = String(repeating: Self.many, count: 4) + "[...]"
        #expect(try article(item(long)).wordCount == 121)
    }

    @Test func `a document of several items is no single page`() throws {
        let text = "<rss><channel><item/><item/></channel></rss>"
        #expect(try words(text) == "a document of 2 items, which is no single page")
    }

    @Test func `links are read against xml base, then against the address of the capture`() throws {
        let text = """
            <feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="2009/"><link href="ferry"/>
            <content>\(Self.many)</content></entry></feed>
            """
        #expect(
            try article(text, url: "http://gazette.example/feeds/all").url
                == "https://gazette.example/feeds/2009/ferry")
    }

    // MARK: NewsML and NITF

    @Test(arguments: [
        ("<newsItem><itemMeta><itemClass qcode=\"ninat:video\"/></itemMeta></newsItem>", "a film"),
        ("<planningItem/>", "a planning item: coverage to come"),
        ("<knowledgeItem/>", "a knowledge item: a list of terms"),
        (
            "<packageItem><groupSet><group><itemRef><headline>A</headline></itemRef><itemRef/>"
                + "</group></groupSet></packageItem>", "a package of 2 items (\u{201c}A\u{201d})"
        ),
        ("<newsMessage><itemSet/></newsMessage>", "a news message without items"),
        ("<newsItem/>", "a news item without text"), ("<nitf/>", "NITF without text"),
        ("<NewsML><NewsItem/></NewsML>", "a news item without content"),
    ])
    func `items that are no text say what they are`(text: String, expected: String) throws {
        #expect(try words("<?xml version=\"1.0\"?>" + text) == expected)
    }

    @Test func `a description of enough words stands for the text that is not there`() throws {
        let text =
            "<newsItem><contentMeta><headline>H</headline><description>\(Self.many)"
            + "</description></contentMeta></newsItem>"
        #expect(try article(text).body.count == 1)
    }

    @Test func `marks of desks are no authors, persons are`() throws {
        func nitf(_ byline: String) -> String {
            "<nitf><body><body.head><byline>\(byline)</byline></body.head>"
                + "<body.content><p>Text.</p></body.content></body></nitf>"
        }
        #expect(try article(nitf("gr/bp")).authors == [])
        #expect(try article(nitf("By A. QUILL<byttl>Staff</byttl>")).byline == "By A. QUILL Staff")
        let person = "<person><name.given>Ada</name.given><name.family>Quill</name.family></person>"
        #expect(try article(nitf(person)).authors == ["Ada Quill"])
    }

    @Test func `evidence points at the words, in escaped markup too`() throws {
        let text = rss(
            "<title>Ferry &amp; pier</title><content:encoded>&lt;p&gt;\(Self.many)&lt;/p&gt;"
                + "&lt;p&gt;Fares: \u{a3}2 &amp;amp; up. Dogs go free.&lt;/p&gt;</content:encoded>"
        )
        let reading = try reading(text)
        let bytes = Array(text.utf8)
        func words(_ field: String) -> String? {
            reading.evidence.first { $0.field == field }
                .map { String(decoding: bytes[$0.range], as: UTF8.self) }
        }
        #expect(words("headline") == "Ferry &amp; pier")
        #expect(words("body[1]") == "Fares: \u{a3}2 &amp;amp; up. Dogs go free.")
    }

    @Test func `a character that XML forbids stays and is told`() throws {
        let text =
            "<nitf><body><body.content>\n<p>The ferry\u{1} crossed the harbour.</p>"
            + "</body.content></body></nitf>"
        #expect(try article(text).body.map(\.text) == ["The ferry\u{1} crossed the harbour."])
        let document = try reading(text).evidence.first { $0.field == "document" }
        #expect(document?.rule == "xml/a character that XML forbids, line 2, byte 39")
    }

    @Test func `a document that is no XML says where, beside its article`() throws {
        let text = "<nitf><body><body.content>\n<p>A < b</p></body.content></body></nitf>"
        let document = try reading(text).evidence.first { $0.field == "document" }
        #expect(document?.rule == "xml/a < that begins no tag, line 2, byte 32")
    }

    // MARK: JSON

    @Test func `other JSON is named by its keys, and what is none by the byte`() throws {
        #expect(
            try words("{\"a\": 1, \"b\": 2}")
                == "JSON of a kind that is not read, with the keys a, b")
        #expect(try words("{\"a\": 1, \"b\" 2}")?.contains("byte") == true)
    }

    // MARK: Any bytes

    @Test func `no page of an exchange form traps when its bytes are changed or cut`() throws {
        var seed: UInt64 = 3
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let forms: Set<Form> = [.nitf, .newsML, .newsMessage, .feed, .json, .xml]
        let pages = try FixturePage.all.map { try $0.capture() }.filter {
            forms.contains(
                Recognition.form(of: Array($0.bytes.prefix(Recognition.headBytes)), name: $0.name))
        }
        #expect(pages.count > 15)
        for page in pages {
            for _ in 0..<60 {
                var bytes = page.bytes
                for _ in 0..<(1 + random(8)) {
                    bytes[random(bytes.count)] = UInt8(truncatingIfNeeded: random(256))
                }
                if random(3) == 0 { bytes.removeLast(random(bytes.count)) }
                let capture = Capture(name: page.name, bytes: bytes)
                guard let reading = try? Parser(styles: .none).read(capture) else { continue }
                for evidence in reading.evidence {
                    #expect(evidence.range.upperBound <= bytes.count)
                }
            }
        }
    }
}
