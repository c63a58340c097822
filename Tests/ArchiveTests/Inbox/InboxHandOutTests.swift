import Glibc
import Synchronization
import Testing

@testable import Archive

/// How files are handed out, and that none is missed.
@Suite struct InboxHandOutTests {
    @Test(.timeLimit(.minutes(1)))
    func `a watch that is cancelled lets go of those who wait for files`() async throws {
        let place = try InboxPlace()
        await place.inbox.open()
        let taker = Task { await place.inbox.next() }
        let watch = Task { await InboxWatch(inbox: place.inbox).run() }
        watch.cancel()
        await watch.value
        #expect(await taker.value == nil)
    }

    @Test func `a batch is bounded in files`() async throws {
        let place = try InboxPlace { $0.batchFiles = 3 }
        await place.inbox.open()
        for number in 0..<7 {
            try place.drop("\(number)", "x")
            await place.inbox.admit(InboxPath("\(number)"))
        }
        var batches: [[String]] = []
        for _ in 0..<3 {
            batches.append(await place.inbox.next()?.candidates.map(\.path.text) ?? [])
        }
        #expect(batches == [["0", "1", "2"], ["3", "4", "5"], ["6"]], "oldest first")
        await place.inbox.stop()
    }

    @Test func `a batch is bounded in bytes save for one larger file`() async throws {
        let place = try InboxPlace { $0.batchBytes = 10 }
        await place.inbox.open()
        for (name, size) in [("a", 4), ("b", 6), ("c", 1), ("d", 50), ("e", 10), ("f", 0)] {
            try place.drop(name, String(repeating: "x", count: size))
            await place.inbox.admit(InboxPath(name))
        }
        var batches: [String] = []
        while await place.inbox.tally().queued > 0 {
            let batch = await place.inbox.next()?.candidates.map(\.path.text) ?? []
            batches.append(batch.joined())
        }
        #expect(batches == ["ab", "c", "d", "ef"])
        await place.inbox.stop()
    }

    @Test func `a large file comes alone, and large ones leave a lane to the small ones`()
        async throws
    {
        let place = try InboxPlace {
            $0.largeBytes = 10
            $0.mostLarge = 1
        }
        await place.inbox.open()
        for (name, size) in [("a", 1), ("B", 10), ("c", 1), ("D", 50), ("e", 1)] {
            try place.drop(name, String(repeating: "x", count: size))
            await place.inbox.admit(InboxPath(name))
        }
        func next() async -> String {
            let batch = await place.inbox.next()?.candidates ?? []
            return batch.map(\.path.text).joined()
        }
        #expect(await next() == "ace")
        #expect(await next() == "B")
        try place.drop("f", "x")
        await place.inbox.admit(InboxPath("f"))
        #expect(await next() == "f", "D waits for B")
        await place.inbox.finish([(InboxPath("B"), .settled)])
        #expect(await next() == "D")
        #expect(await place.inbox.tally().queued == 0)
        await place.inbox.stop()
    }

    @Test func `files are counted and listed by the state that they are in`() async throws {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        await place.inbox.open()
        for name in ["b", "a", "c"] {
            try place.drop(name, "x")
            await place.inbox.admit(InboxPath(name))
        }
        _ = await place.inbox.next()
        try place.drop("d", "x")
        await place.inbox.admit(InboxPath("d"))
        try place.write("inbox/e", "x")
        try place.write("inbox/.f", "x")
        await place.inbox.scan()
        await place.inbox.finish([(InboxPath("b"), .waiting(.diskFull, detail: "no"))])
        let rows = await place.inbox.rows()
        #expect(rows.map(\.path.text) == ["a", "b", "c", "d", "e"])
        #expect(rows.map(\.state) == [.parsing, .waiting, .parsing, .queued, .settling])
        let tally = await place.inbox.tally()
        #expect(tally == (queued: 2, inFlight: 2, waiting: 1, ignored: 1))
        await place.inbox.stop()
    }

