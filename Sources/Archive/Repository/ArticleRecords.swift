internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Reading articles back.
extension Repository {
    /// A version of an article as the archive hands it out.
    struct ArticleRecord: Sendable {
        var id: String
        var version: Int
        var isLatest: Bool
        /// The whole record of `docs/record.md`, encoded.
        var document: [UInt8]
    }

    /// Where the bytes of a version are.
    struct ArticleSource: Sendable {
        var id: String
        var version: Int
        var original: Digest
        /// The file's own form; `member` is its path within where that is a container.
        var form: String
        var file: [UInt8]
        var member: [UInt8]
        var ordinal: Int
        var encoding: String
        /// What told the encoding.
        var encodingNote: JSON
        var parser: String
        var evidence: JSON

        /// Whether the bytes are those of a member; a file that is one page is its own.
        var isContainer: Bool { Self.isForm(ofContainer: form) }

        /// A form that is not that of a page, such as `tar.gz`.
        static func isForm(ofContainer form: String) -> Bool {
            Form(rawValue: form)?.isContainer ?? true
        }
    }

    /// The latest version of an article, or the one asked for.
    ///
    /// - Parameters:
    ///   - id: the whole name, or the first four or more characters of it.
    ///   - revision: that of the archive at which the version was the latest.
    func article(_ id: String, version: Int? = nil, at revision: Int? = nil) throws
        -> ArticleRecord
    {
        try pool.read { db in
            let (seq, name, latest) = try Self.resolve(id, in: db)
            let number =
                try version
                ?? revision.map { try Self.version(of: seq, name, at: $0, in: db) } ?? latest
            if let reason = try Self.reasonWithdrawn(seq, in: db) {
                return ArticleRecord(
                    id: name, version: number, isLatest: number == latest,
                    document: Self.tombstone(name, number, reason: reason))
            }
            guard
                let row = try Row.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT document, digest FROM version WHERE article = ? AND number = ?
                            """), arguments: [seq, number])
            else {
                throw Failure(
                    .notFound, "article \(name) has no version \(number)",
                    hint: "it has the versions 1 to \(latest)")
            }
            guard let document = StoredDocument.intact(row) else {
                damage.report(article: seq)
                throw Failure(
                    .internalError,
                    "the record of article \(name), version \(number), is damaged on disk",
                    hint: StoredDocument.remedy)
            }
            let captures = try Self.captures(of: seq, number, in: db)
            return ArticleRecord(
                id: name, version: number, isLatest: number == latest,
                document: Self.compose(Array(document), captures, number))
        }
    }

    /// Why a story is not shown; nil where it is.
    static func reasonWithdrawn(_ seq: Int64, in db: Database) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT withdrawn FROM article WHERE seq = ?"),
            arguments: [seq])
    }

    /// What is left to show of a story that was taken back: its name and the reason.
    private static func tombstone(_ id: String, _ number: Int, reason: String) -> [UInt8] {
        var article = Article()
        article.id = id
        article.version = number
        article.withdrawn = reason
        return article.bytes
    }

    /// The document with what the archive knows beyond it.
    private static func compose(_ document: [UInt8], _ captures: [CaptureNote], _ number: Int)
        -> [UInt8]
    {
        var tail = JSONWriter(capacity: 256)
        tail.object { writer in
            writer.members("captures", captures) { $0.write(to: &$1) }
            writer.member("version", number)
            if number > 1 { writer.member("supersedes", number - 1) }
        }
        // Both are objects: the first loses its closing brace, the second its opening one.
        return document.dropLast() + [UInt8(ascii: ",")] + tail.bytes.dropFirst()
    }

    private static func captures(of seq: Int64, _ number: Int, in db: Database) throws
        -> [CaptureNote]
    {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT original.digest, original.name, original.form, member.path,
                        capture.captured, capture.accessioned
                    FROM capture
                    JOIN original ON original.seq = capture.original
                    JOIN member ON member.original = capture.original
                        AND member.ordinal = capture.ordinal
                    WHERE capture.article = ? AND capture.number = ?
                    ORDER BY coalesce(capture.captured, ''), capture.accessioned, original.seq
                    LIMIT 1000
                    """), arguments: [seq, number])
        return try rows.map { row in
            let name: Data = try row.decode(forColumn: "name")
            let path: Data = try row.decode(forColumn: "path")
            let digest: Data = try row.decode(forColumn: "digest")
            let form: String = try row.decode(forColumn: "form")
            let file = ByteName.display(Array(name))
            let member = ByteName.display(Array(path))
            return CaptureNote(
                original: Digest(bytes: Array(digest))?.name ?? "", file: file,
                member: ArticleSource.isForm(ofContainer: form) ? member : nil,
                captured: try row.decode(forColumn: "captured"),
                accessioned: Timestamp(microseconds: try row.decode(forColumn: "accessioned"))
                    .text)
        }
    }

    /// The row of the article with this name.
    static func resolve(_ id: String, in db: Database) throws -> (Int64, String, Int) {
        let id = id.lowercased()
        if id.utf8.count == ArticleID.length {
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT seq, id, version FROM article WHERE id = ?"),
                arguments: [id])
            if let row { return try place(row) }
        } else if (4..<ArticleID.length).contains(id.utf8.count) {
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT seq, id, version FROM article WHERE id >= ? AND id < ? || '~' LIMIT 2
                        """), arguments: [id, id])
            if rows.count > 1 {
                throw Failure(
                    .invalidParams, "more than one article's name begins with \(id)",
                    hint: "give more characters")
            }
            if let row = rows.first { return try place(row) }
        }
        throw Failure(
            .notFound, "no article is named \(id)",
            hint: "names have \(ArticleID.length) letters and digits; archivectl search finds them")
    }

    private static func place(_ row: Row) throws -> (Int64, String, Int) {
        (
            try row.decode(forColumn: "seq"), try row.decode(forColumn: "id"),
            try row.decode(forColumn: "version")
        )
    }

    /// The versions of an article, newest first, as the result of `articles.versions`.
    func versions(id: String?, url: String?) throws -> JSON {
        try pool.read { db in
            let (seq, name, latest) = try Self.resolve(id: id, url: url, in: db)
            try Self.requireShown(seq, name, in: db)
            let items: [JSON] = try stride(from: latest, to: 0, by: -1).prefix(1000).compactMap {
                number in
                guard
                    let row = try Row.fetchOne(
                        db.cachedStatement(
                            sql: """
                                SELECT headline, digest FROM version
                                WHERE article = ? AND number = ?
                                """), arguments: [seq, number])
                else { return nil }
                let digest: Data = try row.decode(forColumn: "digest")
                let captures = try Self.captures(of: seq, number, in: db)
                var writer = JSONWriter()
                writer.array { writer in
                    for note in captures { note.write(to: &writer) }
                }
                return [
                    "version": .integer(number),
                    "headline": .string(try row.decode(forColumn: "headline")),
                    "digest": .string(Digest(bytes: Array(digest))?.name ?? ""),
                    "captures": (try? JSONParser.parse(writer.bytes)) ?? [],
                ]
            }
            return ["id": .string(name), "items": .array(items)]
        }
    }

    /// The newest articles that are an outlet's, or may be: by its name, by the host of their
    /// address, or because nothing tells whose they are; and how many there are in all.
    func articles(ofOutlet outlet: String, hosts: [String], limit: Int) throws
        -> (ids: [String], total: Int)
    {
        var condition = "outlet = ? OR outlet IS NULL AND url IS NULL"
        var arguments: [String] = [outlet]
        for host in hosts {
            // Canonical addresses are https and without www.
            condition += " OR url >= ? AND url < ?"
            arguments += ["https://\(host)/", "https://\(host)0"]
        }
        return try pool.read { db in
            let found = "FROM article WHERE withdrawn IS NULL AND (\(condition))"
            let total = try Int.fetchOne(
                db, sql: "SELECT count(*) " + found, arguments: StatementArguments(arguments))
            let ids = try String.fetchAll(
                db, sql: "SELECT id " + found + " ORDER BY seq DESC LIMIT \(limit)",
                arguments: StatementArguments(arguments))
            return (ids, total ?? 0)
        }
    }

    /// Refuses what a publisher took back.
    static func requireShown(_ seq: Int64, _ name: String, in db: Database) throws {
        guard let reason = try reasonWithdrawn(seq, in: db) else { return }
        throw Failure(.withdrawn, "article \(name) is withdrawn: \(reason)")
    }

    private static func resolve(id: String?, url: String?, in db: Database) throws
        -> (Int64, String, Int)
    {
        if let id { return try resolve(id, in: db) }
        let canonical = url.flatMap(CanonicalURL.canonical)
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT seq, id, version FROM article WHERE url = ?"),
            arguments: [canonical])
        guard let row else {
            throw Failure(.notFound, "no article was published at \(url ?? "")")
        }
        return try place(row)
    }

    /// Where the bytes of a version came from, and what was read from which of them.
    func source(_ id: String, version: Int?) throws -> ArticleSource {
        try pool.read { db in
            let (seq, name, latest) = try Self.resolve(id, in: db)
            let number = version ?? latest
            try Self.requireShown(seq, name, in: db)
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT original.digest, original.form, original.name, member.path,
                            member.ordinal, version.encoding, version.encoding_note, version.parser,
                            version.evidence
                        FROM version
                        JOIN original ON original.seq = version.original
                        JOIN member ON member.original = version.original
                            AND member.ordinal = version.ordinal
                        WHERE version.article = ? AND version.number = ?
                        """), arguments: [seq, number])
            guard let row else {
                throw Failure(.notFound, "article \(name) has no version \(number)")
            }
            let digest: Data = try row.decode(forColumn: "digest")
            let file: Data = try row.decode(forColumn: "name")
            let path: Data = try row.decode(forColumn: "path")
            let evidence: Data = try row.decode(forColumn: "evidence")
            let note: String = try row.decode(forColumn: "encoding_note")
            guard let original = Digest(bytes: Array(digest)) else {
                throw Failure(.internalError, "the digest of an original is cut")
            }
            return ArticleSource(
                id: name, version: number, original: original,
                form: try row.decode(forColumn: "form"), file: Array(file), member: Array(path),
                ordinal: try row.decode(forColumn: "ordinal"),
                encoding: try row.decode(forColumn: "encoding"),
                encodingNote: try JSONParser.parse(note.utf8),
                parser: try row.decode(forColumn: "parser"),
                evidence: try JSONParser.parse(evidence))
        }
    }
}
