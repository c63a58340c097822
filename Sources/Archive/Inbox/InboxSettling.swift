internal import Glibc
internal import Logging

/// Waiting for files to come to rest, and handing them out.
extension Inbox {
    func setDue(_ path: InboxPath, in pause: Duration) {
        let due = ContinuousClock.now + pause
        entries[path]?.due = due
        setAlarm(due)
    }

    func setAlarm(_ due: ContinuousClock.Instant) {
        guard !isStopped else { return }
        if let alarm, alarm.at <= due { return }
        alarm?.task.cancel()
        let task = Task {
            guard (try? await Task.sleep(until: due, clock: .continuous)) != nil else { return }
            self.ring()
        }
        alarm = (due, task)
    }

    func ring() {
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
    func look(_ path: InboxPath, _ entry: InboxEntry) {
        // Of a file that waits nothing is told while the inbox is away; it is looked for again.
        if inbox == nil, entry.isWaiting { return setDue(path, in: settings.poll) }
        guard let inbox,
            case .file(let stamp, _)? = InboxDirectory.status(
                of: path, in: inbox.descriptor)
        else { return forget(path) }
        var isClosed = false
        switch entry.phase {
        // A file that never rested is looked at again; what kept any other may be gone.
        case .waiting(.stillChanging, _): entries[path]?.phase = .settling(isClosed: false)
        case .waiting:
            entries[path]?.stamp = stamp
            return enqueue(path)
        case .settling(let closed): isClosed = closed
        case .queued, .inFlight: return
        }
        if stamp != entry.stamp { return keepSettling(path, stamp, isClosed: isClosed) }
        if isAtRest(path, stamp, isClosed: isClosed, in: inbox.descriptor) { return enqueue(path) }
        setDue(path, in: min(settings.quiet, .milliseconds(250)))
        reportIfStarving(path)
    }

    func keepSettling(_ path: InboxPath, _ stamp: FileStamp, isClosed: Bool) {
        entries[path]?.stamp = stamp
        entries[path]?.phase = .settling(isClosed: isClosed)
        setDue(path, in: settings.settle)
        reportIfStarving(path)
    }

    /// Whether a file that did not change for its settle time is complete.
    ///
    /// The kernel tells whether anybody has it open for writing where it grants a lease at all: a
    /// writer may have opened it again. Elsewhere it must have been seen to be closed, or its
    /// content must have rested long enough.
    func isAtRest(_ path: InboxPath, _ stamp: FileStamp, isClosed: Bool, in inbox: Descriptor)
        -> Bool
    {
        if let hasNoWriter = Custody.hasNoWriter(path, in: inbox) { return hasNoWriter }
        if isClosed { return true }
        return clock.hasRested(
            since: Timestamp(microseconds: max(stamp.modified, stamp.changed) / 1000),
            arrived: entries[path]?.arrived ?? .now, for: settings.quiet)
    }

    func reportIfStarving(_ path: InboxPath) {
        guard let entry = entries[path],
            ContinuousClock.now - entry.arrived > settings.maximumWait
        else { return }
        wait(path, .stillChanging, detail: "it never rests; close it, or rename it into the inbox")
    }

    // MARK: Handing out

    func enqueue(_ path: InboxPath) {
        entries[path]?.phase = .queued
        entries[path]?.due = nil
        let size = entries[path]?.stamp.size ?? 0
        queue.append(path, isLarge: size >= settings.largeBytes)
        serve()
    }

    /// Hands what is queued to those who wait for it.
    func serve() {
        while !takers.isEmpty, let batch = takeBatch() {
            takers.removeFirst().resume(returning: batch)
        }
    }

    /// The next files to take into custody, oldest first; nil once the inbox is stopped.
    func next() async -> Batch? {
        // Asked within the closure: files may come between the call and the closure.
        await withCheckedContinuation { continuation in
            if isStopped { return continuation.resume(returning: nil) }
            if let batch = takeBatch() { return continuation.resume(returning: batch) }
            takers.append(continuation)
        }
    }

    func takeBatch() -> Batch? {
        guard let inbox else { return nil }
        var batch: [Candidate] = []
        var bytes = 0
        queue.next(mostLarge: settings.mostLarge) { path, isFirst in
            guard let entry = entries[path], case .queued = entry.phase else { return nil }
            if !isFirst {
                guard batch.count < settings.batchFiles,
                    bytes + entry.stamp.size <= settings.batchBytes
                else { return false }
            }
            bytes += entry.stamp.size
            entries[path]?.phase = .inFlight(again: false)
            batch.append(
                Candidate(path: path, stamp: entry.stamp, noticed: entry.noticed))
            return true
        }
        return batch.isEmpty ? nil : Batch(candidates: batch, inbox: inbox.descriptor)
    }

    /// Answers for files that `next` handed out.
    func finish(_ outcomes: [(InboxPath, Outcome)]) {
        for (path, outcome) in outcomes {
            queue.finish(path)
            guard let entry = entries[path], case .inFlight(let again) = entry.phase else {
                continue
            }
            switch outcome {
            case .settled, .gone:
                if again { look(again: path) } else { remove(path) }
            case .changed: look(again: path)
            case .waiting(let reason, let detail): wait(path, reason, detail: detail)
            }
        }
    }

    func remove(_ path: InboxPath) {
        entries[path] = nil
        release(path)
    }

    func look(again path: InboxPath) {
        entries[path]?.phase = .settling(isClosed: false)
        guard let inbox,
            case .file(let stamp, _)? = InboxDirectory.status(
                of: path, in: inbox.descriptor)
        else { return remove(path) }
        entries[path]?.stamp = stamp
        setDue(path, in: settings.settle)
    }

    func wait(_ path: InboxPath, _ reason: Reason, detail: String) {
        guard var entry = entries[path] else { return }
        entry.phase = .waiting(reason, detail: detail)
        entry.tries += 1
        entries[path] = entry
        record(entry.row(path))
        logger.warning(
            "\(path.display) waits: \(detail)",
            metadata: ["path": "\(path.display)", "reason": "\(reason.rawValue)"])
        let pause = min(
            settings.retry * (1 << min(entry.tries - 1, 16)), max(settings.rescan, .seconds(1)))
        setDue(path, in: pause)
        release(path)
    }
}
