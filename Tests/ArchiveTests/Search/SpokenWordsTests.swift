import ArchiveProtocol
import GRDB
import Testing

@testable import Archive

@Suite struct SpokenWordsTests {
    private struct Said: Hashable {
        var article: Int
        var text: String
    }

    private static let speakers = ["Odile Park", "José Núñez", nil, "Ada Quill-Park"]
    private static let texts = [
        "We will rebuild the ferry", "the storm took it", "No ferry, no town", "Ahoy",
    ]

    private static func holdings() throws -> Holdings {
        let holdings = try Holdings()
        try holdings.repository.store(
            (0..<30).map { number in
                var article = StoryAccession.article(
                    "Story \(number)", url: "https://news.example/\(number)",
                    published: number == 7 ? nil : "201\(number % 8)-03-04")
                article.quotations = (0..<4).map { index in
                    Quotation(
                        text: texts[(number + index) % 4], speaker: speakers[index],
                        role: index == 0 ? "harbor master" : nil, paragraph: index,
                        range: index..<(index + 9))
                }
                return StoryAccession.page(article, file: "\(number).md")
            })
        return holdings
    }

    private static func page(
        _ holdings: Holdings, speaker: String? = nil, query: String? = nil,
        range: DateRange? = nil, limit: Int = 1000, after: Searcher.Place? = nil
    ) throws -> Searcher.Page {
        try holdings.searcher.quotations(
            Searcher.QuotationQuestion(
                speaker: try speaker.map { try QueryParser.query($0) },
                query: try query.map { try QueryParser.query($0) }, range: range, limit: limit,
                after: after))
    }

    @Test func `what single commits leave is put in order beside them`() throws {
        let holdings = try Holdings()
        for number in 0..<80 {
            var article = StoryAccession.article(
                "Story \(number)", url: "https://news.example/\(number)", published: nil)
            article.quotations = [
                Quotation(
                    text: "w\(number) ferry", speaker: "Odile Park", paragraph: 0, range: 0..<9)
            ]
            try holdings.repository.store([StoryAccession.page(article, file: "\(number).md")])
        }
        func segments() throws -> Int {
            try holdings.repository.pool.read { db in
                try Int.fetchOne(
                    db, sql: "SELECT count(DISTINCT segid) FROM quotation_index_idx") ?? 0
            }
        }
        while try holdings.repository.pool.write(holdings.index.tidy) {}
        #expect(try segments() < 12)
        #expect(try Self.page(holdings, query: "ferry").items.count == 80)
        #expect(try Self.page(holdings, query: "w7").items.count == 1)
        try holdings.repository.pool.write { db in
            try db.execute(
                sql: "INSERT INTO quotation_index (quotation_index) VALUES ('integrity-check')")
        }
    }

    @Test func `quotations are found by speaker and words`() throws {
        let holdings = try Self.holdings()
        #expect(try holdings.searcher.quotationCount() == 120)
        let cases: [(String?, String?, Int)] = [
            (nil, nil, 120), ("park", nil, 60), ("\"odile park\"", nil, 30), ("nunez", nil, 30),
            ("park -odile", nil, 30), (nil, "ferry", 60), (nil, "ferry -storm -no", 30),
            (nil, "storm OR ahoy", 60), (nil, "reb*", 30), ("quill", "ferry", 15),
            ("park -ada", "ferry -no", 8), ("storm", nil, 0), (nil, "odile", 0),
        ]
        for (speaker, query, count) in cases {
            let page = try Self.page(holdings, speaker: speaker, query: query)
            #expect(page.items.count == count, "\(speaker ?? "-") \(query ?? "-")")
        }
        let first = try #require(
            try Self.page(holdings, speaker: "odile", range: DateRange(since: "2017", until: nil))
                .items.first)
        #expect(
            first["speaker"]?.string == "Odile Park" && first["role"]?.string == "harbor master")
        #expect(first["paragraph"]?.int == 0 && first["range"] == [0, 9])
    }

    @Test func `dates bound the articles`() throws {
        let holdings = try Self.holdings()
        let range = DateRange(since: "2013", until: "2014-03")
        let page = try Self.page(holdings, range: range)
        let dates = Set(page.items.compactMap { $0["published"]?.string })
        #expect(dates == ["2013-03-04", "2014-03-04"])
    }

    @Test(arguments: [1, 13, 119, 120])
    func `pages hold each quotation once, the newest first`(_ limit: Int) throws {
        let holdings = try Self.holdings()
        let whole = try Self.page(holdings).items
        let dates = whole.map { $0["published"]?.string ?? "" }
        #expect(dates == dates.sorted(by: >))
        var paged: [JSON] = []
        var place: Searcher.Place?
        repeat {
            let page = try Self.page(holdings, limit: limit, after: place)
            paged += page.items
            place = page.next
        } while place != nil && paged.count <= 120
        #expect(paged == whole)
    }

    @Test func `the largest questions are answered`() throws {
        let holdings = try Self.holdings()
        let without = "ferry" + String(repeating: " -storm", count: QueryParser.termLimit - 1)
        #expect(try Self.page(holdings, query: without).items.count == 60)
        #expect(try Self.page(holdings, speaker: without, query: without).items.isEmpty)
        let any = Array(repeating: "ferry", count: QueryParser.termLimit)
        #expect(try Self.page(holdings, query: any.joined(separator: " OR ")).items.count == 60)
    }
}
