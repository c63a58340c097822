internal import ArchiveProtocol

/// A house style on trial: who reads without it, and who with it.
struct OutletTrial: Sendable {
    var style: HouseStyle
    /// Whether the outlet has no style yet.
    var isNew: Bool
    var present: any MemberReading
    var changed: any MemberReading
}

/// The methods about outlets and their house styles.
extension Service {
    private static let change = Shape.object([
        "field": .string, "before?": .string, "after?": .string,
    ])

    static let outletMethods: [Method] = [
        Method(
            "outlets.list", .read, "Lists the outlets that have a house style.",
            returns: .object([
                "items": .array(
                    .object(["outlet": .string, "hosts": .array(.string), "timeZone?": .string]))
            ])
        ) { service, _, _ in
            Answer(["items": .array(service.host.outlets.list.map(\.json))])
        },
        Method(
            "outlets.check", .admin,
            "Tells what a house style would change in articles; stores nothing.",
            [
                Parameter(
                    name: "style", kind: .string, isRequired: true,
                    meaning: "the YAML of the style, at most \(OutletsDirectory.mostBytes) bytes"),
                Parameter(
                    name: "name", kind: .string, meaning: "its file, for what is wrong with it"),
                Parameter(
                    name: "limit", kind: .integer(1...mostChecked),
                    meaning: "most articles to look at, newest first; 20 by default"),
            ],
            returns: .object([
                "outlet": .string, "isNew": .boolean, "total": .integer, "checked": .integer,
                "unread": .integer,
                "items": .array(
                    .object([
                        "id": .string, "headline": .string, "changes": .array(change),
                    ])),
            ]), checkOutlet),
    ]

    /// Each article is read twice, so that a question stays one of seconds.
    private static let mostChecked = 200
    private static let patience = Duration.seconds(60)

    private static func checkOutlet(
        _ service: Service, _ parameters: Parameters, _ request: Request
    ) async throws -> Answer {
        let name = parameters.string("name") ?? "the style"
        let trial = try service.host.trial(
            ofStyle: Array((parameters.string("style") ?? "").utf8), named: name)
        let limit = parameters.int("limit") ?? 20
        // Reading blocks: it stays off the threads that answer everybody else.
        let executor = QueueExecutor(label: "archived.outlets")
        return try await withTaskExecutorPreference(executor) {
            Answer(try service.check(trial, limit: limit))
        }
    }

    private func check(_ trial: OutletTrial, limit: Int) throws -> JSON {
        let (ids, total) = try repository.articles(
            ofOutlet: trial.style.outlet, hosts: trial.style.hosts, limit: limit)
        let end = ContinuousClock.now + Self.patience
        var items: [JSON] = []
        var checked = 0
        var unread = 0
        for id in ids {
            guard ContinuousClock.now < end else { break }
            checked += 1
            guard let source = try? repository.source(id, version: nil),
                let before = try? article(of: source, by: trial.present),
                let after = try? article(of: source, by: trial.changed)
            else {
                unread += 1
                continue
            }
            let changes = ArticleChanges(from: before.document, to: after.document).list
            guard !changes.isEmpty else { continue }
            items.append([
                "id": .string(id), "headline": .string(after.article.headline),
                "changes": .array(changes.map(\.json)),
            ])
        }
        return [
            "outlet": .string(trial.style.outlet), "isNew": .bool(trial.isNew),
            "total": .integer(total), "checked": .integer(checked), "unread": .integer(unread),
            "items": .array(items),
        ]
    }

    /// What a reader makes of the capture of an article; nil where it finds none in it.
    private func article(of source: Repository.ArticleSource, by reader: any MemberReading) throws
        -> PreparedArticle?
    {
        struct Reached: Error {}
        guard let file = originals.open(source.original),
            let stamp = FileStamp.of(descriptor: file.number)
        else { return nil }
        let deposit = Deposit(
            path: InboxPath(bytes: source.file), stamp: stamp, digest: source.original,
            size: stamp.size, original: file, noticed: .now, read: .now)
        var found: PreparedArticle?
        do {
            _ = try reader.read(deposit, from: source.ordinal, passingOver: nil) { member in
                guard member.ordinal == source.ordinal else { return }
                if case .article(let article) = member.content { found = article }
                // Of a bundle the rest is not wanted.
                if source.isContainer { throw Reached() }
            }
        } catch is Reached {}
        return found
    }
}

extension HouseStyle {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("outlet", .string(outlet)), .init("hosts", .array(hosts.map { .string($0) })),
        ]
        if let zoneName { members.append(.init("timeZone", .string(zoneName))) }
        return .object(members)
    }
}
