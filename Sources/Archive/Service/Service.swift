internal import ArchiveProtocol
internal import Logging

/// Answers requests: the one place that knows what can be asked.
///
/// `methods` is the table that the protocol's documentation, `describe` and the command line agree
/// with. A method is a row there and a function in the file of its group.
final class Service: Answering {
    let repository: Repository
    let searcher: Searcher
    let inbox: Inbox
    let originals: Originals
    let reader: any MemberReading
    let cache: AnswerCache
    let subscriptions: Subscriptions
    private let turns = Turns()
    let host: any ServiceHost
    let admission: Admission
    let logger: Logger
    /// What administrators do is told whatever else is left out.
    private let auditLog: Logger

    /// Every method, in the order of the documentation.
    static let methods: [Method] =
        connectionMethods + searchMethods + articleMethods + inboxMethods + archiveMethods
        + outletMethods + originalMethods + eventMethods

    /// Methods that may take long: they read much of the archive, or a file whole.
    private static let long: Set = [
        "articles.search", "articles.related", "quotes.search", "articles.raw", "originals.verify",
        "archive.verify", "inbox.add", "inbox.retry",
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: methods.map { ($0.name, $0) })

    init(
        repository: Repository, index: Indexer, inbox: Inbox, originals: Originals,
        reader: any MemberReading, admission: Admission, cacheBytes: Int,
        host: any ServiceHost, logger: Logger
    ) {
        self.repository = repository
        searcher = Searcher(pool: repository.pool, index: index)
        self.inbox = inbox
        self.originals = originals
        self.reader = reader
        cache = AnswerCache(limit: cacheBytes)
        subscriptions = Subscriptions(repository: repository, logger: logger)
        self.host = host
        self.admission = admission
        self.logger = logger
        var auditLog = logger
        auditLog.logLevel = min(logger.logLevel, .notice)
        self.auditLog = auditLog
        repository.onCommit { [cache, subscriptions] events, articles in
            cache.invalidate(articles.compactMap { ArticleID(utf8: $0.utf8) })
            subscriptions.publish(events)
        }
    }

    func cachedArticle(id: UnsafeRawBufferPointer) -> [UInt8]? {
        ArticleID(utf8: id).flatMap(cache.record)
    }

    func answer(_ request: Request) async throws(Failure) -> Answer {
        guard let method = Self.byName[request.method] else {
            throw Failure(
                .methodNotFound, "there is no method \(request.method)",
                hint: "describe lists them")
        }
        guard method.rights == .read || request.rights == .admin else {
            throw Failure(
                .notPermitted, "\(method.name) needs the administrators' socket",
                hint: "use admin.sock, which is open to the group archive-admin")
        }
        if method.rights == .admin { audit(request) }
        let parameters = try Parameters(request.params, for: method.parameters)
        do {
            if let milliseconds = parameters.int("sync") { try await sync(milliseconds) }
            while true {
                await request.outlet.taking()
                if let answer = try await make(method, parameters, request) { return answer }
            }
        } catch let failure as Failure {
            throw failure
        } catch is CancellationError {
            throw Failure(.cancelled, "the client is gone")
        } catch {
            let error = Repository.explained(error, stateDirectory: admission.stateDirectory)
            logger.error("\(method.name) failed: \(error)")
            if error is RepositoryError {
                throw Failure(
                    .internalError, "the archive's database is damaged on disk",
                    hint: StoredDocument.remedy)
            }
            throw Failure(
                .internalError, "\(method.name) failed: \(error)",
                hint: "journalctl -u archived tells more")
        }
    }

    /// Carries out a method, in the client's turn where that may take long.
    ///
    /// - Returns: nil where the client left so much unread meanwhile that nothing was made for it.
    private func make(_ method: Method, _ parameters: Parameters, _ request: Request)
        async throws -> Answer?
    {
        @Sendable func make() async throws -> Answer {
            let answer = try await method.carryOut(self, parameters, request)
            request.outlet.made(answer.result.count)
            return answer
        }
        guard Self.long.contains(method.name) else { return try await make() }
        return try await turns.take(ObjectIdentifier(request.outlet)) {
            // Whoever asked may have gone away while others had their turn.
            try Task.checkCancellation()
            return request.outlet.isTaking ? try await make() : nil
        }
    }

