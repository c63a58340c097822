internal import ArchiveProtocol
internal import Logging

/// The methods about the originals: the register, the member lists, and fixity.
extension Service {
    private static let digest = Parameter(
        name: "digest", kind: .string, meaning: "a digest, or its first 8 or more digits")

    static let originalMethods: [Method] = [
        Method(
            "originals.list", .read, "Lists the files in custody, in the order of accession.",
            [
                Parameter(
                    name: "state", kind: .choice(["stored", "quarantined", "partial"]),
                    meaning: "only those in this state"),
                Parameter(
                    name: "since", kind: .string, meaning: "taken into custody then or later"),
                .limit, .cursor,
            ],
            returns: .page(
                of: .object([
                    "digest": .string, "name": .string, "size": .integer, "form": .string,
                    "state": .string, "reason?": .string, "detail?": .string,
                    "accessioned": .string, "articles": .array(.string),
                ])), listOriginals),
        Method(
            "originals.members", .read, "Lists what a file holds, and what became of each member.",
            [
                digest,
                Parameter(name: "name", kind: .string, meaning: "the name it was dropped under"),
                .limit, .cursor,
            ],
            returns: .page(
                of: .object([
                    "ordinal": .integer, "path": .string, "size?": .integer, "offset?": .integer,
                    "form?": .string, "digest?": .string, "outcome": .string, "reason?": .string,
                    "detail?": .string, "article?": .string,
                ])), members),
        Method(
            "originals.verify", .read, "Reads originals from the disk and compares their digests.",
            [digest, .limit, .cursor],
            returns: .page(
                of: .object(["digest": .string, "ok": .boolean, "found?": .string])), verify),
    ]

    private static func listOriginals(
        _ service: Service, _ parameters: Parameters, _ request: Request
    ) async throws -> Answer {
        let cursor = try Cursor(parameters, method: "originals.list")
        let limit = parameters.int("limit") ?? 20
        var since: Int64?
        if let text = parameters.string("since") {
            // Longer numbers are no date, whatever they would amount to.
            let fields = text.utf8.split { !(0x30...0x39).contains($0) }
            guard fields.prefix(6).allSatisfy({ $0.count <= 4 }), let time = Timestamp(text) else {
                throw Failure(
                    .invalidParams, "since is no date", hint: "as 2026-11-23 or RFC 3339 in UTC")
            }
            since = time.microseconds
        }
        let rows = try service.repository.originals(
            state: parameters.string("state"), since: since,
            after: Int64(cursor?.place.int ?? 0), limit: limit + 1)
        let page = rows.prefix(limit)
        return Self.page(
            page.map(\.json),
            next: rows.count > limit ? page.last.map { .integer($0.seq) } : nil,
            revision: try service.repository.revision(), parameters, method: "originals.list")
    }

    private static func members(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        try parameters.requireOne(of: "digest", "name")
        let cursor = try Cursor(parameters, method: "originals.members")
        let limit = parameters.int("limit") ?? 20
        let (seq, _) = try service.repository.original(
            digest: parameters.string("digest"), name: parameters.string("name"))
        let items = try service.repository.members(
            of: seq, after: cursor?.place.int ?? -1, limit: limit + 1)
        let page = Array(items.prefix(limit))
        return Self.page(
            page, next: items.count > limit ? page.last?["ordinal"] : nil,
            revision: try service.repository.revision(), parameters, method: "originals.members")
    }

    private static func verify(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let cursor = try Cursor(parameters, method: "originals.verify")
        let limit = parameters.int("limit") ?? 20
        var chosen: [(seq: Int64, digest: Digest)] = []
        if let text = parameters.string("digest") {
            chosen = [try service.repository.original(digest: text, name: nil)]
        } else {
            chosen = try service.repository.originals(
                state: nil, since: nil, after: Int64(cursor?.place.int ?? 0), limit: limit + 1
            ).map { ($0.seq, $0.digest) }
        }
        let items = chosen.prefix(limit).map { check($0.digest, service) }
        return Self.page(
            Array(items),
            next: chosen.count > limit ? .integer(chosen[limit - 1].seq) : nil,
            revision: try service.repository.revision(), parameters, method: "originals.verify")
    }

    private static func check(_ digest: Digest, _ service: Service) -> JSON {
        let found = service.originals.computedDigest(of: digest)
        if found == digest { return ["digest": .string(digest.name), "ok": true] }
        service.logger.critical(
            "an original is not what its name says: \(digest.name)",
            metadata: [
                "message-id": .string(MessageID.fixityFailed), "digest": "\(digest.name)",
                "detail": "found \(found?.name ?? "nothing"); restore it from a backup",
            ])
        var members: [JSON.Member] = [.init("digest", .string(digest.name)), .init("ok", false)]
        if let found { members.append(.init("found", .string(found.name))) }
        return .object(members)
    }
}
