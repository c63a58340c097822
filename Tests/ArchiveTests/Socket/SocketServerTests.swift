import ArchiveProtocol
import CLinux
import Glibc
import Logging
import Synchronization
import Testing

@testable import Archive

@Suite("Requests over the socket")
struct SocketServerTests {
    @Test
    func `a request is answered under its id`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.ask(9, "echo", #"{"a":"ü\n"}"#)
            #expect(client.line() == #"{"jsonrpc":"2.0","id":9,"result":{"a":"ü\n"}}"#)
        }
    }

    @Test
    func `articles in memory are answered from there, others by the service`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.ask(1, "articles.get", #"{"id":"cached"}"#)
            #expect(client.line() == #"{"jsonrpc":"2.0","id":1,"result":{"from":"memory"}}"#)
            client.ask(2, "articles.get", #"{"id":"other"}"#)
            #expect(client.line() == #"{"jsonrpc":"2.0","id":2,"result":{"from":"store"}}"#)
        }
    }

    @Test(arguments: ["articles.get", "echo"])
    func `an id beyond 53 bits and an escaped id come back as they were`(method: String)
        async throws
    {
        try await withServer { running in
            let client = try running.client()
            for id in ["9007199254740993", "-12", "1e3", #""a\u0041""#, #""plain""#] {
                client.send(
                    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{"id":"cached"}}"#
                        + "\n")
                let line = try #require(client.line())
                #expect(line.hasPrefix(#"{"jsonrpc":"2.0","id":\#(id),"result":"#))
            }
        }
    }

    @Test
    func `a request is answered whatever pieces it comes in`() async throws {
        let line = #"{"jsonrpc":"2.0","id":1,"method":"articles.get","params":{"id":"cached"}}"#
        try await withServer { running in
            let client = try running.client()
            for count in 1..<line.utf8.count {
                client.send(String(line.prefix(count)))
                client.send(String(line.dropFirst(count)) + "\r\n")
                #expect(client.line() == #"{"jsonrpc":"2.0","id":1,"result":{"from":"memory"}}"#)
            }
        }
    }

    @Test
    func `thousands of requests in one go are all answered`() async throws {
        try await withServer { running in
            let client = try running.client()
            var text = ""
            for id in 0..<5000 {
                let method = id % 7 == 0 ? "echo" : "articles.get"
                text +=
                    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{"id":"cached"}}"#
                text += "\n"
            }
            let all = text
            BlockingThread.start { client.send(all) }
            var ids: Set<Int> = []
            for _ in 0..<5000 { ids.insert(try #require(client.answer()["id"]?.int)) }
            #expect(ids.count == 5000)
        }
    }

    @Test
    func `an error carries its name, hint and retryability`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.ask(3, "fail")
            let answer = try client.answer()
            #expect(answer["id"] == 3)
            #expect(answer["error"]?["code"] == 1001)
            #expect(answer["error"]?["data"]?["code"] == "notFound")
            #expect(answer["error"]?["data"]?["hint"] == "look elsewhere")
            #expect(answer["error"]?["data"]?["retryable"] == false)
        }
    }

    @Test
    func `a line that is no request is refused and the next one answered`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send("not json\n")
            #expect(try client.error() == "parseError")
            client.send(#"[{"jsonrpc":"2.0","id":1,"method":"echo"}]"# + "\n")
            #expect(try client.error() == "invalidRequest")
            client.send(#"{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":1,"a":2}}"# + "\n")
            #expect(try client.error() == "parseError")
            client.ask(2, "echo")
            #expect(try client.answer()["id"] == 2)
        }
    }

    @Test
    func `empty lines are passed over and notifications not answered`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send("\n\r\n")
            client.send(#"{"jsonrpc":"2.0","method":"note","params":{"text":"a"}}"# + "\n")
            client.send(#"{"jsonrpc":"2.0","method":"fail"}"# + "\n")
            client.ask(5, "echo")
            #expect(try client.answer()["id"] == 5)
            #expect(eventually { running.service.noted.withLock { $0 } == ["a"] })
        }
    }

    @Test
    func `notifications of a client that went away are all carried out`() async throws {
        try await withServer { running in
            let client = try running.client()
            let one = #"{"jsonrpc":"2.0","method":"note","params":{"text":"a"}}"# + "\n"
            client.send(String(repeating: one, count: 3000))
            shutdown(client.number, Int32(SHUT_RDWR))
            #expect(eventually { running.service.noted.withLock { $0.count } == 3000 })
            #expect(eventually { running.server.connectionCount == 0 })
        }
    }

    @Test
    func `what a client asked that went away is not carried out`() async throws {
        try await withServer { running in
            let client = try running.client()
            for id in 1...32 { client.ask(id, "wait") }
            // At once: a socket that is read no further has no room for so many messages.
            let note = #"{"jsonrpc":"2.0","id":2,"method":"note","params":{"text":"a"}}"# + "\n"
            client.send(String(repeating: note, count: 400))
            let other = try running.client()
            other.ask(1, "echo")
            #expect(try other.answer()["id"] == 1)
            shutdown(client.number, Int32(SHUT_RDWR))
            other.ask(2, "echo")
            #expect(try other.answer()["id"] == 2)
            running.service.open()
            #expect(eventually { running.server.connectionCount == 1 })
            #expect(running.service.noted.withLock { $0.isEmpty })
        }
    }

    @Test
    func `a client that ends its sending still gets its answers`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.ask(1, "wait")
            client.ask(2, "echo")
            client.endSending()
            #expect(try client.answer()["id"] == 2)
            running.service.open()
            #expect(try client.answer()["id"] == 1)
            #expect(client.line() == nil)
        }
    }

    @Test
    func `a last line without a line feed is refused`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.send(#"{"jsonrpc":"2.0","id":1,"method":"echo"}"#)
            client.endSending()
            #expect(try client.error() == "parseError")
            #expect(client.line() == nil)
        }
    }

    @Test
    func `each socket gives its own rights, and the caller is known`() async throws {
        try await withServer { running in
            for (path, rights) in [(running.path, "read"), (running.adminPath, "admin")] {
                let client = try RawClient(path)
                client.ask(1, "rights")
                #expect(try client.answer()["result"]?.string == rights)
                client.ask(2, "peer")
                let peer: JSON = [.integer(getpid()), .integer(getuid())]
                #expect(try client.answer()["result"] == peer)
            }
        }
    }

    @Test
    func `the heart beats while the loop runs, and a client's going is noticed`() async throws {
        var limits = SocketLimits()
        limits.heartbeatTime = .seconds(20)
        let place = TemporaryPlace()
        let service = StubService()
        let listener = try Listener.bind(
            path: place.file("a"), mode: 0o600, group: nil, rights: .read)
        let server = try SocketServer(
            listeners: [listener], service: service, limits: limits, logger: .init(label: "test"))
        let running = Task { try await server.run() }
        #expect(await server.heartbeat())
        try await blocking {
            let client = try RawClient(place.file("a"))
            client.ask(1, "echo")
            _ = client.line()
            #expect(server.connectionCount == 1)
        }
        try await blocking { #expect(eventually { service.gone.withLock { $0 } == 1 }) }
        running.cancel()
        try await running.value
        #expect(access(place.file("a"), F_OK) != 0)
    }

    @Test
    func `the heart does not beat without the loop`() async throws {
        var limits = SocketLimits()
        limits.heartbeatTime = .milliseconds(10)
        let server = try SocketServer(
            listeners: [], service: StubService(), limits: limits, logger: .init(label: "test"))
        #expect(await server.heartbeat() == false)
    }

    @Test
    func `stopping sends the answers under way and lets nobody in`() async throws {
        let place = TemporaryPlace()
        let service = StubService()
        let listener = try Listener.bind(
            path: place.file("a"), mode: 0o600, group: nil, rights: .read)
        var limits = SocketLimits()
        limits.drainTime = .seconds(20)
        let server = try SocketServer(
            listeners: [listener], service: service, limits: limits, logger: .init(label: "test"))
        let running = Task { try await server.run() }
        let client = try await blocking {
            let client = try RawClient(place.file("a"))
            client.ask(1, "echo")
            #expect(try client.answer()["id"] == 1)
            client.ask(2, "wait")
            client.ask(3, "echo")
            #expect(try client.answer()["id"] == 3)
            return client
        }
        running.cancel()
        #expect(await server.heartbeat())
        service.open()
        try await blocking {
            let answer = try client.answer()
            #expect(answer["id"] == 2)
            #expect(client.line() == nil)
        }
        try await running.value
    }
}