    @Test func `an inbox that was replaced is watched anew`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            try place.rename("inbox", "outside/old")
            #expect(await isSoon { await place.inbox.counters.watch == .missing })
            #expect(await place.inbox.counters.problem?.contains("is missing") == true)
            try place.makeDirectory("inbox")
            await place.inbox.scan()
            #expect(await place.inbox.counters.watch == .inotify)
            #expect(await place.inbox.counters.problem == nil)
            try place.drop("new", "x")
            #expect(await isSoon { taker.names == ["new"] })
            // What happens in the old one is nobody's business.
            try place.write("outside/old/stray", "x")
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
            #expect(taker.names == ["new"])
        }
    }

    @Test func `another directory in place of the inbox is noticed by a scan alone`()
        async throws
    {
        let place = try InboxPlace { $0.rescan = .milliseconds(50) }
        try place.makeDirectory("next")
        try place.write("next/a", "x")
        try await place.whileWatching {
            let taker = Taker(place)
            // As when a file system is mounted over it: no event tells.
            await place.inbox.watcher?.unwatchAll()
            try place.rename("inbox", "outside/old")
            try place.rename("next", "inbox")
            #expect(await isSoon { taker.names == ["a"] })
            try place.drop("b", "x")
            #expect(await isSoon { taker.names == ["a", "b"] })
        }
    }

    @Test func `files that were queued when the inbox went are handed out when it is back`()
        async throws
    {
        let place = try InboxPlace()
        await place.inbox.open()
        try place.drop("a", "x")
        await place.inbox.admit(InboxPath("a"))
        try place.rename("inbox", "outside/away")
        await place.inbox.scan()
        #expect(await place.inbox.counters.watch == .missing)
        let batch = Task { await place.inbox.next() }
        #expect(await isSoon { await place.inbox.takers.count == 1 })
        try place.rename("outside/away", "inbox")
        await place.inbox.scan()
        #expect(await isSoon { await place.inbox.takers.isEmpty })
        await place.inbox.stop()
        #expect(await batch.value?.candidates.map(\.path.text) == ["a"])
    }

    @Test func `a waiting file is not told as gone because the inbox is`() async throws {
        let place = try InboxPlace { $0.retry = .milliseconds(10) }
        await place.inbox.open()
        try place.drop("a", "x")
        await place.inbox.admit(InboxPath("a"))
        _ = await place.inbox.next()
        try place.rename("inbox", "outside/away")
        await place.inbox.scan()
        await place.inbox.finish([(InboxPath("a"), .waiting(.diskFull, detail: "no room"))])
        let entry = try #require(await place.inbox.entries[InboxPath("a")])
        await place.inbox.look(InboxPath("a"), entry)
        #expect(place.ledger.rows("a").map(\.state) == [.waiting])
        await place.inbox.stop()
    }

    @Test func `nothing is missed when the kernel's queue overflows`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            let before = await place.inbox.counters
            // From here on no event tells of a file.
            await place.inbox.watcher?.unwatchAll()
            for number in 0..<20 { try place.drop("\(number)", "x") }
            await place.inbox.watcher?.note(InboxWatcherTests.overflow[...])
            #expect(await isSoon { taker.all.count == 20 })
            let after = await place.inbox.counters
            #expect(after.overflows == before.overflows + 1)
            #expect(after.rescans > before.rescans)
            // The scan watches again.
            try place.drop("later", "x")
            #expect(await isSoon { taker.names.contains("later") })
        }
    }

    @Test(arguments: 1...5)
    func `two thousand files are handed out once each to three takers`(round: Int) async throws {
        let place = try InboxPlace { $0.batchFiles = 7 * round }
        try place.makeDirectory("inbox/d")
        try await place.whileWatching {
            let takers = (0..<3).map { _ in Taker(place) }
            for number in 0..<2000 {
                switch number % 4 {
                case 0: try place.drop("\(number)", "\(number)")
                case 1: try place.drop("d/\(number)", "\(number)")
                case 2: try place.write("inbox/\(number)", "\(number)")
                default:
                    try place.write("outside/\(number)", "\(number)")
                    try place.link("outside/\(number)", "inbox/\(number)")
                }
            }
            #expect(await place.inbox.barrier(timeout: .seconds(60)))
            let all = takers.flatMap(\.all)
            #expect(all.count == 2000)
            #expect(Set(all.map(\.name)).count == 2000)
            #expect(
                all.allSatisfy { $0.name.split(separator: "/").last.map(String.init) == $0.text })
            #expect(await place.inbox.rows().isEmpty)
        }
    }
}
