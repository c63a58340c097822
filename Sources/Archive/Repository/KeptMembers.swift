internal import Foundation
internal import GRDB

/// What earlier runs kept of a bundle that was left half read.
struct KeptMembers: Sendable {
    /// Members that are kept: those whose place is below this.
    var count = 0
    var articles = 0
    var good = GoodMembers()
    var bad = BadMembers()
}

/// Whether a file gave anything.
struct GoodMembers: Sendable {
    /// Whether a page was read, be it a story or none.
    var hasPages = false
    /// Whether there was a story, or a notice that takes one back.
    var hasStories = false

    mutating func note(_ member: AccessionMember) {
        switch member.content {
        case .article, .withdrawal: (hasPages, hasStories) = (true, true)
        case .noArticle: hasPages = true
        case .container, .refused: break
        }
    }
}

/// The members of a bundle that could not be read, for the bundle as a whole.
struct BadMembers: Sendable {
    private var members = 0
    /// What could not be read, and what of it is damage: a picture among pages is none.
    private var refused: Tally?
    private var damaged: Tally?

    private struct Tally {
        var count = 0
        var first: Refusal
        var path: [UInt8]
    }

    /// Counts one more member.
    mutating func note(_ member: AccessionMember) {
        guard case .refused(let refusal) = member.content else {
            members += 1
            return
        }
        note(refusal, path: member.path)
    }

    /// Counts members of which nothing is wrong.
    mutating func noteGood(_ count: Int) { members += count }

    /// Counts a member that was refused.
    mutating func note(_ refusal: Refusal, path: [UInt8]) {
        members += 1
        Self.add(refusal, path, to: &refused)
        guard ![.notText, .unsupported].contains(refusal.reason) else { return }
        Self.add(refusal, path, to: &damaged)
    }

    private static func add(_ refusal: Refusal, _ path: [UInt8], to tally: inout Tally?) {
        var present = tally ?? Tally(first: refusal, path: path)
        present.count += 1
        tally = present
    }

    /// What is wrong with the bundle; nil where its good members are all that it should give.
    func refusal(besides good: GoodMembers) -> Refusal? {
        guard let bad = good.hasPages ? damaged : refused else { return nil }
        return Refusal(
            bad.first.reason,
            "\(bad.count) of \(members) members cannot be read, the first is "
                + "\(ByteName.display(bad.path)): \(bad.first.line)")
    }
}

extension Repository {
    /// The bundles that were half read before this run and never to their end.
    func halfRead() throws -> [Digest] {
        try pool.read { db in
            let digests = try Data.fetchAll(
                db,
                sql: "SELECT digest FROM original WHERE state = 'reading' AND seq <= ?",
                arguments: [lastOriginalBefore])
            return digests.compactMap { Digest(bytes: Array($0)) }
        }
    }

    /// What is kept of a bundle that this release left half read; nothing of any other.
    ///
    /// Stretches are kept in order, so that the members below the greatest are all there.
    func keptMembers(of digest: Digest) throws -> KeptMembers {
        try pool.read { db in
            var kept = KeptMembers()
            let original = try Int64.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT seq FROM original
                        WHERE digest = ? AND state = 'reading' AND parser = ?
                        """), arguments: [Data(digest.bytes), Parser.version])
            guard let original else { return kept }
            let outcomes = try Row.fetchAll(
                db,
                sql: """
                    SELECT outcome, count(*) AS count, max(ordinal) AS last FROM member
                    WHERE original = ? GROUP BY outcome
                    """, arguments: [original])
            for row in outcomes {
                let outcome: String = try row.decode(forColumn: "outcome")
                let count: Int = try row.decode(forColumn: "count")
                kept.count = max(kept.count, try row.decode(Int.self, forColumn: "last") &+ 1)
                if outcome == "stored" || outcome == "duplicate" { kept.articles += count }
                if outcome != "container", outcome != "refused" {
                    kept.good.hasPages = true
                    if outcome != "no-article" { kept.good.hasStories = true }
                }
                if outcome != "refused" { kept.bad.noteGood(count) }
            }
            let refused = try Row.fetchCursor(
                db,
                sql: """
                    SELECT path, reason, detail FROM member
                    WHERE original = ? AND outcome = 'refused' ORDER BY ordinal
                    """, arguments: [original])
            while let row = try refused.next()?.copy() {
                let path: Data = try row.decode(forColumn: "path")
                let reason: String? = try row.decode(forColumn: "reason")
                let detail: String? = try row.decode(forColumn: "detail")
                kept.bad.note(
                    Refusal(reason.flatMap(Reason.init) ?? .corrupt, detail ?? ""),
                    path: Array(path))
            }
            return kept
        }
    }
}
