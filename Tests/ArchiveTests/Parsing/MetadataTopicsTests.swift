import ArchiveProtocol
import Testing

@testable import Archive

/// Section and keywords of a page.
struct MetadataTopicsTests {
    private static let crumbs = """
        {"@type": "BreadcrumbList", "itemListElement": [
         {"@type": "ListItem", "position": 1, "name": "Gull"},
         {"@type": "ListItem", "position": 2, "item": {"@id": "/harbour", "name": "Harbour"}},
         {"@type": "ListItem", "position": 3, "name": "Old crane at the north pier to go"}]}
        """

    private func linked(_ members: String) -> String {
        MetadataPage.linked(
            "[{\"@type\": \"Article\", \"headline\": \"Old crane to go\"\(members)}, "
                + "\(Self.crumbs)]")
    }

    @Test func `the section is read from head, JSON-LD or the way to the story`() throws {
        let told = "<meta property='article:section' content='Piers'>"
        let described = ", \"articleSection\": [\"Quays\", \"Iron\"]"
        #expect(try MetadataPage(head: told).article().section == "Piers")
        #expect(try MetadataPage(head: linked(described)).article().section == "Quays")
        let page = MetadataPage(head: linked(""))
        #expect(try page.article().section == "Harbour")
        let evidence = try page.evidence("section")
        #expect(evidence.map(\.item.rule) == ["json-ld/breadcrumb"])
        #expect(evidence.map(\.bytes) == ["Harbour"])
        let torn = try MetadataPage(head: told + linked(described)).evidence("section")
        #expect(torn.map(\.item.confidence) == [.low, .rival, .rival])
        let agreed = ", \"articleSection\": \"HARBOUR\""
        let high = try MetadataPage(head: linked(agreed)).evidence("section")
        #expect(high.map(\.item.confidence) == [.high])
    }

    @Test(arguments: [
        ("/harbour/piers/", "harbour"), ("Iron, Harbour, Cranes, Piers", "Iron"),
        ("Land & Sea", "Land & Sea"), ("tags", nil), ("Articles", nil), ("{{section}}", nil),
        ("https://gull.example/harbour", nil), ("The Gull", nil), ("42", nil),
    ])
    func `a section is a name`(value: String, section: String?) throws {
        let head = """
            <meta property='og:site_name' content='The Gull'>
            <meta property='article:section' content='\(value)'>
            """
        #expect(try MetadataPage(head: head).article().section == section)
    }

    @Test func `keywords are read from the most careful carrier`() throws {
        let tags =
            "<meta property='article:tag' content='Cranes'>"
            + "<meta property='article:tag' content='Port Elsin'>"
        let list = "<meta name=keywords content='crane, #pier, crane , type:article, _x, 1911'>"
        #expect(try MetadataPage(head: list + tags).article().keywords == ["Cranes", "Port Elsin"])
        #expect(try MetadataPage(head: list).article().keywords == ["crane", "pier"])
        #expect(try MetadataPage(head: list).evidence("keywords").map(\.item.confidence) == [.low])
        let described = linked(", \"keywords\": [\"Iron\", {\"name\": \"Cranes\"}]")
        let page = MetadataPage(head: described + tags)
        #expect(try page.article().keywords == ["Iron", "Cranes"])
        let evidence = try page.evidence("keywords")
        #expect(evidence.map(\.item.rule) == ["json-ld/keywords"])
        #expect(evidence.map(\.item.confidence) == [.high])
        #expect(evidence.map(\.bytes) == ["Iron"])
    }

    @Test func `the same words on every page of a site are none of its stories'`() throws {
        let head = "<meta name=keywords content='news, weather, football'>"
        #expect(try MetadataPage(head: head).article().keywords.isEmpty)
        let links =
            "<p><a rel=tag href='/t/iron'>Old iron</a> <a rel='tag' href='/t/p'>Piers</a></p>"
        #expect(
            try MetadataPage(head: head, bottom: links).article().keywords == ["Old iron", "Piers"])
    }

    @Test func `a page has no more keywords than it may`() throws {
        let words = (1...200).map { "crane \($0)" }.joined(separator: ",")
        let head = "<meta name=news_keywords content='\(words)'>"
        #expect(try MetadataPage(head: head).article().keywords.count == 30)
    }
}
