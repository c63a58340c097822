internal import Glibc
internal import Logging

/// The watched directory: tells which files have come to rest, and knows where each one is.
///
/// Hints of the kernel make it quick, scans make it complete: on start, on overflow, for a new or
/// moved directory, on request and by a timer. A file is handed out once (`next`) and answered for
/// once (`finish`).
actor Inbox {
    let settings: InboxSettings
    let ledger: any Ledger
    let logger: Logger
    let place: InboxDirectory
    /// How far the files are that the lanes read.
    nonisolated let progress = ReadingProgress()
    private let executor = QueueExecutor(label: "archived.inbox")
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    var watcher: InboxWatcher?
    var inbox: (descriptor: Descriptor, stamp: FileStamp)?

    var entries: [InboxPath: InboxEntry] = [:]
    var queue = InboxQueue()
    /// Names left alone, so that each is explained in the ledger once.
    var ignored: [InboxPath: Reason] = [:]
    /// Directories that may not be looked into.
    var closed: [InboxPath: ClosedDirectory] = [:]
    var takers: [CheckedContinuation<Batch?, Never>] = []
    var barriers: [Barrier] = []
    /// Those for which the inbox is still to be looked through, by one scan for all.
    var barriersToCome: [Barrier] = []
    var barrierCount = 0
    var alarm: (at: ContinuousClock.Instant, task: Task<Void, Never>)?
    var isStopped = false
    var clock = SteadyClock()
    /// How the inbox is noticed.
    private var noted = Counters()
    /// Why a directory is not watched; each scan asks for its watch again.
    private var refusal: String?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// What `inbox.status` tells.
    struct Counters: Sendable {
        var watch = Watch.missing
        var overflows = 0
        var rescans = 0
        var lastRescan: Timestamp?
        /// Why files may be noticed late or not at all, for people.
        var problem: String?
    }

    /// How changes are noticed.
    enum Watch: String, Sendable {
        case inotify, polling, missing
    }

    /// What `inbox.status` and the service manager are told.
    var counters: Counters {
        var counters = noted
        let problems = [noted.problem, closure, hindrance].compactMap(\.self)
        counters.problem = problems.isEmpty ? nil : problems.joined(separator: ", ")
        return counters
    }

    struct Barrier {
        var number: Int
        var paths: Set<InboxPath>
        var continuation: CheckedContinuation<Bool, Never>
    }

    init(settings: InboxSettings, ledger: any Ledger, logger: Logger) {
        self.settings = settings
        self.ledger = ledger
        self.logger = logger
        place = InboxDirectory(path: settings.path)
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: Life

    /// Sets the watch, so that no file that arrives after this is missed.
    func open() {
        watcher = InboxWatcher(wake: wake)
        if attach() != nil { watch(InboxPath(bytes: [])) }
    }

    /// Looks for what arrived before `open`, then watches until `stop`.
    func run() async {
        scan()
        let rounds = Task { await self.rounds() }
        for await _ in wakes {
            if isStopped { break }
            hear()
        }
        rounds.cancel()
        await rounds.value
    }

    /// Ends `run` and every wait for files; files under way may still be finished.
    func stop() {
        isStopped = true
        watcher?.stop()
        wake.finish()
        alarm?.task.cancel()
        for taker in takers { taker.resume(returning: nil) }
        takers = []
        for barrier in barriers { barrier.continuation.resume(returning: false) }
        barriers = []
        for barrier in barriersToCome { barrier.continuation.resume(returning: false) }
        barriersToCome = []
    }

    /// The scans by the timer.
    private func rounds() async {
        while !Task.isCancelled {
            let pause = noted.watch == .inotify ? settings.rescan : settings.poll
            guard (try? await Task.sleep(for: pause)) != nil, !isStopped else { return }
            scan()
        }
    }

    // MARK: Noticing

    /// Looks through the whole inbox and compares it with what is known.
    ///
    /// - Returns: how many files stand there and are not done with.
    @discardableResult
    func scan() -> Int {
        noted.rescans += 1
        noted.lastRescan = .now
        guard let descriptor = attach() else { return 0 }
        if refusal != nil {
            noted.watch = .inotify
            noted.problem = nil
        }
        watch(InboxPath(bytes: []))
        var missing = Set(entries.keys)
        var explained = Set(ignored.keys)
        walk(InboxPath(bytes: []), in: descriptor) { found in
            missing.remove(found.path)
            explained.remove(found.path)
            notice(found.path, found.status, hint: [])
        }
        for path in missing where !isHidden(path) { forget(path) }
        for path in explained { ignored[path] = nil }
        if noted.watch == .inotify { refusal = nil }
        // What was queued while the inbox was away is handed out now.
        serve()
        return entries.count
    }

    /// Opens the inbox anew where its path leads elsewhere than before.
    private func attach() -> Descriptor? {
        guard let current = place.open() else {
            let words =
                errno == ENOENT
                ? "is missing" : "cannot be opened: \(String(cString: strerror(errno)))"
            if inbox != nil || noted.watch != .missing || noted.problem == nil {
                logger.error(
                    "the inbox \(settings.path) \(words); files there are taken when it returns",
                    metadata: [
                        "message-id": .string(MessageID.inboxMissing), "path": "\(settings.path)",
                    ])
            }
            watcher?.unwatchAll()
            inbox = nil
            noted.watch = .missing
            noted.problem = "the inbox \(settings.path) \(words)"
            return nil
        }
        if let inbox, inbox.stamp.device == current.stamp.device,
            inbox.stamp.inode == current.stamp.inode
        {
            return inbox.descriptor
        }
        if inbox != nil { logger.notice("the inbox was replaced: watching the new one") }
        watcher?.unwatchAll()
        inbox = current
        noted.problem = nil
        noted.watch = .inotify
        if watcher == nil {
            noted.watch = .polling
            noted.problem = "no inotify instance left: polling; raise fs.inotify.max_user_instances"
            logger.warning("\(noted.problem ?? "")")
        }
        if let network = NetworkFileSystem.name(of: current.descriptor.number) {
            noted.watch = .polling
            logger.notice("the inbox is on \(network), which raises no events: polling")
        }
        return current.descriptor
    }

    private func watch(_ path: InboxPath) {
        guard noted.watch == .inotify, let watcher, let inbox else { return }
        let number = watcher.watch(path, in: inbox.descriptor)
        // One that may not be read is told of by whoever walks.
        guard ![0, ENOENT, ENOTDIR, EACCES].contains(number) else { return }
        let place = path.bytes.isEmpty ? settings.path : path.display
        let words =
            "cannot watch \(place): \(String(cString: strerror(number))): polling; "
            + "raise fs.inotify.max_user_watches"
        if refusal != words { logger.warning("\(words)") }
        refusal = words
        noted.watch = .polling
        noted.problem = words
    }

    func hear() {
        guard let hints = watcher?.take() else { return }
        if hints.overflows > 0 {
            noted.overflows += hints.overflows
            logger.notice(
                "inotify lost events: looking through the inbox",
                metadata: ["message-id": .string(MessageID.overflow)])
        }
        if hints.needsScan { scan() }
        guard let descriptor = inbox?.descriptor else { return }
        for (path, hint) in hints.paths {
            guard let status = InboxDirectory.status(of: path, in: descriptor) else {
                if !isHidden(path) { forget(path) }
                continue
            }
            notice(path, status, hint: hint)
            // Files in a directory that was moved in raise no event of their own, nor do those
            // that were made before its watch stood.
            if case .directory = status, Self.reasonToIgnore(path, status) == nil {
                walk(path, in: descriptor) { notice($0.path, $0.status, hint: []) }
            }
        }
    }

    func notice(_ path: InboxPath, _ status: InboxDirectory.Status, hint: InboxWatcher.Hint) {
        if let (reason, detail) = Self.reasonToIgnore(path, status) {
            return ignore(path, reason, detail)
        }
        switch status {
        case .directory: watch(path)
        case .special: break
        case .file(let stamp, _):
            if ignored.removeValue(forKey: path) != nil {
                logger.debug("\(path.display) is a file")
            }
            notice(path, stamp, hint: hint)
        }
    }

    private func notice(_ path: InboxPath, _ stamp: FileStamp, hint: InboxWatcher.Hint) {
        guard let known = entries[path] else {
            entries[path] = InboxEntry(stamp: stamp, phase: .settling(isClosed: false))
            return settle(path, stamp, hint: hint)
        }
        switch known.phase {
        case .inFlight:
            if known.stamp != stamp { entries[path]?.phase = .inFlight(again: true) }
        case .waiting:
            let isTold = !hint.intersection([.rightsChanged, .closed, .movedIn]).isEmpty
            if known.stamp != stamp || isTold { settle(path, stamp, hint: hint) }
        case .queued:
            if known.stamp != stamp { settle(path, stamp, hint: hint) }
        case .settling(let isClosed):
            if known.stamp != stamp || hint.contains(.movedIn) || hint.contains(.closed) {
                settle(path, stamp, hint: isClosed ? hint.union(.closed) : hint)
            }
        }
    }

    /// Decides how long a file must rest from now.
    private func settle(_ path: InboxPath, _ stamp: FileStamp, hint: InboxWatcher.Hint) {
        entries[path]?.stamp = stamp
        if hint.contains(.movedIn) { return enqueue(path) }
        let isClosed = hint.contains(.closed)
        entries[path]?.phase = .settling(isClosed: isClosed)
        setDue(path, in: settings.settle)
    }

    private static func reasonToIgnore(_ path: InboxPath, _ status: InboxDirectory.Status)
        -> (Reason, String)?
    {
        if path.bytes.first == 0x2E || path.name.first == 0x2E {
            return (.hidden, "its name begins with a dot; rename it when it is complete")
        }
        if case .directory = status, path.depth > InboxDirectory.depthLimit {
            return (
                .nesting,
                "it is the directory below \(InboxDirectory.depthLimit) others; move it up"
            )
        }
        if case .special(let what) = status {
            return (.special, "it is \(what); drop a regular file")
        }
        if case .file = status {
            for suffix in [".part", ".tmp", ".partial", ".crdownload", ".filepart"]
            where path.name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
                return (
                    .partialName, "its name says it is incomplete; rename it when it is complete"
                )
            }
        }
        return nil
    }

    private func ignore(_ path: InboxPath, _ reason: Reason, _ detail: String) {
        guard ignored[path] != reason, ignored.count < InboxWatcher.pathLimit else { return }
        ignored[path] = reason
        if entries[path] != nil { forget(path) }
        var row = LedgerRow(path: path, state: .ignored, since: .now)
        row.reason = reason
        row.detail = detail
        record(row)
    }

    func forget(_ path: InboxPath) {
        guard let entry = entries[path] else { return }
        if case .inFlight = entry.phase { return }
        entries[path] = nil
        release(path)
        if case .waiting = entry.phase {
            record(LedgerRow(path: path, state: .gone, since: .now, size: entry.stamp.size))
        }
    }

    func record(_ row: LedgerRow) {
        do { try ledger.record([row]) } catch {
            logger.error("cannot write the ledger: \(error)")
        }
    }
}
