internal import ArchiveProtocol
internal import Foundation
internal import GRDB
internal import Logging
internal import Synchronization

/// Reading again from the records what the index lacks.
///
/// It goes on beside the commits, some articles at a time: the rows that a commit changes while
/// they are being read are left to that commit, whose articles are never older. Memory holds one
/// such piece.
extension Indexer {
    /// Articles of one piece, at most.
    private static let pieceArticles = 32
    /// Bytes of records after which a piece ends.
    private static let pieceBytes = 4 << 20

    /// Some articles as they are in the records.
    private struct Piece {
        var articles: [IndexedArticle] = []
        /// Rows of articles that are not shown.
        var hidden: [Int64] = []
        /// Rows whose records are damaged, and which are left out.
        var unreadable: [Int64] = []
        /// Rows of which only what says how sure their fields are is damaged.
        var unsure: [Int64] = []
        /// The last row or event of the piece; nil where nothing is left.
        var last: Int?
        private var bytes = 0

        var isFull: Bool {
            articles.count >= Indexer.pieceArticles || bytes >= Indexer.pieceBytes
        }

        mutating func take(_ row: Row) throws {
            let seq: Int64 = try row.decode(forColumn: "seq")
            let withdrawn: String? = try row.decode(forColumn: "withdrawn")
            guard withdrawn == nil else { return hidden.append(seq) }
            guard let document = StoredDocument.intact(row) else { return unreadable.append(seq) }
            bytes += document.count
            guard let article = (try? JSONParser.parse(document)).flatMap(Article.init),
                let version = Int.fromDatabaseValue(row["version"])
            else { return unreadable.append(seq) }
            let evidence = KeptEvidence.intact(row)
            if evidence == nil { unsure.append(seq) }
            let shown = ShownArticle(
                article, confidences: evidence.map(FieldConfidences.init(kept:)) ?? [],
                isUpdated: version > 1)
            articles.append(IndexedArticle(shown, row: seq))
        }
    }

    private static let record = """
        SELECT article.seq, article.version, article.withdrawn, version.document,
            version.digest, version.evidence FROM article
        JOIN version ON version.article = article.seq AND version.number = article.version
        """

    /// Adds the next piece of what the index lacks.
    ///
    /// - Returns: whether there may be more.
    func catchUp(from pool: DatabasePool) throws -> Bool {
        guard let index else { return false }
        let missing = taking.withLock { taking in
            taking.missing.goOn(to: taking.revision)
            taking.touched = taking.missing.isNothing ? nil : []
            return taking.missing
        }
        if missing.isNothing { return false }
        let piece = try pool.read { db in
            try missing.rows.map { try Self.piece(rowsAfter: $0, in: db) }
                ?? Self.piece(eventsAfter: missing.events ?? 0, in: db)
        }
        for row in piece.unreadable {
            logger.error("the record of article \(row) in the database cannot be read")
        }
        for row in piece.unreadable + piece.unsure { tellDamage(ofArticle: row) }
        return try taking.withLock { taking in
            let touched = taking.touched ?? []
            taking.touched = nil
            let isByEvents = taking.missing.rows == nil
            try index.add(
                piece.articles.filter { !touched.contains($0.row) },
                removing: piece.hidden.filter { !touched.contains($0) },
                revision: isByEvents ? piece.last ?? 0 : 0)
            taking.missing.note(piece.last)
            if taking.missing.isNothing { try index.add([], revision: taking.revision) }
            tell(taking.missing, of: index)
            return !taking.missing.isNothing
        }
    }

    private static func piece(rowsAfter row: Int64, in db: Database) throws -> Piece {
        var piece = Piece()
        let rows = try Row.fetchCursor(
            try db.cachedStatement(sql: "\(record) WHERE article.seq > ? ORDER BY article.seq"),
            arguments: [row])
        while !piece.isFull, let row = try rows.next() {
            piece.last = try row.decode(Int.self, forColumn: "seq")
            try piece.take(row)
        }
        return piece
    }

    private static func piece(eventsAfter revision: Int, in db: Database) throws -> Piece {
        var piece = Piece()
        var seen: Set<String> = []
        let events = try Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    SELECT revision, type, payload FROM event
                    WHERE revision > ? ORDER BY revision LIMIT 1000
                    """), arguments: [revision])
        let articles = try db.cachedStatement(sql: "\(record) WHERE article.id = ?")
        while !piece.isFull, let event = try events.next()?.copy() {
            piece.last = try event.decode(forColumn: "revision")
            let type: String = try event.decode(forColumn: "type")
            let payload: String = try event.decode(forColumn: "payload")
            guard type.hasPrefix("article."),
                let id = (try? JSONParser.parse(payload.utf8))?["id"]?.string,
                seen.insert(id).inserted,
                let row = try Row.fetchOne(articles, arguments: [id])
            else { continue }
            try piece.take(row)
        }
        return piece
    }
}

extension Indexer.Missing {
    /// Turns to the commits that were not taken, where nothing else is left.
    fileprivate mutating func goOn(to revision: Int) {
        guard rows == nil, events == nil, let untaken else { return }
        events = untaken
        self.untaken = nil
        (start, end) = (untaken, revision)
    }

    /// Notes that all up to a row or event was read; nil where that is all there is.
    fileprivate mutating func note(_ last: Int?) {
        if rows != nil {
            rows = last.map(Int64.init)
        } else {
            events = last
        }
        end = max(end, last ?? 0)
    }
}
