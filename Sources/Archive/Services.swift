internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// The parts of the daemon as the service group runs and stops them.

/// Watches the inbox.
struct InboxWatch: ServiceLifecycle.Service {
    let inbox: Inbox

    func run() async {
        await withGracefulShutdownHandler {
            await inbox.run()
        } onGracefulShutdown: {
            Task { await inbox.stop() }
        }
        // Cancelled, because another part failed: no lane is to wait for files any more.
        await inbox.stop()
    }
}

/// Takes batches of files all the way, on a thread of its own.
struct LaneRun: ServiceLifecycle.Service {
    let lane: Lane
    let host: Host
    let manager: ServiceManager
    let logger: Logger

    func run() async throws {
        do {
            let executor = QueueExecutor(label: "archived.lane.\(lane.number)")
            try await withTaskExecutorPreference(executor) { try await lane.run() }
            // The group takes it for a failure when a service ends before its turn.
            try? await gracefulShutdown()
        } catch {
            // After a failed fsync nothing more may be written; the next start finds out what is
            // durable. Everything that was told to be accepted is.
            let words = "\(Repository.explained(error, stateDirectory: host.stateDirectory))"
            host.note("storage", problem: words)
            manager.notify(.status("storage failed: \(words)"), .errno(EIO))
            logger.critical("storage failed, stopping: \(words)")
            throw error
        }
    }
}

/// Keeps the search index whole and on disk, on a thread of its own; the last to be stopped.
struct IndexKeeping: ServiceLifecycle.Service {
    let index: Indexer
    let host: Host

    /// Between two looks at what commits brought.
    private static let pause = Duration.milliseconds(100)

    func run() async {
        let (work, calls) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        index.onWork { calls.yield() }
        calls.yield()
        let executor = QueueExecutor(label: "archived.indexer")
        await withGracefulShutdownHandler {
            await withTaskExecutorPreference(executor) {
                for await _ in work { await keep(calls) }
                index.close()
            }
        } onGracefulShutdown: {
            calls.finish()
        }
    }

    private func keep(_ calls: AsyncStream<Void>.Continuation) async {
        while !Task.isShuttingDownGracefully, index.keep() {}
        host.note("index", problem: index.problem)
        guard !index.isSettled else { return }
        // What is left has time: few articles are written when no more come for a while.
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.pause) }
        calls.yield()
    }
}

/// Reads the configuration again on SIGHUP.
struct Reloading: ServiceLifecycle.Service {
    let host: Host

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            _ = try? await host.reload()
        }
    }
}

/// Tells the service manager that the daemon serves, lives, and what it is at.
struct Heartbeat: ServiceLifecycle.Service {
    let manager: ServiceManager
    let socket: SocketServer
    let inbox: Inbox
    let repository: Repository
    let index: Indexer
    let host: Host
    let logger: Logger
    private let freeMemory = FreeMemory()

    func run() async throws {
        guard await socket.heartbeat() else { throw CancellationError() }
        host.enter("running")
        let articles = try repository.articleCount()
        manager.notify(.ready, .status(try await status()))
        logger.notice(
            "serving \(articles) articles",
            metadata: [
                "message-id": .string(MessageID.started), "version": "\(Release.version)",
            ])
        await withGracefulShutdownHandler {
            await beat()
        } onGracefulShutdown: {
            host.enter("stopping")
            manager.notify(.stopping, .status("stopping"))
        }
    }

    private func beat() async {
        let pause = min(manager.watchdogInterval ?? .seconds(5), .seconds(5))
        var told = ""
        while !Task.isShuttingDownGracefully {
            guard
                (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }) != nil
            else { return }
            // Each of these is a turn of the part itself: one that hangs is not pinged for.
            host.note("checkpoint", problem: repository.problem)
            guard await socket.heartbeat(), let status = try? await status() else { continue }
            manager.notify(.watchdog)
            freeMemory.giveBack()
            if status != told { manager.notify(.status(status)) }
            told = status
        }
    }

    private func status() async throws -> String {
        let tally = await inbox.tally()
        let counters = await inbox.counters
        let articles = try repository.articleCount()
        var words = ["\(articles) articles"]
        if tally.queued + tally.inFlight > 0 {
            words.append("\(tally.queued + tally.inFlight) queued")
        }
        if tally.waiting > 0 { words.append("\(tally.waiting) waiting") }
        if let rebuilding = index.rebuilding {
            words.append("rebuilding the index \(rebuilding.words)")
        }
        words += host.problems + [counters.problem].compactMap(\.self)
        return words.joined(separator: ", ")
    }
}
