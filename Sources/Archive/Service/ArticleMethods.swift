internal import ArchiveProtocol

/// The methods about articles that have a name.
extension Service {
    private static let version = Parameter(
        name: "version", kind: .integer(1...1_000_000),
        meaning: "which version; the latest if left out")

    static let articleMethods: [Method] = [
        Method(
            "articles.get", .read, "Hands out the record of an article.",
            [
                .id(), version,
                Parameter(
                    name: "at", kind: .integer(0...Int.max),
                    meaning: "a revision: the version that was the latest then"), .sync,
            ],
            returns: .object([
                "id": .string, "headline": .string, "body": .array(.any), "version": .integer,
            ]), get),
        Method(
            "articles.raw", .read, "Hands out the bytes that an article was read from.",
            [
                .id(), version,
                Parameter(
                    name: "offset", kind: .integer(0...Int.max), meaning: "the first byte"),
                Parameter(
                    name: "length", kind: .integer(1...524_288), meaning: "most bytes of the answer"
                ),
                Parameter(
                    name: "descriptor", kind: .boolean,
                    meaning: "pass an open descriptor instead of data"),
            ],
            returns: .object([
                "original": .string, "member?": .string, "size": .integer, "offset": .integer,
                "data?": .string,
            ]), raw),
        Method(
            "articles.versions", .read, "Lists the versions of an article, newest first.",
            [
                .id(required: false),
                Parameter(name: "url", kind: .string, meaning: "where it was published"), .sync,
            ],
            returns: .object([
                "id": .string,
                "items": .array(
                    .object([
                        "version": .integer, "headline": .string, "digest": .string,
                        "captures": .array(.any),
                    ])),
            ]),
            { service, parameters, _ in
                try parameters.requireOne(of: "id", "url")
                return Answer(
                    try service.repository.versions(
                        id: parameters.string("id"), url: parameters.string("url")))
            }),
        Method(
            "articles.evidence", .read,
            "Tells which bytes each field was read from, and by which rule.",
            [
                .id(),
                Parameter(name: "field", kind: .string, meaning: "one field; all if left out"),
            ],
            returns: .object([
                "id": .string, "version": .integer, "original": .string, "member?": .string,
                "encoding": .string, "encodingSource?": .string,
                "overruledEncodings?": .array(.string), "malformedSequences?": .integer,
                "parser": .string, "items": .array(.any),
            ]), evidence),
    ]

    private static func get(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let name = parameters.string("id") ?? ""
        let generation = service.cache.generation
        let (version, revision) = (parameters.int("version"), parameters.int("at"))
        guard version == nil || revision == nil else {
            throw Failure(
                .invalidParams, "version and at both tell which version", hint: "give one of them")
        }
        // Others who asked at the same time may have had it read meanwhile.
        if version == nil, revision == nil, let id = ArticleID(utf8: name.utf8),
            let record = service.cache.record(id)
        {
            return Answer(result: record)
        }
        let record = try service.repository.article(name, version: version, at: revision)
        if record.isLatest, let id = ArticleID(utf8: record.id.utf8) {
            service.cache.insert(id, record.document, generation: generation)
        }
        return Answer(result: record.document)
    }

    // MARK: Bytes

    private static func raw(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let source = try service.repository.source(
            parameters.string("id") ?? "", version: parameters.int("version"))
        let bytes = try CapturedBytes(of: source, in: service.originals, with: service.reader)
        let offset = parameters.int("offset") ?? 0
        var members: [JSON.Member] = [.init("original", .string(source.original.name))]
        if let member = bytes.member { members.append(.init("member", .string(member))) }
        members.append(.init("size", .integer(bytes.size)))
        members.append(.init("offset", .integer(offset)))
        if parameters.bool("descriptor") {
            return Answer(
                result: JSON.object(members).bytes, descriptor: try bytes.descriptor())
        }
        let data = try bytes.read(offset: offset, length: parameters.int("length") ?? 524_288)
        members.append(.init("data", .string(Base64.encode(data))))
        return Answer(.object(members))
    }

    private static func evidence(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let source = try service.repository.source(parameters.string("id") ?? "", version: nil)
        let bytes = try CapturedBytes(of: source, in: service.originals, with: service.reader)
        let wanted = parameters.string("field")
        var items: [JSON] = []
        for item in source.evidence.array ?? [] {
            guard let parts = item.array, parts.count >= 4, let field = parts[0].string,
                let low = parts[2].int, let high = parts[3].int, low <= high
            else { continue }
            if let wanted, field != wanted, !field.hasPrefix(wanted + "["),
                !field.hasPrefix(wanted + ".")
            {
                continue
            }
            let text = try bytes.read(offset: low, length: min(high - low, 1000))
            var members: [JSON.Member] = [
                .init("field", .string(field)), .init("rule", parts[1]),
                .init("range", [parts[2], parts[3]]),
            ]
            if parts.count > 4 { members.append(.init("confidence", parts[4])) }
            members.append(.init("bytes", .string(String(decoding: text, as: UTF8.self))))
            items.append(.object(members))
        }
        if items.isEmpty, let wanted {
            throw Failure(
                .notFound, "article \(source.id) has no field \(wanted) that was read from bytes",
                hint: "leave the field out to see all that have")
        }
        var members: [JSON.Member] = [
            .init("id", .string(source.id)), .init("version", .integer(source.version)),
            .init("original", .string(source.original.name)),
        ]
        if let member = bytes.member { members.append(.init("member", .string(member))) }
        members.append(.init("encoding", .string(source.encoding)))
        members += source.encodingNote.members ?? []
        members.append(.init("parser", .string(source.parser)))
        return Answer(.object(members + [.init("items", .array(items))]))
    }
}
