import ArchiveProtocol
import CLinux
import Glibc
import Synchronization
import Testing

@testable import Archive

@Suite("What one client may take")
struct SocketBoundsTests {
    @Test
    func `a line at the limit is answered, and one over it ends the connection`() async throws {
        var limits = SocketLimits()
        limits.lineBytes = 1000
        try await withServer(limits: limits) { running in
            let empty = #"{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":""}}"#
            let text = String(repeating: "x", count: 1000 - empty.utf8.count)
            let line = #"{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":"\#(text)"}}"#
            let client = try running.client()
            client.send(line + "\n")
            #expect(try client.answer()["id"] == 1)
            client.send(line + " \n")
            let answer = try client.answer()
            #expect(answer["error"]?["data"]?["code"] == "tooLarge")
            #expect(answer["id"] == .null)
            #expect(client.line() == nil)
        }
    }

    @Test
    func `a client in the middle of an endless line is told so`() async throws {
        try await withServer { running in
            let client = try running.client()
            // Sent whole, although the daemon refuses it half way.
            #expect(client.send([UInt8](repeating: 0x20, count: 3 << 20)))
            #expect(try client.error() == "tooLarge")
            #expect(client.line() == nil)
        }
    }

    @Test
    func `a begun line must end in time, but a silent connection stays`() async throws {
        var limits = SocketLimits()
        limits.lineTime = .milliseconds(60)
        try await withServer(limits: limits) { running in
            let silent = try running.client()
            let slow = try running.client()
            slow.send(#"{"jsonrpc":"#)
            #expect(try slow.error() == "deadlineExceeded")
            #expect(slow.line() == nil)
            silent.ask(1, "echo")
            #expect(try silent.answer()["id"] == 1)
        }
    }

    @Test
    func `beyond the requests under way the rest waits unread`() async throws {
        try await withServer { running in
            let client = try running.client()
            for id in 1...32 { client.ask(id, "wait") }
            client.ask(33, "echo")
            client.ask(34, "articles.get", #"{"id":"cached"}"#)
            // Another client's answer shows that the loop came round after having read those.
            let other = try running.client()
            other.ask(1, "echo")
            #expect(try other.answer()["id"] == 1)
            var ready = pollfd(fd: client.number, events: Int16(POLLIN), revents: 0)
            #expect(poll(&ready, 1, 50) == 0)
            running.service.open()
            var ids: Set<Int> = []
            for _ in 1...34 { ids.insert(try #require(client.answer()["id"]?.int)) }
            #expect(ids == Set(1...34))
        }
    }

    @Test
    func `a client that does not read is dropped, and nobody else notices`() async throws {
        var limits = SocketLimits()
        limits.stallTime = .milliseconds(100)
        limits.outputBytes = 64 << 10
        try await withServer(limits: limits) { running in
            let lazy = try running.client()
            for id in 0..<40 { lazy.ask(id, "big", #"{"bytes":100000}"#) }
            let other = try running.client()
            for id in 0..<100 {
                other.ask(id, "echo")
                #expect(try other.answer()["id"]?.int == id)
            }
            #expect(eventually { running.server.connectionCount == 1 })
            other.ask(1, "echo")
            #expect(try other.answer()["id"] == 1)
        }
    }

    @Test
    func `a client that leaves answers unread is not answered further until it reads`()
        async throws
    {
        try await withServer { running in
            let lazy = try running.client()
            lazy.ask(1, "big", #"{"bytes":900000}"#)
            let other = try running.client()
            // The first answer is on its way when its begin can be read.
            #expect(Self.waitsToBeRead(lazy))
            for id in 2...40 { lazy.ask(id, "note", #"{"text":"a"}"#) }
            other.ask(1, "echo")
            #expect(try other.answer()["id"] == 1)
            #expect(running.service.noted.withLock { $0.isEmpty })
            for _ in 1...40 { #expect(lazy.line() != nil) }
            #expect(running.service.noted.withLock { $0.count } == 39)
        }
    }

    @Test
    func `a client that leaves answers unread and goes away is let go`() async throws {
        try await withServer { running in
            var lazy: RawClient? = try running.client()
            lazy?.ask(1, "big", #"{"bytes":900000}"#)
            #expect(try Self.waitsToBeRead(#require(lazy)))
            for id in 2...40 { lazy?.ask(id, "note", #"{"text":"a"}"#) }
            let other = try running.client()
            other.ask(1, "echo")
            #expect(try other.answer()["id"] == 1)
            lazy = nil
            #expect(eventually { running.server.connectionCount == 1 })
            #expect(running.service.noted.withLock { $0.isEmpty })
        }
    }

    /// Whether something came for a client within twenty seconds.
    private static func waitsToBeRead(_ client: RawClient) -> Bool {
        var ready = pollfd(fd: client.number, events: Int16(POLLIN), revents: 0)
        return poll(&ready, 1, 20_000) == 1
    }

    @Test
    func `past what is held for all, those who do not read are dropped and others are not`()
        async throws
    {
        var limits = SocketLimits()
        limits.heldBytes = 4 << 20
        try await withServer(limits: limits) { running in
            let reader = try running.client()
            reader.ask(1, "echo")
            #expect(try reader.answer()["id"] == 1)
            let lazy = try (0..<20).map { _ in try running.client() }
            for client in lazy { client.ask(1, "big", #"{"bytes":900000}"#) }
            #expect(eventually { running.service.gone.withLock { $0 } >= 12 })
            reader.ask(2, "echo")
            #expect(try reader.answer()["id"] == 2)
        }
    }

    @Test
    func `begun lines of many clients are bounded together`() async throws {
        var limits = SocketLimits()
        limits.heldBytes = 2 << 20
        try await withServer(limits: limits) { running in
            let half = [UInt8](repeating: 0x20, count: 500_000)
            let clients = try (0..<12).map { _ in try running.client() }
            for client in clients { client.send(half) }
            #expect(eventually { running.service.gone.withLock { $0 } >= 7 })
            let other = try running.client()
            other.ask(1, "echo")
            #expect(try other.answer()["id"] == 1)
        }
    }

    @Test
    func `a client that reads slowly gets everything`() async throws {
        var limits = SocketLimits()
        limits.outputBytes = 10_000
        try await withServer(limits: limits) { running in
            let client = try running.client()
            BlockingThread.start {
                for id in 0..<200 { client.ask(id, "big", #"{"bytes":30000}"#) }
            }
            var ids: Set<Int> = []
            for _ in 0..<200 {
                let answer = try client.answer()
                #expect(answer["result"]?.string?.utf8.count == 30000)
                ids.insert(try #require(answer["id"]?.int))
            }
            #expect(ids.count == 200)
        }
    }

    @Test
    func `too many clients are told so, and administrators still get in`() async throws {
        var limits = SocketLimits()
        limits.connections = 5
        limits.reserved = 2
        try await withServer(limits: limits) { running in
            var inside: [RawClient] = []
            for _ in 0..<3 {
                let client = try running.client()
                client.ask(1, "echo")
                #expect(try client.answer()["id"] == 1)
                inside.append(client)
            }
            let outside = try running.client()
            #expect(try outside.error() == "busy")
            #expect(outside.line() == nil)
            let admin = try RawClient(running.adminPath)
            admin.ask(1, "rights")
            #expect(try admin.answer()["result"] == "admin")
            inside = []
            #expect(eventually { running.server.connectionCount == 1 })
            let next = try running.client()
            next.ask(1, "echo")
            #expect(try next.answer()["id"] == 1)
        }
    }

    @Test
    func `where few clients are let in, one of them may be a reader`() async throws {
        var limits = SocketLimits()
        limits.connections = 1
        try await withServer(limits: limits) { running in
            let client = try running.client()
            client.ask(1, "rights")
            #expect(try client.answer()["result"] == "read")
        }
    }

    @Test
    func `notifications reach their client in order and past its outlet's bound none`()
        async throws
    {
        var limits = SocketLimits()
        limits.outletLines = 10
        limits.outputBytes = 64 << 10
        try await withServer(limits: limits) { running in
            let client = try running.client()
            client.ask(1, "subscribe")
            _ = client.line()
            let outlet = try #require(running.service.outlets.withLock { $0.first })
            for number in 0..<8 { #expect(outlet.send(Array("{\"n\":\(number)}".utf8))) }
            for number in 0..<8 { #expect(client.line() == "{\"n\":\(number)}") }
            // Nobody reads now: the kernel's buffer, the output and the outlet fill up.
            let line = [UInt8](repeating: 0x20, count: 20_000)
            var taken = 0
            while eventuallyOnce({ outlet.send(line) }) { taken += 1 }
            #expect(taken >= 10)
            outlet.sendLast(Array("{\"last\":1}".utf8))
            for _ in 0..<taken { #expect(client.line()?.utf8.count == 20_000) }
            #expect(client.line() == "{\"last\":1}")
            #expect(eventually { outlet.send(Array("{}".utf8)) })
            #expect(client.line() == "{}")
        }
    }

    @Test
    func `an outlet of a client that is gone takes nothing`() async throws {
        try await withServer { running in
            let client = try running.client()
            client.ask(1, "subscribe")
            _ = client.line()
            let outlet = try #require(running.service.outlets.withLock { $0.first })
            shutdown(client.number, Int32(SHUT_RDWR))
            #expect(eventually { running.service.gone.withLock { $0 } == 1 })
            #expect(!outlet.send(Array("{}".utf8)))
        }
    }

    /// Whether `condition` comes to hold while the loop may still be making room.
    private func eventuallyOnce(_ condition: () -> Bool) -> Bool {
        for _ in 0..<40 {
            if condition() { return true }
            usleep(5000)
        }
        return false
    }
}
