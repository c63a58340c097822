import ArchiveProtocol
import Testing

@testable import Archive

/// Pages that nobody made in good faith.
struct MetadataHostileTests {
    /// Numbers that are the same in every run (SplitMix64).
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return Int(truncatingIfNeeded: (mixed ^ mixed >> 31) % UInt64(sides))
        }
    }

    private static let page = MetadataPage(
        head: """
            <title>Old crane to go | The Gull</title><meta name="author" content="Roe, Ida">
            <meta property="article:published_time" content="2016-05-03T04:30:00Z">
            """
                + MetadataPage.linked(
                    """
                    {"@graph": [{"@type": "NewsArticle", "headline": "Old \\u201Ecrane\\u201C",
                    "author": [{"@id": "#i"}, "Jon Poe"], "datePublished": "2016-05-02"},
                    {"@id": "#i", "@type": "Person", "name": "Ida Roe"}]}
                    """),
        top: """
            <p class="byline" itemscope>By <a rel=author>Ida Roe</a>, Jon Poe | Reviewed by Li O</p>
            <time datetime="2016-05-02T21:30:00-07:00">May 2, 2016 9:30 pm</time>
            """,
        bottom: "<aside class=comments><p>Par Élise Roux, 3. Mai 2016</p></aside>"
    ).text

    @Test func `no changed byte of a page traps, and evidence stays within it`() throws {
        let original = Array(Self.page.utf8)
        let marks = Array("<>\"'{}[]\\,:;&=|/-. 09aZ".utf8) + [0xC2, 0xE2, 0xFF, 0]
        var dice = Dice(state: 20_161_105)
        for _ in 0..<400 {
            var bytes = original
            for _ in 0...dice.roll(12) {
                bytes[dice.roll(bytes.count)] = marks[dice.roll(marks.count)]
            }
            if dice.roll(4) == 0 { bytes.removeLast(dice.roll(bytes.count)) }
            let capture = Capture(name: [], bytes: bytes, digest: Digest(of: bytes))
            let reading = try? Parser(styles: .none).read(capture)
            for evidence in reading?.evidence ?? [] {
                #expect(evidence.range.upperBound <= bytes.count, "\(evidence)")
            }
        }
    }

    @Test func `a page may end anywhere in its linked data`() {
        let page = Array(
            """
            <article><h1>Ferry</h1></article><script type="application/ld+json">{"@type":
            [{"@type": ["NewsArticle", "Report"], "/* x": /* y */ 2016, "name": "The ferry
            """.utf8)
        for count in 0...page.count {
            let capture = Capture(
                name: [], bytes: Array(page[..<count]), digest: Digest(of: [UInt8(count & 255)]))
            let reading = try? Parser(styles: .none).read(capture)
            for evidence in reading?.evidence ?? [] {
                #expect(evidence.range.upperBound <= count, "\(evidence)")
            }
        }
    }

    @Test(arguments: [
        "<div class=author itemscope itemprop=author>", "<h1>By the sea</h1>", "<p>By <b></b></p>",
        "<time datetime=2016-05-02>May 2, 2016</time>", "<span class=date>",
        "<aside><article></article></aside>",
        "<meta name=author content='Ida Roe, Jon Poe'>", "<p class=byline>By Ida Roe</p>",
        "<a href=/author/ida>Ida Roe</a>", "<p>May 2 2016 3 2016</p>",
    ])
    func `a flood of marks is read to its end`(mark: String) throws {
        let page = MetadataPage(top: String(repeating: mark, count: 4000))
        #expect(try page.article().headline.isEmpty == false)
    }
}
