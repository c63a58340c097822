import ArchiveProtocol
import Logging
import Synchronization
import Testing

@testable import Archive

/// What is true of every method.
@Suite struct RequestTests {
    @Test func `describe tells each method with its right and parameters`() async throws {
        let counter = try Counter()
        let told = try await counter.ask("describe", rights: .read)
        let methods = try #require(told["methods"]?.array)
        #expect(methods.compactMap { $0["name"]?.string } == Service.methods.map(\.name))
        for (json, method) in zip(methods, Service.methods) {
            #expect(json["right"]?.string == method.rights.rawValue)
            let properties = try #require(json["params"]?["properties"]?.members)
            #expect(properties.map(\.key) == method.parameters.map(\.name))
            #expect(properties.allSatisfy { $0.value["type"] != nil })
            let required = json["params"]?["required"]?.array?.compactMap(\.string)
            #expect(required == method.parameters.filter(\.isRequired).map(\.name))
            #expect(json["params"]?["additionalProperties"]?.bool == false)
            #expect(json["result"]?["type"]?.string == "object")
            #expect(json["summary"]?.string?.hasSuffix(".") == true)
        }
        let errors = try #require(told["errors"]?.array)
        #expect(errors.count == Failure.Code.allCases.count)
    }

    @Test(arguments: [Logger.Level.trace, .notice, .warning, .critical])
    func `what administrators do is logged at every level`(level: Logger.Level) async throws {
        let log = Log()
        var logger = Logger(label: "test") { _ in Recorder(log: log) }
        logger.logLevel = level
        let counter = try Counter(logger: logger)
        _ = try await counter.ask("archive.reload")
        #expect(log.lines.withLock { $0 } == ["archive.reload was called"])
    }

    @Test func `an administrators' method is refused on the reading socket`() async throws {
        let counter = try Counter()
        for method in Service.methods where method.rights == .admin {
            let failure = await counter.failure(method.name, rights: .read)
            #expect(failure.code == .notPermitted, "\(method.name)")
        }
        let failure = await counter.failure("articles.burn", rights: .read)
        #expect(failure.code == .methodNotFound)
    }

    @Test func `every method refuses a parameter that it does not know`() async throws {
        let counter = try Counter()
        for method in Service.methods {
            let failure = await counter.failure(method.name, ["colour": "red"])
            #expect(failure.code == .invalidParams, "\(method.name)")
            #expect(failure.data == [JSON.Member("unknown", "colour")], "\(method.name)")
        }
        let failure = await counter.failure("ping", ["a"])
        #expect(failure.code == .invalidParams)
    }

    @Test func `every method refuses what is missing, of another type or out of bounds`()
        async throws
    {
        let counter = try Counter()
        for method in Service.methods {
            if method.parameters.contains(where: \.isRequired) {
                let failure = await counter.failure(method.name)
                #expect(failure.code == .invalidParams, "\(method.name)")
            }
            for parameter in method.parameters {
                for value in Self.misfits(parameter.kind) {
                    let params = JSON.object([.init(parameter.name, value)])
                    let failure = await counter.failure(method.name, params)
                    #expect(failure.code == .invalidParams, "\(method.name) \(params.text)")
                    #expect(failure.message.contains(parameter.name), "\(failure.message)")
                }
            }
        }
    }

    private static func misfits(_ kind: Parameter.Kind) -> [JSON] {
        let foreign: [JSON] = [.null, [:], [1]]
        switch kind {
        case .string: return foreign + [1, true]
        case .boolean: return foreign + [1, "true"]
        case .strings: return [.null, [:], "a", [1], ["a", 1]]
        case .choice: return foreign + [1, "no such choice"]
        case .integer(let range):
            var values = foreign + ["1", true, .number("1.0"), .number("1e2")]
            if range.lowerBound > .min { values.append(.integer(range.lowerBound - 1)) }
            if range.upperBound < .max { values.append(.integer(range.upperBound + 1)) }
            values.append(.number("99999999999999999999999"))
            return values
        }
    }

