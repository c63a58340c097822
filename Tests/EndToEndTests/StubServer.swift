import ArchiveProtocol
import Glibc
import Synchronization

/// A daemon with canned answers, on a Unix socket in a directory of its own.
final class StubServer: Sendable {
    /// What the stub says to a method.
    enum Answer: Sendable {
        case result(JSON)
        case failure(Failure)
        /// A result with an open file that holds these bytes.
        case file(JSON, [UInt8])
        /// A result, and then these notifications.
        case stream(JSON, [(method: String, params: JSON)])
        /// The connection is closed instead of an answer.
        case hangUp
        /// No answer at all.
        case silence
    }

    /// What a client asked, with the bytes of the file that came along.
    struct Request: Sendable {
        var method: String
        var params: JSON
        var file: [UInt8]?
        var isAdministration: Bool
    }

    /// The directory of the sockets.
    let directory: String
    /// The socket for readers; `admin.sock` stands beside it.
    var path: String { directory + "/archived.sock" }

    private let state: Mutex<State>
    private let listeners: [Int32]
    private let accepting = Mutex<[pthread_t]>([])

    private struct State {
        var answers: [String: [Answer]]
        var requests: [Request] = []
    }

    /// Listens; each method has a row of answers, whose last is given again and again.
    init(_ answers: [String: [Answer]]) throws {
        var template = Array("/tmp/archivectl-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw StubError.cannotListen(errno) }
        directory = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        state = Mutex(State(answers: answers))
        listeners = try [directory + "/archived.sock", directory + "/admin.sock"].map(Self.listen)
        for (index, listener) in listeners.enumerated() {
            let thread = Self.thread { [self] in
                accept(on: listener, isAdministration: index == 1)
            }
            if let thread { accepting.withLock { $0.append(thread) } }
        }
    }

    /// Closes the sockets and removes them.
    func stop() {
        for listener in listeners { shutdown(listener, Int32(SHUT_RDWR)) }
        // A number that is closed too early may already name another test's socket.
        for thread in accepting.withLock({ $0 }) { pthread_join(thread, nil) }
        for listener in listeners { close(listener) }
        unlink(path)
        unlink(directory + "/admin.sock")
        rmdir(directory)
    }

    /// What was asked so far.
    var requests: [Request] { state.withLock { $0.requests } }

    private func answer(to request: Request) -> Answer {
        state.withLock { state in
            state.requests.append(request)
            guard var row = state.answers[request.method], let first = row.first else {
                return .failure(Failure(.methodNotFound, "no such method"))
            }
            if row.count > 1 {
                row.removeFirst()
                state.answers[request.method] = row
            }
            return first
        }
    }

    private func accept(on listener: Int32, isAdministration: Bool) {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            if connection < 0 { return }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            let thread = Self.thread { [self] in
                serve(connection, isAdministration: isAdministration)
                close(connection)
            }
            if let thread { pthread_detach(thread) }
        }
    }

    private func serve(_ connection: Int32, isAdministration: Bool) {
        var channel = StubChannel(descriptor: connection)
        while let line = channel.line() {
            guard let json = try? JSONParser.parse(line), let id = json["id"],
                let method = json["method"]?.string
            else { return }
            let request = Request(
                method: method, params: json["params"] ?? .null, file: channel.file(),
                isAdministration: isAdministration)
            switch answer(to: request) {
            case .result(let result): channel.send(Self.response(id, result))
            case .failure(let failure):
                channel.send(["jsonrpc": "2.0", "id": id, "error": failure.json])
            case .file(let result, let bytes):
                channel.send(Self.response(id, result), withFile: bytes)
            case .stream(let result, let events):
                channel.send(Self.response(id, result))
                for event in events {
                    channel.send([
                        "jsonrpc": "2.0", "method": .string(event.method), "params": event.params,
                    ])
                }
            case .hangUp: return
            case .silence: continue
            }
        }
    }

    private static func response(_ id: JSON, _ result: JSON) -> JSON {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    private static func listen(at path: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        _ = fcntl(listener, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array(path.utf8).prefix(107))
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        guard bound == 0, Glibc.listen(listener, 8) == 0 else {
            throw StubError.cannotListen(errno)
        }
        return listener
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body)).toOpaque()
        let made = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, box)
        return made == 0 ? thread : nil
    }
}

/// Why the stub does not stand.
enum StubError: Error {
    case cannotListen(Int32)
    case cannotRun(Int32)
    case noProgram(String)
}

/// Runs archivectl against a daemon with canned answers: what it did, and what it asked.
func run(
    _ answers: [String: [StubServer.Answer]], _ arguments: [String], input: [UInt8] = [],
    environment: [String] = [], interrupting: String? = nil
) throws -> (run: ProgramRun, requests: [StubServer.Request]) {
    let server = try StubServer(answers)
    defer { server.stop() }
    let run = try ProgramRun(
        arguments + ["--socket", server.path], environment: environment, input: input,
        interrupting: interrupting)
    return (run, server.requests)
}
