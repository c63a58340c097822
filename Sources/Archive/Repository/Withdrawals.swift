internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Withdrawals by publishers: the stories that a notice took back, and why they are not shown.
///
/// A notice holds whether it comes before the story or after it, and for every capture of it,
/// until the publisher sends the story again with a later date. Nothing is deleted: versions and
/// originals stay, the story leaves every answer.
extension AccessionWriter {
    /// Keeps a notice and withdraws the stories that it speaks of.
    ///
    /// - Returns: the row of the first of them, where one is kept already.
    func take(_ notice: WithdrawalNotice) throws -> Int64? {
        var withdrawn: Int64?
        for identity in ArticleIdentity.named(by: notice) {
            try db.cachedStatement(
                sql: """
                    INSERT INTO withdrawal (identity, reason, issued) VALUES (?, ?, ?)
                    ON CONFLICT (identity) DO UPDATE
                        SET reason = excluded.reason, issued = excluded.issued
                        WHERE coalesce(excluded.issued, '') >= coalesce(issued, '')
                    """
            ).execute(arguments: [identity, notice.reason, notice.instant?.text])
            for seq in try articles(named: identity) {
                try withdraw(seq)
                withdrawn = withdrawn ?? seq
            }
        }
        return withdrawn
    }

    /// The stories that go by a name.
    private func articles(named identity: String) throws -> [Int64] {
        try Int64.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT seq FROM article WHERE identity = ?1
                    UNION SELECT seq FROM article WHERE identifier = ?1
                    """), arguments: [identity])
    }

    /// Withdraws a kept story, unless its latest version is later than the notice.
    private func withdraw(_ seq: Int64) throws {
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT document, digest FROM version
                        WHERE article = ? ORDER BY number DESC LIMIT 1
                        """), arguments: [seq]), let document = StoredDocument.intact(row),
            let article = Article(try JSONParser.parse(document)),
            let reason = try reasonToWithdraw(article)
        else { return }
        try mark(article, seq: seq, withdrawnFor: reason)
        try hide(seq)
    }

    /// Why a story may not be shown; nil where it may.
    func reasonToWithdraw(_ article: Article) throws -> String? {
        for identity in ArticleIdentity.named(by: article) {
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: "SELECT reason, issued FROM withdrawal WHERE identity = ?"),
                arguments: [identity])
            guard let row else { continue }
            let issued: String? = try row.decode(forColumn: "issued")
            if let issued, let sent = article.lastTouched?.text, sent > issued { continue }
            return try row.decode(forColumn: "reason")
        }
        return nil
    }

    /// Writes down whether a story is withdrawn, and tells where that changed.
    func mark(_ article: Article, seq: Int64, withdrawnFor reason: String?) throws {
        let before = try String.fetchOne(
            db.cachedStatement(sql: "SELECT withdrawn FROM article WHERE seq = ?"),
            arguments: [seq])
        guard before != reason else { return }
        try db.cachedStatement(sql: "UPDATE article SET withdrawn = ? WHERE seq = ?")
            .execute(arguments: [reason, seq])
        if let reason {
            try tell("article.withdrawn", article.id, [.init("reason", .string(reason))])
        } else {
            try tell("article.restored", article.id, [])
        }
    }
}

extension WithdrawalNotice {
    /// The reason as the record gives it.
    fileprivate var reason: String {
        let act = "\(status.rawValue) by its publisher"
        return words.map { "\(act): \($0)" } ?? act
    }

    fileprivate var instant: Timestamp? { issued.flatMap(Timestamp.init(rfc3339:)) }
}

extension Article {
    /// When its publisher last touched it, where that is known to the minute with its offset.
    fileprivate var lastTouched: Timestamp? {
        (modified ?? published).flatMap { Timestamp(rfc3339: $0.value) }
    }
}

extension Timestamp {
    /// Reads a time with its offset from UTC, such as `2017-01-26T15:14-05:00`; nil without one.
    init?(rfc3339 text: String) {
        if text.hasSuffix("Z") {
            self.init(text)
            return
        }
        let zone = Array(text.utf8.suffix(6))
        guard zone.count == 6, zone[0] == 0x2B || zone[0] == 0x2D, zone[3] == 0x3A,
            let hours = Int(String(decoding: zone[1...2], as: UTF8.self)),
            let minutes = Int(String(decoding: zone[4...5], as: UTF8.self)),
            let local = Timestamp(String(text.dropLast(6)) + "Z")
                ?? Timestamp(
                    String(text.dropLast(6)))
        else { return nil }
        let offset = Int64(hours * 3600 + minutes * 60) * 1_000_000
        self.init(microseconds: local.microseconds + (zone[0] == 0x2B ? -offset : offset))
    }
}