    @Test func `hello agrees on the protocol or says which there are`() async throws {
        let counter = try Counter()
        let hello = try await counter.ask(
            "hello", ["protocols": ["9.0", "1.0"], "client": "test"], rights: .read)
        #expect(hello["protocol"]?.string == "1.0")
        #expect(hello["rights"]?.string == "read")
        #expect(hello["archive"]?["uuid"]?.string == counter.holdings.repository.uuid)
        #expect(hello["archive"]?["revision"]?.int == 0)
        #expect(hello["limits"] == ["lineBytes": 5000, "inFlight": 6])
        let failure = await counter.failure("hello", ["protocols": ["9.0"]])
        #expect(failure.code == .versionMismatch)
        #expect(failure.data == [JSON.Member("protocols", ["1.0"])])
        #expect(try await counter.ask("ping") == [:])
    }

    @Test func `sync waits for what was dropped, and no longer than asked`() async throws {
        let counter = try Counter(settle: .seconds(600))
        await counter.holdings.inbox.open()
        #expect(try await counter.ask("sync", ["timeout": 1000]) == ["revision": 0])
        try counter.holdings.drop("a.md", "text")
        for (method, params) in [
            ("sync", ["timeout": 1]), ("articles.search", ["sync": 1]),
            ("articles.get", ["id": "zzzz", "sync": 1]), ("quotes.search", ["sync": 1]),
            ("articles.versions", ["id": "zzzz", "sync": 1]),
        ] as [(String, JSON)] {
            // Whoever wrote the file by a rename is done: the file is queued and no lane takes it.
            let failure = await counter.failure(method, params)
            #expect(failure.code == .syncTimeout, "\(method)")
        }
        await counter.holdings.inbox.stop()
    }

    @Test func `the state of the archive is told`() async throws {
        let counter = try Counter()
        try counter.keep("1.md", Counter.page(1))
        try counter.keep("bad.zip", Array("PK\u{3}\u{4} and no more".utf8))
        await counter.holdings.inbox.open()
        let status = try await counter.ask("archive.status", rights: .read)
        #expect(status["state"]?.string == "running")
        #expect(status["articles"]?.int == 1 && status["versions"]?.int == 1)
        #expect(status["originals"]?.int == 1 && status["quarantined"]?.int == 1)
        #expect(status["connections"]?.int == 3)
        #expect((status["residentBytes"]?.int ?? 0) > 1 << 20)
        #expect((status["storageBytes"]?.int ?? 0) > 4096)
        #expect(status["revision"]?.int == 3)
        #expect(try await counter.ask("archive.reload") == ["changed": ["limits"]])
        await counter.holdings.inbox.stop()
    }

    @Test func `results hold what describe says they hold`() async throws {
        let counter = try Counter()
        try counter.keep("1.md", Counter.page(1))
        await counter.holdings.inbox.open()
        let id = try counter.holdings.found("ferry")[0]
        let asked: [String: JSON] = [
            "articles.get": ["id": .string(id)], "articles.raw": ["id": .string(id)],
            "articles.versions": ["id": .string(id)], "articles.evidence": ["id": .string(id)],
            "inbox.explain": ["path": "1.md"], "originals.members": ["name": "1.md"],
            "articles.related": ["id": .string(id)],
            "inbox.retry": ["all": true], "outlets.check": ["style": "outlet: The Pilot"],
        ]
        for method in Service.methods where !["inbox.add", "inbox.discard"].contains(method.name) {
            let result = try await counter.ask(method.name, asked[method.name] ?? [:])
            let schema = method.result.json
            for name in schema["required"]?.array ?? [] {
                #expect(result[name.string ?? ""] != nil, "\(method.name) \(name.text)")
            }
            guard method.name != "articles.get" else { continue }
            let known = schema["properties"]?.members?.map(\.key) ?? []
            for member in result.members ?? [] {
                #expect(known.contains(member.key), "\(method.name) \(member.key)")
            }
        }
        await counter.holdings.inbox.stop()
    }
}

/// What was logged.
private final class Log: Sendable {
    let lines = Mutex<[String]>([])
}

/// Keeps what is logged.
private struct Recorder: LogHandler {
    let log: Log
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log.lines.withLock { $0.append("\(event.message)") } }
}
