internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// A table of the database as an examination sees it: its key, its columns, its indexes.
///
/// All of it is asked of SQLite, so that a table of tomorrow is looked through too.
struct ExaminedTable {
    private struct Index {
        var name: String
        var columns: [String]
        /// The rows that are in it, as a condition; nil for all.
        var condition: String?
    }

    private let name: String
    private let key: [String]
    /// Holds of a row that has a value of another type than its column.
    private let mistyped: String
    private let indexes: [Index]

    /// The tables that our own migrations made, in the order of the names.
    static func all(in db: Database) throws -> [ExaminedTable] {
        let names = try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT name FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table'
                        AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
                        AND name NOT LIKE 'grdb!_%' ESCAPE '!'
                    ORDER BY name
                    """))
        return try names.map { try ExaminedTable($0, in: db) }.filter { !$0.key.isEmpty }
    }

    private init(_ name: String, in db: Database) throws {
        self.name = name
        let columns = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM pragma_table_info(?)"), arguments: [name])
        key = try columns.filter { try $0.decode(Int.self, forColumn: "pk") > 0 }
            .sorted { try $0.decode(Int.self, forColumn: "pk") < $1.decode(forColumn: "pk") }
            .map { try $0.decode(forColumn: "name") }
        mistyped = try columns.map { column in
            let isNeeded =
                try column.decode(Bool.self, forColumn: "notnull")
                || column.decode(Int.self, forColumn: "pk") > 0
            let type = try column.decode(String.self, forColumn: "type").lowercased()
            let name: String = try column.decode(forColumn: "name")
            return "typeof(\(name.quotedDatabaseIdentifier)) NOT IN ('\(type)'"
                + "\(isNeeded ? "" : ", 'null'"))"
        }.joined(separator: " OR ")
        indexes = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT list.name, list.partial, schema.sql FROM pragma_index_list(?) AS list
                    LEFT JOIN sqlite_schema AS schema ON schema.name = list.name
                    WHERE list.origin != 'pk'
                    """), arguments: [name]
        ).map { try Self.index($0, in: db) }
    }

    private static func index(_ row: Row, in db: Database) throws -> Index {
        let name: String = try row.decode(forColumn: "name")
        let sql: String? = try row.decode(forColumn: "sql")
        let isPartial: Bool = try row.decode(forColumn: "partial")
        return Index(
            name: name,
            columns: try String.fetchAll(
                db.cachedStatement(sql: "SELECT name FROM pragma_index_info(?)"),
                arguments: [name]),
            condition: isPartial
                ? sql?.range(of: " WHERE ").flatMap { sql?[$0.upperBound...] }.map(String.init)
                : nil)
    }

    /// Looks at some rows after a key.
    func examine(after last: [DatabaseValue], rows most: Int, in db: Database) throws
        -> Repository.ExaminationPiece
    {
        var piece = Repository.ExaminationPiece()
        let last = last.count == key.count ? last : []
        do {
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(list(key)), \(mistyped) AS mistyped, \(isLost(by: key)) AS lost
                        FROM (\(stretch(after: last))) AS present
                        """), arguments: arguments(last, most))
            piece.rows = rows.count
            if rows.count == most, let end = rows.last {
                let next = Repository.ExaminationPlace(key: key.map { end[$0] })
                guard next.isBehind(Repository.ExaminationPlace(key: last)) else {
                    throw DatabaseError(
                        resultCode: .SQLITE_CORRUPT, message: "rows are out of order")
                }
                piece.next = next
            }
            let strange = rows.filter { $0["mistyped"] == 1 || $0["lost"] == 1 }
            if let first = strange.first {
                let key = key.map { (first[$0] as DatabaseValue).description }
                note(
                    .table,
                    "\(strange.count) rows of the table \(name) are not as they are written, "
                        + "the first is \(key.joined(separator: ", "))", to: &piece)
            }
        } catch  where !Damage.isOfTheMachine(error) {
            note(.table, "the table \(name) cannot all be read: \(error)", to: &piece)
            return piece
        }
        for index in indexes { try look(into: index, after: last, most, in: db, for: &piece) }
        return piece
    }

    private func look(
        into index: Index, after last: [DatabaseValue], _ most: Int, in db: Database,
        for piece: inout Repository.ExaminationPiece
    ) throws {
        // What a partial index is of is asked by values that are there.
        let comparison = index.condition == nil ? "IS" : "="
        let found = (index.columns.map { ($0, comparison) } + key.map { ($0, "=") })
            .map { "found.\(quoted($0.0)) \($0.1) present.\(quoted($0.0))" }
        do {
            let lost =
                try Int.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT count(*) FROM (\(stretch(after: last))) AS present
                            WHERE (\(index.condition ?? "TRUE")) AND NOT EXISTS (
                                SELECT 1 FROM \(quoted(name)) AS found
                                INDEXED BY \(quoted(index.name))
                                WHERE \(found.joined(separator: " AND ")))
                            """), arguments: arguments(last, most)) ?? 0
            guard lost > 0 else { return }
            note(
                .index,
                "\(lost) rows of the table \(name) are not found by the index \(index.name)",
                index: index.name, to: &piece)
        } catch  where !Damage.isOfTheMachine(error) {
            note(
                .index, "the index \(index.name) cannot all be read: \(error)",
                index: index.name, to: &piece)
        }
    }

    private func note(
        _ kind: Damage.Kind, _ detail: String, index: String? = nil,
        to piece: inout Repository.ExaminationPiece
    ) {
        piece.damages.append(Damage(kind: kind, detail: detail, index: index))
    }

    // MARK: SQL

    /// The rows after a key, as many as are asked for.
    private func stretch(after last: [DatabaseValue]) -> String {
        let places = last.map { _ in "?" }.joined(separator: ", ")
        let condition = last.isEmpty ? "" : "WHERE (\(list(key))) > (\(places))"
        return "SELECT * FROM \(quoted(name)) NOT INDEXED \(condition) "
            + "ORDER BY \(list(key)) LIMIT ?"
    }

    private func arguments(_ last: [DatabaseValue], _ most: Int) -> StatementArguments {
        StatementArguments(last + [most.databaseValue])
    }

    /// Holds of a row that is not where its key is looked for.
    private func isLost(by key: [String]) -> String {
        let found = key.map { "found.\(quoted($0)) = present.\(quoted($0))" }
        return """
            NOT EXISTS (
                SELECT 1 FROM \(quoted(name)) AS found NOT INDEXED
                WHERE \(found.joined(separator: " AND ")))
            """
    }

    private func list(_ columns: [String]) -> String {
        columns.map(quoted).joined(separator: ", ")
    }

    private func quoted(_ name: String) -> String { name.quotedDatabaseIdentifier }
}
