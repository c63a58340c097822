import ArchiveProtocol
import Foundation
import Glibc
import Logging
import Synchronization
import Testing

@testable import Archive

/// The counter at which the tests ask: a service over a small archive.
final class Counter: Sendable {
    let holdings: Holdings
    let host = StubHost()
    let service: Service
    let ear = Ear()

    init(
        settle: Duration = .milliseconds(20), cacheBytes: Int = 1 << 20, fileBytes: Int = 1 << 30,
        reserveBytes: Int = 0,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        holdings = try Holdings(settle: settle)
        service = Service(
            repository: holdings.repository, index: holdings.index, inbox: holdings.inbox,
            originals: holdings.originals,
            reader: LocalReader(opener: Opener(limits: Limits()), parser: Parser(styles: .none)),
            admission: Admission(
                inbox: holdings.inInbox("").path, stateDirectory: holdings.directory.path,
                fileBytes: fileBytes, reserveBytes: reserveBytes),
            cacheBytes: cacheBytes, host: host, logger: logger)
    }

    /// The whole answer to a request.
    func answer(
        _ method: String, _ params: JSON = [:], rights: Rights = .admin,
        descriptor: Descriptor? = nil
    ) async throws -> Answer {
        try await service.answer(
            Request(
                method: method, params: params, rights: rights,
                peer: Peer(process: 1, user: 2, group: 3), descriptor: descriptor, outlet: ear))
    }

    /// The result of a request.
    func ask(_ method: String, _ params: JSON = [:], rights: Rights = .admin) async throws -> JSON {
        try JSONParser.parse(try await answer(method, params, rights: rights).result)
    }

    /// The error of a request that must fail.
    func failure(
        _ method: String, _ params: JSON = [:], rights: Rights = .admin,
        at place: SourceLocation = #_sourceLocation
    ) async -> Failure {
        do {
            _ = try await answer(method, params, rights: rights)
            Issue.record("\(method) \(params.text) was answered", sourceLocation: place)
        } catch let failure as Failure { return failure } catch {
            Issue.record("\(error)", sourceLocation: place)
        }
        return Failure(.internalError, "no failure")
    }

    /// Takes bytes into custody and reads them, as a lane does.
    @discardableResult
    func keep(_ name: String, _ bytes: [UInt8]) throws -> Digest {
        let digest = Digest(of: bytes)
        let path = "\(holdings.directory.path)/tmp/\(digest.hex)"
        try Data(bytes).write(to: URL(filePath: path))
        let file = Descriptor(owning: open(path, O_RDONLY | O_CLOEXEC))
        try holdings.originals.keep([(path, file, digest)])
        let stamp = try #require(FileStamp.of(descriptor: file.number))
        try holdings.lane.keep(
            [
                Deposit(
                    path: InboxPath(bytes: Array(name.utf8)), stamp: stamp, digest: digest,
                    size: bytes.count, original: file, noticed: .now, read: .now)
            ], known: [])
        return digest
    }

    /// All pages of a method, one after another.
    func pages(_ method: String, _ params: [JSON.Member] = [], limit: Int) async throws -> [JSON] {
        var items: [JSON] = []
        var cursor: String?
        repeat {
            var members = params + [.init("limit", .integer(limit))]
            if let cursor { members.append(.init("cursor", .string(cursor))) }
            let page = try await ask(method, .object(members))
            let found = try #require(page["items"]?.array)
            #expect(found.count <= limit)
            items += found
            cursor = page["nextCursor"]?.string
        } while cursor != nil && items.count < 10_000
        return items
    }

    /// A page in Markdown with an address.
    static func page(_ number: Int, body: String = "The ferry came back on Monday.") -> [UInt8] {
        Array(
            """
            ---
            title: Story \(number)
            author: Ada Quill
            date: 2016-05-04
            url: https://news.example/\(number)
            ---

            <p>\(body)</p>

            """.utf8)
    }
}

/// The daemon around the service, which notes what is asked of it.
final class StubHost: ServiceHost {
    let state = "running"
    let problems: [String] = []
    let started = Timestamp(microseconds: 1_400_000_000_000_000)
    let checked: Timestamp? = nil
    let connections = 3
    let lineBytes = 5000
    let inFlight = 6
    let readAgain = Mutex<[String]>([])

    /// The house styles that a trial is held against.
    let outlets = HouseStyles([])

    func trial(ofStyle yaml: [UInt8], named name: String) throws(Failure) -> OutletTrial {
        do {
            let style = try OutletsDirectory.style(yaml, named: name)
            func reader(_ styles: HouseStyles) -> LocalReader {
                LocalReader(opener: Opener(limits: Limits()), parser: Parser(styles: styles))
            }
            return OutletTrial(
                style: style, isNew: true, present: reader(outlets),
                changed: reader(HouseStyles([style])))
        } catch {
            throw Failure(.invalidParams, "\(error)")
        }
    }

    func reload() async throws(Failure) -> [String] { ["limits"] }

    func readAgain(_ digest: Digest, as path: InboxPath) async {
        readAgain.withLock { $0.append("\(path.display) \(digest.hex)") }
    }
}

/// A client's ear: keeps the lines that it hears, up to a number.
final class Ear: Outlet {
    private let heard = Mutex<[[UInt8]]>([])
    private let refusals: Mutex<Set<Int>>

    /// - Parameter refusing: which lines are refused, counted from 0 over all that are sent.
    init(refusing: Set<Int> = []) { refusals = Mutex(refusing) }

    private let count = Mutex(0)

    func send(_ line: [UInt8]) -> Bool {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        if refusals.withLock({ $0.contains(number) }) { return false }
        heard.withLock { $0.append(line) }
        return true
    }

    func sendLast(_ line: [UInt8]) { heard.withLock { $0.append(line) } }

    var isTaking: Bool { true }
    func taking() async {}
    func made(_ bytes: Int) {}
    func took(_ bytes: Int) {}

    /// The `params` of the notifications of one method.
    func params(_ method: String = "event") -> [JSON] {
        heard.withLock(\.self).compactMap { line in
            guard let json = try? JSONParser.parse(line), json["method"]?.string == method else {
                return nil
            }
            return json["params"]
        }
    }

    var revisions: [Int] { params().compactMap { $0["revision"]?.int } }

    /// Waits until a condition holds, for a bounded time.
    func wait(until condition: () -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(30)
        while !condition() {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(2))
        }
        return true
    }
}
