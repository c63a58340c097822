import Glibc
import Logging
import Synchronization

@testable import Archive

/// An inbox in a directory of its own, with a ledger in memory, removed at the end.
final class InboxPlace: Sendable {
    let root: String
    let ledger = MemoryLedger()
    let inbox: Inbox
    var path: String { root + "/inbox" }

    /// A pause that no test waits out: what happens all the same did not wait for it.
    static let never = Duration.seconds(3600)

    /// By default a file rests briefly, and nothing is looked for or tried again by a timer.
    init(_ change: (inout InboxSettings) -> Void = { _ in }) throws {
        // The kernel asks a lease back with SIGIO, which would end the process.
        signal(SIGIO, SIG_IGN)
        var template = Array("/tmp/archived-inbox-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Trouble(call: "mkdtemp") }
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var settings = InboxSettings(path: root + "/inbox")
        settings.settle = .milliseconds(20)
        settings.quiet = Self.never
        settings.rescan = Self.never
        settings.poll = Self.never
        settings.retry = Self.never
        change(&settings)
        inbox = Inbox(
            settings: settings, ledger: ledger,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try makeDirectory("inbox")
        try makeDirectory("outside")
    }

    deinit { Self.remove(Array(root.utf8)) }

    struct Trouble: Error {
        var call: String
        var number = errno
    }

    // MARK: Files, by paths relative to `root`

    func makeDirectory(_ name: String) throws {
        guard mkdir("\(root)/\(name)", 0o777) == 0 else { throw Trouble(call: "mkdir \(name)") }
    }

    /// Writes a file in place.
    func write(_ name: String, _ text: String) throws {
        let writer = try Writer("\(root)/\(name)")
        try writer.write(text)
    }

    func rename(_ old: String, _ new: String) throws {
        guard Glibc.rename("\(root)/\(old)", "\(root)/\(new)") == 0 else {
            throw Trouble(call: "rename \(old)")
        }
    }

    func link(_ old: String, _ new: String) throws {
        guard Glibc.link("\(root)/\(old)", "\(root)/\(new)") == 0 else {
            throw Trouble(call: "link \(old)")
        }
    }

    /// Puts a file into the inbox as a careful sender does: whole, by a rename.
    func drop(_ name: String, _ text: String) throws {
        let staged = "outside/staged-\(name.replacing("/", with: "-"))"
        try write(staged, text)
        try rename(staged, "inbox/\(name)")
    }

    func text(_ name: String) -> String? { Self.text("\(root)/\(name)") }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat("\(root)/\(name)", &status) == 0
    }

    static func text(_ path: String) -> String? {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        return text(Descriptor(owning: number))
    }

    static func text(_ file: Descriptor) -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(file.number, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    /// The names in a directory, sorted.
    func names(_ directory: String) -> [String] {
        Self.names(Array("\(root)/\(directory)".utf8)).map { String(decoding: $0, as: UTF8.self) }
            .sorted()
    }

    static func names(_ directory: [UInt8]) -> [[UInt8]] {
        guard let stream = opendir(directory.map { CChar(bitPattern: $0) } + [0]) else { return [] }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
        }
        return names
    }

    private static func remove(_ path: [UInt8]) {
        let name = path.map { CChar(bitPattern: $0) } + [0]
        if Glibc.unlink(name) == 0 { return }
        chmod(name, 0o700)
        for child in names(path) { remove(path + [0x2F] + child) }
        rmdir(name)
    }

    // MARK: Running

    /// Watches while `body` runs.
    func whileWatching(_ body: () async throws -> Void) async throws {
        await inbox.open()
        let watch = Task { await self.inbox.run() }
        do { try await body() } catch {
            await inbox.stop()
            await watch.value
            throw error
        }
        await inbox.stop()
        await watch.value
    }

    /// A file as a lane would be handed it.
    func candidate(_ name: String) throws -> Candidate {
        let path = InboxPath(name)
        guard let status = InboxDirectory.status(of: path, in: try descriptor()),
            case .file(let stamp, _) = status
        else { throw Trouble(call: "status \(name)") }
        return Candidate(path: path, stamp: stamp, noticed: .now)
    }

    func descriptor() throws -> Descriptor {
        guard let open = InboxDirectory(path: path).open() else { throw Trouble(call: "open") }
        return open.descriptor
    }

    func batch(_ names: String...) throws -> Batch {
        Batch(candidates: try names.map { try candidate($0) }, inbox: try descriptor())
    }
}

extension InboxPath {
    init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A file that is written piece by piece, closed when it is let go.
final class Writer: Sendable {
    private let file: Descriptor

    init(_ path: String) throws {
        let number = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw InboxPlace.Trouble(call: "open \(path)") }
        file = Descriptor(owning: number)
    }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.write(file.number, bytes, bytes.count) == bytes.count else {
            throw InboxPlace.Trouble(call: "write")
        }
    }
}

/// A ledger that forgets everything with the test.
final class MemoryLedger: Ledger {
    private let all = Mutex<[LedgerRow]>([])

    func record(_ rows: [LedgerRow]) throws { all.withLock { $0 += rows } }

    func rows(_ path: String) -> [LedgerRow] {
        all.withLock { rows in rows.filter { $0.path == InboxPath(path) } }
    }

    var count: Int { all.withLock { $0.count } }
}

/// A lane's part in the tests: takes every file and notes what it held.
final class Taker: Sendable {
    struct Taken: Sendable, Hashable {
        var name: String
        var text: String
    }

    private let place: InboxPlace
    private let log = Mutex<[Taken]>([])
    private let answer: @Sendable (Candidate, Batch) -> Outcome?

    /// Answers for each file with what `answer` returns; nil leaves it in flight.
    init(
        _ place: InboxPlace,
        answer: @escaping @Sendable (Candidate, Batch) -> Outcome? = Taker.remove
    ) {
        self.place = place
        self.answer = answer
        Task { await self.run() }
    }

    private func run() async {
        while let batch = await place.inbox.next() {
            var outcomes: [(InboxPath, Outcome)] = []
            for candidate in batch.candidates {
                let name = candidate.path.text
                let text = place.text("inbox/\(name)") ?? "gone"
                log.withLock { $0.append(Taken(name: name, text: text)) }
                if let outcome = answer(candidate, batch) {
                    outcomes.append((candidate.path, outcome))
                }
            }
            await place.inbox.finish(outcomes)
        }
    }

    /// Removes the file, as a lane does that stored it.
    @Sendable static func remove(_ candidate: Candidate, _ batch: Batch) -> Outcome? {
        unlinkat(batch.inbox.number, candidate.path.cString, 0)
        return .settled
    }

    /// Leaves the file in flight.
    @Sendable static func hold(_ candidate: Candidate, _ batch: Batch) -> Outcome? { nil }

    var all: [Taken] { log.withLock { $0 } }
    var names: [String] { all.map(\.name) }
    func texts(_ name: String) -> [String] { all.filter { $0.name == name }.map(\.text) }
}

/// Waits until something holds, for ten seconds at the most.
func isSoon(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return try await condition()
}

extension Outcome {
    /// The outcome in words, to compare.
    var words: String {
        switch self {
        case .settled: "settled"
        case .changed: "changed"
        case .gone: "gone"
        case .waiting(let reason, _): "waiting \(reason.rawValue)"
        }
    }
}
