internal import ArchiveProtocol

/// The methods about the inbox and the quarantine.
extension Service {
    private static let row = Shape.object([
        "path": .string, "state": .string, "reason?": .string, "detail?": .string,
        "since": .string, "size?": .integer, "digest?": .string, "articles?": .integer,
        "times?": .any,
    ])

    private static let digest = Parameter(
        name: "digest", kind: .string,
        meaning: "the digest of a file in quarantine, or its first 8 or more digits")

    static let inboxMethods: [Method] = [
        Method(
            "inbox.status", .read, "Tells how the inbox is watched and how many files are where.",
            returns: .object([
                "path": .string, "watch": .string, "queued": .integer, "inFlight": .integer,
                "waiting": .integer, "ignored": .integer, "quarantined": .integer,
                "stored": .integer, "partial": .integer, "duplicates": .integer,
                "overflows": .integer,
                "rescans": .integer, "lastRescan?": .string,
                "reading": .array(
                    .object([
                        "path": .string, "size": .integer, "members": .integer,
                        "articles": .integer, "offset?": .integer, "since": .string,
                    ])),
            ]), inboxStatus),
        Method(
            "inbox.list", .read, "Lists the files that were seen in the inbox.",
            [
                Parameter(
                    name: "state", kind: .choice(LedgerRow.State.allCases.map(\.rawValue)),
                    meaning: "only those in this state"), .limit, .cursor,
            ], returns: .page(of: row), list),
        Method(
            "inbox.explain", .read,
            "Tells where a file is that was ever seen in the inbox, and why.",
            [
                Parameter(
                    name: "path", kind: .string, isRequired: true,
                    meaning: "its path relative to the inbox")
            ], returns: row, explain),
        Method(
            "inbox.add", .admin, "Puts the file whose descriptor comes along into the inbox.",
            [
                Parameter(
                    name: "name", kind: .string, isRequired: true, meaning: "the name to give it")
            ], returns: .object(["path": .string]), add),
        Method(
            "inbox.retry", .admin, "Reads quarantined or waiting files again.",
            [
                Parameter(
                    name: "path", kind: .string, meaning: "the path of a file that waits"), digest,
                Parameter(name: "all", kind: .boolean, meaning: "all that wait or are quarantined"),
            ], returns: .object(["retried": .integer]), retry),
        Method(
            "inbox.discard", .admin, "Removes a file in quarantine for good.",
            [
                Parameter(
                    name: "digest", kind: .string, isRequired: true, meaning: digest.meaning)
            ], returns: .object(["digest": .string]), discard),
        Method(
            "inbox.rescan", .admin, "Looks through the whole inbox now.",
            returns: .object(["found": .integer])
        ) { service, _, _ in
            Answer(["found": .integer(await service.inbox.scan())])
        },
    ]

    private static func inboxStatus(
        _ service: Service, _ parameters: Parameters, _ request: Request
    ) async throws -> Answer {
        let counters = await service.inbox.counters
        let tally = await service.inbox.tally()
        let totals = try service.repository.totals()
        var members: [JSON.Member] = [
            .init("path", .string(service.inbox.settings.path)),
            .init("watch", .string(counters.watch.rawValue)),
            .init("queued", .integer(tally.queued)), .init("inFlight", .integer(tally.inFlight)),
            .init("waiting", .integer(tally.waiting)), .init("ignored", .integer(tally.ignored)),
            .init("quarantined", .integer(totals.quarantined)),
            .init("stored", .integer(totals.originals)),
            .init("partial", .integer(totals.partial)),
            .init("duplicates", .integer(totals.duplicates)),
            .init("overflows", .integer(counters.overflows)),
            .init("rescans", .integer(counters.rescans)),
        ]
        if let last = counters.lastRescan {
            members.append(.init("lastRescan", .string(last.text)))
        }
        let reading = service.inbox.progress.entries
        members.append(.init("reading", .array(reading.map(\.json))))
        return Answer(.object(members))
    }

    private static func list(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let cursor = try Cursor(parameters, method: "inbox.list")
        let after = cursor?.place.string.flatMap(ByteName.bytes).map(InboxPath.init(bytes:))
        let limit = parameters.int("limit") ?? 20
        let state = parameters.string("state").flatMap(LedgerRow.State.init)
        // Files under way are known to the inbox alone, the others to the ledger.
        let living = await service.inbox.rows().filter { row in
            after.map { $0.bytes.lexicographicallyPrecedes(row.path.bytes) } ?? true
        }
        let kept = try service.repository.ledgerRows(state: state, after: after, limit: limit + 1)
        let (page, next) = merge(kept, living: living, state: state, limit: limit)
        return Self.page(
            page.map(\.json), next: next.map { .string($0.path.display) },
            revision: try service.repository.revision(), parameters,
            method: "inbox.list")
    }

    /// One page of the rows of both, by path, and its last row where more follow.
    ///
    /// - Parameter kept: one row more than the page has, where there are so many.
    private static func merge(
        _ kept: [LedgerRow], living: [LedgerRow], state: LedgerRow.State?, limit: Int
    ) -> ([LedgerRow], LedgerRow?) {
        // What the ledger tells of a file that stands there again is of the one before it.
        let present = Set(living.map(\.path))
        let rows =
            kept.filter { !present.contains($0.path) }
            + living.filter { state == nil || $0.state == state }
        // The ledger was read so far and no further.
        let end = kept.count > limit ? kept.last : nil
        let known = rows.filter { row in
            end.map { !$0.path.bytes.lexicographicallyPrecedes(row.path.bytes) } ?? true
        }
        let sorted = known.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
        let page = Array(sorted.prefix(limit))
        return (page, sorted.count > limit ? page.last : end)
    }

