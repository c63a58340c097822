import ArchiveProtocol
import Testing

@testable import Archive

/// What pages tell machines as JSON-LD, and what is wrong with it.
struct LinkedDataTests {
    private func article(_ scripts: String...) throws -> Article {
        try MetadataPage(head: scripts.map(MetadataPage.linked).joined()).article()
    }

    private static let core = """
        "@type": "NewsArticle", "headline": "Old crane to go",
        "author": {"@type": "Person", "name": "Ida Roe"}, "datePublished": "2016-05-02"
        """

    @Test(arguments: [
        "{\(core)}", "[{\(core)}]", "{\"@graph\": [{\"@type\": \"WebSite\"}, {\(core)}]}",
        "{\"@type\": \"WebPage\", \"mainEntity\": {\(core)}}",
        "{\(core),}", "{\(core)};", "{\(core)", "{\"@type\":\"Thing\"} {\(core)}",
        "/* made by hand */ {\(core)}", "//<![CDATA[\n{\(core)}\n//]]>", "<!-- {\(core)} -->",
        "{\(core), \"headline\": \"Repeated\"}", "{\(core) \"keywords\": \"harbour\"}",
        "{\"articleBody\": \"line\none\ttab \u{1}\", \(core)}",
        "{\"articleBody\": \"He said \"no\" today\", \(core)}",
        "{\"x\": \"C:\\work\\q\", \(core)}", "{x: 1, \(core)}", "{\(core), \"x\": [1, 2,,]}",
        "]}{\(core)}", "{\"a\": {\"b\": [}, \(core)}",
    ])
    func `scripts with what pages get wrong are read`(script: String) throws {
        let article = try article(script)
        #expect(article.headline == "Old crane to go")
        #expect(article.authors == ["Ida Roe"])
        #expect(article.published?.value == "2016-05-02")
    }

    @Test(arguments: [
        ("\"Ida Roe\"", ["Ida Roe"]), ("[\"Ida Roe\", \"Jon Poe\"]", ["Ida Roe", "Jon Poe"]),
        ("{\"@type\": \"Person\", \"name\": [\"Ida Roe\", \"Jon Poe\"]}", ["Ida Roe", "Jon Poe"]),
        ("[[{\"name\": \"Ida Roe\"}], [{\"name\": \"Jon Poe\"}]]", ["Ida Roe", "Jon Poe"]),
        ("{\"givenName\": \"Ida\", \"familyName\": \"Roe\"}", ["Ida Roe"]),
        (
            "{\"@type\": \"Person\", \"name\": \"Ida Roe und Jon Poe, dpa\"}",
            ["Ida Roe", "Jon Poe", "dpa"]
        ),
        ("{\"@type\": [\"Person\"], \"name\": \"By Ida Roe\"}", ["Ida Roe"]),
        ("\"Bj\\u00f6rn L\\u00f8v\"", ["Björn Løv"]),
        ("\"Bj&ouml;rn L&amp;oslash;v\"", ["Björn Løv"]),
        ("{\"@type\": \"Person\", \"name\": \"April Last\"}", ["April Last"]),
        (
            "[{\"@type\": \"Organization\", \"name\": \"dpa\"}, "
                + "{\"@type\": \"Person\", \"name\": \"Ida Roe\"}]", ["Ida Roe", "dpa"]
        ),
        (
            "[{\"@type\": \"Organization\", \"name\": \"The Gull\"}, "
                + "{\"@type\": \"Person\", \"name\": \"Ida Roe\"}]", ["Ida Roe"]
        ),
        ("{\"@type\": \"Organization\", \"name\": \"Elsin Press\"}", ["Elsin Press"]),
        ("\"https://gull.example/ida\"", []), ("\"@idaroe\"", []),
    ])
    func `authors are read in every form`(author: String, names: [String]) throws {
        let article = try article(
            "{\"@type\": \"Article\", \"headline\": \"Old crane to go\", \"author\": \(author)}")
        #expect(article.authors == names)
    }

    @Test func `an author described elsewhere is found by its identifier`() throws {
        let article = try article(
            """
            {"@type": "Article", "headline": "Old crane to go", "author": {"@id": "#i"}}
            """,
            "[{\"@id\": \"#j\", \"name\": \"Jon Poe\"}, {\"@id\": \"#i\", \"name\": \"Ida Roe\"}]")
        #expect(article.authors == ["Ida Roe"])
    }

    @Test func `among several articles the one of this page is taken`() throws {
        let article = try article(
            """
            [{"@type": "NewsArticle", "headline": "Ferry late again", "datePublished": "2011-01-01",
              "author": "Max Other"},
             {"@type": "NewsArticle", "url": "https://gull.example/harbour/crane",
              "headline": "Crane of 1911 leaves", "datePublished": "2016-05-02"}]
            """)
        #expect(article.published?.value == "2016-05-02")
        #expect(article.authors == [])
    }

    @Test func `what another object of the same story has completes it`() throws {
        let article = try article(
            """
            {"@graph": [{"@type": "Article", "headline": "Old crane to go"},
            {"@type": "NewsArticle", "headline": "Old crane to go", "author": "Ida Roe",
             "articleSection": ["Harbour", "Town"], "dateModified": "2016-05-03T10:00:00Z"}]}
            """)
        #expect(article.authors == ["Ida Roe"])
        #expect(article.section == "Harbour")
        #expect(article.modified?.value == "2016-05-03T10:00:00Z")
    }

    @Test func `a posting or an event is no article`() throws {
        let article = try article(
            "{\"@type\": \"JobPosting\", \"headline\": \"Crane driver\", \"author\": \"Max Other\"}"
        )
        #expect(article.headline == "Old crane at the north pier to go")
        #expect(article.authors == [])
    }

    @Test func `each value is traced to its own bytes`() throws {
        let page = MetadataPage(head: MetadataPage.linked("{\(Self.core)}"))
        #expect(try page.evidence("headline").first?.bytes == "Old crane to go")
        #expect(try page.evidence("authors").first?.bytes == "Ida Roe")
        #expect(try page.evidence("published").first?.bytes == "2016-05-02")
        #expect(try page.evidence("published").first?.item.rule == "json-ld/datePublished")
    }

    @Test(arguments: [100, 100_000])
    func `deep and long scripts cost no more than their length`(count: Int) throws {
        let deep = String(repeating: "{\"a\":[", count: count)
        let long = "[" + String(repeating: "\"x\",", count: count) + "]"
        let quotes = String(repeating: "\"", count: count)
        for script in [deep, long, quotes, String(repeating: "]}", count: count)] {
            #expect(try article(script).headline == "Old crane at the north pier to go")
        }
    }
}
