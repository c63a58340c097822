/// What others may ask of the inbox.
extension Inbox {
    /// Returns once every file that stands in the inbox now is done with or waits for something.
    ///
    /// - Returns: false where `timeout` ran out or the inbox was stopped before.
    func barrier(timeout: Duration) async -> Bool {
        barrierCount += 1
        let number = barrierCount
        let alarm = Task {
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            self.expire(number)
        }
        defer { alarm.cancel() }
        return await withCheckedContinuation { continuation in
            barriersToCome.append(
                Barrier(number: number, paths: [], continuation: continuation))
            // Whoever else waits to ask does so first, and shares the scan.
            if barriersToCome.count == 1 { Task { self.setBarriers() } }
        }
    }

    private func setBarriers() {
        hear()
        scan()
        let paths = Set(entries.filter { !$0.value.isWaiting }.keys)
        for var barrier in barriersToCome {
            if paths.isEmpty || isStopped {
                barrier.continuation.resume(returning: paths.isEmpty)
            } else {
                barrier.paths = paths
                barriers.append(barrier)
            }
        }
        barriersToCome = []
    }

    func expire(_ number: Int) {
        if let index = barriersToCome.firstIndex(where: { $0.number == number }) {
            return barriersToCome.remove(at: index).continuation.resume(returning: false)
        }
        guard let index = barriers.firstIndex(where: { $0.number == number }) else { return }
        barriers.remove(at: index).continuation.resume(returning: false)
    }

    func release(_ path: InboxPath) {
        for index in barriers.indices.reversed() {
            guard barriers[index].paths.remove(path) != nil, barriers[index].paths.isEmpty
            else { continue }
            barriers.remove(at: index).continuation.resume(returning: true)
        }
    }

    /// The row of a file that stands in the inbox now; nil for any other path.
    func row(_ path: InboxPath) -> LedgerRow? {
        guard var row = entries[path]?.row(path) else { return closed[path]?.row(path) }
        if row.state == .parsing, let entry = progress.entry(path) {
            row.articles = entry.articles
            row.detail = "\(entry.members) members read so far"
        }
        return row
    }

    /// The rows of all files that stand in the inbox and are not done with, by path.
    func rows() -> [LedgerRow] {
        (Array(entries.keys) + closed.keys).compactMap { row($0) }.sorted {
            $0.path.bytes.lexicographicallyPrecedes($1.path.bytes)
        }
    }

    /// How many files are in each state.
    func tally() -> (queued: Int, inFlight: Int, waiting: Int, ignored: Int) {
        var tally = (queued: 0, inFlight: 0, waiting: closed.count, ignored: ignored.count)
        for entry in entries.values {
            switch entry.phase {
            case .settling, .queued: tally.queued += 1
            case .inFlight: tally.inFlight += 1
            case .waiting: tally.waiting += 1
            }
        }
        return tally
    }

    /// Why files wait that are not to blame themselves, as one of them has it.
    var hindrance: String? {
        let held = entries.compactMap { path, entry -> (path: InboxPath, words: String)? in
            guard case .waiting(let reason, let detail) = entry.phase, reason.isOfHost else {
                return nil
            }
            return (path, "\(reason.rawValue): \(detail)")
        }
        let first = held.min { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
        return first.map { "\(held.count) files wait, \($0.words)" }
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
        let doors = closed.keys.filter { path == nil || path == $0 }
        if !doors.isEmpty { scan() }
        return chosen.count + doors.count
    }
}
