internal import ArchiveProtocol
internal import Logging
internal import Synchronization

/// The way of a file, from the inbox to the answer, one batch at a time.
///
/// Several lanes run at once, each on a thread of its own, so that one reads and parses while
/// another waits for the disk. The order of the steps is the promise: the original is durable
/// before it is parsed, what was read is durable before the file leaves the inbox.
struct Lane: Sendable {
    let number: Int
    let inbox: Inbox
    let custody: Custody
    /// The opener and the parser of the present configuration.
    let tools: @Sendable () -> (opener: Opener, parser: Parser)
    let repository: Repository
    let logger: Logger

    /// How much of a bundle is kept in one transaction.
    static let stretchMembers = 256
    static let stretchBytes = 8 << 20
    /// A file that a parser crashed on so often is not parsed again.
    static let crashLimit = 2

    /// Takes batches until the inbox is stopped.
    ///
    /// - Throws: DurabilityError or the database's error where nothing may be written any more.
    func run() async throws {
        while let batch = await inbox.next() {
            await inbox.finish(try processOrWait(batch))
        }
    }

    /// Takes a batch all the way; leaves it in the inbox where there is no room for it.
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
        try keep(deposits, known: Set(states.keys))
        return outcomes + custody.release(deposits, from: batch.inbox)
    }

    /// Reads deposits and keeps what they hold.
    func keep(_ deposits: [Deposit], known: Set<Digest>) throws {
        var seen = known
        let crashes = try repository.crashes(of: deposits.map(\.digest))
        var duplicates: [Deposit] = []
        let pending = Stretches(repository: repository)
        for deposit in deposits {
            // Two files of one batch may hold the same bytes.
            guard seen.insert(deposit.digest).inserted else {
                duplicates.append(deposit)
                continue
            }
            let reason = try read(deposit, crashes: crashes[deposit.digest] ?? 0) {
                try pending.add($0)
            }
            if let reason {
                try custody.originals.quarantine(deposit.digest, reason: reason)
            }
        }
        try pending.flush(duplicates: duplicates)
    }

    /// Reads one deposit, handing on what it holds in stretches.
    ///
    /// - Returns: why it belongs in quarantine, in words; nil where it is kept.
    private func read(_ deposit: Deposit, crashes: Int, each: (Accession) throws -> Void) throws
        -> String?
    {
        var accession = Accession(deposit: deposit, form: "file")
        if crashes >= Self.crashLimit {
            accession.refusals = [
                Refusal(
                    .crashedParser, "the parser crashed on it \(crashes) times",
                    remedy: "report it; archivectl retry reads it again")
            ]
        } else {
            // A file that a parser crashed on is parsed alone, so that a second crash is its own.
            CrashMarker.begin(deposit.digest.hex, slot: number, alone: crashes > 0)
            defer { CrashMarker.end(slot: number) }
            try open(deposit, &accession, each: each)
        }
        accession.parsed = .now
        let state = accession.state
        try each(accession)
        guard state == .quarantined, let refusal = accession.refusals.first else { return nil }
        logger.warning(
            "\(deposit.path.display) is quarantined: \(refusal.line)",
            metadata: [
                "message-id": .string(MessageID.quarantined), "path": "\(deposit.path.display)",
                "digest": "\(deposit.digest.name)", "reason": "\(refusal.reason.rawValue)",
                "detail": "\(refusal.line)",
            ])
        return "\(refusal.reason.rawValue): \(refusal.line)\npath: \(deposit.path.display)"
    }

    private func open(
        _ deposit: Deposit, _ accession: inout Accession, each: (Accession) throws -> Void
    ) throws {
        var stretchBytes = 0
        var bad = BadMembers()
        let tools = tools()
        do {
            let package = try tools.opener.open(
                descriptor: deposit.original.number, name: deposit.path.name
            ) { piece in
                let member = read(piece, of: deposit, by: tools.parser)
                stretchBytes += member.size ?? 0
                bad.note(member)
                accession.members.append(member)
                guard
                    accession.members.count >= Self.stretchMembers
                        || stretchBytes >= Self.stretchBytes
                else { return }
                var stretch = accession
                stretch.isLast = false
                try each(stretch)
                accession.keepsEarlierMembers =
                    accession.keepsEarlierMembers || stretch.hasGoodMembers
                accession.members = []
                stretchBytes = 0
            }
            accession.form = package.form
            accession.refusals = package.refusals
            let hasGoodMembers = accession.hasGoodMembers || accession.keepsEarlierMembers
            if package.form != "file", package.refusals.isEmpty,
                let refusal = bad.refusal(hasGoodMembers: hasGoodMembers)
            {
                accession.refusals = [refusal]
            }
        } catch let refusal as Refusal {
            accession.refusals = [refusal]
        }
        // A file that is one page has the form and the fate of that page.
        if accession.form == "file", let page = accession.members.first {
            accession.form = page.form ?? "file"
            if case .refused(let refusal) = page.content { accession.refusals = [refusal] }
        }
    }

    private func read(_ piece: Piece, of deposit: Deposit, by parser: Parser) -> AccessionMember {
        switch piece {
        case .page(let capture):
            return read(capture, ordinal: 0, path: deposit.path.name, by: parser)
        case .member(let member):
            switch member.content {
            case .capture(let capture):
                return read(capture, ordinal: member.ordinal, path: member.path, by: parser)
            case .refused(let refusal):
                return AccessionMember(
                    ordinal: member.ordinal, path: member.path, size: member.size,
                    content: .refused(refusal))
            case .passed(let form, let digest, let words):
                return AccessionMember(
                    ordinal: member.ordinal, path: member.path, size: member.size, form: form,
                    digest: digest, content: .noArticle(.noArticle, words))
            case .container(let form, let digest):
                return AccessionMember(
                    ordinal: member.ordinal, path: member.path, size: member.size, form: form,
                    digest: digest, content: .container)
            }
        }
    }

    private func read(_ capture: Capture, ordinal: Int, path: [UInt8], by parser: Parser)
        -> AccessionMember
    {
        var member = AccessionMember(
            ordinal: ordinal, path: path, size: capture.bytes.count, digest: capture.digest,
            content: .container)
        do throws(Refusal) {
            let reading = try parser.read(capture)
            member.form = reading.form
            switch reading.finding {
            case .article(let article):
                member.content = .article(
                    PreparedArticle(article, reading: reading, capture: capture))
            case .noArticle(let reason, let words): member.content = .noArticle(reason, words)
            }
        } catch {
            member.content = .refused(error)
        }
        return member
    }
}

