internal import Glibc
internal import Logging

/// The watched directory: tells which files have come to rest, and knows where each one is.
///
/// Hints of the kernel make it quick, scans make it complete: on start, on overflow, for a new or
/// moved directory, on request and by a timer. A file is handed out once (`next`) and answered for
/// once (`finish`).
actor Inbox {
    let settings: InboxSettings
    private let ledger: any Ledger
    private let logger: Logger
    private let place: InboxDirectory
    private let executor = QueueExecutor(label: "archived.inbox")
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private var watcher: InboxWatcher?
    private var inbox: (descriptor: Descriptor, stamp: FileStamp)?

    private var entries: [InboxPath: InboxEntry] = [:]
    private var queue: [InboxPath] = []
    private var queueHead = 0
    /// Names left alone, so that each is explained in the ledger once.
    private var ignored: [InboxPath: Reason] = [:]
    private var takers: [CheckedContinuation<Batch?, Never>] = []
    private var barriers: [Barrier] = []
    private var barrierCount = 0
    private var alarm: (at: ContinuousClock.Instant, task: Task<Void, Never>)?
    private var isStopped = false
    private(set) var counters = Counters()

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

    private struct Barrier {
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
        if watcher == nil {
            counters.problem =
                "no inotify instance left: polling; raise fs.inotify.max_user_instances"
        }
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
    }

    /// The scans by the timer.
    private func rounds() async {
        while !Task.isCancelled {
            let pause = counters.watch == .inotify ? settings.rescan : settings.poll
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
        counters.rescans += 1
        counters.lastRescan = .now
        guard let descriptor = attach() else { return 0 }
        watch(InboxPath(bytes: []))
        var missing = Set(entries.keys)
        var explained = Set(ignored.keys)
        InboxDirectory.walk(InboxPath(bytes: []), in: descriptor) { found in
            missing.remove(found.path)
            explained.remove(found.path)
            notice(found.path, found.status, hint: [])
        }
        for path in missing { forget(path) }
        for path in explained { ignored[path] = nil }
        return entries.count
    }

    /// Opens the inbox anew where its path leads elsewhere than before.
    private func attach() -> Descriptor? {
        guard let current = place.open() else {
            if inbox != nil || counters.watch != .missing || counters.problem == nil {
                logger.error(
                    "the inbox \(settings.path) is missing; files there are taken when it returns",
                    metadata: [
                        "message-id": .string(MessageID.inboxMissing), "path": "\(settings.path)",
                    ])
            }
            watcher?.unwatchAll()
            inbox = nil
            counters.watch = .missing
            counters.problem = "the inbox \(settings.path) is missing"
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
        counters.problem = nil
        counters.watch = watcher == nil ? .polling : .inotify
        if let network = NetworkFileSystem.name(of: current.descriptor.number) {
            counters.watch = .polling
            logger.notice("the inbox is on \(network), which raises no events: polling")
        }
        return current.descriptor
    }

    private func watch(_ path: InboxPath) {
        guard counters.watch == .inotify, let watcher, let inbox else { return }
        let refusal = watcher.watch(path, in: inbox.descriptor)
        guard refusal != 0, refusal != ENOENT, refusal != ENOTDIR else { return }
        counters.watch = .polling
        counters.problem =
            "cannot watch \(path.display): \(String(cString: strerror(refusal))): polling; "
            + "raise fs.inotify.max_user_watches"
        logger.warning("\(counters.problem ?? "")")
    }

    private func hear() {
        guard let hints = watcher?.take() else { return }
        if hints.overflows > 0 {
            counters.overflows += hints.overflows
            logger.notice(
                "inotify lost events: looking through the inbox",
                metadata: ["message-id": .string(MessageID.overflow)])
        }
        if hints.needsScan { scan() }
        guard let descriptor = inbox?.descriptor else { return }
        for (path, hint) in hints.paths {
            guard let status = InboxDirectory.status(of: path, in: descriptor) else {
                forget(path)
                continue
            }
            notice(path, status, hint: hint)
            // Files in a directory that was moved in raise no event of their own, nor do those
            // that were made before its watch stood.
            if case .directory = status {
                InboxDirectory.walk(path, in: descriptor) { notice($0.path, $0.status, hint: []) }
            }
        }
    }

    private func notice(_ path: InboxPath, _ status: InboxDirectory.Status, hint: InboxWatcher.Hint)
    {
        if let (reason, detail) = Self.reasonToIgnore(path, status) {
            return ignore(path, reason, detail)
        }
        switch status {
        case .directory: watch(path)
        case .special: break
        case .file(let stamp, _):
            if ignored.removeValue(forKey: path) != nil { logger.debug("\(path.display) is a file") }
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

    private func forget(_ path: InboxPath) {
        guard let entry = entries[path] else { return }
        if case .inFlight = entry.phase { return }
        entries[path] = nil
        release(path)
        if case .waiting = entry.phase {
            record(LedgerRow(path: path, state: .gone, since: .now, size: entry.stamp.size))
        }
    }

    private func record(_ row: LedgerRow) {
        do { try ledger.record([row]) } catch {
            logger.error("cannot write the ledger: \(error)")
        }
    }

    // MARK: Settling

    private func setDue(_ path: InboxPath, in pause: Duration) {
        let due = ContinuousClock.now + pause
        entries[path]?.due = due
        setAlarm(due)
    }

    private func setAlarm(_ due: ContinuousClock.Instant) {
        guard !isStopped else { return }
        if let alarm, alarm.at <= due { return }
        alarm?.task.cancel()
        let task = Task {
            guard (try? await Task.sleep(until: due, clock: .continuous)) != nil else { return }
            self.ring()
        }
        alarm = (due, task)
    }

    private func ring() {
        alarm = nil
        let now = ContinuousClock.now
        for (path, entry) in entries {
            guard let due = entry.due, due <= now else { continue }
            entries[path]?.due = nil
            look(path, entry)
        }
        if let next = entries.values.compactMap(\.due).min() { setAlarm(next) }
    }

    /// Looks at a file whose time has come.
    private func look(_ path: InboxPath, _ entry: InboxEntry) {
        guard let inbox, case .file(let stamp, _)? = InboxDirectory.status(
            of: path, in: inbox.descriptor)
        else { return forget(path) }
        if case .waiting = entry.phase {
            entries[path]?.stamp = stamp
            return enqueue(path)
        }
        guard case .settling(let isClosed) = entry.phase else { return }
        if stamp != entry.stamp { return keepSettling(path, stamp, isClosed: isClosed) }
        if isClosed || isAtRest(path, stamp, in: inbox.descriptor) { return enqueue(path) }
        setDue(path, in: min(settings.quiet, .milliseconds(250)))
        reportIfStarving(path)
    }

    private func keepSettling(_ path: InboxPath, _ stamp: FileStamp, isClosed: Bool) {
        entries[path]?.stamp = stamp
        entries[path]?.phase = .settling(isClosed: isClosed)
        setDue(path, in: settings.settle)
        reportIfStarving(path)
    }

    /// Whether a file that nobody was seen to close is complete all the same: nobody has it open
    /// for writing, or its content rested long enough.
    private func isAtRest(_ path: InboxPath, _ stamp: FileStamp, in inbox: Descriptor) -> Bool {
        let quiet = Int64(settings.quiet.components.seconds) * 1_000_000
        let rested = Timestamp.now.microseconds - max(stamp.modified, stamp.changed) / 1000
        // A clock that was set back leaves times in the future: those say nothing.
        if rested > quiet { return true }
        return Custody.hasNoWriter(path, in: inbox) == true
            || ContinuousClock.now - (entries[path]?.arrived ?? .now) > settings.quiet
                && rested < 0
    }

    private func reportIfStarving(_ path: InboxPath) {
        guard let entry = entries[path],
            ContinuousClock.now - entry.arrived > settings.maximumWait
        else { return }
        wait(path, .stillChanging, detail: "it never rests; close it, or rename it into the inbox")
    }

    // MARK: Handing out

    private func enqueue(_ path: InboxPath) {
        entries[path]?.phase = .queued
        entries[path]?.due = nil
        queue.append(path)
        guard !takers.isEmpty, let batch = takeBatch() else { return }
        takers.removeFirst().resume(returning: batch)
    }

    /// The next files to take into custody, oldest first; nil once the inbox is stopped.
    func next() async -> Batch? {
        if isStopped { return nil }
        if let batch = takeBatch() { return batch }
        return await withCheckedContinuation { takers.append($0) }
    }

    private func takeBatch() -> Batch? {
        guard let inbox else { return nil }
        var batch: [Candidate] = []
        var bytes = 0
        while queueHead < queue.count, batch.count < settings.batchFiles {
            let path = queue[queueHead]
            guard let entry = entries[path], case .queued = entry.phase else {
                queueHead += 1
                continue
            }
            if !batch.isEmpty, bytes + entry.stamp.size > settings.batchBytes { break }
            queueHead += 1
            bytes += entry.stamp.size
            entries[path]?.phase = .inFlight(again: false)
            batch.append(
                Candidate(path: path, stamp: entry.stamp, noticed: entry.noticed))
        }
        if queueHead == queue.count || queueHead > 4096 {
            queue.removeFirst(queueHead)
            queueHead = 0
        }
        return batch.isEmpty ? nil : Batch(candidates: batch, inbox: inbox.descriptor)
    }

    /// Answers for files that `next` handed out.
    func finish(_ outcomes: [(InboxPath, Outcome)]) {
        for (path, outcome) in outcomes {
            guard let entry = entries[path], case .inFlight(let again) = entry.phase else { continue }
            switch outcome {
            case .settled, .gone:
                if again { look(again: path) } else { remove(path) }
            case .changed: look(again: path)
            case .waiting(let reason, let detail): wait(path, reason, detail: detail)
            }
        }
    }

    private func remove(_ path: InboxPath) {
        entries[path] = nil
        release(path)
    }

    private func look(again path: InboxPath) {
        entries[path]?.phase = .settling(isClosed: false)
        guard let inbox, case .file(let stamp, _)? = InboxDirectory.status(
            of: path, in: inbox.descriptor)
        else { return remove(path) }
        entries[path]?.stamp = stamp
        setDue(path, in: settings.settle)
    }

    private func wait(_ path: InboxPath, _ reason: Reason, detail: String) {
        guard var entry = entries[path] else { return }
        entry.phase = .waiting(reason, detail: detail)
        entry.tries += 1
        entries[path] = entry
        record(entry.row(path))
        logger.warning(
            "\(path.display) waits: \(detail)",
            metadata: ["path": "\(path.display)", "reason": "\(reason.rawValue)"])
        let pause = min(settings.retry * (1 << min(entry.tries, 16)), max(settings.rescan, .seconds(1)))
        setDue(path, in: pause)
        release(path)
    }

    // MARK: Asking

    /// Returns once every file that stands in the inbox now is done with or waits for something.
    ///
    /// - Returns: false where `timeout` ran out before.
    func barrier(timeout: Duration) async -> Bool {
        hear()
        scan()
        let paths = Set(entries.filter { !$0.value.isWaiting }.keys)
        guard !paths.isEmpty, !isStopped else { return true }
        barrierCount += 1
        let number = barrierCount
        let alarm = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            self.expire(number)
        }
        defer { alarm.cancel() }
        return await withCheckedContinuation { continuation in
            barriers.append(Barrier(number: number, paths: paths, continuation: continuation))
        }
    }

    private func expire(_ number: Int) {
        guard let index = barriers.firstIndex(where: { $0.number == number }) else { return }
        barriers.remove(at: index).continuation.resume(returning: false)
    }

    private func release(_ path: InboxPath) {
        for index in barriers.indices.reversed() {
            guard barriers[index].paths.remove(path) != nil, barriers[index].paths.isEmpty
            else { continue }
            barriers.remove(at: index).continuation.resume(returning: true)
        }
    }

    /// The row of a file that stands in the inbox now; nil for any other path.
    func row(_ path: InboxPath) -> LedgerRow? { entries[path]?.row(path) }

    /// The rows of all files that stand in the inbox and are not done with, by path.
    func rows() -> [LedgerRow] {
        entries.map { $1.row($0) }.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }

    /// How many files are in each state.
    func tally() -> (queued: Int, inFlight: Int, waiting: Int, ignored: Int) {
        var tally = (queued: 0, inFlight: 0, waiting: 0, ignored: ignored.count)
        for entry in entries.values {
            switch entry.phase {
            case .settling, .queued: tally.queued += 1
            case .inFlight: tally.inFlight += 1
            case .waiting: tally.waiting += 1
            }
        }
        return tally
    }

    /// Takes notice of a file that was put into the inbox complete.
    func admit(_ path: InboxPath) {
        guard let inbox, let status = InboxDirectory.status(of: path, in: inbox.descriptor) else {
            return
        }
        notice(path, status, hint: .movedIn)
    }

    /// Tries waiting files again at once: the one at `path`, or all.
    func retry(_ path: InboxPath?) -> Int {
        let chosen = entries.filter { $0.value.isWaiting && (path == nil || path == $0.key) }
        for path in chosen.keys { enqueue(path) }
        return chosen.count
    }
}
