internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Answers queries from the index and the tables, on a reader of the database.
struct Searcher: Sendable {
    let pool: DatabasePool

    /// The order of hits.
    enum Sort: String, Sendable, CaseIterable {
        case relevance, newest, oldest
    }

    /// Totals above this are told as "at least".
    static let countLimit = 10_000

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
    }

    /// Finds articles.
    func articles(_ question: Question) throws -> Page {
        try pool.read { db in
            let statement = try SearchStatement(question.query, range: question.range)
            let hasMatch = statement.match != nil
            // Without words there is no relevance: the newest come first.
            let sort = question.sort == .relevance && !hasMatch ? .newest : question.sort
            var page = try count(statement, in: db)
            var question = question
            if let match = statement.match, sort == .relevance, let after = question.after {
                question.after = try Self.rescored(after, match, in: db)
            }
            // Not cached: queries have endless forms, and a cache of statements has no bound.
            let rows = try Row.fetchAll(
                db, sql: Self.sql(statement, sort, question.after != nil),
                arguments: Self.arguments(statement, sort, question))
            for row in rows.prefix(question.limit) { page.items.append(Self.hit(row)) }
            if rows.count > question.limit,
                let last = rows.dropLast(rows.count - question.limit).last
            {
                page.next = Self.place(last, sort)
            }
            page.revision = try Int.fetchOne(db, sql: "SELECT max(revision) FROM event") ?? 0
            return page
        }
    }

    private static let score = "bm25(article_index, 6.0, 1.0, 3.0, 2.0, 1.0, 1.0, 1.0)"

    private static func source(_ statement: SearchStatement) -> String {
        let tables =
            statement.match == nil
            ? "article" : "article_index JOIN article ON article.seq = article_index.rowid"
        let match = statement.match == nil ? [] : ["article_index MATCH ?"]
        let conditions = match + statement.conditions + ["article.withdrawn IS NULL"]
        return "\(tables) WHERE \(conditions.joined(separator: " AND "))"
    }

    private static func sql(_ statement: SearchStatement, _ sort: Sort, _ isContinued: Bool)
        -> String
    {
        // Undated articles sort as if they were published before all others.
        let key = sort == .relevance ? score : "coalesce(article.published, '')"
        let order = sort == .newest ? "DESC" : "ASC"
        let beyond = sort == .newest ? "<" : ">"
        let place = isContinued ? "WHERE (key, seq) \(beyond) (?, ?)" : ""
        // Snippets are made for the hits of the page alone: they cost more than the search.
        let found = """
            SELECT * FROM (SELECT article.seq AS seq, \(key) AS key FROM \(source(statement)))
            \(place) ORDER BY key \(order), seq \(order) LIMIT ?
            """
        guard statement.match != nil else {
            return """
                SELECT article.*, found.key AS key, article_index.body AS snippet
                FROM (\(found)) AS found JOIN article ON article.seq = found.seq
                JOIN article_index ON article_index.rowid = found.seq
                ORDER BY found.key \(order), found.seq \(order)
                """
        }
        return """
            SELECT article.*, found.key AS key, (
                SELECT snippet(article_index, 1, char(0xE000), char(0xE001), '…', 24)
                FROM article_index WHERE article_index MATCH ? AND rowid = found.seq) AS snippet
            FROM (\(found)) AS found JOIN article ON article.seq = found.seq
            ORDER BY found.key \(order), found.seq \(order)
            """
    }

    private static func arguments(_ statement: SearchStatement, _ sort: Sort, _ question: Question)
        -> StatementArguments
    {
        var arguments: [(any DatabaseValueConvertible)?] = []
        if let match = statement.match { arguments += [match, match] }
        arguments += statement.arguments
        if let after = question.after {
            if sort == .relevance {
                arguments.append(after.key.double)
            } else {
                arguments.append(after.key.string)
            }
            arguments.append(after.row)
        }
        arguments.append(question.limit + 1)
        return StatementArguments(arguments)
    }

    /// A place among the scores of now: each article that is added shifts those of all.
    private static func rescored(_ place: Place, _ match: String, in db: Database) throws
        -> Place
    {
        let now = try Double.fetchOne(
            db,
            sql: """
                SELECT \(score) FROM article_index WHERE article_index MATCH ? AND rowid = ?
                """, arguments: [match, place.row])
        return Place(key: now.map { .number(String($0)) } ?? place.key, row: place.row)
    }

    private func count(_ statement: SearchStatement, in db: Database) throws -> Page {
        let arguments: [(any DatabaseValueConvertible)?] =
            (statement.match.map { [$0] } ?? []) + statement.arguments
        let total =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM (
                        SELECT 1 FROM \(Self.source(statement)) LIMIT \(Self.countLimit + 1))
                    """, arguments: StatementArguments(arguments)) ?? 0
        return Page(
            total: min(total, Self.countLimit), isTotalExact: total <= Self.countLimit)
    }

    private static func place(_ row: Row, _ sort: Sort) -> Place {
        let seq: Int64 = row["seq"]
        if sort == .relevance {
            let score: Double = row["key"]
            return Place(key: .number(String(score)), row: seq)
        }
        return Place(key: .string(row["key"]), row: seq)
    }

    private static func hit(_ row: Row) -> JSON {
        var members: [JSON.Member] = [
            .init("id", .string(row["id"])), .init("headline", .string(row["headline"])),
        ]
        for key in ["outlet", "byline", "published", "dateline", "url"] {
            if let value: String = row[key] { members.append(.init(key, .string(value))) }
        }
        members.append(.init("version", .integer(row["version"] as Int)))
        let snippet: String = row["snippet"] ?? ""
        members.append(.init("snippet", .string(shortened(snippet))))
        if case .double(let score) = (row["key"] as DatabaseValue).storage {
            members.append(.init("score", .number(String(-score))))
        }
        return .object(members)
    }

    /// The first words of a text that no word was looked for in.
    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > 400 else { return text }
        let words = text.prefix(200).split(separator: " ", omittingEmptySubsequences: true)
        return words.dropLast().joined(separator: " ") + " …"
    }
}
