internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Writes accessions within one transaction, and collects what changed.
final class AccessionWriter {
    /// What a transaction changed, for those who listen.
    struct Changes: Sendable {
        var events: [Event] = []
        /// The names of articles whose record is another now.
        var articles: Set<String> = []
        /// What is to be found of them.
        var shown = ShownArticles()
    }

    let db: Database
    let index: any ArticleIndexing
    private(set) var changes = Changes()

    init(db: Database, index: any ArticleIndexing) {
        self.db = db
        self.index = index
    }

    /// Notes that a file's bytes were known, and what became of them then.
    func note(duplicate deposit: Deposit) throws {
        let known = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT articles, state, reason, detail FROM original WHERE digest = ?"),
            arguments: [Data(deposit.digest.bytes)])
        let state: String? = try known?.decode(forColumn: "state")
        let reason: String? = try known?.decode(forColumn: "reason")
        let isQuarantined = state == Accession.State.quarantined.rawValue
        var row = LedgerRow(
            path: deposit.path, state: isQuarantined ? .quarantined : .duplicate, since: .now,
            size: deposit.size, digest: deposit.digest,
            articles: try known?.decode(forColumn: "articles"))
        row.reason = reason.flatMap(Reason.init)
        row.detail = try known?.decode(forColumn: "detail")
        row.times.noticed = deposit.noticed
        row.times.read = deposit.read
        row.times.searchable = .now
        try LedgerTable.write(row, to: db)
        try tell(isQuarantined ? "file.quarantined" : "file.duplicate", deposit, [])
    }

    /// Keeps what was read, and leaves in `accessions` what there is no time for.
    ///
    /// - Parameter isOver: whether others are to have their turn.
    func store(_ accessions: inout ArraySlice<Accession>, until isOver: () -> Bool) throws {
        while let accession = accessions.first {
            if let rest = try store(accession, until: isOver) {
                accessions[accessions.startIndex] = rest
                return
            }
            accessions.removeFirst()
            if isOver() { return }
        }
    }

    /// Keeps what was read of one deposit.
    ///
    /// - Returns: the members that there is no time for.
    private func store(_ accession: Accession, until isOver: () -> Bool) throws -> Accession? {
        let deposit = accession.deposit
        let original = try register(accession)
        for (index, member) in accession.members.enumerated() {
            if index > 0, isOver() {
                let (kept, rest) = accession.parted(after: index)
                _ = try register(kept)
                return rest
            }
            try store(member, of: original, deposit: deposit)
        }
        try end(accession, as: original)
        return nil
    }

    private func end(_ accession: Accession, as original: Int64) throws {
        let deposit = accession.deposit
        guard accession.isLast else {
            if let progress = accession.progress { try tell(progress, of: deposit) }
            return
        }
        let articles =
            try Int.fetchOne(
                db.cachedStatement(sql: "SELECT count(*) FROM capture WHERE original = ?"),
                arguments: [original]) ?? 0
        try db.cachedStatement(sql: "UPDATE original SET articles = ? WHERE seq = ?")
            .execute(arguments: [articles, original])
        try settle(accession, articles: articles)
    }

    // MARK: The original

    private func register(_ accession: Accession) throws -> Int64 {
        let deposit = accession.deposit
        let state = accession.isLast ? accession.state : .reading
        let refusal = accession.refusals.first
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO original
                    (digest, name, size, form, state, reason, detail, accessioned, parser)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (digest) DO UPDATE SET
                    form = excluded.form, state = excluded.state, reason = excluded.reason,
                    detail = excluded.detail, parser = excluded.parser
                RETURNING seq
                """)
        let seq = try Int64.fetchOne(
            statement,
            arguments: [
                Data(deposit.digest.bytes), Data(deposit.path.name), deposit.size, accession.form,
                state.rawValue, refusal?.reason.rawValue, refusal?.line,
                deposit.read.microseconds, Parser.version,
            ])
        guard let seq else { throw DatabaseError(message: "no row came back") }
        return seq
    }

    private func settle(_ accession: Accession, articles: Int) throws {
        let deposit = accession.deposit
        let isQuarantined = accession.state == .quarantined
        var row = LedgerRow(
            path: deposit.path, state: isQuarantined ? .quarantined : .stored, since: .now,
            size: deposit.size, digest: deposit.digest, articles: articles)
        row.reason = accession.refusals.first?.reason ?? accession.remark?.0
        row.detail = accession.refusals.first?.line ?? accession.remark?.1
        row.times = LedgerRow.Times(
            noticed: deposit.noticed, read: deposit.read, parsed: accession.parsed,
            searchable: .now)
        try LedgerTable.write(row, to: db)
        var facts: [JSON.Member] = []
        if let reason = row.reason { facts.append(.init("reason", .string(reason.rawValue))) }
        if let detail = row.detail { facts.append(.init("detail", .string(detail))) }
        facts.append(.init("articles", .integer(articles)))
        try tell(isQuarantined ? "file.quarantined" : "file.stored", deposit, facts)
    }

    private func tell(_ progress: ReadingProgress.Entry, of deposit: Deposit) throws {
        try tell(
            "file.reading", deposit,
            [
                .init("members", .integer(progress.members)),
                .init("articles", .integer(progress.articles)),
            ])
    }

    private func tell(_ type: String, _ deposit: Deposit, _ facts: [JSON.Member]) throws {
        let payload = JSON.object(
            [
                .init("path", .string(deposit.path.display)),
                .init("digest", .string(deposit.digest.name)),
            ] + facts)
        changes.events.append(try Event.append(type, payload, to: db))
    }

    // MARK: A member

    private func store(_ member: AccessionMember, of original: Int64, deposit: Deposit) throws {
        var outcome = "container"
        var reason: Reason?
        var detail: String?
        var article: Int64?
        switch member.content {
        case .container: break
        case .noArticle(let why, let words): (outcome, reason, detail) = ("no-article", why, words)
        case .refused(let refusal):
            (outcome, reason, detail) = ("refused", refusal.reason, refusal.line)
        case .withdrawal(let notice):
            article = try take(notice)
            (outcome, detail) = ("withdrawal", notice.line)
        case .article(let prepared):
            let kept = try keep(prepared, from: (original, member.ordinal))
            article = kept.article
            outcome = kept.isNew ? "stored" : "duplicate"
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO capture
                        (original, ordinal, article, number, captured, accessioned)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
            ).execute(
                arguments: [
                    original, member.ordinal, kept.article, kept.number, prepared.captured,
                    deposit.read.microseconds,
                ])
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO member
                    (original, ordinal, path, size, form, digest, outcome, reason, detail, article,
                     offset)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (original, ordinal) DO UPDATE SET
                    size = excluded.size, form = excluded.form, digest = excluded.digest,
                    outcome = CASE WHEN outcome = 'stored' AND excluded.outcome = 'duplicate'
                        THEN outcome ELSE excluded.outcome END,
                    reason = excluded.reason, detail = excluded.detail,
                    article = excluded.article, offset = excluded.offset
                """
        ).execute(
            arguments: [
                original, member.ordinal, Data(member.path), member.size, member.form,
                member.digest.map { Data($0.bytes) }, outcome, reason?.rawValue, detail, article,
                member.offset,
            ])
    }

    private typealias Kept = (article: Int64, number: Int, isNew: Bool)
    private typealias Place = (original: Int64, ordinal: Int)

    private func keep(_ prepared: PreparedArticle, from place: Place) throws -> Kept {
        var prepared = prepared
        var attempt = 0
        while let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT seq, identity, version FROM article WHERE id = ?"),
            arguments: [prepared.article.id])
        {
            if try row.decode(String.self, forColumn: "identity") == prepared.identity.text {
                return try keep(
                    prepared, from: place, as: try row.decode(forColumn: "seq"),
                    latest: try row.decode(forColumn: "version"))
            }
            attempt += 1
            prepared = PreparedArticle(prepared, id: prepared.identity.id(attempt: attempt))
        }
        return try add(prepared, from: place)
    }

    private func add(_ prepared: PreparedArticle, from place: Place) throws -> Kept {
        let article = prepared.article
        try db.cachedStatement(
            sql: """
                INSERT INTO article
                    (id, identity, identifier, url, outlet, headline, byline, published, dateline,
                     version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
                """
        ).execute(
            arguments: [
                article.id, prepared.identity.text, ArticleIdentity.identifier(of: article),
                article.url, article.outlet, article.headline,
                article.byline, article.published?.value, article.dateline,
            ])
        let seq = db.lastInsertedRowID
        try addVersion(prepared, from: place, article: seq, number: 1)
        try show(prepared, seq: seq, isNew: true, isUpdated: false)
        try tell("article.added", article, version: 1)
        return (seq, 1, true)
    }

    private func keep(
        _ prepared: PreparedArticle, from place: Place, as seq: Int64, latest: Int
    ) throws -> Kept {
        let same = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT number FROM version WHERE article = ? AND digest = ?"),
            arguments: [seq, Data(prepared.digest.bytes)])
        if let same {
            changes.articles.insert(prepared.article.id)
            return (seq, same, false)
        }
        let article = prepared.article
        try db.cachedStatement(
            sql: """
                UPDATE article SET identifier = ?, url = ?, outlet = ?, headline = ?,
                    byline = ?, published = ?, dateline = ?, version = ? WHERE seq = ?
                """
        ).execute(
            arguments: [
                ArticleIdentity.identifier(of: article), article.url, article.outlet,
                article.headline, article.byline,
                article.published?.value, article.dateline, latest + 1, seq,
            ])
        try addVersion(prepared, from: place, article: seq, number: latest + 1)
        try show(prepared, seq: seq, isNew: false, isUpdated: true)
        try tell("article.version", article, version: latest + 1)
        return (seq, latest + 1, true)
    }

    private func addVersion(
        _ prepared: PreparedArticle, from place: Place, article: Int64, number: Int
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO version
                    (article, number, digest, headline, encoding, encoding_note, parser, document,
                     evidence, original, ordinal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [
                article, number, Data(prepared.digest.bytes), prepared.article.headline,
                prepared.encoding, prepared.encodingNote, Parser.version,
                Data(prepared.document), Data(prepared.evidence), place.original, place.ordinal,
            ])
    }

    /// Makes the latest version of a story findable, unless its publisher took it back.
    func show(_ prepared: PreparedArticle, seq: Int64, isNew: Bool, isUpdated: Bool) throws {
        let article = prepared.article
        let reason = try reasonToWithdraw(article)
        try mark(article, seq: seq, withdrawnFor: reason)
        if reason == nil {
            try index.add(article, seq: seq, isNew: isNew, in: db)
            changes.shown.show(
                ShownArticle(article, confidences: prepared.confidences, isUpdated: isUpdated),
                row: seq)
        } else if !isNew {
            try hide(seq)
        }
    }

    /// Makes a story be found no more.
    func hide(_ seq: Int64) throws {
        try index.remove(seq, in: db)
        changes.shown.hide(row: seq)
    }

    private func tell(_ type: String, _ article: Article, version: Int) throws {
        try tell(
            type, article.id,
            [.init("headline", .string(article.headline)), .init("version", .integer(version))])
    }

    func tell(_ type: String, _ id: String, _ facts: [JSON.Member]) throws {
        changes.articles.insert(id)
        let payload = JSON.object([.init("id", .string(id))] + facts)
        changes.events.append(try Event.append(type, payload, to: db))
    }
}

extension Accession {
    /// Where the file belongs once it is read.
    enum State: String, Sendable {
        case stored, quarantined, partial
        /// A bundle of which some stretches are stored; its file is in the inbox still.
        case reading
    }

    /// A damaged file that gives no story is quarantined; one that gives any is kept.
    var state: State {
        if refusals.isEmpty { return .stored }
        return good.hasStories ? .partial : .quarantined
    }

    /// What was good in it so far.
    var good: GoodMembers {
        members.reduce(into: earlier) { $0.note($1) }
    }

    /// What the ledger says of a file that is kept: why it gave no article, else what its name
    /// claims wrongly.
    fileprivate var remark: (Reason, String)? {
        let note = notes.first
        let page: (Reason, String)? =
            switch members.count == 1 ? members.first?.content : nil {
            case .noArticle(let reason, let words)?: (reason, words)
            case .withdrawal(let notice)?: (.noArticle, notice.line)
            default: nil
            }
        guard let page else { return note.map { ($0.reason, $0.line) } }
        return (page.0, note.map { "\(page.1); \($0.line)" } ?? page.1)
    }
}
