import ArchiveProtocol
import Foundation
import Testing

/// Kills at any moment: nothing lost, nothing twice.
@Suite(.serialized) struct DaemonCrashTests {
    /// A generator that gives the same numbers for the same seed (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }

    @Test func `every file dropped before, while or after a kill is stored exactly once`() throws {
        let daemon = try RunningDaemon()
        var random = Seeded(state: 20_170_126)
        var words: [String] = []
        for round in 0..<15 {
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let word = "marker\(words.count)x"
                words.append(word)
                try daemon.drop("\(word).txt", RunningDaemon.story(word))
            }
            usleep(UInt32.random(in: 0...30_000, using: &random))
            daemon.end(with: SIGKILL)
            if round % 3 == 0 {
                let word = "marker\(words.count)x"
                words.append(word)
                try daemon.drop("\(word).txt", RunningDaemon.story(word))
            }
            try daemon.start()
        }
        _ = try daemon.ask("sync", ["timeout": 60_000])
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.inbox.path).isEmpty)
        let status = try daemon.ask("archive.status")
        #expect(status["articles"]?.int == words.count)
        #expect(status["originals"]?.int == words.count)
        for word in words {
            let items = try daemon.ask("articles.search", ["query": .string(word)])["items"]?.array
            #expect(items?.count == 1, "\(word)")
        }
        var cursor: JSON?
        repeat {
            var params: [JSON.Member] = [.init("limit", 1000)]
            if let cursor { params.append(.init("cursor", cursor)) }
            let page = try daemon.ask("originals.verify", .object(params))
            for item in page["items"]?.array ?? [] { #expect(item["ok"] == true) }
            cursor = page["nextCursor"]
        } while cursor != nil
    }

    @Test func `files dropped while the daemon is stopped are all accounted for`() throws {
        let daemon = try RunningDaemon()
        // The long form overflows the kernel's queue of 16,384 events.
        let isLong = ProcessInfo.processInfo.environment["ARCHIVED_LONG_TESTS"] == "1"
        let count = isLong ? 20_000 : 2_000
        kill(daemon.process, SIGSTOP)
        for number in 0..<count {
            let path = daemon.inbox.appending(path: "\(number).txt")
            try Data(RunningDaemon.story("marker\(number)x")).write(to: path)
        }
        kill(daemon.process, SIGCONT)
        _ = try daemon.ask("sync", ["timeout": 300_000])
        let status = try daemon.ask("inbox.status")
        #expect(status["stored"]?.int == count)
        if isLong { #expect(status["overflows"]?.int ?? 0 > 0) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.inbox.path).isEmpty)
    }
}
