internal import ArchiveProtocol

/// The methods about the connection itself.
extension Service {
    /// The versions of the protocol that are spoken.
    static let protocols = ["1.0"]

    static let connectionMethods: [Method] = [
        Method(
            "hello", .read, "Agrees on the version of the protocol.",
            [
                Parameter(
                    name: "protocols", kind: .strings, meaning: "the versions the client speaks"),
                Parameter(name: "client", kind: .string, meaning: "who asks, for the log"),
            ],
            returns: .object([
                "protocol": .string,
                "server": .object(["name": .string, "version": .string]),
                "archive": .object(["uuid": .string, "revision": .integer]),
                "rights": .string, "capabilities": .array(.string),
                "limits": .object(["lineBytes": .integer, "inFlight": .integer]),
            ]), hello),
        Method(
            "describe", .read, "Lists every method with the schemas of its parameters and result.",
            returns: .object([
                "protocol": .string, "methods": .array(.any), "errors": .array(.any),
            ]), describe),
        Method("ping", .read, "Does nothing.", returns: .object([:])) { _, _, _ in Answer([:]) },
        Method(
            "sync", .read, "Waits until every file dropped before is settled.",
            [
                Parameter(
                    name: "timeout", kind: .integer(0...3_600_000),
                    meaning: "milliseconds to wait at most; 30000 by default")
            ], returns: .object(["revision": .integer]),
            { service, parameters, _ in
                try await service.sync(parameters.int("timeout") ?? 30_000)
                return Answer(["revision": .integer(try service.repository.revision())])
            }),
    ]

    private static func hello(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        if let offered = parameters.strings("protocols"),
            Set(offered).isDisjoint(with: protocols)
        {
            throw Failure(
                .versionMismatch, "no version of the protocol in common",
                hint: "install the archivectl of the same release as archived",
                data: [.init("protocols", .array(protocols.map { .string($0) }))])
        }
        return Answer([
            "protocol": "1.0",
            "server": ["name": "archived", "version": .string(Release.version)],
            "archive": [
                "uuid": .string(service.repository.uuid),
                "revision": .integer(try service.repository.revision()),
            ],
            "rights": .string(request.rights.rawValue),
            "capabilities": ["events", "descriptors", "sync"],
            "limits": [
                "lineBytes": .integer(service.host.lineBytes),
                "inFlight": .integer(service.host.inFlight),
            ],
        ])
    }

    private static func describe(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let errors = Failure.Code.allCases.map { code -> JSON in
            [
                "code": .integer(code.rawValue), "name": .string(code.name),
                "exitCode": .integer(code.exitCode),
            ]
        }
        return Answer([
            "protocol": "1.0", "methods": .array(methods.map(\.description)),
            "errors": .array(errors),
        ])
    }
}
