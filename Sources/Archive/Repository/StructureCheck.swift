internal import GRDB
internal import ServiceLifecycle

/// How the pages of the database hang together, by SQLite's own check.
///
/// It reads every page once, in one transaction, and cannot be stopped: it has a thread and a
/// connection of its own, behind all that answers somebody. Commits and searches go on beside it;
/// what is committed meanwhile stays in the write-ahead log until it ends.
extension Repository {
    /// More is not told of a database whose pages do not hang together.
    private static let most = 8

    /// What is wrong with the structure; nil where the daemon stops before that is known.
    ///
    /// - Throws: where the machine lets nobody look.
    func structureDamages() async throws -> [Damage]? {
        let path = pool.path
        let (results, result) = AsyncStream.makeStream(of: Result<[Damage], any Error>.self)
        PatientThread().run {
            result.yield(Result { try Self.structureDamages(path) })
            result.finish()
        }
        for await damages in results.cancelOnGracefulShutdown() { return try damages.get() }
        return nil
    }

    private static func structureDamages(_ path: String) throws -> [Damage] {
        do {
            var configuration = GRDB.Configuration()
            configuration.readonly = true
            let words = try DatabaseQueue(path: path, configuration: configuration).read { db in
                try String.fetchAll(db, sql: "PRAGMA quick_check(\(most))")
            }
            // `*** in database main ***` may stand before a line.
            return words.filter { $0 != "ok" }.map { text in
                let line = text.split(separator: "\n").last.map(String.init) ?? text
                return Damage(kind: .table, detail: "its pages do not hang together: \(line)")
            }
        } catch  where !Damage.isOfTheMachine(error) {
            return [Damage(kind: .table, detail: "its pages cannot all be read: \(error)")]
        }
    }
}
