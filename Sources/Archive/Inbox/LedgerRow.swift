/// What is known of one path that ever stood in the inbox.
struct LedgerRow: Sendable, Hashable {
    var path: InboxPath
    var state: State
    var reason: Reason?
    /// What was found, and what to do; one line.
    var detail: String?
    /// When the state began.
    var since: Timestamp
    var size: Int?
    var digest: Digest?
    /// How many articles the file gave.
    var articles: Int?
    var times = Times()

    /// Where a file is on its way.
    enum State: String, Sendable, Hashable, CaseIterable {
        case seen, settling, queued, parsing, stored, duplicate, quarantined, ignored, waiting
        case gone
    }

    /// When a file passed each station.
    struct Times: Sendable, Hashable {
        var noticed: Timestamp?
        var read: Timestamp?
        var parsed: Timestamp?
        var searchable: Timestamp?
    }
}

/// The persistent memory of every path that ever stood in the inbox.
///
/// The Repository station keeps it, in the same database as the articles, so that a file's state
/// and what it gave change in one transaction.
protocol Ledger: Sendable {
    /// Writes rows whose state changed without anything being stored.
    func record(_ rows: [LedgerRow]) throws
}
