import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct ArticleIdentityTests {
    private static let capture = Digest(of: Array("a page".utf8))

    private static func identity(_ article: Article) -> ArticleIdentity {
        ArticleIdentity(article, capture: capture)
    }

    @Test func `an address is the identity, whatever the words`() {
        let one = StoryAccession.article("Ferry Returns", url: "https://news.example/ferry")
        let other = StoryAccession.article("Ferry Is Back", url: "https://news.example/ferry")
        #expect(Self.identity(one) == Self.identity(other))
        #expect(Self.identity(one).text == "url https://news.example/ferry")
    }

    @Test(arguments: [
        ("Ferry ‘Returns’ — at Last", "2016-05-04T09:30:11-04:00"),
        ("FERRY 'RETURNS' - AT LAST", "2016-05-04T09:30"),
    ])
    func `a story is outlet, minute and headline, whatever the marks`(
        _ headline: String, _ date: String
    ) {
        var article = StoryAccession.article(headline, published: date)
        article.outlet = "The Quay Courier"
        #expect(
            Self.identity(article).text
                == "story thequaycourier 2016-05-04T09:30 ferryreturnsatlast")
    }

    @Test func `another minute, outlet or headline is another story`() {
        let first = StoryAccession.article("Ferry Returns", published: "2016-05-04T09:30")
        var variants = [first, first, first, first]
        variants[1].headline = "Ferry Returns Again"
        variants[2].outlet = "The Quay Courier"
        variants[3].published?.value = "2016-05-04T09:31"
        #expect(Set(variants.map { Self.identity($0).id() }).count == 4)
    }

    @Test func `without address and day the capture is the identity`() {
        var article = StoryAccession.article("Ferry Returns", published: "2016-05-04")
        article.published = NewsDate(value: "2016-05", precision: .month, source: "url")
        #expect(Self.identity(article).text == "capture \(Self.capture.hex)")
        let other = ArticleIdentity(article, capture: Digest(of: Array("another page".utf8)))
        #expect(other.id() != Self.identity(article).id())
    }

    @Test func `a name is the base 32 of the digest of the identity and never changes`() {
        let article = StoryAccession.article("Ferry Returns", url: "https://news.example/ferry")
        let name = Self.identity(article).id()
        let digest = Digest(of: Array("url https://news.example/ferry".utf8))
        let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 4
        #expect(name.utf8.count == 12)
        #expect(ArticleID(utf8: name.utf8)?.number == number)
        #expect(Self.identity(article).id(attempt: 1) != name)
    }

    @Test func `every number of sixty bits has one name of twelve characters`() {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<1000).map { _ in UInt64.random(in: 0..<1 << 60, using: &generator) }
        let numbers: [UInt64] = [0, 1, (1 << 60) - 1] + random
        for number in numbers {
            let text = ArticleID(number).text
            #expect(text.utf8.count == 12)
            #expect(text.allSatisfy { "0123456789abcdefghjkmnpqrstvwxyz".contains($0) })
            #expect(ArticleID(utf8: text.utf8)?.number == number)
            #expect(ArticleID(utf8: text.uppercased().utf8)?.number == number)
        }
    }

    @Test(arguments: [
        "", "00000000000", "0000000000000", "00000000000i", "l00000000000", "00000o000000",
        "000u00000000", "000000 00000", "00000000000é",
    ])
    func `other characters and lengths are no name`(_ text: String) {
        #expect(ArticleID(utf8: text.utf8) == nil)
    }
}
