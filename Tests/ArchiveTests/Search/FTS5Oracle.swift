import ArchiveProtocol
import GRDB

@testable import Archive

/// Articles in SQLite's FTS5, which tells what a search should find.
struct FTS5Oracle {
    private let queue: DatabaseQueue

    init() throws {
        queue = try DatabaseQueue()
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE article (
                        seq INTEGER PRIMARY KEY, id TEXT NOT NULL, url TEXT, published TEXT);
                    CREATE VIRTUAL TABLE article_index USING fts5 (
                        headline, body, byline, place, said, outlet, section,
                        tokenize = 'unicode61 remove_diacritics 2');
                    CREATE TABLE article_feature (
                        seq INTEGER PRIMARY KEY, features INTEGER NOT NULL);
                    """)
        }
    }

    /// Takes an article in place of what was there under its row.
    func add(_ article: Article, id: String, row: Int64, isUpdated: Bool) throws {
        let images = article.images.flatMap { [$0.caption, $0.credit].compactMap(\.self) }
        let headlines = [article.headline, article.alternativeHeadline].compactMap(\.self)
        let names = [article.byline].compactMap(\.self) + article.authors
        try queue.write { db in
            for table in ["article WHERE seq", "article_feature WHERE seq"] {
                try db.execute(sql: "DELETE FROM \(table) = ?", arguments: [row])
            }
            try db.execute(sql: "DELETE FROM article_index WHERE rowid = ?", arguments: [row])
            try db.execute(
                sql: "INSERT INTO article VALUES (?, ?, ?, ?)",
                arguments: [row, id, article.url, article.published?.value])
            try db.execute(
                sql: """
                    INSERT INTO article_index
                        (rowid, headline, body, byline, place, said, outlet, section)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    row, headlines.joined(separator: "\n"),
                    (article.body.map(\.text) + images).joined(separator: "\n"),
                    names.joined(separator: "\n"), article.dateline,
                    article.quotations.compactMap(\.speaker).joined(separator: "\n"),
                    article.outlet, article.section,
                ])
            try db.execute(
                sql: "INSERT INTO article_feature VALUES (?, ?)",
                arguments: [row, ArticleFeatures(of: article, isUpdated: isUpdated).rawValue])
        }
    }

    /// The ids of what a query finds, in the order asked for.
    func find(_ query: Query, _ sort: Searcher.Sort) throws -> [String] {
        let statement = try SearchStatement(query)
        let isRanked = sort == .relevance && statement.match != nil
        let key =
            isRanked
            ? "bm25(article_index, 6.0, 1.0, 3.0, 2.0, 1.0, 1.0, 1.0)"
            : "coalesce(article.published, '')"
        let order = isRanked || sort == .oldest ? "ASC" : "DESC"
        let match = statement.match.map { _ in ["article_index MATCH ?"] } ?? []
        let conditions = (match + statement.conditions).joined(separator: " AND ")
        return try queue.read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT article.id FROM article_index
                    JOIN article ON article.seq = article_index.rowid
                    \(conditions.isEmpty ? "" : "WHERE \(conditions)")
                    ORDER BY \(key) \(order), article.seq \(order)
                    """,
                arguments: StatementArguments(
                    (statement.match.map { [$0] } ?? []) + statement.arguments))
        }
    }
}
