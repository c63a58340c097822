internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Mending what is damaged in the database from what is sound.
extension Repository {
    /// Where the bytes of a version are, one place after the other.
    struct RecordSource: Sendable, Hashable {
        var original: Digest
        /// The name that the file was dropped under.
        var name: [UInt8]
        var ordinal: Int
    }

    /// The members of originals that a version was read from, the first one first.
    func sources(ofVersion seq: Int64) throws -> [RecordSource] {
        try pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT original.digest, original.name, version.ordinal, 0 AS place
                    FROM version JOIN original ON original.seq = version.original
                    WHERE version.seq = ?1
                    UNION ALL
                    SELECT original.digest, original.name, capture.ordinal, 1
                    FROM version JOIN capture
                        ON capture.article = version.article AND capture.number = version.number
                    JOIN original ON original.seq = capture.original
                    WHERE version.seq = ?1
                    ORDER BY place LIMIT 8
                    """, arguments: [seq])
            return try rows.compactMap { row in
                let digest: Data = try row.decode(forColumn: "digest")
                let name: Data = try row.decode(forColumn: "name")
                guard let original = Digest(bytes: Array(digest)) else { return nil }
                return RecordSource(
                    original: original, name: Array(name),
                    ordinal: try row.decode(forColumn: "ordinal"))
            }
        }
    }

    /// What came of mending a record.
    enum Mended: Sendable {
        /// It has the bytes that it had.
        case asItWas
        /// It is as the parser of this release reads it.
        case readAnew
    }

    /// Puts a record and its evidence, read again, in the place of what is damaged.
    ///
    /// A sound record is left as it is: its evidence alone is replaced, and only by that of the
    /// same record.
    ///
    /// - Returns: nil where what was read is of another article, or of another record than the
    ///   sound one.
    func mend(version seq: Int64, with prepared: PreparedArticle) throws -> Mended? {
        var mended: Mended?
        let changes = try commit { db in
            let writer = AccessionWriter(db: db, index: index)
            mended = try writer.mend(version: seq, with: prepared)
            return writer.changes
        }
        tell(changes.events, changes.articles)
        return mended
    }

    /// Puts what stands beside a record in order, by the record.
    func mendColumns(ofVersion seq: Int64) throws {
        do { try writeColumns(ofVersion: seq) } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CORRUPT
        {
            // An index has the right value of old, the row the wrong one: they must agree first.
            try pool.writeWithoutTransaction { try $0.execute(sql: "REINDEX article") }
            try writeColumns(ofVersion: seq)
        }
    }

    private func writeColumns(ofVersion seq: Int64) throws {
        _ = try commit { db in
            let writer = AccessionWriter(db: db, index: index)
            try writer.writeColumns(ofVersion: seq)
            return writer.changes
        }
    }

    /// Makes an index of the database anew from its table.
    func remake(index name: String) throws {
        try pool.writeWithoutTransaction {
            try $0.execute(sql: "REINDEX \(name.quotedDatabaseIdentifier)")
        }
    }
}

extension AccessionWriter {
    fileprivate func mend(version seq: Int64, with prepared: PreparedArticle) throws
        -> Repository.Mended?
    {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT version.article, version.number, version.document, version.digest,
                    article.id, article.identity, article.version AS latest, article.withdrawn
                FROM version JOIN article ON article.seq = version.article WHERE version.seq = ?
                """, arguments: [seq])
        guard let row else { return nil }
        let id: String = try row.decode(forColumn: "id")
        guard try row.decode(String.self, forColumn: "identity") == prepared.identity.text else {
            return nil
        }
        let prepared = prepared.article.id == id ? prepared : PreparedArticle(prepared, id: id)
        let isSame = Data.fromDatabaseValue(row["digest"]) == Data(prepared.digest.bytes)
        guard isSame || StoredDocument.intact(row) == nil else { return nil }
        try replace(seq, with: prepared)
        let number: Int = try row.decode(forColumn: "number")
        if number == (try row.decode(forColumn: "latest")) {
            let article: Int64 = try row.decode(forColumn: "article")
            try writeColumns(of: prepared.article, row: article)
            if row.stored("withdrawn").isNull {
                try show(prepared, seq: article, isNew: false, isUpdated: number > 1)
            }
        }
        try tell("article.mended", id, [.init("version", .integer(number))])
        return isSame ? .asItWas : .readAnew
    }

    private func replace(_ seq: Int64, with prepared: PreparedArticle) throws {
        try db.execute(
            sql: """
                UPDATE version SET digest = ?, headline = ?, encoding = ?, encoding_note = ?,
                    parser = ?, document = ?, evidence = ? WHERE seq = ?
                """,
            arguments: [
                Data(prepared.digest.bytes), prepared.article.headline, prepared.encoding,
                prepared.encodingNote, Parser.version, Data(prepared.document),
                Data(prepared.evidence), seq,
            ])
    }

    fileprivate func writeColumns(ofVersion seq: Int64) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT version.article, version.number, version.document, version.digest,
                    article.version AS latest
                FROM version JOIN article ON article.seq = version.article WHERE version.seq = ?
                """, arguments: [seq])
        guard let row, let document = StoredDocument.intact(row),
            let article = Article(try JSONParser.parse(document))
        else { return }
        try db.execute(
            sql: "UPDATE version SET headline = ? WHERE seq = ?",
            arguments: [article.headline, seq])
        if row.stored("number") == row.stored("latest") {
            try writeColumns(of: article, row: try row.decode(forColumn: "article"))
        }
    }

    private func writeColumns(of article: Article, row seq: Int64) throws {
        try db.execute(
            sql: """
                UPDATE article SET id = ?, url = ?, outlet = ?, headline = ?, byline = ?,
                    published = ?, dateline = ? WHERE seq = ?
                """,
            arguments: [
                article.id, article.url, article.outlet, article.headline, article.byline,
                article.published?.value, article.dateline, seq,
            ])
    }
}