    private static func path(_ text: String) throws(Failure) -> InboxPath {
        guard let bytes = ByteName.bytes(text), !bytes.isEmpty else {
            throw Failure(
                .invalidParams, "\(text) is no path",
                hint: "write a backslash as \\\\ and a byte that is no UTF-8 as \\xHH")
        }
        return InboxPath(bytes: bytes)
    }

    private static func explain(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let path = try path(parameters.string("path") ?? "")
        if let row = await service.inbox.row(path) { return Answer(row.json) }
        if let row = try service.repository.ledgerRow(path) { return Answer(row.json) }
        throw Failure(
            .notFound, "no file was ever seen at \(path.display) in the inbox",
            hint: "give the path relative to \(service.inbox.settings.path)")
    }

    private static func add(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        guard let descriptor = request.descriptor else {
            throw Failure(
                .invalidParams, "no descriptor came along",
                hint: "send the open file by SCM_RIGHTS with the first byte of the line")
        }
        guard let name = ByteName.bytes(parameters.string("name") ?? "") else {
            throw Failure(.invalidParams, "the name holds a backslash that escapes nothing")
        }
        do throws(Admission.Objection) {
            let path = try service.admission.admit(descriptor, name: name)
            await service.inbox.admit(path)
            return Answer(["path": .string(path.display)])
        } catch {
            throw error.failure
        }
    }

    private static func retry(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        try parameters.requireOne(of: "path", "digest", "all")
        if let text = parameters.string("path") {
            let path = try path(text)
            if await service.inbox.retry(path) > 0 { return Answer(["retried": 1]) }
            guard let row = try service.repository.ledgerRow(path), row.state == .quarantined,
                let digest = row.digest
            else {
                throw Failure(
                    .notFound, "\(path.display) neither waits nor is quarantined",
                    hint: "archivectl why tells where it is")
            }
            try await service.release(digest)
            return Answer(["retried": 1])
        }
        if let text = parameters.string("digest") {
            try await service.release(try service.quarantined(text))
            return Answer(["retried": 1])
        }
        guard parameters.bool("all") else {
            throw Failure(.invalidParams, "all is true, or left out")
        }
        var retried = await service.inbox.retry(nil)
        for original in try service.repository.originals(
            state: "quarantined", since: nil, after: 0, limit: 100_000)
        {
            try await service.release(original.digest)
            retried += 1
        }
        return Answer(["retried": .integer(retried)])
    }

    private static func discard(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let digest = try service.quarantined(parameters.string("digest") ?? "")
        try service.repository.discard(digest)
        try service.originals.discard(digest)
        return Answer(["digest": .string(digest.name)])
    }

    private func quarantined(_ text: String) throws -> Digest {
        let (_, digest) = try repository.original(digest: text, name: nil)
        guard try repository.known([digest])[digest]?.isQuarantined == true else {
            throw Failure(
                .notFound, "\(digest.name) is not in quarantine",
                hint: "archivectl list-failed shows what is")
        }
        return digest
    }

    private func release(_ digest: Digest) async throws {
        let path = try repository.path(of: digest)
        try originals.release(digest)
        try repository.forgetQuarantine(digest)
        await host.readAgain(digest, as: path)
    }
}

extension LedgerRow {
    /// The row as the protocol has it.
    var json: JSON {
        var members: [JSON.Member] = [
            .init("path", .string(path.display)), .init("state", .string(state.rawValue)),
        ]
        if let reason { members.append(.init("reason", .string(reason.rawValue))) }
        if let detail { members.append(.init("detail", .string(detail))) }
        members.append(.init("since", .string(since.text)))
        if let size { members.append(.init("size", .integer(size))) }
        if let digest { members.append(.init("digest", .string(digest.name))) }
        if let articles { members.append(.init("articles", .integer(articles))) }
        let stations = [
            ("noticed", times.noticed), ("read", times.read), ("parsed", times.parsed),
            ("searchable", times.searchable),
        ]
        let told = stations.compactMap { name, time in
            time.map { JSON.Member(name, .string($0.text)) }
        }
        if !told.isEmpty { members.append(.init("times", .object(told))) }
        return .object(members)
    }
}

extension ReadingProgress.Entry {
    /// The file as the protocol has it.
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("path", .string(path.display)), .init("size", .integer(size)),
            .init("members", .integer(self.members)), .init("articles", .integer(articles)),
        ]
        if let offset { members.append(.init("offset", .integer(offset))) }
        members.append(.init("since", .string(since.text)))
        return .object(members)
    }
}

extension Admission.Objection {
    fileprivate var failure: Failure {
        switch self {
        case .name(let rule): Failure(.invalidParams, rule)
        case .notRegular: Failure(.invalidParams, "the descriptor is of no regular file")
        case .tooLarge(let bytes, let limit):
            Failure(
                .tooLarge, "the file has \(bytes) bytes, limits.fileBytes allows \(limit)",
                hint: "raise limits.fileBytes, or split the file",
                data: [.init("limit", .integer(limit))])
        case .noRoom(let place, let free, let needed, let reserve):
            Failure(
                .storageFull,
                "\(free) bytes are free under \(place), the file takes \(needed) and "
                    + "storage.reserveBytes keeps \(reserve)",
                hint: "make room, or lower storage.reserveBytes")
        case .changed:
            Failure(
                .invalidParams, "the file grew while it was copied",
                hint: "add it when its writer has closed it")
        case .system(let errno, let call):
            Failure(
                errno == 28 ? .storageFull : .internalError, "\(call) failed with errno \(errno)",
                hint: "archivectl status tells what is wrong")
        }
    }
}
