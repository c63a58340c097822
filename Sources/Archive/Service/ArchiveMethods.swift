internal import ArchiveProtocol

/// The methods about the archive as a whole.
extension Service {
    static let archiveMethods: [Method] = [
        Method(
            "archive.status", .read, "Tells how the archive is and how much it holds.",
            returns: .object([
                "state": .string, "uuid": .string, "revision": .integer, "version": .string,
                "parser": .string, "started": .string, "problems": .array(.string),
                "articles": .integer, "versions": .integer, "originals": .integer,
                "partial": .integer, "quarantined": .integer, "quotations": .integer,
                "queued": .integer, "inFlight": .integer, "waiting": .integer,
                "storageBytes": .integer, "residentBytes": .integer,
                "rebuilding?": .object(["done": .integer, "total": .integer]),
                "checked?": .string,
                "cache": .object([
                    "entries": .integer, "bytes": .integer, "hits": .integer, "misses": .integer,
                ]), "connections": .integer,
            ]), archiveStatus),
        Method(
            "archive.verify", .read,
            "Looks through records, evidence and indexes of the database for damage.",
            [
                Parameter(
                    name: "limit", kind: .integer(1...1000),
                    meaning: "most rows to look at for the answer; 1000 by default"), .cursor,
            ],
            returns: .object([
                "items": .array(
                    .object(["kind": .string, "detail": .string, "article?": .string])),
                "nextCursor?": .string, "revision": .integer, "rows": .integer,
            ]), verify),
        Method(
            "archive.reload", .admin, "Reads the configuration again.",
            returns: .object(["changed": .array(.string)])
        ) { service, _, _ in
            Answer(["changed": .array(try await service.host.reload().map { .string($0) })])
        },
    ]

    /// What a page of `archive.verify` may take of its turn.
    private static let verifyingTime = Duration.milliseconds(200)

    private static func verify(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        var next: Repository.ExaminationPlace? = .init()
        if let cursor = try Cursor(parameters, method: "archive.verify") {
            next = Repository.ExaminationPlace(cursor.place)
            guard next != nil else {
                throw Failure(
                    .cursorExpired, "the cursor is none of this method",
                    hint: "repeat the request without a cursor")
            }
        }
        let began = ContinuousClock.now
        let limit = parameters.int("limit") ?? 1000
        var damages: [Damage] = []
        var rows = 0
        while let place = next, rows < limit, .now - began < verifyingTime {
            let piece = try service.repository.examine(after: place, rows: min(limit - rows, 128))
            damages += piece.damages
            rows += piece.rows
            next = piece.next
        }
        // The daemon mends what it can, and tells of the rest by its status.
        if !damages.isEmpty { service.repository.damage.reportAll() }
        return Self.page(
            damages.map(\.json), next: next?.json, revision: try service.repository.revision(),
            parameters, method: "archive.verify", further: [.init("rows", .integer(rows))])
    }

    private static func archiveStatus(
        _ service: Service, _ parameters: Parameters, _ request: Request
    ) async throws -> Answer {
        let totals = try service.repository.totals()
        let tally = await service.inbox.tally()
        let inbox = await service.inbox.counters
        let problems = service.host.problems + [inbox.problem].compactMap(\.self)
        let cache = service.cache.counters
        let state =
            service.host.state == "running" && !problems.isEmpty ? "degraded" : service.host.state
        var members: [JSON.Member] = []
        if let rebuilding = service.searcher.index.rebuilding {
            members.append(.init("rebuilding", rebuilding.json))
        }
        if let checked = service.host.checked {
            members.append(.init("checked", .string(checked.text)))
        }
        let answer: JSON = [
            "state": .string(state), "uuid": .string(service.repository.uuid),
            "revision": .integer(try service.repository.revision()),
            "version": .string(Release.version), "parser": .string(Parser.version),
            "started": .string(service.host.started.text),
            "problems": .array(problems.map { .string($0) }),
            "articles": .integer(totals.articles), "versions": .integer(totals.versions),
            "originals": .integer(totals.originals), "partial": .integer(totals.partial),
            "quarantined": .integer(totals.quarantined),
            "quotations": .integer(try service.searcher.quotationCount()),
            "queued": .integer(tally.queued), "inFlight": .integer(tally.inFlight),
            "waiting": .integer(tally.waiting),
            "storageBytes": .integer(totals.bytes + service.repository.databaseBytes),
            "residentBytes": .integer(ResidentMemory.present.bytes),
            "cache": [
                "entries": .integer(cache.entries), "bytes": .integer(cache.bytes),
                "hits": .integer(cache.hits), "misses": .integer(cache.misses),
            ],
            "connections": .integer(service.host.connections),
        ]
        return Answer(.object((answer.members ?? []) + members))
    }
}
