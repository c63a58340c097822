import ArchiveProtocol
import GRDB
import Testing

@testable import Archive

@Suite struct SearcherTests {
    private static func question(
        _ text: String, _ sort: Searcher.Sort = .relevance, limit: Int = 1000,
        range: DateRange? = nil, after: Searcher.Place? = nil
    ) throws -> Searcher.Question {
        Searcher.Question(
            query: try QueryParser.query(text), range: range, sort: sort, limit: limit,
            after: after)
    }

    private static func ids(_ page: Searcher.Page) -> [String] {
        page.items.compactMap { $0["id"]?.string }
    }

    /// A page for each article, all of one word.
    private static func store(_ numbers: Range<Int>, in holdings: Holdings) throws {
        try holdings.repository.store(
            numbers.map { number in
                let day = 10 + number * 7 % 19
                return StoryAccession.page(
                    StoryAccession.article(
                        "Story \(number)", url: "https://news.example/\(number)",
                        published: number.isMultiple(of: 5) ? nil : "2015-06-\(day)",
                        body: ["ferry number \(number)"]), file: "\(number).md")
            })
    }

    @Test func `what is found is what a look at every word finds`() throws {
        let holdings = try Holdings()
        var random = Seeded(state: 42)
        let oracle = SearchOracle(count: 200, using: &random)
        try holdings.repository.store(
            oracle.entries.enumerated().map { number, entry in
                StoryAccession.page(entry.article, file: "\(number).md")
            })
        var isFound = 0
        for _ in 0..<600 {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                oracle.condition(using: &random)
            }
            let text = parts.map(\.1).joined(separator: " ")
            let sort = Searcher.Sort.allCases.randomElement(using: &random) ?? .relevance
            let page = try holdings.searcher.articles(try Self.question(text, sort))
            let expected = oracle.found(parts.map(\.0))
            #expect(Set(Self.ids(page)) == expected, "\(text)")
            #expect(page.items.count == expected.count && page.total == expected.count, "\(text)")
            #expect(page.next == nil && page.isTotalExact)
            isFound += expected.isEmpty ? 0 : 1
        }
        #expect(isFound > 150)
    }

    @Test func `hits come in the order asked for`() throws {
        let holdings = try Holdings()
        try Self.store(0..<40, in: holdings)
        let newest = try holdings.searcher.articles(try Self.question("ferry", .newest))
        let dates = newest.items.map { $0["published"]?.string ?? "" }
        #expect(dates == dates.sorted(by: >) && Set(dates).count > 5)
        let oldest = try holdings.searcher.articles(try Self.question("ferry", .oldest))
        #expect(Self.ids(oldest) == Self.ids(newest).reversed())
        // Without words there is no relevance.
        let all = try holdings.searcher.articles(try Self.question(""))
        #expect(Self.ids(all) == Self.ids(newest))
        #expect(all.items.allSatisfy { $0["score"] == nil })
    }

    @Test func `a word in the headline counts most`() throws {
        let holdings = try Holdings()
        try holdings.repository.store([
            StoryAccession.page(
                StoryAccession.article("Nothing", url: "https://a.example/1", body: ["lantern"]),
                file: "1"),
            StoryAccession.page(
                StoryAccession.article("Lantern", url: "https://a.example/2", body: ["nothing"]),
                file: "2"),
        ])
        let page = try holdings.searcher.articles(try Self.question("lantern"))
        #expect(page.items.map { $0["headline"]?.string } == ["Lantern", "Nothing"])
        let scores = page.items.compactMap { $0["score"]?.double }
        #expect(scores.count == 2 && scores == scores.sorted(by: >))
    }

    @Test func `case and marks are folded, and the words found are marked`() throws {
        let holdings = try Holdings()
        try holdings.repository.store([
            StoryAccession.page(
                StoryAccession.article(
                    "One", url: "https://a.example/1",
                    body: ["They met at the Café Ångström in Zürich."]), file: "1")
        ])
        for text in ["cafe", "CAFÉ", "cafe\u{301}", "angstrom", "\"cafe angstrom\"", "zuric*"] {
            let page = try holdings.searcher.articles(try Self.question(text))
            #expect(page.items.count == 1, "\(text)")
            let snippet = page.items.first?["snippet"]?.string ?? ""
            #expect(snippet.contains("\u{E000}") && snippet.contains("\u{E001}"), "\(text)")
        }
        let page = try holdings.searcher.articles(try Self.question("cafe zurich"))
        #expect(
            page.items.first?["snippet"]?.string
                == "They met at the \u{E000}Café\u{E001} Ångström in \u{E000}Zürich\u{E001}.")
    }

    @Test func `who contributed is found as writers are, and keywords as sections are`() throws {
        let holdings = try Holdings()
        var article = StoryAccession.article("One", url: "https://a.example/1", body: ["tram"])
        article.authors = ["Ada Quill"]
        article.contributors = ["Photos by Jo Moss"]
        article.section = "News"
        article.keywords = ["Public Housing", "Budgets"]
        try holdings.repository.store([StoryAccession.page(article, file: "1")])
        for (text, isFound) in [
            ("by:moss", true), ("by:quill", true), ("section:\"public housing\"", true),
            ("section:news", true), ("budgets moss", true), ("headline:budgets", false),
            ("by:budgets", false), ("section:moss", false), ("\"moss one\"", false),
        ] {
            #expect(try holdings.found(text).count == (isFound ? 1 : 0), "\(text)")
        }
        var question = try Self.question("")
        question.facets = [.section, .author]
        let facets = try holdings.searcher.articles(question).facets?.array ?? []
        #expect(facets.map { $0["values"]?.array?.count } == [1, 1])
    }

    @Test(arguments: Searcher.Sort.allCases)
    func `pages hold each hit once`(_ sort: Searcher.Sort) throws {
        let holdings = try Holdings()
        try Self.store(0..<57, in: holdings)
        let whole = Self.ids(try holdings.searcher.articles(try Self.question("ferry", sort)))
        for limit in [1, 7, 56, 57, 58] {
            var paged: [String] = []
            var place: Searcher.Place?
            repeat {
                let page = try holdings.searcher.articles(
                    try Self.question("ferry", sort, limit: limit, after: place))
                #expect(page.total == 57)
                paged += Self.ids(page)
                place = page.next
            } while place != nil && paged.count <= 57
            #expect(paged == whole)
        }
    }

    @Test(arguments: Searcher.Sort.allCases)
    func `what is added between two pages neither repeats nor hides a hit`(
        _ sort: Searcher.Sort
    ) throws {
        let holdings = try Holdings()
        try Self.store(0..<40, in: holdings)
        let before = Set(Self.ids(try holdings.searcher.articles(try Self.question("ferry", sort))))
        var paged: [String] = []
        var place: Searcher.Place?
        var added = 40
        repeat {
            let page = try holdings.searcher.articles(
                try Self.question("ferry", sort, limit: 6, after: place))
            paged += Self.ids(page)
            place = page.next
            if added < 70 { try Self.store(added..<(added + 5), in: holdings) }
            added += 5
        } while place != nil && paged.count < 200
        #expect(Set(paged).count == paged.count)
        #expect(before.isSubset(of: paged))
    }

    @Test func `a new version is found by its new words alone`() throws {
        let holdings = try Holdings()
        let url = "https://news.example/1"
        var article = StoryAccession.article("Old", url: url, body: ["ferry"])
        article.quotations = [Quotation(text: "ahoy", paragraph: 0, range: 0..<1)]
        try holdings.repository.store([StoryAccession.page(article, file: "1")])
        article.body = [Block(.paragraph, "tram")]
        article.quotations = []
        try holdings.repository.store([StoryAccession.page(article, file: "2")])
        #expect(try holdings.found("ferry").isEmpty)
        #expect(try holdings.found("has:quote").isEmpty)
        #expect(try holdings.found("tram").count == 1)
        #expect(try holdings.searcher.quotationCount() == 0)
    }

    @Test func `how sure a field is and whether an article was updated is kept with it`() throws {
        let holdings = try Holdings()
        let article = StoryAccession.article("Old", url: "https://news.example/1", body: ["ferry"])
        let evidence = [
            Evidence(field: "published", rule: "meta/date", range: 0..<1, confidence: .low)
        ]
        try holdings.repository.store([
            StoryAccession.page(article, file: "1", evidence: evidence)
        ])
        #expect(try holdings.found("date.confidence:low -state:updated").count == 1)
        #expect(try holdings.found("by.confidence:low").isEmpty)
        var other = article
        other.body = [Block(.paragraph, "tram")]
        try holdings.repository.store([StoryAccession.page(other, file: "2")])
        #expect(try holdings.found("state:updated -date.confidence:low").count == 1)
    }

    @Test(arguments: [
        "NEAR(ferry number)", "NEAR(ferry number, 2)", "body:ferry", "{body}:ferry",
        "ferry + number", "^ferry", "ferry NOT number", "(ferry OR x) number", "\"ferry\"\"x\"",
        "ferry'; DROP TABLE article; --", "ferry\0number", "*", "**", "\"\"", "\"*\"", "-",
        "--ferry", "\"ferry\"*\"number\"", "rank:x", "{headline body} : ferry", "ⓐⓑ", "\u{301}",
        "\u{E000}ferry\u{E001}", "fer\\*", "'", "\"' OR 1=1\"", "½", "Ⅻ",
    ])
    func `no query reaches the index as its syntax`(_ text: String) throws {
        let holdings = try Holdings()
        try Self.store(0..<3, in: holdings)
        do {
            let page = try holdings.searcher.articles(try Self.question(text))
            #expect(page.items.count <= 3)
        } catch let failure as Failure {
            #expect(failure.code == .querySyntax)
        }
        #expect(try holdings.repository.articleCount() == 3)
    }

    @Test func `the largest queries are answered`() throws {
        let holdings = try Holdings()
        try Self.store(0..<3, in: holdings)
        let count = QueryParser.termLimit
        for (unit, glue, found) in [
            ("ferry", " ", 3), ("ferry", " OR ", 3), ("-tram", " ", 3), ("url:news", " ", 3),
            ("-date:1999", " ", 3), ("fer*", " ", 3),
        ] {
            let text = Array(repeating: unit, count: count).joined(separator: glue)
            let page = try holdings.searcher.articles(try Self.question(text))
            #expect(page.items.count == found, "\(unit)\(glue)")
        }
    }

    @Test func `the total beyond its bound is told as at least`() throws {
        #expect(Searcher.countLimit == 10_000)
        let holdings = try Holdings()
        for start in stride(from: 0, through: 10_000, by: 1000) {
            try Self.store(start..<start + 1000, in: holdings)
        }
        let page = try holdings.searcher.articles(try Self.question("", limit: 1))
        #expect(page.total == 10_000 && !page.isTotalExact)
        var all = try Self.question("", limit: 0)
        all.countsAll = true
        let counted = try holdings.searcher.articles(all)
        #expect(counted.total == 11_000 && counted.isTotalExact && counted.items.isEmpty)
    }
}
