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
    static func row(_ row: Row) -> LedgerRow {
        let path: Data = row["path"]
        let state: String = row["state"]
        let reason: String? = row["reason"]
        let digest: Data? = row["digest"]
        func time(_ column: String) -> Timestamp? {
            (row[column] as Int64?).map(Timestamp.init(microseconds:))
        }
        var ledger = LedgerRow(
            path: InboxPath(bytes: Array(path)), state: .init(rawValue: state) ?? .seen,
            since: Timestamp(microseconds: row["since"]), size: row["size"],
            digest: digest.flatMap { Digest(bytes: Array($0)) }, articles: row["articles"])
        ledger.reason = reason.flatMap(Reason.init)
        ledger.detail = row["detail"]
        ledger.times = LedgerRow.Times(
            noticed: time("noticed"), read: time("read"), parsed: time("parsed"),
            searchable: time("searchable"))
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
            return rows.map(LedgerTable.row)
        }
    }
}