    func disconnected(_ outlet: any Outlet) { subscriptions.end(outlet) }

    /// Waits until every file dropped before now is settled.
    func sync(_ milliseconds: Int) async throws(Failure) {
        guard await inbox.barrier(timeout: .milliseconds(milliseconds)) else {
            throw Failure(
                .syncTimeout, "files dropped before are not settled after \(milliseconds) ms",
                hint: "archivectl list-queue shows them")
        }
    }

    private func audit(_ request: Request) {
        auditLog.notice(
            "\(request.method) was called",
            metadata: [
                "message-id": .string(MessageID.administration), "method": "\(request.method)",
                "params": "\(request.params.text.prefix(500))",
                "peer-uid": "\(request.peer.user)", "peer-gid": "\(request.peer.group)",
                "peer-pid": "\(request.peer.process)",
            ])
    }
}

/// What the Service asks of the daemon around it.
protocol ServiceHost: Sendable {
    /// The state for people: running, starting, degraded or stopping.
    var state: String { get }
    /// What is wrong, each with what to do; empty where all is well.
    var problems: [String] { get }
    var started: Timestamp { get }
    /// When the whole database had last been looked through for damage, since the start.
    var checked: Timestamp? { get }
    /// How many clients are connected.
    var connections: Int { get }
    /// The longest line that a client may send.
    var lineBytes: Int { get }
    /// Requests of one client that are answered at the same time.
    var inFlight: Int { get }

    /// Reads the configuration again.
    ///
    /// - Returns: the keys whose values changed.
    func reload() async throws(Failure) -> [String]

    /// The house styles that pages are read by.
    var outlets: HouseStyles { get }

    /// Readers as they are and as they would be with another house style, in processes of their
    /// own; `name` is the style's file, for what is wrong with it.
    func trial(ofStyle yaml: [UInt8], named name: String) throws(Failure) -> OutletTrial

    /// Reads an original again, as if it had just been dropped.
    func readAgain(_ digest: Digest, as path: InboxPath) async
}

extension Answer {
    /// An answer without a descriptor.
    init(_ json: JSON) { self.init(result: json.bytes) }
}

extension Service {
    /// A page as the result of a method.
    static func page(
        _ items: [JSON], next: JSON?, revision: Int, _ parameters: Parameters, method: String,
        further: [JSON.Member] = []
    ) -> Answer {
        var writer = JSONWriter(capacity: 4096)
        writer.object { writer in
            writer.member("items", .array(items))
            if let next {
                writer.member("nextCursor", Cursor.text(next, parameters, method: method))
            }
            writer.member("revision", revision)
            for member in further { writer.member(member.key, member.value) }
        }
        return Answer(result: writer.bytes)
    }
}

extension Indexer.Progress {
    /// As answers tell it.
    var json: JSON { ["done": .integer(done), "total": .integer(total)] }
}

extension Parameter {
    static let limit = Parameter(
        name: "limit", kind: .integer(1...1000), meaning: "most items of the answer; 20 by default")
    static let cursor = Parameter(
        name: "cursor", kind: .string, meaning: "the nextCursor of the page before")
    static let sync = Parameter(
        name: "sync", kind: .integer(0...3_600_000),
        meaning: "milliseconds to wait until every file dropped before is settled")
    static let since = Parameter(
        name: "since", kind: .string,
        meaning: "published then or later: 2017, 2017-01, 2017-01-26 or RFC 3339")
    static let until = Parameter(
        name: "until", kind: .string,
        meaning: "published then or earlier: 2017, 2017-01, 2017-01-26 or RFC 3339")

    static func id(required: Bool = true) -> Parameter {
        Parameter(
            name: "id", kind: .string, isRequired: required,
            meaning: "the name of an article, or its first four or more characters")
    }
}
