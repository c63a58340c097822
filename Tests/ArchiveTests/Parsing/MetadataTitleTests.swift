import ArchiveProtocol
import Testing

@testable import Archive

/// Which of a page's titles is the headline.
struct MetadataTitleTests {
    private func headline(_ head: String, _ printed: String = "<h1>Old crane to go</h1>") throws
        -> String
    {
        try MetadataPage(head: head, headline: printed).article().headline
    }

    @Test(arguments: [
        "Old pier crane of 1911 to go | The Gull", "Old pier crane of 1911 to go - Gull Online",
        "Old pier crane of 1911 to go – Harbour", "The Gull | Old pier crane of 1911 to go",
        "Old pier crane of 1911 to go | News | The Gull", "Old pier crane of 1911 to go · Gull",
        "Old pier crane of 1911 to go │ Gull Online",
    ])
    func `the site's name is no part of a title`(title: String) throws {
        let head = "<meta property='og:site_name' content='The Gull'><title>\(title)</title>"
        #expect(try headline(head, "") == "Old pier crane of 1911 to go")
    }

    @Test func `a dash within a title stays where another carrier has it too`() throws {
        let title = "Tears for the old crane – then came the shock"
        let head = """
            <title>\(title)</title><meta property="og:title" content="\(title)">
            """
        #expect(try headline(head, "<h1>\(title)</h1>") == title)
        #expect(try headline(head, "") == title)
    }

