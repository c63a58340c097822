internal import ArchiveProtocol
internal import Logging

/// The way of a file, from the inbox to the answer, one batch at a time.
///
/// Several lanes run at once, each on a thread of its own, so that one reads and parses while
/// another waits for the disk. The order of the steps is the promise: the original is durable
/// before it is parsed, what was read is durable before the file leaves the inbox.
struct Lane: Sendable {
    let number: Int
    let inbox: Inbox
    let custody: Custody
    /// What opens and parses files.
    var reader: any MemberReading
    let repository: Repository
    let logger: Logger

    /// Whether the daemon stops: what is being read is left between two members.
    var isStopping: @Sendable () -> Bool = { false }

    /// How often at most the progress of one file is told as an event.
    static let tellingInterval = Duration.seconds(2)

    /// Takes batches until the inbox is stopped.
    ///
    /// - Throws: DurabilityError or the database's error where nothing may be written any more.
    func run() async throws {
        while let batch = await inbox.next() {
            await inbox.finish(try processOrWait(batch))
        }
    }

    /// Takes a batch all the way; leaves it in the inbox where there is no room or reader for it.
    private func processOrWait(_ batch: Batch) throws -> [(InboxPath, Outcome)] {
        do { return try process(batch) } catch  where Repository.isOutOfSpace(error) {
            logger.error(
                "no space left: \(batch.candidates.count) files wait in the inbox",
                metadata: [
                    "message-id": .string(MessageID.storageFull), "detail": "\(error)",
                ])
            return batch.candidates.map {
                ($0.path, .waiting(.diskFull, detail: "\(error); make room"))
            }
        } catch let error as WorkerProcess.NotStarted {
            return batch.candidates.map {
                ($0.path, .waiting(.limit, detail: "\(error); raise TasksMax or LimitNOFILE"))
            }
        }
    }

    /// Takes a batch all the way.
    func process(_ batch: Batch) throws -> [(InboxPath, Outcome)] {
        var states: [Digest: OriginalState] = [:]
        let taken = try custody.take(batch) { digests in
            let known = try repository.known(digests)
            for (digest, state) in known where state.isQuarantined {
                // What another release refused is read again, and is in one place.
                if state.parser != Parser.version { try custody.originals.recall(digest) }
            }
            states = known.filter { $0.value.parser == Parser.version }
            return Set(states.keys)
        }
        var outcomes: [(InboxPath, Outcome)] = []
        var deposits: [Deposit] = []
        for item in taken {
            switch item {
            case .deposit(let deposit): deposits.append(deposit)
            case .outcome(let path, let outcome): outcomes.append((path, outcome))
            }
        }
        defer { custody.originals.settle(deposits.map(\.digest)) }
        let unfinished = try keep(deposits, known: Set(states.keys))
        let finished = deposits.filter { !unfinished.contains($0.digest) }
        return outcomes + custody.release(finished, from: batch.inbox)
    }

    /// Reads deposits and keeps what they hold.
    ///
    /// - Returns: those that the stopping daemon left unread or half read.
    @discardableResult
    func keep(_ deposits: [Deposit], known: Set<Digest>) throws -> Set<Digest> {
        var seen = known
        var duplicates: [Deposit] = []
        var unfinished: Set<Digest> = []
        let pending = Stretches(repository: repository)
        for deposit in deposits {
            // Two files of one batch may hold the same bytes.
            guard seen.insert(deposit.digest).inserted else {
                duplicates.append(deposit)
                continue
            }
            do {
                let accession = try read(deposit) { try pending.add($0) }
                try pending.add(accession)
                try tellAndQuarantine(accession)
            } catch is DepositReading.Interrupted {
                unfinished.insert(deposit.digest)
            }
        }
        duplicates.removeAll { unfinished.contains($0.digest) }
        try pending.flush(duplicates: duplicates)
        return unfinished
    }

    /// Reads one deposit, handing on what it holds in stretches; returns the last.
    private func read(_ deposit: Deposit, each: (Accession) throws -> Void) throws -> Accession {
        if isStopping() { throw DepositReading.Interrupted() }
        let kept = try repository.keptMembers(of: deposit.digest)
        let progress = inbox.progress
        progress.begin(
            ReadingProgress.Entry(
                path: deposit.path, size: deposit.size, members: kept.count,
                articles: kept.articles, since: .now), lane: number)
        defer { progress.end(lane: number) }
        let reading = DepositReading(deposit: deposit, reader: reader, kept: kept) { member in
            progress.note(isArticle: member.isArticle, offset: member.offset, lane: number)
            if isStopping() { throw DepositReading.Interrupted() }
        }
        var told = ContinuousClock.now
        var accession = try reading.read { stretch in
            var stretch = stretch
            if ContinuousClock.now - told >= Self.tellingInterval {
                stretch.progress = progress.entry(deposit.path)
                told = .now
            }
            try each(stretch)
        }
        accession.parsed = .now
        return accession
    }

    /// Tells what could not be read of a file, and moves it out of the originals where that is all.
    private func tellAndQuarantine(_ accession: Accession) throws {
        guard let refusal = accession.refusals.first else { return }
        let deposit = accession.deposit
        let isQuarantined = accession.state == .quarantined
        let fate = isQuarantined ? "quarantined" : "kept in part"
        let message = isQuarantined ? MessageID.quarantined : MessageID.keptInPart
        logger.warning(
            "\(deposit.path.display) is \(fate): \(refusal.line)",
            metadata: [
                "message-id": .string(message), "path": "\(deposit.path.display)",
                "digest": "\(deposit.digest.name)", "reason": "\(refusal.reason.rawValue)",
                "detail": "\(refusal.line)",
            ])
        guard isQuarantined else { return }
        try custody.originals.quarantine(
            deposit.digest,
            reason: "\(refusal.reason.rawValue): \(refusal.line)\npath: \(deposit.path.display)")
    }
}

/// Accessions that wait for their transaction: many small files share one, a large bundle has
/// several.
private final class Stretches {
    private let repository: Repository
    private var waiting: [Accession] = []
    private var articles = 0

    init(repository: Repository) { self.repository = repository }

    func add(_ accession: Accession) throws {
        waiting.append(accession)
        articles += accession.members.count
        if !accession.isLast || articles >= DepositReading.stretchMembers {
            try flush(duplicates: [])
        }
    }

    func flush(duplicates: [Deposit]) throws {
        try repository.store(waiting, duplicates: duplicates)
        waiting = []
        articles = 0
    }
}
