/// One file that stands in the inbox and is not done with.
struct InboxEntry: Sendable {
    /// How far it is.
    enum Phase: Sendable {
        /// Quiet is being waited for; `isClosed` once its writer was seen to close it.
        case settling(isClosed: Bool)
        case queued
        /// Handed to a lane; `again` once it changed after that.
        case inFlight(again: Bool)
        /// Cannot be taken now, and is tried again.
        case waiting(Reason, detail: String)
    }

    var stamp: FileStamp
    var phase: Phase
    /// When it was first heard of.
    var noticed = Timestamp.now
    /// The same on the clock that never jumps.
    let arrived = ContinuousClock.now
    /// When its phase is looked at again; nil for the phases that end by themselves.
    var due: ContinuousClock.Instant?
    /// How often it was tried and had to wait.
    var tries = 0

    init(stamp: FileStamp, phase: Phase) {
        self.stamp = stamp
        self.phase = phase
    }

    /// Whether something keeps it from being taken.
    var isWaiting: Bool {
        if case .waiting = phase { true } else { false }
    }

    /// The row that tells of it.
    func row(_ path: InboxPath) -> LedgerRow {
        var row = LedgerRow(path: path, state: .seen, since: noticed, size: stamp.size)
        row.times.noticed = noticed
        switch phase {
        case .settling(let isClosed):
            row.state = .settling
            row.reason = isClosed ? .settling : .stillChanging
        case .queued: row.state = .queued
        case .inFlight: row.state = .parsing
        case .waiting(let reason, let detail):
            row.state = .waiting
            row.reason = reason
            row.detail = detail
        }
        return row
    }
}

/// A file that came to rest, for a lane to take into custody.
struct Candidate: Sendable {
    var path: InboxPath
    var stamp: FileStamp
    var noticed: Timestamp
}

/// Files that one lane takes at once.
struct Batch: Sendable {
    var candidates: [Candidate]
    /// The inbox that their paths are relative to.
    var inbox: Descriptor
}

/// What a lane did with a candidate.
enum Outcome: Sendable {
    /// It left the inbox, or is to be left alone there.
    case settled
    /// It changed under the reader's hands.
    case changed
    /// It is no longer there.
    case gone
    /// Something that will pass keeps it from being taken.
    case waiting(Reason, detail: String)
}
