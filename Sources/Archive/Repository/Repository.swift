internal import ArchiveProtocol
internal import Foundation
internal import GRDB
internal import Glibc
internal import Logging
internal import Synchronization

/// What is kept: articles with their versions, originals with their members, the ledger, and the
/// log of events, in one SQLite database.
///
/// One writer, many readers (WAL). `synchronous=FULL`, because with NORMAL a power cut loses files
/// that were told to be accepted.
final class Repository: Sendable {
    /// Names the archive for good, on this machine or another.
    let uuid: String
    let pool: DatabasePool
    /// The last original that earlier runs registered.
    let lastOriginalBefore: Int64
    let logger: Logger
    let index: any ArticleIndexing
    /// What was come upon and is to be mended.
    let damage = DamageReports()
    private let checkpointer: Checkpointer
    private let writers = WriterQueue()
    private let listeners = Mutex<[@Sendable ([Event], Set<String>) -> Void]>([])
    /// What is kept in one transaction, at most, whoever waits.
    private static let smallMembers = 32
    /// Turns of the writer in which the index of quotations is put in order at a time.
    private static let tidyingTurns = 8
    /// Bytes of the write-ahead log that are left on disk when it begins anew.
    private static let logBytes = 64 << 20

    /// Opens the database of a state directory, making or migrating it.
    ///
    /// - Throws: RepositoryError where the database is of a newer release, or no database.
    init(stateDirectory: String, index: any ArticleIndexing, logger: Logger) throws {
        self.index = index
        self.logger = logger
        var configuration = GRDB.Configuration()
        configuration.label = "archived.repository"
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { db in
            // A checkpoint within a commit would make one article in fifty wait for it.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            // A reader's share of memory; the kernel's page cache holds the rest.
            try db.execute(sql: "PRAGMA cache_size = -4000")
        }
        pool = try DatabasePool(
            path: "\(stateDirectory)/archive.sqlite", configuration: configuration)
        // Only now: opening the pool sets NORMAL, with which a power cut loses commits.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA journal_size_limit = \(Self.logBytes)")
        }
        let migrator = Schema.migrator
        if try pool.read({ try migrator.hasBeenSuperseded($0) }) {
            throw RepositoryError.newerSchema("\(stateDirectory)/archive.sqlite")
        }
        try migrator.migrate(pool)
        checkpointer = try Checkpointer(
            path: "\(stateDirectory)/archive.sqlite", writers: writers, logger: logger
        ) { [pool, writers] in
            for _ in 0..<Self.tidyingTurns {
                let goesOn = try writers.take(isSmall: false) { try pool.write(index.tidy) }
                if !goesOn { return }
            }
        }
        (uuid, lastOriginalBefore) = try pool.write { db in
            try index.prepare(db)
            let last = try Int64.fetchOne(db, sql: "SELECT max(seq) FROM original")
            return (try Self.uuid(db), last ?? 0)
        }
    }

    /// What is wrong with the database though it serves, for people.
    var problem: String? { checkpointer.problem }

    private static func uuid(_ db: Database) throws -> String {
        if let uuid = try String.fetchOne(db, sql: "SELECT uuid FROM archive") { return uuid }
        let uuid = UUID().uuidString.lowercased()
        try db.execute(
            sql: "INSERT INTO archive VALUES (?, ?)",
            arguments: [uuid, Timestamp.now.microseconds])
        return uuid
    }

    /// Calls `listener` after each commit with the events that it added and the names of the
    /// articles that it changed, on the thread that wrote.
    func onCommit(_ listener: @escaping @Sendable ([Event], Set<String>) -> Void) {
        listeners.withLock { $0.append(listener) }
    }

    // MARK: Writing

    /// Which of these digests are stored or in quarantine, as the parser of this release reads
    /// them: bytes that need not be parsed again.
    func known(_ digests: [Digest]) throws -> [Digest: OriginalState] {
        guard !digests.isEmpty else { return [:] }
        return try pool.read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT state, parser, articles FROM original
                    WHERE digest = ? AND state != 'reading'
                    """)
            var known: [Digest: OriginalState] = [:]
            for digest in Set(digests) {
                guard let row = try Row.fetchOne(statement, arguments: [Data(digest.bytes)]) else {
                    continue
                }
                known[digest] = OriginalState(
                    isQuarantined: try row.decode(String.self, forColumn: "state")
                        == "quarantined",
                    parser: try row.decode(forColumn: "parser"),
                    articles: try row.decode(forColumn: "articles"))
            }
            return known
        }
    }

    /// Keeps what was read; it is durable when this returns.
    ///
    /// What is small is kept in one transaction, what is large in several, between which others
    /// have their turn.
    ///
    /// - Parameter duplicates: deposits whose bytes are known: only the ledger learns of them.
    func store(_ accessions: [Accession], duplicates: [Deposit] = []) throws {
        guard !accessions.isEmpty || !duplicates.isEmpty else { return }
        let members = accessions.reduce(0) { $0 + $1.members.count }
        let isSmall = members <= Self.smallMembers
        var rest = accessions[...]
        repeat {
            let changes = try commit(isSmall: isSmall) { db in
                let writer = AccessionWriter(db: db, index: index)
                let start = ContinuousClock.now
                let isOver = { !isSmall && self.writers.isOver(since: start) }
                try writer.store(&rest, until: isOver)
                guard rest.isEmpty else { return writer.changes }
                // After the files that they repeat, which may be in the same batch.
                for deposit in duplicates { try writer.note(duplicate: deposit) }
                return writer.changes
            }
            checkpointer.noteCommit(events: changes.events.count)
            tell(changes.events, changes.articles)
        } while !rest.isEmpty
    }

    /// Carries out a transaction, and hands on to the index what it changed.
    ///
    /// Both are one turn of the writer, so that the index learns of changes in the order of
    /// their commits.
    func commit(
        isSmall: Bool = true, _ body: (Database) throws -> AccessionWriter.Changes
    ) throws -> AccessionWriter.Changes {
        try writers.take(isSmall: isSmall) {
            try pool.writeWithoutTransaction { db in
                var changes = AccessionWriter.Changes()
                try db.inTransaction(.immediate) {
                    changes = try body(db)
                    return .commit
                }
                if let last = changes.events.last {
                    index.committed(changes.shown, revision: last.revision)
                }
                return changes
            }
        }
    }

    /// Appends events to the log and tells who listens.
    func append(_ events: [(type: String, payload: JSON)]) throws {
        let changes = try commit { db in
            AccessionWriter.Changes(
                events: try events.map { try Event.append($0.type, $0.payload, to: db) })
        }
        tell(changes.events, [])
    }

    func tell(_ events: [Event], _ articles: Set<String>) {
        for listener in listeners.withLock({ $0 }) { listener(events, articles) }
    }

    /// The same error, with the remedy where the database is not what was written to it.
    static func explained(_ error: any Error, stateDirectory: String) -> any Error {
        let words: String
        switch error {
        case let error as DatabaseError
        where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            words = error.message ?? "\(error.resultCode)"
        case is RowDecodingError, is JSONError: words = "\(error)"
        default: return error
        }
        return RepositoryError.damaged(path: "\(stateDirectory)/archive.sqlite", words: words)
    }

    /// Whether an error means that the disk, or its share for us, is full.
    static func isOutOfSpace(_ error: any Error) -> Bool {
        if let error = error as? DatabaseError { return error.resultCode == .SQLITE_FULL }
        guard let error = error as? DurabilityError else { return false }
        return error.errno == ENOSPC || error.errno == EDQUOT
    }

    // MARK: Quarantine

    /// Forgets that a file was quarantined, so that it is read again.
    func forgetQuarantine(_ digest: Digest) throws {
        try pool.write { db in
            try Self.forgetQuarantinedRow(of: digest, in: db)
        }
    }
}

extension Repository {
    private static func forgetQuarantinedRow(of digest: Digest, in db: Database) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT seq, EXISTS (SELECT 1 FROM capture WHERE original = seq) AS isUsed
                FROM original WHERE digest = ? AND state = 'quarantined'
                """, arguments: [Data(digest.bytes)])
        guard let row else { return }
        let original: Int64 = try row.decode(forColumn: "seq")
        if try row.decode(forColumn: "isUsed") {
            // Articles were read from it before: it is as a bundle that was left half read.
            try db.execute(
                sql: "UPDATE original SET state = 'reading' WHERE seq = ?", arguments: [original])
        } else {
            try db.execute(sql: "DELETE FROM member WHERE original = ?", arguments: [original])
            try db.execute(sql: "DELETE FROM original WHERE seq = ?", arguments: [original])
        }
    }
}

