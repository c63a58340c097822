internal import ArchiveProtocol
internal import GRDB

/// What people said, findable in SQLite's FTS5.
///
/// It changes in the transaction of the articles. Case and diacritics are folded.
enum QuotationTable {
    static func prepare(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE VIRTUAL TABLE IF NOT EXISTS quotation_index USING fts5 (
                    speaker, text, role UNINDEXED, paragraph UNINDEXED, low UNINDEXED,
                    high UNINDEXED, tokenize = 'unicode61 remove_diacritics 2'
                );
                -- Words are gathered in memory up to this many bytes: fewer and larger segments.
                INSERT INTO quotation_index (quotation_index, rank) VALUES ('hashsize', 4194304);
                -- Each commit leaves a segment. They are merged by `merge` and not within a commit,
                -- which would keep all others from writing for up to 50 ms.
                INSERT INTO quotation_index (quotation_index, rank) VALUES ('automerge', 0);
                INSERT INTO quotation_index (quotation_index, rank) VALUES ('crisismerge', 512);
                """)
    }

    /// Pages that are merged at a time: some milliseconds.
    private static let mergedPages = 48

    /// Merges some of the segments.
    ///
    /// - Returns: whether there was something to merge.
    static func merge(_ db: Database) throws -> Bool {
        let before = db.totalChangesCount
        try db.cachedStatement(
            sql: "INSERT INTO quotation_index (quotation_index, rank) VALUES ('merge', ?)"
        ).execute(arguments: [mergedPages])
        // The statement itself counts for one.
        return db.totalChangesCount - before > 1
    }

    static func add(_ article: Article, seq: Int64, isNew: Bool, in db: Database) throws {
        if !isNew { try remove(seq, in: db) }
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

    static func remove(_ seq: Int64, in db: Database) throws {
        let rows = QuotationRow.rows(of: seq)
        try db.cachedStatement(sql: "DELETE FROM quotation_index WHERE rowid BETWEEN ? AND ?")
            .execute(arguments: [rows.lowerBound, rows.upperBound])
    }
}

/// Where the quotations of an article stand in their table: 4,096 rows are set aside for each
/// article, so that a row tells its article and one article's rows are one range.
enum QuotationRow {
    static func rows(of article: Int64) -> ClosedRange<Int64> {
        article << 12...article << 12 | 4095
    }
}
