internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Reading the register of originals and their member lists.
extension Repository {
    /// The totals of the holdings.
    struct Totals: Sendable {
        var articles = 0
        var versions = 0
        var originals = 0
        var quarantined = 0
        /// Originals of which something could not be read.
        var partial = 0
        var duplicates = 0
        var bytes = 0
    }

    /// Counts what is kept.
    func totals() throws -> Totals {
        try pool.read { db in
            func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
            return Totals(
                articles: try count("SELECT count(*) FROM article"),
                versions: try count("SELECT count(*) FROM version"),
                originals: try count("SELECT count(*) FROM original WHERE state != 'quarantined'"),
                quarantined: try count(
                    "SELECT count(*) FROM original WHERE state = 'quarantined'"),
                partial: try count("SELECT count(*) FROM original WHERE state = 'partial'"),
                duplicates: try count("SELECT count(*) FROM ledger WHERE state = 'duplicate'"),
                bytes: try count("SELECT coalesce(sum(size), 0) FROM original"))
        }
    }

    /// How many articles there are: the greatest row, because none is ever removed.
    func articleCount() throws -> Int {
        try pool.read { try Int.fetchOne($0, sql: "SELECT max(seq) FROM article") ?? 0 }
    }

    /// One row of `originals.list`.
    struct OriginalRecord: Sendable {
        var seq: Int64
        var digest: Digest
        var json: JSON
    }