/// Why the repository cannot be used.
enum RepositoryError: Error, CustomStringConvertible {
    case newerSchema(String)
    case damaged(path: String, words: String)

    var description: String {
        switch self {
        case .damaged(let path, let words):
            "the database \(path) is damaged: \(words); move \(path), \(path)-wal and \(path)-shm "
                + "away and start: everything is read again from the originals"
        case .newerSchema(let path):
            "\(path) was written by a newer release of archived; install that release again"
        }
    }
}

/// What is known of bytes that were read before.
struct OriginalState: Sendable {
    var isQuarantined: Bool
    /// The version of the parser that read them.
    var parser: String
    var articles: Int
}

/// What makes the articles findable: the Search station, as the Repository sees it.
///
/// Quotations change in the transaction of their articles. The articles themselves are handed on
/// when it is committed, before anybody is told of it: a stored article is found at once.
protocol ArticleIndexing: Sendable {
    /// Makes the tables of the quotations.
    func prepare(_ db: Database) throws

    /// Makes the quotations of an article findable, in place of those under `seq` before.
    func add(_ article: Article, seq: Int64, isNew: Bool, in db: Database) throws

    /// Makes the quotations of an article be found no more.
    func remove(_ seq: Int64, in db: Database) throws

    /// Puts in order a little of what earlier transactions wrote.
    ///
    /// - Returns: whether there may be more to do.
    func tidy(_ db: Database) throws -> Bool

    /// Takes what a transaction changed, after its commit and before that of the next.
    ///
    /// - Parameter revision: that of the archive with it.
    func committed(_ shown: ShownArticles, revision: Int)
}

/// The latest version of an article, with what is found by but is no part of its record.
struct ShownArticle: Sendable {
    var article: Article
    var confidences: FieldConfidences
    /// Whether versions of it were kept before.
    var isUpdated: Bool

    init(_ article: Article, confidences: FieldConfidences, isUpdated: Bool) {
        self.article = article
        self.confidences = confidences
        self.isUpdated = isUpdated
    }
}

/// Which articles a transaction changed, and what they are now.
struct ShownArticles: Sendable {
    /// By row, the latest version of those that are shown.
    private(set) var shown: [Int64: ShownArticle] = [:]
    /// The rows of those that are shown no more.
    private(set) var hidden: Set<Int64> = []

    mutating func show(_ article: ShownArticle, row: Int64) {
        shown[row] = article
        hidden.remove(row)
    }

    mutating func hide(row: Int64) {
        shown[row] = nil
        hidden.insert(row)
    }
}
