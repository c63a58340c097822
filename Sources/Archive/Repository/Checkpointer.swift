internal import CLinux
internal import GRDB
internal import GRDBSQLite
internal import Glibc
internal import Logging
internal import Synchronization

/// Moves what was committed from the write-ahead log into the database, beside the commits, and
/// has put in order what many small commits left.
///
/// It has a connection and a thread of its own: a passive checkpoint keeps neither the writer nor
/// a reader waiting. Where commits follow each other without a pause, none of these finds the log
/// at rest, and it would never begin anew: of a long log the last, small piece is therefore moved
/// in a turn of the writers, with all before it on the disk already.
///
/// After a failed fsync nothing is moved any more: the kernel may have dropped what was moved, and
/// says so once. All of it is in the log, and moved again by the next run.
final class Checkpointer: Sendable {
    /// Events committed until the log is moved: small pieces, because a commit that comes meanwhile
    /// shares the disk with them.
    ///
    /// An article is two events and about 80 kB of log.
    private static let threshold = 24
    /// Pages of a log that is to begin anew: 32 MiB.
    private static let longLog = 1 << 13
    /// Pages of it that may be moved while commits wait.
    private static let lastPiece = 1 << 6
    /// How long readers are waited for that still use the log.
    private static let patience = 0.005

    private struct State {
        var isRunning = false
        var isOver = false
        var events = 0
        var problem: String?
        /// Pages of the log from which on it is to begin anew.
        var longLog = Checkpointer.longLog
    }

    private let connection: DatabaseQueue
    private let writers: WriterQueue
    private let tidy: @Sendable () throws -> Void
    private let logger: Logger
    private let state = Mutex(State())

    /// Why the log was not moved last, for people: until it is, it only grows.
    var problem: String? { state.withLock { $0.problem } }

    /// - Parameter tidy: is called after the log was moved, on the same thread.
    init(
        path: String, writers: WriterQueue, logger: Logger,
        tidy: @escaping @Sendable () throws -> Void
    ) throws {
        self.writers = writers
        self.tidy = tidy
        self.logger = logger
        var configuration = GRDB.Configuration()
        configuration.label = "archived.checkpointer"
        configuration.busyMode = .timeout(Self.patience)
        // The log's content is synced before it is moved, as the writer's own setting has it.
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Starts a checkpoint where enough was committed, and returns at once.
    func noteCommit(events: Int) {
        let mayStart = state.withLock { state in
            state.events += events
            guard state.events >= Self.threshold, !state.isRunning, !state.isOver else {
                return false
            }
            state.isRunning = true
            state.events = 0
            return true
        }
        guard mayStart else { return }
        connection.asyncWriteWithoutTransaction { [self] db in
            let unmoved = "the write-ahead log cannot be moved into the database, and grows"
            let untidy = "the index of quotations cannot be put in order"
            let problem = fault(unmoved) { try move(db) } ?? fault(untidy, tidy)
            if let problem { logger.error("\(problem)") }
            state.withLock {
                $0.isRunning = false
                $0.problem = problem
            }
        }
    }

    private func move(_ db: Database) throws {
        var (pages, moved) = try db.checkpoint(.passive)
        let longLog = state.withLock { state in
            if pages < Self.longLog { state.longLog = Self.longLog }
            return state.longLog
        }
        guard pages >= longLog else { return }
        // What came while the piece before was moved is less each time.
        for _ in 0..<8 where pages - moved > Self.lastPiece {
            (pages, moved) = try db.checkpoint(.passive)
        }
        // Where a reader keeps the log from beginning anew, commits are not stopped again soon.
        state.withLock { $0.longLog = pages + Self.longLog }
        try Self.sync(db)
        _ = try writers.take(isSmall: true) { try db.checkpoint(.restart) }
    }

    /// Has the disk take what was moved: SQLite itself waits for that with the log's last frame
    /// alone, which would be in the writers' turn.
    private static func sync(_ db: Database) throws {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let status = sqlite3_file_control(
            db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard status == SQLITE_OK, let file, let sync = file.pointee.pMethods?.pointee.xSync
        else { return }
        let synced = sync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY)
        if synced != SQLITE_OK { throw DatabaseError(resultCode: ResultCode(rawValue: synced)) }
    }

    /// What went wrong, for people; nil where nothing did, or what a later checkpoint does.
    private func fault(_ words: String, _ body: () throws -> Void) -> String? {
        do { try body() } catch let error as DatabaseError
            where error.resultCode == .SQLITE_BUSY
        {
            return nil
        } catch let error as DatabaseError
            where error.extendedResultCode == .SQLITE_IOERR_FSYNC
        {
            state.withLock { $0.isOver = true }
            return "the database could not be synced: what is committed stays in the write-ahead "
                + "log, which grows; see to the disk and start archived again"
        } catch {
            return "\(words): \(error)"
        }
        return nil
    }
}
