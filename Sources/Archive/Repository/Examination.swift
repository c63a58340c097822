internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Looking through the whole database for damage, some rows at a time.
///
/// Records are held against their digests and against what stands beside them, then every row is
/// looked for in each index of its table. SQLite's own checks take a table or a database at once,
/// in one transaction that keeps its log from being used again; a piece of this takes some
/// milliseconds, and whoever asks for the next decides when.
extension Repository {
    /// How far an examination is.
    struct ExaminationPlace: Sendable, Equatable {
        /// 0 for the records, then a table each.
        var stage = 0
        /// The key of the last row that was looked at; empty at the beginning of a stage.
        var key: [DatabaseValue] = []
    }

    /// What a piece of an examination found.
    struct ExaminationPiece: Sendable {
        var damages: [Damage] = []
        /// How many rows were looked at.
        var rows = 0
        /// Where the next piece begins; nil at the end.
        var next: ExaminationPlace?
    }

    /// Looks at some rows after a place.
    func examine(after place: ExaminationPlace, rows: Int) throws -> ExaminationPiece {
        try pool.read { db in
            guard place.stage > 0 else {
                return try Self.examineRecords(after: place, rows: rows, in: db)
            }
            let tables = try ExaminedTable.all(in: db)
            guard tables.indices.contains(place.stage - 1) else { return ExaminationPiece() }
            var piece = try tables[place.stage - 1].examine(after: place.key, rows: rows, in: db)
            piece.next =
                piece.next.map { ExaminationPlace(stage: place.stage, key: $0.key) }
                ?? (place.stage < tables.count ? ExaminationPlace(stage: place.stage + 1) : nil)
            return piece
        }
    }

    /// Looks at the versions of one article.
    func examine(article seq: Int64) throws -> [Damage] {
        try pool.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "\(RecordRow.sql) WHERE version.article = ?", arguments: [seq])
            var damages: [Damage] = []
            while let row = try rows.next() { damages += RecordRow(row).damages }
            return damages
        }
    }

    /// Bytes of records after which a piece ends.
    private static let pieceBytes = 4 << 20

    private static func examineRecords(
        after place: ExaminationPlace, rows most: Int, in db: Database
    ) throws -> ExaminationPiece {
        var piece = ExaminationPiece()
        do {
            let rows = try Row.fetchCursor(
                try db.cachedStatement(
                    sql: "\(RecordRow.sql) WHERE version.seq > ? ORDER BY version.seq"),
                arguments: [place.key.first ?? 0.databaseValue])
            var bytes = 0
            while piece.rows < most, bytes < pieceBytes, let row = try rows.next() {
                let record = RecordRow(row)
                let key: [DatabaseValue] = [row.stored("seq")]
                guard ExaminationPlace(stage: 0, key: key).isBehind(piece.next ?? place) else {
                    throw DatabaseError(
                        resultCode: .SQLITE_CORRUPT, message: "rows are out of order")
                }
                piece.rows += 1
                bytes += record.size
                piece.damages += record.damages
                piece.next = ExaminationPlace(key: key)
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            piece.damages.append(
                Damage(kind: .table, detail: "the records cannot all be read: \(error)"))
            piece.next = nil
        }
        piece.next = piece.next ?? ExaminationPlace(stage: 1)
        return piece
    }
}

extension Repository.ExaminationPlace {
    /// Whether it is after another place of its stage, as it is on pages that are sound.
    func isBehind(_ other: Self) -> Bool {
        for (own, others) in zip(key, other.key) where own != others {
            return switch (own.storage, others.storage) {
            case (.int64(let own), .int64(let others)): own > others
            case (.string(let own), .string(let others)):
                others.utf8.lexicographicallyPrecedes(own.utf8)
            case (.blob(let own), .blob(let others)): others.lexicographicallyPrecedes(own)
            default: false
            }
        }
        return other.key.isEmpty
    }

    /// As a cursor has it: the stage, then numbers, texts, and bytes as `[name]`.
    var json: JSON {
        .array(
            [.integer(stage)]
                + key.map { value in
                    switch value.storage {
                    case .int64(let number): .integer(Int(number))
                    case .string(let text): .string(text)
                    case .blob(let data): [.string(ByteName.display(Array(data)))]
                    case .null, .double: .null
                    }
                })
    }

    /// The place of a cursor; nil where it is none.
    init?(_ json: JSON) {
        guard let parts = json.array, let stage = parts.first?.int, stage >= 0 else { return nil }
        self.stage = stage
        for part in parts.dropFirst() {
            switch part {
            case .string(let text): key.append(text.databaseValue)
            case .array(let bytes):
                guard let bytes = bytes.first?.string.flatMap(ByteName.bytes) else { return nil }
                key.append(Data(bytes).databaseValue)
            default:
                guard let number = part.int else { return nil }
                key.append(number.databaseValue)
            }
        }
    }
}
