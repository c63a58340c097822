import ArchiveProtocol
import Testing

@testable import Archive

/// Outlet, section, language, address and corrections of a page.
struct MetadataPlaceTests {
    @Test func `the page's own name comes before its publisher's`() throws {
        let linked = MetadataPage.linked(
            """
            {"@type": "Article", "headline": "Old crane to go", "articleSection": "Harbour",
             "publisher": {"@type": "Organization", "name": "Gull Media Ltd"}}
            """)
        #expect(try MetadataPage(head: linked).article().outlet == "Gull Media Ltd")
        #expect(try MetadataPage(head: linked).article().section == "Harbour")
        let named = linked + "<meta property='og:site_name' content='Elsin Gull'>"
        #expect(try MetadataPage(head: named).article().outlet == "Elsin Gull")
    }

    @Test func `how far outlet, address and language are believed is told`() throws {
        func levels(_ field: String, _ head: String) throws -> [Evidence.Confidence?] {
            try MetadataPage(head: head).evidence(field).map(\.item.confidence)
        }
        let name = "<meta property='og:site_name' content='The Gull'>"
        #expect(try levels("outlet", name) == [.high])
        let other = "<meta property='og:site_name' content='Elsin News'>"
        #expect(try levels("outlet", other) == [.medium])
        let publisher = "<meta name=publisher content='Quay Media'>"
        #expect(try levels("outlet", other + publisher) == [.low, .rival])
        #expect(try levels("outlet", name + publisher) == [.medium, .rival])
        let address = "<link rel=canonical href='https://gull.example/harbour/old-crane'>"
        #expect(try levels("url", address) == [.medium])
        let graph = "<meta property='og:url' content='https://gull.example/harbour/iron'>"
        #expect(try levels("url", address + graph) == [.low, .rival])
        #expect(try levels("language", "") == [.medium])
        #expect(
            try levels("language", "<meta property='og:locale' content='en_GB'>") == [.high])
    }

    @Test func `the place that the text tells has evidence`() throws {
        let text = MetadataPage().text.replacing(
            "<p>The harbour", with: "<p>PORT ELM — The harbour")
        let reading = try readPage(text)
        #expect(try article(reading).dateline == "PORT ELM")
        let evidence = try #require(reading.evidence.first { $0.field == "dateline" })
        #expect(evidence.rule == "text/dateline")
        let bytes = String(decoding: Array(text.utf8)[evidence.range], as: UTF8.self)
        #expect(bytes.hasPrefix("PORT ELM"))
    }

    @Test(arguments: [
        ("de", "de"), ("de_AT", "de-AT"), ("EN-gb", "en-GB"), ("zh-Hant-TW", "zh-Hant-TW"),
    ])
    func `a language is written as a tag`(written: String, tag: String) {
        #expect(Language.tag(written: written) == tag)
    }

    @Test(arguments: ["", "german", "{{lang}}", "d", "de-"])
    func `what is no language tag is none`(written: String) {
        #expect(Language.tag(written: written) == (written == "de-" ? "de" : nil))
    }

    @Test func `a template's English gives way to the language of the text`() throws {
        let german = """
            <html lang="en"><title>Der alte Kran</title><h1>Der alte Kran</h1><p>Der alte Kran, der
            seit 1911 am Nordpier steht, wird noch vor dem Winter abgebaut, und das Fundament hat
            sich um elf Zentimeter bewegt, wie die Hafenmeisterin von Port Elsin am Montag sagte.
            </p><p>Die Stadt hat für die Arbeiten Geld zurückgelegt, aber niemand weiß, wie lange
            das alles noch hält und ob es bei einer Summe bleibt.</p></html>
            """
        #expect(try article(try readPage(german)).language == "de")
        #expect(try MetadataPage(language: "en-GB").article().language == "en-GB")
    }

    @Test(arguments: [
        "Correction: The crane is of 1911, not 1912.",
        "An earlier version of this story was wrong.",
        "Editor’s note: the Gull rents a pier.", "Korrektur: Der Kran ist von 1911.",
        "Anmerkung der Redaktion: Das stimmt.", "Fe de erratas: la grúa es de 1911.",
        "[Rectificatif : la grue est de 1911.]",
    ])
    func `a notice of correction is told from the text`(notice: String) throws {
        let text = MetadataPage().text.replacing(
            "for the work.</p>", with: "for the work.</p><p>\(notice)</p>")
        let reading = try readPage(text)
        #expect(try article(reading).corrections == [notice])
        let evidence = try #require(reading.evidence.first { $0.field == "corrections[0]" })
        let bytes = Array(text.utf8)[evidence.range]
        #expect(String(decoding: bytes, as: UTF8.self) == notice)
    }

    @Test func `prose about corrections is no notice`() {
        #expect(!Correction.begins("Corrections officers were called to the pier."))
        #expect(!Correction.begins("The correction came late."))
    }
}