    /// The originals after a place in the register, in the order of their accession.
    func originals(state: String?, since: Int64?, after seq: Int64, limit: Int) throws
        -> [OriginalRecord]
    {
        try pool.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT * FROM original
                        WHERE seq > ?1 AND (?2 IS NULL OR state = ?2)
                            AND (?3 IS NULL OR accessioned >= ?3)
                        ORDER BY seq LIMIT ?4
                        """), arguments: [seq, state, since, limit])
            return try rows.compactMap { try Self.record($0, in: db) }
        }
    }

    private static func record(_ row: Row, in db: Database) throws -> OriginalRecord? {
        let bytes: Data = try row.decode(forColumn: "digest")
        let name: Data = try row.decode(forColumn: "name")
        let seq: Int64 = try row.decode(forColumn: "seq")
        guard let digest = Digest(bytes: Array(bytes)) else { return nil }
        let ids = try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT article.id FROM capture JOIN article ON article.seq = capture.article
                    WHERE capture.original = ? ORDER BY capture.ordinal LIMIT 1000
                    """), arguments: [seq])
        var members: [JSON.Member] = [
            .init("digest", .string(digest.name)),
            .init("name", .string(ByteName.display(Array(name)))),
            .init("size", .integer(try row.decode(Int.self, forColumn: "size"))),
        ]
        for column in ["form", "state", "reason", "detail"] {
            guard let text: String = try row.decode(forColumn: column) else { continue }
            members.append(.init(column, .string(text)))
        }
        let accessioned = Timestamp(microseconds: try row.decode(forColumn: "accessioned"))
        members.append(.init("accessioned", .string(accessioned.text)))
        members.append(.init("articles", .array(ids.map { .string($0) })))
        return OriginalRecord(seq: seq, digest: digest, json: .object(members))
    }

    /// The original whose digest begins with these digits, or that was dropped under this name.
    func original(digest prefix: String?, name: String?) throws -> (seq: Int64, digest: Digest) {
        try pool.read { db in
            let rows: [Row]
            if let prefix {
                rows = try Self.rows(digestPrefix: prefix, in: db)
            } else {
                rows = try Row.fetchAll(
                    db,
                    sql:
                        "SELECT seq, digest FROM original WHERE name = ? ORDER BY seq DESC LIMIT 1",
                    arguments: [Data(ByteName.bytes(name ?? "") ?? [])])
            }
            guard let row = rows.first else {
                throw Failure(
                    .notFound, "no original is named \(prefix ?? name ?? "")",
                    hint: "archivectl call originals.list shows them")
            }
            guard rows.count == 1 else {
                throw Failure(
                    .invalidParams, "more than one digest begins with \(prefix ?? "")",
                    hint: "give more digits")
            }
            let bytes: Data = try row.decode(forColumn: "digest")
            guard let digest = Digest(bytes: Array(bytes)) else {
                throw Failure(.internalError, "the digest of an original is cut")
            }
            return (try row.decode(forColumn: "seq"), digest)
        }
    }

    private static func rows(digestPrefix: String, in db: Database) throws -> [Row] {
        let digits =
            digestPrefix.hasPrefix("sha256:") ? digestPrefix.dropFirst(7) : digestPrefix[...]
        guard (8...64).contains(digits.count),
            let low = Digest(digits + String(repeating: "0", count: 64 - digits.count)),
            let high = Digest(digits + String(repeating: "f", count: 64 - digits.count))
        else {
            throw Failure(
                .invalidParams, "\(digestPrefix) is no digest",
                hint: "give 8 to 64 hexadecimal digits")
        }
        return try Row.fetchAll(
            db, sql: "SELECT seq, digest FROM original WHERE digest BETWEEN ? AND ? LIMIT 2",
            arguments: [Data(low.bytes), Data(high.bytes)])
    }

    /// The member list of an original after a place, as the items of `originals.members`.
    func members(of original: Int64, after ordinal: Int, limit: Int) throws -> [JSON] {
        try pool.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT member.*, article.id FROM member
                        LEFT JOIN article ON article.seq = member.article
                        WHERE original = ? AND ordinal > ? ORDER BY ordinal LIMIT ?
                        """), arguments: [original, ordinal, limit])
            return try rows.map(Self.member)
        }
    }

    private static func member(_ row: Row) throws -> JSON {
        let path: Data = try row.decode(forColumn: "path")
        var members: [JSON.Member] = [
            .init("ordinal", .integer(try row.decode(Int.self, forColumn: "ordinal"))),
            .init("path", .string(ByteName.display(Array(path)))),
        ]
        func add(_ column: String, as name: String? = nil) throws {
            guard let text: String = try row.decode(forColumn: column) else { return }
            members.append(.init(name ?? column, .string(text)))
        }
        for column in ["size", "offset"] {
            guard let number: Int = try row.decode(forColumn: column) else { continue }
            members.append(.init(column, .integer(number)))
        }
        try add("form")
        let bytes: Data? = try row.decode(forColumn: "digest")
        if let digest = bytes.flatMap({ Digest(bytes: Array($0)) }) {
            members.append(.init("digest", .string(digest.name)))
        }
        for column in ["outcome", "reason", "detail"] { try add(column) }
        try add("id", as: "article")
        return .object(members)
    }

    /// The digests in the register whose first byte is `prefix`, those in quarantine left out.
    func registeredDigests(prefix: UInt8) throws -> Set<Digest> {
        let low = Data([prefix] + [UInt8](repeating: 0, count: 31))
        let high = Data([prefix] + [UInt8](repeating: 0xFF, count: 31))
        return try pool.read { db in
            let digests = try Data.fetchAll(
                db,
                sql: """
                    SELECT digest FROM original
                    WHERE digest BETWEEN ? AND ? AND state != 'quarantined'
                    """, arguments: [low, high])
            return Set(digests.compactMap { Digest(bytes: Array($0)) })
        }
    }
}

extension Repository {
    /// The path that a file was last seen at in the inbox; else the name it was dropped under.
    func path(of digest: Digest) throws -> InboxPath {
        try pool.read { db in
            let digest = Data(digest.bytes)
            let path =
                try Data.fetchOne(
                    db, sql: "SELECT path FROM ledger WHERE digest = ? ORDER BY since DESC LIMIT 1",
                    arguments: [digest])
                ?? Data.fetchOne(
                    db, sql: "SELECT name FROM original WHERE digest = ?", arguments: [digest])
            return InboxPath(bytes: Array(path ?? digest))
        }
    }

    /// Forgets a quarantined file that is removed for good; the ledger keeps its row.
    func discard(_ digest: Digest) throws {
        let isUsed = try pool.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM capture JOIN original ON original.seq = capture.original
                        WHERE original.digest = ?)
                    """, arguments: [Data(digest.bytes)])
        }
        guard isUsed != true else {
            throw Failure(
                .invalidParams, "articles were read from \(digest.name)",
                hint: "archivectl retry reads it again")
        }
        try forgetQuarantine(digest)
        try pool.write { db in
            try db.execute(
                sql: """
                    UPDATE ledger SET state = 'gone', since = ?,
                        detail = 'discarded from quarantine'
                    WHERE digest = ? AND state = 'quarantined'
                    """, arguments: [Timestamp.now.microseconds, Data(digest.bytes)])
        }
    }

    /// Bytes of the database file.
    var databaseBytes: Int {
        let pages = try? pool.read { db in
            (try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0)
                * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
        }
        return pages ?? 0
    }
}
