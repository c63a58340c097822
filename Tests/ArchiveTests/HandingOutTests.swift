import Foundation
import Testing

@testable import Archive

/// What the inbox hands out, when, and what it leaves alone.
@Suite struct HandingOutTests {
    private func isEventually(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<1000 {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Runs the stations while `body` acts, then settles what is left.
    private func whileRunning(_ holdings: Holdings, _ body: () async throws -> Void) async throws {
        await holdings.inbox.open()
        let watch = Task { await holdings.inbox.run() }
        let work = Task { try await holdings.lane.run() }
        try await body()
        await holdings.inbox.stop()
        await watch.value
        try await work.value
    }

    @Test func `a file is taken only after its writer closed it`() async throws {
        let holdings = try Holdings()
        let text = Holdings.story("kestrel")
        try await whileRunning(holdings) {
            let path = holdings.inInbox("slow.txt")
            // Made and written through one descriptor: closed once, at the end.
            let file = FileHandle(
                fileDescriptor: open(path.path, O_WRONLY | O_CREAT, 0o600), closeOnDealloc: true)
            for piece in [text.prefix(80), text.dropFirst(80)] {
                try file.write(contentsOf: Data(piece.utf8))
                // Longer than the settle time: a reader that only waits would take half.
                try await Task.sleep(for: .milliseconds(80))
            }
            try file.close()
            #expect(
                try await isEventually { try holdings.row("slow.txt")?.state == .stored })
        }
        #expect(try holdings.row("slow.txt")?.digest == Digest(of: Array(text.utf8)))
        #expect(try holdings.repository.totals().originals == 1)
    }

    @Test func `hard links and files in moved directories are taken`() async throws {
        let holdings = try Holdings()
        try await whileRunning(holdings) {
            let outside = holdings.directory.appending(path: "outside")
            try FileManager.default.createDirectory(
                at: outside.appending(path: "deep"), withIntermediateDirectories: true)
            try Data(Holdings.story("kestrel").utf8).write(
                to: outside.appending(path: "deep/k.txt"))
            let linked = holdings.directory.appending(path: "linked.txt")
            try Data(Holdings.story("osprey").utf8).write(to: linked)
            try FileManager.default.linkItem(at: linked, to: holdings.inInbox("linked.txt"))
            try FileManager.default.moveItem(at: outside, to: holdings.inInbox("moved"))
            #expect(
                try await isEventually {
                    try holdings.row("moved/deep/k.txt")?.state == .stored
                        && holdings.row("linked.txt")?.state == .stored
                })
            // A directory made later is watched as well.
            try FileManager.default.createDirectory(
                at: holdings.inInbox("later"), withIntermediateDirectories: true)
            try Data(Holdings.story("heron").utf8).write(to: holdings.inInbox("later/h.txt"))
            #expect(try await isEventually { try holdings.row("later/h.txt")?.state == .stored })
        }
    }

    @Test func `names that say incomplete are explained and left alone`() async throws {
        let holdings = try Holdings()
        try holdings.drop(".hidden.txt", Holdings.story("kestrel"))
        try holdings.drop("half.part", Holdings.story("osprey"))
        try FileManager.default.createSymbolicLink(
            at: holdings.inInbox("link.txt"), withDestinationURL: URL(filePath: "/etc/hostname"))
        mkfifo(holdings.inInbox("pipe").path, 0o600)
        try await holdings.settle()
        #expect(try holdings.row(".hidden.txt")?.reason == .hidden)
        #expect(try holdings.row("half.part")?.reason == .partialName)
        #expect(try holdings.row("link.txt")?.reason == .special)
        #expect(try holdings.row("pipe")?.reason == .special)
        #expect(try holdings.repository.totals().originals == 0)
        #expect(FileManager.default.fileExists(atPath: holdings.inInbox("half.part").path))
    }

    @Test func `an inbox that was replaced is watched again`() async throws {
        let holdings = try Holdings()
        try await whileRunning(holdings) {
            let inbox = holdings.directory.appending(path: "inbox")
            try FileManager.default.moveItem(
                at: inbox, to: holdings.directory.appending(path: "old"))
            await holdings.inbox.scan()
            #expect(await holdings.inbox.counters.watch == .missing)
            try FileManager.default.createDirectory(at: inbox, withIntermediateDirectories: true)
            await holdings.inbox.scan()
            #expect(await holdings.inbox.counters.watch == .inotify)
            try holdings.drop("k.txt", Holdings.story("kestrel"))
            #expect(try await isEventually { try holdings.row("k.txt")?.state == .stored })
        }
    }

    @Test func `every file is handed out once to whoever asks`() async throws {
        let holdings = try Holdings()
        for number in 0..<2000 { try holdings.drop("\(number).txt", "\(number)") }
        await holdings.inbox.open()
        let watch = Task { await holdings.inbox.run() }
        let counts = await withTaskGroup { group in
            for _ in 0..<3 {
                group.addTask {
                    var seen: [InboxPath] = []
                    while let batch = await holdings.inbox.next() {
                        seen += batch.candidates.map(\.path)
                        for candidate in batch.candidates {
                            unlinkat(batch.inbox.number, candidate.path.cString, 0)
                        }
                        await holdings.inbox.finish(
                            batch.candidates.map { ($0.path, Outcome.settled) })
                    }
                    return seen
                }
            }
            group.addTask {
                #expect(await holdings.inbox.barrier(timeout: .seconds(60)))
                await holdings.inbox.stop()
                return []
            }
            return await group.reduce(into: [InboxPath: Int]()) { counts, seen in
                for path in seen { counts[path, default: 0] += 1 }
            }
        }
        await watch.value
        #expect(counts.count == 2000)
        #expect(counts.values.allSatisfy { $0 == 1 })
    }

    @Test func `a name of any bytes can be shown and read back`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                UInt8.random(in: 1...255, using: &random)
            }
            let shown = ByteName.display(bytes)
            #expect(ByteName.bytes(shown) == bytes)
            #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
        }
    }
}
