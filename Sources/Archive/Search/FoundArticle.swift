internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// An article that was found, as the database has it: of the version that was asked of.
struct FoundArticle {
    private let row: Row
    private let seq: Int64
    /// The record; nil where it is damaged.
    private let document: Data?

    private static let columns = """
        article.id, version.headline, article.outlet, article.byline, article.published,
        article.dateline, article.url, article.version AS latest, version.number AS version,
        version.document, version.digest
        """

    /// The latest version of an article; nil where it is not shown.
    init?(_ seq: Int64, in db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT \(Self.columns) FROM article JOIN version
                        ON version.article = article.seq AND version.number = article.version
                    WHERE article.seq = ? AND article.withdrawn IS NULL
                    """), arguments: [seq])
        guard let row else { return nil }
        self.init(row, seq)
    }

    /// The version that was the latest then; nil where the article is not shown.
    init?(_ seq: Int64, at pin: RevisionPin, in db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT \(Self.columns) FROM article JOIN version
                        ON version.article = article.seq AND version.number = (
                            SELECT max(number) FROM version WHERE article = ?1 AND seq <= ?2)
                    WHERE article.seq = ?1 AND article.withdrawn IS NULL
                    """), arguments: [seq, pin.version])
        guard let row else { return nil }
        self.init(row, seq)
    }

    private init(_ row: Row, _ seq: Int64) {
        self.row = row
        self.seq = seq
        document = StoredDocument.intact(row)
    }

    private var article: Article? {
        document.flatMap { try? JSONParser.parse($0) }.flatMap(Article.init)
    }

    /// The article as the index takes it; one without words where its record is damaged.
    var indexed: IndexedArticle {
        article.map { IndexedArticle($0, row: seq) } ?? IndexedArticle(row: seq)
    }

    /// One item of an answer.
    func item(
        marking words: SoughtWords, score: Int?, _ reason: Explanation? = nil
    ) throws -> JSON {
        let version: Int = try row.decode(forColumn: "version")
        let latest: Int = try row.decode(forColumn: "latest")
        var members: [JSON.Member] = []
        func add(_ name: String, _ value: String?) {
            if let value { members.append(.init(name, .string(value))) }
        }
        add("id", try row.decode(forColumn: "id"))
        add("headline", try row.decode(forColumn: "headline"))
        if version == latest {
            for column in ["outlet", "byline", "published", "dateline", "url"] {
                add(column, try row.decode(forColumn: column))
            }
        } else {
            // The columns are those of the latest version.
            let article = article
            add("outlet", article?.outlet)
            add("byline", article?.byline)
            add("published", article?.published?.value)
            add("dateline", article?.dateline)
            add("url", article?.url)
        }
        members.append(.init("version", .integer(version)))
        if version != latest { members.append(.init("latestVersion", .integer(latest))) }
        // A damaged record is found by what its index holds, and nothing of it is quoted.
        let text = document?.withUnsafeBytes(RecordText.body) ?? []
        add("snippet", Snippet(of: text, marking: words).text)
        if let score { members.append(.init("score", .score(score))) }
        if let reason { members.append(.init("explanation", reason.json)) }
        return .object(members)
    }
}
