internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// The words that tell an article from others: those that stand often in it and seldom elsewhere.
struct TellingWords: Sendable {
    static let most = 20
    /// What is behind these bytes of a body is not looked at.
    static let mostBytes = 1 << 16
    /// The parts whose words are weighed; a byline would find what else its writer wrote.
    private static let fields: [WordField] = [.headline, .place, .section, .anywhere]

    /// The most telling first.
    private(set) var words: [String] = []

    init(of article: IndexedArticle, in snapshot: IndexSnapshot) throws {
        var counts: [[UInt8]: Int] = [:]
        var length = 0
        for field in Self.fields {
            let text = String(
                decoding: article.text(field).utf8.prefix(Self.mostBytes), as: UTF8.self)
            for word in WordSplitter.words(text) {
                counts[word, default: 0] += field.weight
                length += 1
            }
        }
        let divisor = Norms.divisors[Int(Norms.norm(ofLength: length))]
        let total = Double(snapshot.sources.reduce(0) { $0 + $1.segment.count })
        var weighed: [(weight: Double, word: [UInt8])] = []
        for (word, count) in counts {
            let articles = try Self.frequency(of: word, in: snapshot)
            // What stands in no other article finds none.
            guard articles > 1 else { continue }
            let rarity = QueryPlan.rarity(articles, of: total)
            weighed.append((Double(Norms.share(Float(count), divisor)) * rarity, word))
        }
        weighed.sort { left, right in
            left.weight != right.weight
                ? left.weight > right.weight
                : left.word.lexicographicallyPrecedes(right.word)
        }
        words = weighed.prefix(Self.most).map { String(decoding: $0.word, as: UTF8.self) }
    }

    private static func frequency(of word: [UInt8], in snapshot: IndexSnapshot) throws -> Int {
        let term = [WordField.anywhere.rawValue] + word
        return try snapshot.sources.reduce(0) { sum, source in
            sum + (try source.segment.dictionary.entry(of: term)?.articles ?? 0)
        }
    }

    /// Articles with any of the words.
    var query: IndexQuery { .any(words.map { .words(.anywhere, $0) }) }
}

extension Searcher {
    /// Articles that are about the same as another.
    struct RelatedPage: Sendable {
        var id = ""
        /// The words by which they were found.
        var words: [String] = []
        var items: [JSON] = []
        var revision = 0
        var rebuilding: Indexer.Progress?
    }

    /// What has less than this part of the score that the article itself has is not related.
    private static let leastPart = 10

    /// Finds what is about the same as an article, by its most telling words.
    ///
    /// - Parameter id: the whole name, or the first four or more characters of it.
    func related(to id: String, limit: Int) throws -> RelatedPage {
        try pool.read { db in
            let revision = try Int.fetchOne(db, sql: "SELECT max(revision) FROM event") ?? 0
            let (row, name, _) = try Repository.resolve(id, in: db)
            try Repository.requireShown(row, name, in: db)
            let article = try FoundArticle(row, in: db)?.indexed ?? IndexedArticle(row: row)
            var page = RelatedPage(id: name, revision: revision)
            try withIndex(of: revision) { view in
                page.rebuilding = view.rebuilding
                let telling = try TellingWords(of: article, in: view.snapshot)
                page.words = telling.words
                page.items = try Self.items(row, telling, view.snapshot, limit, db)
            }
            return page
        }
    }

    private static func items(
        _ row: Int64, _ telling: TellingWords, _ snapshot: IndexSnapshot, _ limit: Int,
        _ db: Database
    ) throws -> [JSON] {
        let own = try snapshot.hit(row: row, for: telling.query)?.score ?? 0
        let marked = SoughtWords(telling.query)
        var question = IndexQuestion(query: telling.query)
        question.limit = limit + 1
        let hits = try snapshot.answer(question).hits.filter { hit in
            hit.row != row && hit.score * leastPart >= own
        }
        return try hits.prefix(limit).compactMap { hit in
            try FoundArticle(hit.row, in: db)?.item(marking: marked, score: hit.score)
        }
    }
}
