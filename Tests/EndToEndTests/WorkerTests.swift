import ArchiveProtocol
import Foundation
import Testing

/// What goes wrong in the processes that read strangers' bytes, and what it costs.
@Suite(.serialized) struct WorkerTests {
    /// The workers of a daemon: its children.
    private static func workers(of daemon: RunningDaemon) -> [pid_t] {
        let path = "/proc/\(daemon.process)/task"
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return tasks.flatMap { task in
            let text = try? String(contentsOfFile: "\(path)/\(task)/children", encoding: .utf8)
            return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    private static func field(_ name: String, of process: pid_t) -> String? {
        let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }

    /// A bundle of stories that takes a while.
    private static func bundle(_ count: Int) throws -> Data {
        let folder = URL(filePath: "/tmp/archived-bundle-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for number in 0..<count {
            try Data(RunningDaemon.story("marker\(number)x")).write(
                to: folder.appending(path: "\(number).txt"))
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tar", "-cf", folder.path + ".tar", "-C", folder.path, "."]
        try process.run()
        process.waitUntilExit()
        defer { try? FileManager.default.removeItem(atPath: folder.path + ".tar") }
        return try Data(contentsOf: URL(filePath: folder.path + ".tar"))
    }

    /// Cyrillic letters in KOI8-R, which follow the Latin letters that they sound like.
    private static func koi8(_ text: String) -> [UInt8] {
        let small = "юабцдефгхийклмнопярстужвьызшэщчъ"
        let letters = Array(small + small.uppercased())
        return text.map { letter in
            if letter == "ё" { return 0xA3 }
            return letters.firstIndex(of: letter).map { UInt8(0xC0 + $0) } ?? letter.asciiValue
                ?? 0x3F
        }
    }

    @Test func `a worker holds its socket, may open nothing and runs on one thread`() throws {
        let daemon = try RunningDaemon()
        try daemon.drop("a.txt", RunningDaemon.story("kestrel"))
        _ = try daemon.ask("sync", ["timeout": 60_000])
        let workers = Self.workers(of: daemon)
        #expect(!workers.isEmpty)
        for worker in workers {
            #expect(Self.field("Seccomp", of: worker) == "2", "the kernel filters its calls")
            #expect(Self.field("NoNewPrivs", of: worker) == "1")
            #expect(Self.field("Threads", of: worker) == "1")
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/fd")
            #expect(open.sorted() == ["0", "1", "2", "3"])
        }
    }

    @Test func `a worker that is killed over and over costs no file`() throws {
        let daemon = try RunningDaemon()
        let count = 3000
        try daemon.drop("all.tar", Array(try Self.bundle(count)))
        var kills = 0
        for _ in 0..<400 where kills < 12 {
            usleep(20_000)
            let progress = try daemon.ask("inbox.status")["reading"]?.array?.first
            guard progress?["members"]?.int ?? 0 > kills * 100,
                let worker = Self.workers(of: daemon).first
            else { continue }
            kill(worker, SIGSEGV)
            kills += 1
        }
        _ = try daemon.ask("sync", ["timeout": 120_000])
        #expect(kills > 0)
        #expect(try daemon.ask("archive.status")["articles"]?.int == count)
        let row = try daemon.ask("inbox.explain", ["path": "all.tar"])
        #expect(row["state"] == "stored" && row["reason"] == nil, "\(row.text)")
        #expect(daemon.log.contains("a reader is replaced"))
    }

    @Test func `a worker that hangs is replaced after its time`() throws {
        let daemon = try RunningDaemon(settings: "limits:\n  pageSeconds: 1\n")
        try daemon.drop("a.txt", RunningDaemon.story("kestrel"))
        _ = try daemon.ask("sync", ["timeout": 60_000])
        let stopped = Self.workers(of: daemon)
        for worker in stopped { kill(worker, SIGSTOP) }
        try daemon.drop("b.txt", RunningDaemon.story("osprey"))
        _ = try daemon.ask("sync", ["timeout": 60_000])
        #expect(try daemon.ask("inbox.explain", ["path": "b.txt"])["state"] == "stored")
        #expect(daemon.log.contains("took more than 1 s"))
        for worker in stopped { kill(worker, SIGKILL) }
    }

    @Test func `a page that takes more memory than a reader may have is set aside`() throws {
        let daemon = try RunningDaemon(settings: "limits:\n  workerBytes: 268435456\n")
        // Each tag is an element; a tree of so many does not fit, long before any other limit.
        let page =
            "<!doctype html><title>Too much</title>"
            + String(repeating: "<i x=1>", count: 4_000_000)
        try daemon.drop("big.html", Array(page.utf8))
        try daemon.drop("a.txt", RunningDaemon.story("kestrel"))
        _ = try daemon.ask("sync", ["timeout": 120_000])
        let row = try daemon.ask("inbox.explain", ["path": "big.html"])
        #expect(row["state"] == "quarantined" && row["reason"] == "too-large", "\(row.text)")
        #expect(try daemon.ask("inbox.explain", ["path": "a.txt"])["state"] == "stored")
    }

    @Test func `pages in old encodings are read behind the walls`() throws {
        let daemon = try RunningDaemon()
        let paragraph = "Вчера паром снова пошёл через реку, и весь город вышел его встречать. "
        let body = "<p>" + String(repeating: paragraph, count: 5) + "</p>"
        let text = """
            <!doctype html><meta charset="koi8-r"><title>Паром вернулся</title>
            <article><h1>Паром вернулся</h1>\(body)\(body)</article>
            """
        try daemon.drop("koi8.html", Self.koi8(text))
        _ = try daemon.ask("sync", ["timeout": 60_000])
        let found = try daemon.ask("articles.search", ["query": "паром"])["items"]?.array
        #expect(found?.first?["headline"]?.string == "Паром вернулся")
    }
}
