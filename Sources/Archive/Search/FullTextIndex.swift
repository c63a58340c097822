internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// The words of all articles, in SQLite's FTS5.
///
/// The index changes in the transaction of the articles. Case and diacritics are folded; a word
/// found in the headline counts most.
struct FullTextIndex: ArticleIndexing {
    func prepare(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE VIRTUAL TABLE IF NOT EXISTS article_index USING fts5 (
                    headline, body, byline, place, said, outlet, section,
                    tokenize = 'unicode61 remove_diacritics 2'
                );
                CREATE VIRTUAL TABLE IF NOT EXISTS quotation_index USING fts5 (
                    speaker, text, role UNINDEXED, paragraph UNINDEXED, low UNINDEXED,
                    high UNINDEXED, tokenize = 'unicode61 remove_diacritics 2'
                );
                CREATE TABLE IF NOT EXISTS article_feature (
                    seq INTEGER PRIMARY KEY,
                    features INTEGER NOT NULL
                );
                -- Words are gathered in memory up to this many bytes: fewer and larger segments.
                INSERT INTO article_index (article_index, rank) VALUES ('hashsize', 16777216);
                INSERT INTO quotation_index (quotation_index, rank) VALUES ('hashsize', 4194304);
                """)
    }

    func add(
        _ article: Article, confidences: FieldConfidences, seq: Int64, isNew: Bool, in db: Database
    ) throws {
        if !isNew { try remove(seq, in: db) }
        let images = article.images.flatMap { [$0.caption, $0.credit].compactMap(\.self) }
        let body = (article.body.map(\.text) + images).joined(separator: "\n")
        let headlines = [article.headline, article.alternativeHeadline].compactMap(\.self)
        try db.cachedStatement(
            sql: """
                INSERT INTO article_index
                    (rowid, headline, body, byline, place, said, outlet, section)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                seq, headlines.joined(separator: "\n"), body,
                ([article.byline].compactMap(\.self) + article.authors).joined(separator: "\n"),
                article.dateline, article.quotations.compactMap(\.speaker).joined(separator: "\n"),
                article.outlet, article.section,
            ])
        try db.cachedStatement(sql: "INSERT INTO article_feature VALUES (?, ?)")
            .execute(arguments: [
                seq,
                ArticleFeatures(of: article, confidences: confidences, isUpdated: !isNew).rawValue,
            ])
        try addQuotations(of: article, seq: seq, in: db)
    }

    func remove(_ seq: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM article_index WHERE rowid = ?")
            .execute(arguments: [seq])
        try db.cachedStatement(sql: "DELETE FROM article_feature WHERE seq = ?")
            .execute(arguments: [seq])
        let rows = QuotationRow.rows(of: seq)
        try db.cachedStatement(sql: "DELETE FROM quotation_index WHERE rowid BETWEEN ? AND ?")
            .execute(arguments: [rows.lowerBound, rows.upperBound])
    }

    private func addQuotations(of article: Article, seq: Int64, in db: Database) throws {
        guard !article.quotations.isEmpty else { return }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO quotation_index (rowid, speaker, text, role, paragraph, low, high)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (row, quotation) in zip(QuotationRow.rows(of: seq), article.quotations) {
            try statement.execute(
                arguments: [
                    row, quotation.speaker, quotation.text, quotation.role, quotation.paragraph,
                    quotation.range.lowerBound, quotation.range.upperBound,
                ])
        }
    }
}

/// Where the quotations of an article stand in their index: 4,096 rows are set aside for each
/// article, so that a row tells its article and one article's rows are one range.
enum QuotationRow {
    static func rows(of article: Int64) -> ClosedRange<Int64> {
        article << 12...article << 12 | 4095
    }
}
