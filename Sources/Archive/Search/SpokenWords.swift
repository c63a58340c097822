internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Finding what people said.
extension Searcher {
    /// What is asked of the quotations.
    struct QuotationQuestion: Sendable {
        /// Words of the speaker's name, and of what was said: queries without fields.
        var speaker: Query?
        var query: Query?
        var range: DateRange?
        var limit: Int
        var after: Place?
    }

    /// How many quotations can be found.
    func quotationCount() throws -> Int {
        try pool.read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM quotation_index_docsize") ?? 0
        }
    }

    /// Finds quotations, those of the newest articles first.
    func quotations(_ question: QuotationQuestion) throws -> Page {
        let match = Self.match(question)
        var conditions = match == nil ? [] : ["quotation_index MATCH ?"]
        var arguments: [(any DatabaseValueConvertible)?] = match.map { [$0] } ?? []
        if let from = question.range?.from {
            conditions.append("article.published >= ?")
            arguments.append(from)
        }
        if let to = question.range?.to {
            conditions.append("article.published < ?")
            arguments.append(to)
        }
        if let after = question.after {
            conditions.append(
                "(coalesce(article.published, ''), -quotation_index.rowid) < (?, ?)")
            arguments += [after.key.string, -after.row]
        }
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        arguments.append(question.limit + 1)
        let sql = """
            SELECT quotation_index.rowid AS row, quotation_index.*, article.id, article.headline,
                article.published
            FROM quotation_index JOIN article ON article.seq = quotation_index.rowid >> 12
            \(filter)
            ORDER BY coalesce(article.published, '') DESC, quotation_index.rowid LIMIT ?
            """
        return try pool.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
            var page = Page()
            page.items = try rows.prefix(question.limit).map(Self.quotation)
            if rows.count > question.limit {
                let last = rows[question.limit - 1]
                page.next = Place(
                    key: .string(try last.decode(String?.self, forColumn: "published") ?? ""),
                    row: try last.decode(forColumn: "row"))
            }
            page.pin.revision = try Int.fetchOne(db, sql: "SELECT max(revision) FROM event") ?? 0
            return page
        }
    }

    private static func match(_ question: QuotationQuestion) -> String? {
        var wanted: [String] = []
        var unwanted: [String] = []
        for (query, column) in [(question.speaker, "speaker"), (question.query, "text")] {
            guard case .all(let parts)? = query else { continue }
            for part in parts {
                if case .not(let inner) = part {
                    unwanted.append("\(column) : \(expression(inner))")
                } else {
                    wanted.append("\(column) : \(expression(part))")
                }
            }
        }
        guard !wanted.isEmpty else { return nil }
        let all = wanted.joined(separator: " AND ")
        // One NOT: FTS5 bounds how deep an expression may nest.
        return unwanted.isEmpty ? all : "(\(all)) NOT (\(unwanted.joined(separator: " OR ")))"
    }

    private static func expression(_ query: Query) -> String {
        switch query {
        case .words(_, let words, let isPrefix):
            "\"\(words.joined(separator: " "))\"" + (isPrefix ? " *" : "")
        case .any(let parts), .all(let parts):
            "(\(parts.map(expression).joined(separator: " OR ")))"
        case .not(let inner): expression(inner)
        case .near, .fuzzy, .stem, .filter: "\"\""
        }
    }

    private static func quotation(_ row: Row) throws -> JSON {
        var members: [JSON.Member] = []
        for key in ["id", "headline", "published", "text", "speaker", "role"] {
            guard let value: String = try row.decode(forColumn: key) else { continue }
            members.append(.init(key, .string(value)))
        }
        func number(_ column: String) throws -> JSON {
            .integer(try row.decode(Int.self, forColumn: column))
        }
        members.append(.init("paragraph", try number("paragraph")))
        members.append(.init("range", [try number("low"), try number("high")]))
        return .object(members)
    }
}
