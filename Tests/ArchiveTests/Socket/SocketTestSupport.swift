import ArchiveProtocol
import CLinux
import Glibc
import Logging
import Synchronization
import Testing

@testable import Archive

/// A service whose methods are what the tests of the socket need.
final class StubService: Answering {
    let outlets = Mutex<[any Outlet]>([])
    let gone = Mutex(0)
    let noted = Mutex<[String]>([])
    /// How many large answers were made.
    let made = Mutex(0)
    private let gate = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>(
        (false, []))

    func cachedArticle(id: UnsafeRawBufferPointer) -> [UInt8]? {
        id.elementsEqual("cached".utf8) ? Array(#"{"from":"memory"}"#.utf8) : nil
    }

    func answer(_ request: Request) async throws(Failure) -> Answer {
        switch request.method {
        case "echo": return Answer(result: request.params.bytes)
        case "fail": throw Failure(.notFound, "no such thing", hint: "look elsewhere")
        case "articles.get": return Answer(result: Array(#"{"from":"store"}"#.utf8))
        case "wait":
            await wait()
            return Answer(result: Array("{}".utf8))
        case "big":
            let count = request.params["bytes"]?.int ?? 0
            let text = [UInt8](repeating: 0x78, count: count)
            await request.outlet.taking()
            made.withLock { $0 += 1 }
            request.outlet.made(count + 2)
            return Answer(result: [0x22] + text + [0x22])
        case "note":
            noted.withLock { $0.append(request.params["text"]?.string ?? "") }
            return Answer(result: Array("{}".utf8))
        case "rights": return Answer(result: JSON.string(request.rights.rawValue).bytes)
        case "peer":
            return Answer(
                result: JSON.array([
                    .integer(request.peer.process), .integer(request.peer.user),
                ]).bytes)
        case "subscribe":
            outlets.withLock { $0.append(request.outlet) }
            return Answer(result: Array("{}".utf8))
        case "size":
            var status = stat()
            guard let file = request.descriptor, fstat(file.number, &status) == 0 else {
                throw Failure(.invalidParams, "no descriptor came along")
            }
            return Answer(result: JSON.integer(status.st_size).bytes)
        case "open":
            return Answer(
                result: Array("{}".utf8),
                descriptor: Descriptor(owning: memfd(request.params["bytes"]?.int ?? 0)))
        default: throw Failure(.methodNotFound, "no method \(request.method)")
        }
    }

    func disconnected(_ outlet: any Outlet) { gone.withLock { $0 += 1 } }

    /// Lets every `wait` return, now and later.
    func open() {
        let waiters = gate.withLock { gate in
            defer { gate = (true, []) }
            return gate.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = gate.withLock { gate in
                if !gate.isOpen { gate.waiters.append(continuation) }
                return gate.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// An unlinked file of so many bytes.
func memfd(_ bytes: Int) -> Int32 {
    var template = Array("/tmp/archived-test-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    unlink(template)
    ftruncate(number, bytes)
    return number
}

/// A directory that is removed with all that is in it.
final class TemporaryPlace: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/archived-test-XXXXXX".utf8CString)
        mkdtemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { path + "/" + name }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink(file(name)) }
        }
        closedir(directory)
        rmdir(path)
    }
}

/// A client that sends what it is told, right or wrong.
final class RawClient: Sendable {
    let number: Int32
    private let received = Mutex<[UInt8]>([])

    init(_ path: String) throws {
        number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let address = try SocketAddress(path: path)
        let number = number
        try #require(address.with { connect(number, $0, $1) } == 0)
        var time = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(number) }

    /// Sends text; false where the daemon does not take it.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    number, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Sends a request whose params are given as JSON text.
    func ask(_ id: Int, _ method: String, _ params: String = "{}") {
        send(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(params)}"# + "\n")
    }

    /// The next line; nil at the end of the connection.
    func line() -> String? {
        received.withLock { received in
            var searched = 0
            while true {
                if let end = received[searched...].firstIndex(of: 0x0A) {
                    defer { received.removeSubrange(...end) }
                    return String(decoding: received[..<end], as: UTF8.self)
                }
                searched = received.count
                let piece = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
                    count = max(0, recv(number, buffer.baseAddress, buffer.count, 0))
                }
                guard !piece.isEmpty else { return nil }
                received += piece
            }
        }
    }

    /// The next line as JSON.
    func answer() throws -> JSON { try JSONParser.parse(#require(line()).utf8) }

    /// The name of the error that the next line is.
    func error() throws -> String? { try answer()["error"]?["data"]?["code"]?.string }

    /// Says that nothing more will be sent.
    func endSending() { shutdown(number, Int32(SHUT_WR)) }
}

/// A running server with its two sockets.
struct RunningServer: Sendable {
    let server: SocketServer
    let service: StubService
    let place: TemporaryPlace
    var path: String { place.file("read.sock") }
    var adminPath: String { place.file("admin.sock") }

    func client() throws -> RawClient { try RawClient(path) }
}

/// Starts a server, runs `body` on a thread of its own, and stops the server.
func withServer(
    limits: SocketLimits = SocketLimits(),
    _ body: @escaping @Sendable (RunningServer) throws -> Void
) async throws {
    let place = TemporaryPlace()
    let service = StubService()
    let listeners = [
        try Listener.bind(path: place.file("read.sock"), mode: 0o660, group: nil, rights: .read),
        try Listener.bind(path: place.file("admin.sock"), mode: 0o600, group: nil, rights: .admin),
    ]
    let server = try SocketServer(
        listeners: listeners, service: service, limits: limits, logger: Logger(label: "test"))
    let running = Task { try await server.run() }
    let result = await Result {
        try await blocking {
            try body(RunningServer(server: server, service: service, place: place))
        }
    }
    service.open()
    running.cancel()
    try await running.value
    try result.get()
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// How many descriptors the process has open on files whose link begins with `prefix`.
func openDescriptors(_ prefix: String) -> Int {
    guard let directory = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        var target = [CChar](repeating: 0, count: 512)
        let length = readlink("/proc/self/fd/" + name, &target, 511)
        guard length > 0 else { continue }
        let text = String(
            decoding: target[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if text.hasPrefix(prefix) { count += 1 }
    }
    return count
}

/// Waits until `condition` holds; false after ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<12_000 {
        if condition() { return true }
        usleep(5000)
    }
    return false
}
