import ArchiveProtocol
import Dispatch
import Glibc
import Testing

@Suite("The client")
struct ArchiveClientTests {
    private let daemon = ScriptedDaemon()

    @Test
    func `a call returns the result of its own answer`() throws {
        daemon.answer { line in
            #expect(line == #"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1}}"#)
            return #"{"jsonrpc":"2.0","id":99,"result":"another's"}"# + "\n"
                + #"{"jsonrpc":"2.0","id":1,"result":{"ok":true}}"# + "\n"
        }
        let (result, descriptor) = try client().call("ping", ["a": 1])
        #expect(result == ["ok": true])
        #expect(descriptor == nil)
    }

    @Test
    func `an error of the daemon is thrown as such`() throws {
        let expected = Failure(.notFound, "none", hint: "look")
        daemon.answer { _ in
            #"{"jsonrpc":"2.0","id":1,"error":\#(expected.json.text)}"# + "\n"
        }
        #expect(throws: expected) { try client().call("x") }
    }

    @Test
    func `a refusal of the whole connection is thrown as such`() throws {
        daemon.answer { _ in
            #"{"jsonrpc":"2.0","id":null,"error":\#(Failure(.busy, "full").json.text)}"# + "\n"
        }
        #expect(throws: Failure(.busy, "full")) { try client().call("x") }
    }

    @Test
    func `notifications that come before the answer are not lost`() throws {
        daemon.answer { _ in
            #"{"jsonrpc":"2.0","method":"event","params":{"n":1}}"# + "\n"
                + #"{"jsonrpc":"2.0","id":1,"result":{}}"# + "\n"
                + #"{"jsonrpc":"2.0","method":"event","params":{"n":2}}"# + "\n"
                + #"{"jsonrpc":"2.0","method":"lagged"}"# + "\n"
        }
        let client = try client()
        _ = try client.call("events.subscribe")
        var seen: [String] = []
        try client.notifications { method, params in
            seen.append(method + params.text)
            return method != "lagged"
        }
        #expect(seen == [#"event{"n":1}"#, #"event{"n":2}"#, "lagged{}"])
        #expect(throws: ClientError.closed) { try client.notifications { _, _ in true } }
    }

    @Test
    func `silence ends after the time given`() throws {
        #expect(throws: ClientError.timedOut) {
            try ArchiveClient(path: daemon.path, timeout: .milliseconds(30)).call("x")
        }
    }

    @Test
    func `the end of the connection is no answer`() throws {
        daemon.answer { _ in "" }
        #expect(throws: ClientError.closed) { try client().call("x") }
    }

    @Test(arguments: ["rubbish\n", "{\"jsonrpc\":\"2.0\",\"id\":1}\n"])
    func `what is not this protocol is said so`(text: String) throws {
        daemon.answer { _ in text }
        let error = try #require(throws: ClientError.self) { try client().call("x") }
        guard case .protocolError = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test
    func `a long answer arrives whole`() throws {
        let text = String(repeating: "x", count: 3_000_000)
        daemon.answer { _ in #"{"jsonrpc":"2.0","id":1,"result":"\#(text)"}"# + "\n" }
        #expect(try client().call("x").result.string?.utf8.count == 3_000_000)
    }

    @Test
    func `without a daemon the error says what to do`() throws {
        let error = try #require(throws: ClientError.self) {
            try ArchiveClient(path: daemon.path + ".none", timeout: nil)
        }
        #expect(error.description.contains(daemon.path + ".none"))
        #expect(error.hint?.contains("systemctl start archived") == true)
    }

    @Test
    func `a path that does not fit is refused`() throws {
        let error = try #require(throws: ClientError.self) {
            try ArchiveClient(path: "/" + String(repeating: "x", count: 107), timeout: nil)
        }
        #expect(error.hint?.contains("107") == true)
    }

    private func client() throws -> ArchiveClient {
        try ArchiveClient(path: daemon.path, timeout: .seconds(20))
    }
}

/// A daemon that takes one connection, reads one line and says what it was told to.
private final class ScriptedDaemon: Sendable {
    let path: String
    private let number: Int32

    init() {
        var template = Array("/tmp/archived-test-XXXXXX".utf8CString)
        close(mkstemp(&template))
        unlink(template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        listen(number, 8)
    }

    deinit {
        close(number)
        unlink(path)
    }

    func answer(_ body: @escaping @Sendable (String) -> String) {
        let listener = number
        DispatchQueue.global().async {
            let client = accept(listener, nil, nil)
            defer { close(client) }
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(client, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
            let answer = Array(body(String(decoding: line, as: UTF8.self)).utf8)
            var sent = 0
            while sent < answer.count {
                let count = answer.withUnsafeBytes {
                    send(
                        client, $0.baseAddress.map { $0 + sent }, answer.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
