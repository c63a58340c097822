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
                "cache": .object([
                    "entries": .integer, "bytes": .integer, "hits": .integer, "misses": .integer,
                ]), "connections": .integer,
            ]), archiveStatus),
        Method(
            "archive.reload", .admin, "Reads the configuration again.",
            returns: .object(["changed": .array(.string)])
        ) { service, _, _ in
            Answer(["changed": .array(try await service.host.reload().map { .string($0) })])
        },
    ]

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
