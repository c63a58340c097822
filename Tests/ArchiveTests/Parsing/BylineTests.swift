import ArchiveProtocol
import Testing

@testable import Archive

/// Bylines as they are printed.
struct BylineTests {
    @Test func `a byline gives names and both dates`() throws {
        let byline = try #require(
            Byline.read(
                "By Jane Roe and Li O'Dell |\u{A0}March 4, 2015 7:33am "
                    + "| Updated on March 5, 2015 9:00am",
                style: nil))
        #expect(byline.text == "By Jane Roe and Li O'Dell")
        #expect(byline.authors == ["Jane Roe", "Li O'Dell"])
        #expect(byline.published?.value == "2015-03-04T07:33")
        #expect(byline.modified?.value == "2015-03-05T09:00")
    }

    @Test func `what follows the names without an end is no date, and takes nothing away`() throws {
        let date = "March 4, 2015" + String(repeating: "5", count: 100_000)
        let byline = try #require(
            Byline.read(TextScanning.folded("By Jane Roe | \(date)"), style: nil))
        #expect(byline.text == "By Jane Roe")
        #expect(byline.authors == ["Jane Roe"])
        #expect(byline.published == nil)
        #expect(Byline.read(TextScanning.folded("By Jane Roe \(date)"), style: nil) == nil)
    }

    @Test(arguments: [
        ("By Jane Roe", ["Jane Roe"]),
        (
            "By Jane Roe, Li O'Dell and Max van der Berg",
            ["Jane Roe", "Li O'Dell", "Max van der Berg"]
        ),
        ("By Jane Roe & Li O'Dell", ["Jane Roe", "Li O'Dell"]),
        ("By Jane Roe with Li O'Dell", ["Jane Roe", "Li O'Dell"]),
        ("By Jane Roe, Staff Writer", ["Jane Roe"]),
        ("By [ Jane Roe ] , DNAinfo.com", ["Jane Roe"]),
        ("By Harbor Post Staff", ["Harbor Post Staff"]),
        ("BY JANE ROE", ["JANE ROE"]),
        ("Von Petra Lindholm und Jörg Maß", ["Petra Lindholm", "Jörg Maß"]),
        ("Par Élise Roux et Luc Blanc", ["Élise Roux", "Luc Blanc"]),
        ("Por Ana Ruiz y Luis Gil", ["Ana Ruiz", "Luis Gil"]),
        ("By Jane Roe in Berlin", ["Jane Roe"]),
        ("By Jane Roe (AP)", ["Jane Roe"]),
        ("Jane Roe", ["Jane Roe"]),
    ])
    func `the names of a credit are told apart`(credit: String, names: [String]) {
        #expect(Byline.authors(in: credit) == names)
    }

    @Test(arguments: [
        "By the time the trucks arrived, the fire was out.", "By Friday, all seats were sold.",
        "By law the gates close at dusk", "Von hier aus sieht man das Meer.",
        "Harbor Bridge to Close",
        "By ", "", "In 2015 the bridge closed | for good", "January 26, 2017",
    ])
    func `a sentence is no byline`(line: String) {
        #expect(Byline.read(line, style: nil) == nil)
    }

    @Test(arguments: [
        ("NEW HARBOR — The", "NEW HARBOR"), ("LONDON (Reuters) - The", "LONDON"),
        ("ROCKFORD, Ill. -- The", "ROCKFORD, Ill."), ("Berlin (dpa) – Die", "Berlin"),
        ("ST. GEORGE — The", "ST. GEORGE"),
    ])
    func `a dateline is read as printed`(paragraph: String, place: String) {
        #expect(Dateline.read(Array(paragraph.utf8))?.text == place)
    }

    @Test(arguments: [
        "LONG WAIT: The permit — at last — came.", "The river — and the sea — rose.",
        "BREAKING — The bridge is closed.", "Jane Roe - the mayor", "— So it is.", "",
    ])
    func `a run-in head is no dateline`(paragraph: String) {
        #expect(Dateline.read(Array(paragraph.utf8)) == nil)
    }

    @Test func `related lines and embedded documents are told from prose`() {
        let related = RelatedLine.read(Array("►READ MORE: Bees Move In".utf8), style: nil)
        #expect(related == RelatedLink(label: "READ MORE", headline: "Bees Move In"))
        #expect(RelatedLine.read(Array("Read more books, she said.".utf8), style: nil) == nil)
        let embed = EmbedLine.read(Array("Plans by the River by jroe on Scribd".utf8))
        #expect(
            embed == Embed(title: "Plans by the River", creator: "jroe", provider: "Scribd"))
        #expect(EmbedLine.read(Array("He put it on Tuesday by the river".utf8)) == nil)
    }
}