/// The members of a bundle that could not be read, for the bundle as a whole.
private struct BadMembers {
    private var members = 0
    /// What could not be read, and what of it is damage: a picture among pages is none.
    private var refused: (count: Int, first: Refusal, path: [UInt8])?
    private var damaged: (count: Int, first: Refusal, path: [UInt8])?

    mutating func note(_ member: AccessionMember) {
        members += 1
        guard case .refused(let refusal) = member.content else { return }
        refused = (
            1 + (refused?.count ?? 0), refused?.first ?? refusal, refused?.path ?? member.path
        )
        guard ![.notText, .unsupported].contains(refusal.reason) else { return }
        damaged = (
            1 + (damaged?.count ?? 0), damaged?.first ?? refusal, damaged?.path ?? member.path
        )
    }

    /// What is wrong with the bundle; nil where its good members are all that it should give.
    func refusal(hasGoodMembers: Bool) -> Refusal? {
        guard let bad = hasGoodMembers ? damaged : refused else { return nil }
        return Refusal(
            bad.first.reason,
            "\(bad.count) of \(members) members cannot be read, the first is "
                + "\(ByteName.display(bad.path)): \(bad.first.line)")
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
        if !accession.isLast || articles >= Lane.stretchMembers { try flush(duplicates: []) }
    }

    func flush(duplicates: [Deposit]) throws {
        try repository.store(waiting, duplicates: duplicates)
        waiting = []
        articles = 0
    }
}
