internal import ArchiveProtocol

/// The methods of the stream of events.
extension Service {
    static let eventMethods: [Method] = [
        Method(
            "events.subscribe", .read, "Sends events as they happen, after those since a revision.",
            [
                Parameter(
                    name: "since", kind: .integer(0...Int.max),
                    meaning: "events after this revision come first; from now if left out"),
                Parameter(name: "types", kind: .strings, meaning: "only events of these types"),
            ], returns: .object(["revision": .integer]), subscribe),
        Method(
            "events.unsubscribe", .read, "Ends the stream of events of this connection.",
            returns: .object([:])
        ) { service, _, request in
            service.subscriptions.end(request.outlet)
            return Answer([:])
        },
    ]

    private static func subscribe(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let now = try service.repository.revision()
        let since = parameters.int("since") ?? now
        guard since <= now else {
            throw Failure(
                .invalidParams, "the archive is at revision \(now), before \(since)",
                hint: "the revision may be of another archive")
        }
        let types = parameters.strings("types").map(Set.init)
        var answer = Answer(["revision": .integer(now)])
        answer.whenQueued = { [subscriptions = service.subscriptions, outlet = request.outlet] in
            subscriptions.begin(outlet, after: since, types: types)
        }
        return answer
    }
}
