import ArchiveProtocol
import Foundation
import Glibc
import Testing

/// What the built daemon does about trouble, and whom it tells.
@Suite(.serialized) struct DaemonTroubleTests {
    /// Asks until something holds, for half a minute.
    private func isSoon(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<3000 {
            if try condition() { return true }
            usleep(10_000)
        }
        return false
    }

    private func hits(_ query: String, in daemon: RunningDaemon) throws -> Int? {
        try daemon.ask("articles.search", ["query": .string(query)])["items"]?.array?.count
    }

    @Test func `a directory that may not be read is told, holds nobody up, and heals`() throws {
        let daemon = try RunningDaemon(isNobody: true)
        let folder = daemon.home.appending(path: "folder")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try Data(RunningDaemon.story("kestrel")).write(to: folder.appending(path: "k.txt"))
        chown(folder.path, 65534, 65534)
        chown(folder.appending(path: "k.txt").path, 65534, 65534)
        chmod(folder.path, 0o000)
        try FileManager.default.moveItem(at: folder, to: daemon.inbox.appending(path: "closed"))
        try daemon.drop("o.txt", RunningDaemon.story("plover"))
        #expect(try daemon.ask("sync")["revision"] != nil)

        let row = try daemon.ask("inbox.explain", ["path": "closed"])
        #expect(row["state"] == "waiting" && row["reason"] == "permission")
        #expect(row["detail"]?.string?.contains("chmod g+rx") == true)
        #expect(try daemon.ask("inbox.explain", ["path": "o.txt"])["state"] == "stored")
        let status = try daemon.ask("archive.status")
        #expect(status["state"] == "degraded" && status["waiting"] == 1)
        #expect(status["problems"]?.array?.first?.string?.hasPrefix("closed: ") == true)
        #expect(try daemon.ask("inbox.status")["watch"] == "inotify")
        #expect(daemon.log.contains("closed waits: the directory cannot be read"))

        chmod(daemon.inbox.appending(path: "closed").path, 0o700)
        #expect(try isSoon { try hits("kestrel", in: daemon) == 1 })
        #expect(try daemon.ask("archive.status")["state"] == "running")
    }

    @Test func `administration is logged whatever the level`() throws {
        let daemon = try RunningDaemon(settings: "log:\n  level: critical\n")
        #expect(try daemon.ctl("reload").exitCode == 0)
        #expect(daemon.log.contains("archive.reload was called"))
        #expect(!daemon.log.contains("serving"))
    }

