import ArchiveProtocol
import Testing

@testable import Archive

/// Queries as they are written, against looking at every word of every article.
@Suite struct QueryAnswersTests {
    private static func found(_ text: String, _ oracle: SearchOracle, _ snapshot: IndexSnapshot)
        throws -> Set<String>
    {
        let query = IndexQuery(try QueryParser.query(text)) { part in
            oracle.entries.indices.filter {
                oracle.entries[$0].article.url?.contains(part) == true
            }.map { Int64($0) }
        }
        var question = IndexQuestion(query: query, limit: oracle.entries.count)
        question.countLimit = .max
        let answer = try snapshot.answer(question)
        #expect(answer.total == answer.hits.count)
        return Set(answer.hits.map { oracle.entries[Int($0.row)].id })
    }

    @Test func `parts within parts find what they should`() throws {
        let place = try IndexPlace()
        var random = Seeded(state: 77)
        let oracle = SearchOracle(count: 200, using: &random)
        let index = try ArticleIndex(directory: place.path)
        for (row, entry) in oracle.entries.enumerated() {
            try index.add([IndexedArticle(entry.article, row: Int64(row))], revision: row + 1)
            if row % 60 == 0 { try index.flush() }
        }
        let snapshot = try index.snapshot()
        var sizes: [Int] = []
        for _ in 0..<1500 {
            let (wanted, text) = oracle.question(using: &random)
            let found = try Self.found(text, oracle, snapshot)
            #expect(found == oracle.found([wanted]), "\(text)")
            sizes.append(found.count)
        }
        #expect(sizes.count { $0 > 0 } > 700 && sizes.count { $0 < oracle.entries.count } > 700)
    }

    @Test(arguments: [
        ("ferry", ["ferry", "ferries"]), ("running", ["run", "runs", "running"]),
        ("happy", ["happy", "happiness"]), ("hope", ["hope", "hoped", "hoping"]),
        ("hops", ["hop", "hopping"]), ("sky", ["sky", "skies"]), ("2017", ["2017"]),
        ("東京", ["東京"]), ("go", ["go", "going"]),
    ])
    func `a word is found in its English forms`(_ word: String, _ forms: [String]) throws {
        let others = ["fern", "runner", "hap", "hopper", "skylark", "201", "god", "東", "unhappy"]
        let found = try Self.found(word, among: forms + others, in: [["en"], [], ["la"]])
        #expect(found == forms)
    }

    @Test(arguments: [
        ("haus", "de", ["haus", "hauses", "häuser"], ["haus", "hauses"]),
        ("Straße", "de", ["straße", "straßen"], ["straße"]),
        ("nacional", "es", ["nacional", "nacionales"], ["nacional"]),
        ("hablar", "es", ["hablar", "hablaron", "hablo"], ["hablar"]),
        ("manger", "fr", ["manger", "mangera", "mangerait"], ["manger"]),
        ("manen", "nl", ["maan", "manen"], ["manen"]),
        ("книга", "ru", ["книга", "книги", "книгу"], ["книга"]),
    ])
    func `a word is found in the forms of the languages that articles are in`(
        _ word: String, _ language: String, _ forms: [String], _ englishForms: [String]
    ) throws {
        let words = forms + ["hausmeister", "strand", "naciente", "haba", "mangue", "mast", "кни"]
        let foreign = [["\(language)-x", language], ["en"], []]
        #expect(try Self.found(word, among: words, in: foreign) == forms)
        #expect(try Self.found(word, among: words, in: [["en"]]) == englishForms)
    }

    @Test func `a misspelt word is found whichever letter is wrong`() throws {
        let words = [
            "ferry", "berry", "erry", "aferry", "ferru", "fery", "berru", "ffery", "gulls", "merry",
        ]
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for (row, word) in words.enumerated() {
            var article = IndexedArticle(row: Int64(row))
            article.body = word
            try index.add([article], revision: row + 1)
        }
        for (text, rows) in [
            ("ferry~", [0, 1, 2, 3, 4, 5, 9]), ("ferry~2", [0, 1, 2, 3, 4, 5, 7, 9]),
        ] {
            let query = IndexQuery(try QueryParser.query(text)) { _ in [] }
            let answer = try index.snapshot().answer(IndexQuestion(query: query, limit: 100))
            #expect(answer.hits.map { Int($0.row) }.sorted() == rows)
        }
    }

    /// Which of some words, each in an article of its own, are found by the stem of one; the
    /// articles are in these languages by turns.
    private static func found(
        _ word: String, among words: [String], in languages: [[String]]
    ) throws -> [String] {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        for (row, word) in words.enumerated() {
            var article = IndexedArticle(row: Int64(row))
            article.body = word
            article.languages = languages[row % languages.count]
            try index.add([article], revision: row + 1)
        }
        let snapshot = try index.snapshot()
        let query = IndexQuery(
            try QueryParser.query("stem:\(word)"), languages: { snapshot.stemLanguages }
        ) { _ in [] }
        let answer = try snapshot.answer(IndexQuestion(query: query, limit: 100))
        return answer.hits.map { Int($0.row) }.sorted().map { words[$0] }
    }

    @Test func `what became of articles and how sure they are can be asked`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        var random = Seeded(state: 3)
        let oracle = SearchOracle(count: 4, using: &random)
        let features: [ArticleFeatures] = [
            [], .updated, ArticleFeatures(FieldConfidences(.date, .low)),
            [ArticleFeatures(FieldConfidences(.by, .high)), .updated],
        ]
        for (row, entry) in oracle.entries.enumerated() {
            let article = IndexedArticle(entry.article, row: Int64(row), features: features[row])
            try index.add([article], revision: row + 1)
        }
        let snapshot = try index.snapshot()
        for (text, rows) in [
            ("state:updated", [1, 3]), ("-state:updated", [0, 2]), ("date.confidence:low", [2]),
            ("date.confidence:(medium OR high)", []), ("by.confidence:high state:updated", [3]),
            ("date.confidence:low OR state:updated", [1, 2, 3]),
        ] {
            let found = try Self.found(text, oracle, snapshot)
            #expect(found == Set(rows.map { oracle.entries[$0].id }), "\(text)")
        }
    }
}
