internal import CLinux
internal import GRDB
internal import Glibc
internal import Logging
internal import Synchronization

/// Moves what was committed from the write-ahead log into the database, beside the commits.
///
/// It has a connection and a thread of its own: a passive checkpoint keeps neither the writer nor
/// a reader waiting.
final class Checkpointer: Sendable {
    /// Events committed until the log is moved: small pieces, because a commit that comes meanwhile
    /// shares the disk with them.
    ///
    /// An article is two events and about 80 kB of log.
    private static let threshold = 24

    private let connection: DatabaseQueue
    private let logger: Logger
    private let state = Mutex((isRunning: false, events: 0, problem: String?.none))

    /// Why the log was not moved last, for people: until it is, it only grows.
    var problem: String? { state.withLock { $0.problem } }

    init(path: String, logger: Logger) throws {
        self.logger = logger
        var configuration = GRDB.Configuration()
        configuration.label = "archived.checkpointer"
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
            guard state.events >= Self.threshold, !state.isRunning else { return false }
            state.isRunning = true
            state.events = 0
            return true
        }
        guard mayStart else { return }
        connection.asyncWriteWithoutTransaction { [self] db in
            // What fails here is done by a later one.
            let problem = Self.fault { _ = try db.checkpoint(.passive) }
            if let problem { logger.error("\(problem)") }
            state.withLock {
                $0.isRunning = false
                $0.problem = problem
            }
        }
    }

    private static func fault(_ checkpoint: () throws -> Void) -> String? {
        do { try checkpoint() } catch let error as DatabaseError
            where error.resultCode == .SQLITE_BUSY
        {
            return nil
        } catch {
            return "the write-ahead log cannot be moved into the database, and grows: \(error)"
        }
        return nil
    }
}
