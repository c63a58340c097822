internal import ArchiveProtocol
internal import GRDB

/// Something that happened to the holdings (PREMIS `event`), with the revision it made.
struct Event: Sendable {
    /// Counts up by one for each event that is kept.
    var revision: Int
    var time: Timestamp
    /// Such as `article.added` or `file.quarantined`; `docs/protocol.md` lists them.
    var type: String
    /// What it is about, as members of the notification.
    var payload: JSON

    /// Adds an event to the log.
    static func append(_ type: String, _ payload: JSON, to db: Database) throws -> Event {
        let time = Timestamp.now
        let statement = try db.cachedStatement(
            sql: "INSERT INTO event (time, type, payload) VALUES (?, ?, ?)")
        try statement.execute(arguments: [time.microseconds, type, payload.text])
        return Event(
            revision: Int(db.lastInsertedRowID), time: time, type: type, payload: payload)
    }

    /// The parameters of the notification that tells of it.
    var params: JSON {
        .object(
            [
                .init("revision", .integer(revision)), .init("time", .string(time.text)),
                .init("type", .string(type)),
            ] + (payload.members ?? []))
    }
}

extension Repository {
    /// The number of the latest event: the archive's revision.
    func revision() throws -> Int {
        try pool.read { db in
            try Int.fetchOne(db, sql: "SELECT max(revision) FROM event") ?? 0
        }
    }

    /// The events after `revision`, oldest first.
    func events(after revision: Int, limit: Int) throws -> [Event] {
        try pool.read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM event WHERE revision > ? ORDER BY revision LIMIT ?",
                arguments: [revision, limit])
            return try rows.map { row in
                let payload: String = try row.decode(forColumn: "payload")
                return Event(
                    revision: try row.decode(forColumn: "revision"),
                    time: Timestamp(microseconds: try row.decode(forColumn: "time")),
                    type: try row.decode(forColumn: "type"),
                    payload: (try? JSONParser.parse(payload.utf8)) ?? .object([]))
            }
        }
    }
}