    @Test func `a kicker is no part of a title`() throws {
        #expect(
            try headline("", "<h1><span class='article-kicker'>Harbour</span> Old crane to go</h1>")
                == "Old crane to go")
        #expect(
            try headline(
                "", "<h1><span class='entry__toptitle'>Harbour</span> Old crane to go</h1>")
                == "Old crane to go")
        let head = "<title>Old crane of 1911 to go</title>"
        #expect(
            try headline(head, "<h1><span>Harbour</span><span>Old crane of 1911 to go</span></h1>")
                == "Old crane of 1911 to go")
        #expect(
            try headline(head, "<h1>Harbour: Old crane of 1911 to go</h1>")
                == "Old crane of 1911 to go")
    }

    @Test func `a kicker that all other carriers have too is part of the title`() throws {
        let title = "The old crane: A farewell to iron"
        let head = "<title>\(title)</title><meta property='og:title' content='\(title)'>"
        let printed = """
            <h1><span class='kicker'>The old crane</span><span>: </span><span>A farewell to iron
            </span></h1>
            """
        #expect(try headline(head, printed) == title)
        #expect(try headline("", printed) == "A farewell to iron")
    }

    @Test func `what stands below a title is no kicker of it`() throws {
        let printed = """
            <h1><span>Old crane<span>:</span></span> <span class=topline>It must go</span></h1>
            """
        #expect(try headline("", printed) == "Old crane: It must go")
    }

    @Test func `the printed title comes before one made for search engines`() throws {
        let search = "Crane Demolition Port Elsin: Dates, Costs"
        let head =
            MetadataPage.linked("{\"@type\": \"Article\", \"headline\": \"\(search)\"}")
            + "<title>\(search)</title><meta property='og:title' content='Old crane to go'>"
        #expect(try headline(head) == "Old crane to go")
        #expect(try headline(head, "<h1>Farewell, old iron</h1>") == search)
    }

    @Test(arguments: [
        "<h1>Notes from the Quay</h1>", "<h1><a href='/'>A weblog by Ida Roe</a></h1>",
        "<h1><a href='https://quay.example/'>By the Quay</a></h1>", "<h1>Crane</h1>",
    ])
    func `a heading of the site is none of the story`(printed: String) throws {
        let head = """
            <title>Notes from the Quay: Farewell to an old iron crane</title>
            <meta property='og:title' content='Farewell to an old iron crane'>
            """
        #expect(try headline(head, printed) == "Farewell to an old iron crane")
    }

    @Test func `a word that a page prints in pieces is written as one`() throws {
        let title = "Old planning cycle of the pier to go"
        #expect(
            try headline(
                "<title>\(title)</title>",
                "<h1>Old planning <span>c</span><span>ycle</span> of "
                    + "the pier to go</h1>") == title)
        #expect(try headline("", "<h1>Old foun&shy;da&shy;tions\u{200B}</h1>") == "Old foundations")
    }

    @Test func `parts of a title are not glued to each other`() throws {
        #expect(
            try headline("", "<h1><span>Old crane</span><span>to go</span></h1>")
                == "Old crane to go")
        #expect(try headline("", "<h1><span>O</span>ld <em>cr</em>ane</h1>") == "Old crane")
    }

    @Test func `a heading with the site's name is no headline`() throws {
        let head = "<title>Old pier crane to go | Port Elsin Gull</title>"
        #expect(try headline(head, "<h1>Port Elsin Gull</h1>") == "Old pier crane to go")
    }

    @Test func `a title cut for machines is taken whole`() throws {
        let linked = MetadataPage.linked(
            "{\"@type\": \"Article\", \"headline\": \"Old crane at the north…\"}")
        #expect(
            try headline(linked, "<h1>Old crane at the north pier to go</h1>")
                == "Old crane at the north pier to go")
    }

    @Test func `the title in print is kept beside the one for machines`() throws {
        let page = MetadataPage(
            head: MetadataPage.linked(
                "{\"@type\": \"Article\", \"headline\": \"Pier crane of 1911 to be scrapped\"}")
                + "<title>Pier crane of 1911 to be scrapped</title>",
            headline: "<h1>Farewell, old pier crane</h1>")
        let article = try page.article()
        #expect(article.headline == "Pier crane of 1911 to be scrapped")
        #expect(article.alternativeHeadline == "Farewell, old pier crane")
    }

    @Test func `a title in print that goes on is the whole one`() throws {
        let head = MetadataPage.linked(
            "{\"@type\": \"Article\", \"headline\": \"Old pier crane to go\"}")
        #expect(
            try headline(head, "<h1>Old pier crane to go before the storms come</h1>")
                == "Old pier crane to go before the storms come")
    }

    @Test func `a kicker that the head has too is left off by the JSON-LD alone`() throws {
        let head =
            MetadataPage.linked("{\"@type\": \"Article\", \"headline\": \"Old pier crane to go\"}")
            + "<meta property='og:title' content='Harbour / Old pier crane to go'>"
        #expect(
            try headline(head, "<h1><span>Harbour</span> Old pier crane to go</h1>")
                == "Harbour Old pier crane to go")
    }

    @Test func `the only heading above a story is its title, whatever the head says`() throws {
        let told = "Port Elsin Demolition Guide"
        let head = "<title>\(told)</title><meta property='og:title' content='\(told)'>"
        let printed = "<h1>Why nobody will miss that iron giant</h1>"
        let page = MetadataPage(head: head, headline: printed)
        #expect(try page.article().headline == "Why nobody will miss that iron giant")
        #expect(try page.evidence("headline").first?.item.confidence == .low)
        #expect(try headline(head, printed + "<h1>All that is new</h1>") == told)
        let below = MetadataPage(
            head: head, headline: "", bottom: MetadataPage.prose + MetadataPage.prose + printed)
        #expect(try below.article().headline == told)
    }

    @Test func `how far a headline is believed is told`() throws {
        let agreed = MetadataPage(head: "<title>Old crane at the north pier to go</title>")
        #expect(try agreed.evidence("headline").first?.item.confidence == .high)
        let alone = MetadataPage()
        #expect(try alone.evidence("headline").first?.item.confidence == .medium)
        let longer = MetadataPage(head: "<title>Old crane at the north pier to go soon</title>")
        #expect(try longer.evidence("headline").first?.item.confidence == .medium)
        let torn = MetadataPage(head: "<title>North pier crane goes</title>")
        let evidence = try torn.evidence("headline")
        #expect(evidence.map(\.item.confidence) == [.low, .rival])
        #expect(evidence.last?.bytes == "North pier crane goes")
    }
}
