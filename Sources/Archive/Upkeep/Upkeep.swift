internal import Logging
internal import ServiceLifecycle

/// Compares the originals on disk with the register, after the daemon serves; then looks through
/// the database for damage, and again every day, and mends it.
struct Upkeep: ServiceLifecycle.Service {
    let inbox: Inbox
    let repository: Repository
    let originals: Originals
    let host: Host
    let logger: Logger

    /// How long after one time all of the database is looked through again.
    private static let interval = Duration.seconds(24 * 3600)

    func run() async throws {
        // What a crash left half done stands in the inbox still: the lanes come first.
        _ = await inbox.barrier(timeout: .seconds(3600))
        let executor = QueueExecutor(label: "archived.upkeep")
        try await withTaskExecutorPreference(executor) {
            try await compare()
            await examine()
        }
        try? await gracefulShutdown()
    }

    /// Looks through the database now, every day, and where damage is reported, until the daemon
    /// stops.
    private func examine() async {
        let (work, calls) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        repository.damage.onReport { calls.yield() }
        repository.damage.reportAll()
        let mender = RecordMender(
            repository: repository, originals: originals, reader: host.workers)
        let examiner = Examiner(repository: repository, mender: mender, logger: logger) {
            host.note("database", problem: $0)
        }
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { [damage = repository.damage] in
                    while (try? await Task.sleep(for: Self.interval)) != nil { damage.reportAll() }
                }
                for await _ in work {
                    await examiner.lookIntoReports { host.noteChecked(.now) }
                }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            calls.finish()
        }
    }

    private func compare() async throws {
        var missing = 0
        for prefix in UInt8.min...UInt8.max where !Task.isShuttingDownGracefully {
            let found = try originals.compare(prefix: prefix) {
                try repository.registeredDigests(prefix: prefix)
            }
            missing += found.missing
            for digest in found.unregistered { await adopt(digest) }
        }
        try await finishHalfRead()
        if missing > 0 {
            let words = "\(missing) originals are missing; archivectl verify names them"
            host.note("originals", problem: words)
            logger.error("\(words)")
        }
    }

    /// Goes on with bundles that an earlier run left half read and whose files left the inbox.
    private func finishHalfRead() async throws {
        for digest in try repository.halfRead() {
            let path = try repository.path(of: digest)
            guard await inbox.row(path) == nil else { continue }
            await host.readAgain(digest, as: path)
        }
    }

    /// Reads an original that no register knows: its database was lost, or a crash came between.
    private func adopt(_ digest: Digest) async {
        guard originals.computedDigest(of: digest) == digest else {
            // A copy that a power cut tore; its file never left the inbox.
            originals.remove(torn: digest)
            return logger.warning("removed the torn copy \(digest.name)")
        }
        await host.readAgain(digest, as: InboxPath(bytes: Array(digest.hex.utf8)))
    }
}