    /// Forgets the log of a stopped daemon's database and turns those pages of it that hold `name`
    /// into none.
    private func damage(_ database: String, pagesWith name: String) throws -> Int {
        for log in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + log) }
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: database)))
        let size = 4096
        var count = 0
        for page in stride(from: size, to: bytes.count, by: size) {
            let range = page..<min(page + size, bytes.count)
            guard Data(bytes[range]).range(of: Data(name.utf8)) != nil else { continue }
            bytes[page] = 0xFF
            count += 1
        }
        try Data(bytes).write(to: URL(filePath: database))
        return count
    }

    @Test func `a database that proves to be damaged ends the daemon with the remedy`() throws {
        let daemon = try RunningDaemon()
        // So many that the log is moved into the database.
        for number in 0..<40 {
            try daemon.drop("kestrel\(number).txt", RunningDaemon.story("kestrel\(number)"))
            #expect(try daemon.ask("sync")["revision"] != nil)
        }
        #expect(daemon.end(with: SIGTERM) == 0)
        let database = daemon.home.appending(path: "state/archive.sqlite").path
        #expect(try damage(database, pagesWith: "kestrel0.txt") > 0)
        var status: Int32?
        do {
            try daemon.start()
            try daemon.drop("plover.txt", RunningDaemon.story("plover"))
            status = daemon.awaitEnd()
        } catch let trouble as RunningDaemon.Trouble { status = trouble.status }
        #expect(status == 78)
        #expect(daemon.log.contains("the database \(database) is damaged: "))
        #expect(daemon.log.contains("move \(database), \(database)-wal"))

        for file in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: database + file)
        }
        try daemon.start()
        #expect(try isSoon { try hits("kestrel0 OR kestrel39", in: daemon) == 2 })
    }

    @Test func `a file that is no database is refused at the start with the remedy`() throws {
        let daemon = try RunningDaemon()
        #expect(daemon.end(with: SIGTERM) == 0)
        let database = daemon.home.appending(path: "state/archive.sqlite").path
        _ = try damage(database, pagesWith: "none")
        try Data(String(repeating: "no database ", count: 1000).utf8).write(
            to: URL(filePath: database))
        let trouble = #expect(throws: RunningDaemon.Trouble.self) { try daemon.start() }
        #expect(trouble?.status == 78)
        #expect(daemon.log.contains("the database \(database) is damaged: "))
        #expect(daemon.log.contains("everything is read again from the originals"))
    }

    @Test func `it ends well while questions are under way`() throws {
        let daemon = try RunningDaemon()
        for number in 0..<30 {
            try daemon.drop("\(number).txt", RunningDaemon.story("kestrel\(number)"))
        }
        #expect(try daemon.ask("sync")["revision"] != nil)
        for round in 0..<15 {
            let listener = try Listener(daemon.socket)
            // Nobody waits for the answers of these, so that they outlive their client.
            for _ in 0..<200 {
                try listener.tell("articles.search", ["query": "bridge", "limit": 1000])
            }
            usleep(useconds_t(round * 3000))
            #expect(daemon.end(with: SIGTERM) == 0)
            try daemon.start()
        }
    }

    @Test func `a listener who does not read is told what it missed, and has all of it`() throws {
        let daemon = try RunningDaemon()
        let listener = try Listener(daemon.socket)
        try listener.ask("events.subscribe", [:])
        let first = try #require(try listener.line()["result"]?["revision"]?.int)
        // More events than a listener and the kernel hold, of one file: what several lanes commit
        // may be told in another order, and is then read from the log, for which nobody lags.
        var zip = ZipFile()
        for number in 0..<6000 {
            zip.add("\(number).txt", RunningDaemon.story("b\(number)"))
        }
        try daemon.drop("events.zip", zip.bytes)
        _ = try daemon.ask("sync", ["timeout": 600_000])
        let last = try #require(try daemon.ask("archive.status")["revision"]?.int)
        var seen = first
        var lags = 0
        while seen < last {
            let line = try listener.line()
            let params = line["params"]
            switch line["method"]?.string {
            case "event":
                #expect(params?["revision"]?.int == seen + 1)
                seen = params?["revision"]?.int ?? last
            case "lagged":
                lags += 1
                #expect(params?["from"]?.int == seen)
                try listener.ask("events.subscribe", ["since": .integer(seen)])
            default: #expect(line["result"]?["revision"] != nil)
            }
        }
        #expect(lags >= 1)
        #expect(last >= first + 6000)
    }

    /// A client that reads when it is told to.
    private final class Listener {
        private let number: Int32
        private var received: [UInt8] = []
        private var start = 0

        init(_ path: String) throws {
            number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard connected == 0 else { throw RunningDaemon.Trouble(description: "no connection") }
        }

        deinit { close(number) }

        func ask(_ method: String, _ params: JSON) throws {
            try send([
                "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": params,
            ])
        }

        /// Asks without an answer.
        func tell(_ method: String, _ params: JSON) throws {
            try send(["jsonrpc": "2.0", "method": .string(method), "params": params])
        }

        private func send(_ request: JSON) throws {
            let line = request.bytes + [0x0A]
            guard Glibc.send(number, line, line.count, Int32(MSG_NOSIGNAL)) == line.count else {
                throw RunningDaemon.Trouble(description: "the connection is broken")
            }
        }

        /// The next line.
        func line() throws -> JSON {
            while true {
                if let end = received[start...].firstIndex(of: 0x0A) {
                    defer { start = end + 1 }
                    return try JSONParser.parse(received[start..<end])
                }
                received.removeFirst(start)
                start = 0
                var piece = [UInt8](repeating: 0, count: 1 << 16)
                let count = recv(number, &piece, piece.count, 0)
                guard count > 0 else { throw RunningDaemon.Trouble(description: "no more lines") }
                received += piece[..<count]
            }
        }
    }
}
