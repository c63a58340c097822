internal import ArchiveProtocol
internal import GRDB
internal import Synchronization

/// Something in the database that is not as it was written there.
struct Damage: Sendable, Hashable {
    /// What it is that is damaged.
    enum Kind: String, Sendable, CaseIterable {
        /// The record of a version, which does not have its digest.
        case record
        /// What says where in its original a record was read from.
        case evidence
        /// What stands beside a record and is not what the record says.
        case column
        /// An index that does not find a row of its table.
        case index
        /// A row as no release writes it, or pages that do not hang together.
        case table
    }

    var kind: Kind
    /// What is wrong, and with what.
    var detail: String
    /// The name of the article that it is of, and the row of its version.
    var article: String?
    var version: Int64?
    /// The index that it is of.
    var index: String?

    /// As `archive.verify` tells it.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("kind", .string(kind.rawValue)), .init("detail", .string(detail)),
        ]
        if let article { members.append(.init("article", .string(article))) }
        return .object(members)
    }
}

extension Damage {
    /// Whether an error tells of the machine, such as no descriptor or a disk that fails, and not
    /// of what the database holds: then that is looked at another time.
    static func isOfTheMachine(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        let codes: [ResultCode] = [
            .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_BUSY, .SQLITE_LOCKED,
            .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_INTERRUPT, .SQLITE_ABORT,
        ]
        return codes.contains(error.resultCode)
    }
}

/// What others came upon in the database, and what is to be looked through: what can be mended, is.
final class DamageReports: Sendable {
    private struct Open {
        /// The rows of articles.
        var articles: Set<Int64> = []
        var isAll = false
    }

    private let open = Mutex(Open())
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)

    /// Calls `body` whenever there is something.
    func onReport(_ body: @escaping @Sendable () -> Void) { wake.withLock { $0 = body } }

    /// Asks that the versions of an article, and what stands beside them, be looked into.
    func report(article: Int64) {
        open.withLock { _ = $0.articles.insert(article) }
        wake.withLock { $0 }?()
    }

    /// Asks that all of the database be looked through.
    func reportAll() {
        open.withLock { $0.isAll = true }
        wake.withLock { $0 }?()
    }

    /// The articles that were reported since this was called last.
    func takeArticles() -> Set<Int64> {
        open.withLock { open in
            defer { open.articles = [] }
            return open.articles
        }
    }

    /// Whether all is to be looked through, since this was called last.
    func takeAll() -> Bool {
        open.withLock { open in
            defer { open.isAll = false }
            return open.isAll
        }
    }
}
