internal import Foundation
internal import GRDB

/// The ledger in the database.
enum LedgerTable {
    /// Writes a row in place of what was known of its path.
    static func write(_ row: LedgerRow, to db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO ledger
                    (path, state, reason, detail, since, size, digest, articles,
                     noticed, read, parsed, searchable)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(
            arguments: [
                Data(row.path.bytes), row.state.rawValue, row.reason?.rawValue, row.detail,
                row.since.microseconds, row.size, row.digest.map { Data($0.bytes) },
                row.articles, row.times.noticed?.microseconds,
                row.times.read?.microseconds, row.times.parsed?.microseconds,
                row.times.searchable?.microseconds,
            ])
    }

    /// The row as it was written.
    static func row(_ row: Row) throws -> LedgerRow {
        let path: Data = try row.decode(forColumn: "path")
        let state: String = try row.decode(forColumn: "state")
        let reason: String? = try row.decode(forColumn: "reason")
        let digest: Data? = try row.decode(forColumn: "digest")
        func time(_ column: String) throws -> Timestamp? {
            try row.decode(Int64?.self, forColumn: column).map(Timestamp.init(microseconds:))
        }
        var ledger = LedgerRow(
            path: InboxPath(bytes: Array(path)), state: .init(rawValue: state) ?? .seen,
            since: Timestamp(microseconds: try row.decode(forColumn: "since")),
            size: try row.decode(forColumn: "size"),
            digest: digest.flatMap { Digest(bytes: Array($0)) },
            articles: try row.decode(forColumn: "articles"))
        ledger.reason = reason.flatMap(Reason.init)
        ledger.detail = try row.decode(forColumn: "detail")
        ledger.times = LedgerRow.Times(
            noticed: try time("noticed"), read: try time("read"), parsed: try time("parsed"),
            searchable: try time("searchable"))
        return ledger
    }
}

extension Repository: Ledger {
    func record(_ rows: [LedgerRow]) throws {
        try pool.write { db in
            for row in rows { try LedgerTable.write(row, to: db) }
        }
    }

    /// The row of a path.
    func ledgerRow(_ path: InboxPath) throws -> LedgerRow? {
        try pool.read { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM ledger WHERE path = ?", arguments: [Data(path.bytes)]
            ).map(LedgerTable.row)
        }
    }

    /// The rows after a path in one state or in any, by path.
    func ledgerRows(state: LedgerRow.State?, after path: InboxPath?, limit: Int) throws
        -> [LedgerRow]
    {
        try pool.read { db in
            let start = Data(path?.bytes ?? [])
            let rows =
                if let state {
                    try Row.fetchAll(
                        db,
                        sql: """
                            SELECT * FROM ledger WHERE state = ? AND path > ? ORDER BY path LIMIT ?
                            """, arguments: [state.rawValue, start, limit])
                } else {
                    try Row.fetchAll(
                        db, sql: "SELECT * FROM ledger WHERE path > ? ORDER BY path LIMIT ?",
                        arguments: [start, limit])
                }
            return try rows.map(LedgerTable.row)
        }
    }
}
