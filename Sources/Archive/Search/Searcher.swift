internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Answers queries: the index tells which articles, the database what they are.
struct Searcher: Sendable {
    let pool: DatabasePool
    let index: Indexer

    /// The order of hits.
    enum Sort: String, Sendable, CaseIterable {
        case relevance, newest, oldest
    }

    /// Totals above this are told as "at least".
    static let countLimit = 10_000
    /// Hits asked for at once where some of a page were not to be shown.
    private static let refill = 100

    /// What is asked for.
    struct Question: Sendable {
        var query: Query
        var range: DateRange?
        var sort: Sort
        var limit: Int
        /// The place after which hits are wanted.
        var after: Place?
    }

    /// A place in the order of hits: the sort key as JSON, and the row.
    struct Place: Sendable, Hashable {
        var key: JSON
        var row: Int64
    }

    /// One page of hits.
    struct Page: Sendable {
        var items: [JSON] = []
        /// Where the next page begins; nil at the end.
        var next: Place?
        var total = 0
        var isTotalExact = true
        var revision = 0
        /// How far the index is, where it lacks articles.
        var rebuilding: Indexer.Progress?
    }

    /// Finds articles.
    func articles(_ question: Question) throws -> Page {
        try pool.read { db in
            // First the database and then the index: so the index has all that the database shows.
            let revision = try Int.fetchOne(db, sql: "SELECT max(revision) FROM event") ?? 0
            let query = try IndexQuery(question.query, range: question.range) { part in
                try Self.rows(holding: part, in: db)
            }
            var page: Page
            do { page = try found(question, query, revision, db) } catch let error
                as IndexQuestionError
            {
                throw Failure(error)
            }
            page.revision = revision
            return page
        }
    }

    /// Asks the index; where it is damaged, what there is of the new one.
    private func found(
        _ question: Question, _ query: IndexQuery, _ revision: Int, _ db: Database
    ) throws -> Page {
        let view = index.view(of: revision)
        do { return try Self.page(question, query, view, db) } catch let damage as IndexDamage {
            index.discard(view, for: damage)
            return try Self.page(question, query, index.view(of: revision), db)
        }
    }

    /// The articles whose address holds a text.
    private static func rows(holding part: String, in db: Database) throws -> [Int64] {
        try Int64.fetchAll(
            db,
            sql: "SELECT seq FROM article WHERE url IS NOT NULL AND instr(url, ?) > 0",
            arguments: [part])
    }

    private static func page(
        _ question: Question, _ query: IndexQuery, _ view: Indexer.View, _ db: Database
    ) throws -> Page {
        let words = SoughtWords(query)
        // Without words there is no relevance: the newest come first.
        let isRanked = question.sort == .relevance && !words.isEmpty
        var asked = IndexQuestion(query: query)
        asked.order = isRanked ? .relevance : question.sort == .oldest ? .oldest : .newest
        asked.after = try question.after.map { place in
            let hit = try IndexHit(place)
            // Each article that is added shifts the scores of all: the hit is scored anew.
            return isRanked
                ? try view.snapshot.hit(row: hit.row, for: query) ?? hit : hit
        }
        asked.countLimit = countLimit
        asked.limit = question.limit
        var page = Page(rebuilding: view.rebuilding)
        var answer = try view.snapshot.answer(asked)
        (page.total, page.isTotalExact) = (answer.total, answer.isTotalExact)
        asked.countLimit = 0
        while true {
            for hit in answer.hits where page.items.count < question.limit {
                asked.after = hit
                // A hit that the database does not show, or not yet, is passed over.
                guard let row = try record(of: hit.row, in: db) else { continue }
                page.items.append(Self.item(row, words, score: isRanked ? hit.score : nil))
            }
            let isThrough = asked.after == answer.hits.last || answer.hits.isEmpty
            if isThrough, !answer.hasMore { return page }
            if page.items.count == question.limit { break }
            asked.limit = refill
            answer = try view.snapshot.answer(asked)
        }
        page.next = asked.after.map(Place.init)
        return page
    }

    private static func record(of row: Int64, in db: Database) throws -> Row? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT article.id, article.headline, article.outlet, article.byline,
                        article.published, article.dateline, article.url, article.version,
                        version.document, version.digest
                    FROM article JOIN version ON version.article = article.seq
                        AND version.number = article.version
                    WHERE article.seq = ? AND article.withdrawn IS NULL
                    """), arguments: [row])
    }

    private static func item(_ row: Row, _ words: SoughtWords, score: Int?) -> JSON {
        var members: [JSON.Member] = [
            .init("id", .string(row["id"])), .init("headline", .string(row["headline"])),
        ]
        for key in ["outlet", "byline", "published", "dateline", "url"] {
            if let value: String = row[key] { members.append(.init(key, .string(value))) }
        }
        members.append(.init("version", .integer(row["version"] as Int)))
        // A damaged record is found by what its index holds, and nothing of it is quoted.
        let text = StoredDocument.intact(row).map { RecordText.body(of: [UInt8]($0)) } ?? ""
        members.append(.init("snippet", .string(Snippet(of: text, marking: words).text)))
        if let score {
            members.append(.init("score", .number(String(Double(score) / QueryPlan.scoreScale))))
        }
        return .object(members)
    }
}

extension Searcher.Place {
    /// The place right after a hit.
    init(_ hit: IndexHit) {
        key = .array([.integer(hit.score), .string(String(hit.date, radix: 16))])
        row = hit.row
    }
}

extension IndexHit {
    fileprivate init(_ place: Searcher.Place) throws(Failure) {
        guard let key = place.key.array, key.count == 2, let score = key[0].int,
            let date = key[1].string.flatMap({ UInt64($0, radix: 16) })
        else {
            throw Failure(
                .cursorExpired, "the cursor is of another release",
                hint: "repeat the request without a cursor")
        }
        self.init(row: place.row, date: date, score: score)
    }
}

extension Failure {
    fileprivate init(_ error: IndexQuestionError) {
        let (words, expected) =
            switch error {
            case .tooManyWords(let word):
                ("too many words of the archive are like \(word)", "more letters")
            case .tooDeep: ("the query has too many groups within groups", "fewer groups")
            }
        self.init(
            .querySyntax, words, hint: "give \(expected)",
            data: [.init("offset", 0), .init("expected", .string(expected))])
    }
}
