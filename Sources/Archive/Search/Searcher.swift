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
        /// Most hits; 0 where only counts are wanted.
        var limit: Int
        /// The place after which hits are wanted.
        var after: Place?
        /// The revision that is asked of; what came later is not found.
        var at: Int?
        /// The same as an earlier page has it.
        var pin: RevisionPin?
        /// Whether all are counted, however many.
        var countsAll = false
        var facets: [Facet] = []
        var timeline: Timeline?
        /// Whether it is told what gave each hit its score.
        var explains = false
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
        /// The revision whose articles are searched, for the next page too.
        var pin = RevisionPin(revision: 0, article: 0, version: 0)
        var revision: Int { pin.revision }
        /// How far the index is, where it lacks articles.
        var rebuilding: Indexer.Progress?
        /// Told with the first page alone.
        var facets: JSON?
        var timeline: JSON?
        /// The query as it was understood, where that was asked for.
        var understood: Query?
        /// What the query may have meant, where it or a word of it finds nothing.
        var suggestion: Query?
    }

    /// Finds articles.
    func articles(_ question: Question) throws -> Page {
        try pool.read { db in
            // First the database and then the index: so the index has all that the database shows.
            let latest = try RevisionPin.latest(in: db)
            let pin =
                try question.pin
                ?? question.at.map { try RevisionPin.at($0, latest: latest, in: db) } ?? latest
            return try withIndex(of: latest.revision) { view in
                func indexed(_ query: Query) throws -> IndexQuery {
                    let asked = try IndexQuery(
                        query, range: question.range,
                        languages: { view.snapshot.stemLanguages }
                    ) { part in
                        try Self.rows(holding: part, in: db)
                    }
                    return pin.article < latest.article
                        ? .all([asked, .until(pin.article)]) : asked
                }
                let isPast = pin.version < latest.version
                var page = try Self.page(question, try indexed(question.query), view) { row in
                    isPast ? try FoundArticle(row, at: pin, in: db) : try FoundArticle(row, in: db)
                }
                page.pin = pin
                if question.after == nil {
                    page.suggestion = try Spelling(snapshot: view.snapshot).suggestion(
                        for: question.query, isFound: page.total > 0
                    ) { other in
                        var asked = IndexQuestion(query: try indexed(other), limit: 0)
                        asked.countLimit = 1
                        return try view.snapshot.answer(asked).total > 0
                    }
                }
                return page
            }
        }
    }

    /// Asks the index; where it is damaged, what there is of the new one.
    func withIndex<Found>(of revision: Int, _ ask: (Indexer.View) throws -> Found) throws -> Found {
        do {
            let view = index.view(of: revision)
            do { return try ask(view) } catch let damage as IndexDamage {
                index.discard(view, for: damage)
                return try ask(index.view(of: revision))
            }
        } catch let error as IndexQuestionError {
            throw Failure(error)
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
        _ question: Question, _ query: IndexQuery, _ view: Indexer.View,
        article: (Int64) throws -> FoundArticle?
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
        asked.countLimit = question.countsAll ? Int.max : countLimit
        asked.limit = question.limit
        if question.after == nil { asked.facets = question.counted }
        var page = Page(rebuilding: view.rebuilding)
        var answer = try view.snapshot.answer(asked)
        (page.total, page.isTotalExact) = (answer.total, answer.isTotalExact)
        page.count(answer.facets, for: question)
        (asked.countLimit, asked.facets) = (0, [])
        while true {
            let reasons =
                question.explains
                ? try view.snapshot.contributions(to: answer.hits.map(\.row), of: query) : nil
            for hit in answer.hits where page.items.count < question.limit {
                asked.after = hit
                // A hit that the database does not show, or not yet, is passed over.
                guard let found = try article(hit.row) else { continue }
                let reason = try reasons.map { reasons in
                    try Explanation(reasons[hit.row] ?? [], in: found.indexed)
                }
                page.items.append(
                    try found.item(marking: words, score: isRanked ? hit.score : nil, reason))
            }
            let isThrough = asked.after == answer.hits.last || answer.hits.isEmpty
            if isThrough, !answer.hasMore { break }
            if page.items.count == question.limit {
                page.next = asked.after.map(Place.init)
                break
            }
            asked.limit = refill
            answer = try view.snapshot.answer(asked)
        }
        if question.explains { page.understood = question.understood }
        return page
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
