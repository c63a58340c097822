import ArchiveProtocol
import Testing

@testable import Archive

/// Those who had part in a story beside its writers.
struct MetadataContributorsTests {
    private func text(_ line: String, top: String = "<p class=byline>By Ida Roe</p>") -> String {
        MetadataPage(top: top).text.replacing(
            "for the work.</p>", with: "for the work.</p><p>\(line)</p>")
    }

    @Test(arguments: [
        "Reporting by Jon Poe in Elsin; Editing by Lew Ash", "Additional reporting by Jon Poe",
        "Jon Poe contributed to this report.", "(Reporting by Jon Poe)",
        "Mit Material von dpa", "With files from The Associated Press",
        "Traduit par Jon Poe", "Con información de EFE",
    ])
    func `a line that names them is kept as printed`(line: String) throws {
        let page = text(line)
        let reading = try readPage(page)
        let story = try article(reading)
        #expect(story.contributors == [line])
        #expect(story.authors == ["Ida Roe"])
        let evidence = try #require(reading.evidence.first { $0.field == "contributors[0]" })
        let bytes = Array(page.utf8)[evidence.range]
        #expect(String(decoding: bytes, as: UTF8.self) == line)
    }

    @Test func `who reported wrote the story where nobody else did`() throws {
        let line = "Reporting by Jon Poe and Ada Elm; Editing by Lew Ash"
        #expect(try article(readPage(text(line, top: ""))).authors == ["Jon Poe", "Ada Elm"])
        let helper = "Additional reporting by Jon Poe"
        #expect(try article(readPage(text(helper, top: ""))).authors.isEmpty)
    }

    @Test func `whom the JSON-LD names counts where no line does`() throws {
        let head = MetadataPage.linked(
            """
            {"@type": "Article", "headline": "Old crane to go", "author": "Ida Roe",
             "contributor": [{"@type": "Person", "name": "Jon Poe"}, {"name": "Ida Roe"}],
             "translator": {"@type": "Person", "name": "Ada Elm"}}
            """)
        let page = MetadataPage(head: head)
        #expect(try page.article().contributors == ["Jon Poe", "Ada Elm"])
        #expect(try page.evidence("contributors[1]").map(\.bytes) == ["Ada Elm"])
    }

    @Test(arguments: [
        "The reporting by the Gull was praised, and the editing too.",
        "Produced by hand in the yard, the new jib is to be shown in the museum.",
        "Half of the money was contributed from the fund of the port.",
    ])
    func `prose about reporting is no credit`(line: String) throws {
        let story = try article(readPage(text(line)))
        #expect(story.contributors.isEmpty)
        #expect(story.body.last?.text == line)
    }
}
