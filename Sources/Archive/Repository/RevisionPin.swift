internal import ArchiveProtocol
internal import GRDB

/// A revision of the archive, and the last rows that it had then.
///
/// Rows are given in the order of commits, so what came later is told by one comparison.
struct RevisionPin: Sendable, Hashable {
    var revision: Int
    /// Of the articles.
    var article: Int64
    /// Of their versions.
    var version: Int64

    /// The archive as it is.
    static func latest(in db: Database) throws -> RevisionPin {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT (SELECT max(revision) FROM event) AS revision,
                        (SELECT max(seq) FROM article) AS article,
                        (SELECT max(seq) FROM version) AS version
                    """))
        return RevisionPin(
            revision: try row?.decode(Int?.self, forColumn: "revision") ?? 0,
            article: try row?.decode(Int64?.self, forColumn: "article") ?? 0,
            version: try row?.decode(Int64?.self, forColumn: "version") ?? 0)
    }

    /// The archive as it was at a revision.
    static func at(_ revision: Int, latest: RevisionPin, in db: Database) throws -> RevisionPin {
        guard revision != latest.revision else { return latest }
        guard revision < latest.revision else {
            throw Failure(
                .invalidParams, "the archive has no revision \(revision) yet",
                hint: "it is at revision \(latest.revision)")
        }
        return RevisionPin(
            revision: revision,
            article: try last("'article.added'", before: revision, in: db)?.article ?? 0,
            version: try last("'article.added', 'article.version'", before: revision, in: db)?
                .version ?? 0)
    }

    /// The rows of what the last event of some types tells of.
    private static func last(_ types: String, before revision: Int, in db: Database) throws
        -> (article: Int64, version: Int64)?
    {
        let payload = try String.fetchOne(
            db,
            sql: """
                SELECT payload FROM event WHERE revision <= ? AND type IN (\(types))
                ORDER BY revision DESC LIMIT 1
                """, arguments: [revision])
        guard let facts = try payload.map({ try JSONParser.parse($0.utf8) }) else { return nil }
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT article.seq AS article, version.seq AS version
                FROM article JOIN version ON version.article = article.seq
                WHERE article.id = ? AND version.number = ?
                """, arguments: [facts["id"]?.string, facts["version"]?.int])
        return try row.map { row in
            (try row.decode(forColumn: "article"), try row.decode(forColumn: "version"))
        }
    }
}

extension Repository {
    /// The version of an article that was the latest at a revision.
    static func version(of seq: Int64, _ name: String, at revision: Int, in db: Database) throws
        -> Int
    {
        let pin = try RevisionPin.at(revision, latest: try RevisionPin.latest(in: db), in: db)
        let number = try Int.fetchOne(
            db.cachedStatement(
                sql: "SELECT max(number) FROM version WHERE article = ? AND seq <= ?"),
            arguments: [seq, pin.version])
        guard let number else {
            throw Failure(
                .notFound, "article \(name) came after revision \(revision)",
                hint: "leave out the revision to see its latest version")
        }
        return number
    }
}
