import Glibc
import Testing

@testable import Archive

/// What becomes of files that could not be taken, or changed under the reader's hands.
@Suite struct InboxRetryTests {
    @Test func `a file that changes while in flight is handed out again`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place, answer: Taker.hold)
            try place.drop("a", "one")
            #expect(await isSoon { taker.texts("a") == ["one"] })
            try place.write("inbox/a", " two")
            await place.inbox.scan()
            await place.inbox.finish([(InboxPath("a"), .settled)])
            #expect(await isSoon { taker.texts("a") == ["one", "one two"] })
            await place.inbox.finish([(InboxPath("a"), .changed)])
            #expect(await isSoon { taker.all.count == 3 }, "changed, as the lane says")
            try place.drop("a", "another")
            await place.inbox.finish([(InboxPath("a"), .gone)])
            #expect(await isSoon { taker.texts("a").last == "another" })
        }
    }

    @Test func `a file that is done with or gone is known no more`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place, answer: Taker.hold)
            for (name, outcome) in [("a", Outcome.settled), ("b", .gone)] {
                try place.drop(name, "x")
                #expect(await isSoon { taker.names.contains(name) })
                #expect(await place.inbox.row(InboxPath(name))?.state == .parsing)
                unlink("\(place.path)/\(name)")
                await place.inbox.finish([(InboxPath(name), outcome)])
                #expect(await place.inbox.row(InboxPath(name)) == nil)
            }
            // An answer for what nobody has is no news.
            await place.inbox.finish([(InboxPath("c"), .changed)])
            #expect(await place.inbox.rows().isEmpty)
        }
    }

    @Test func `a file removed before it came to rest is forgotten`() async throws {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        try await place.whileWatching {
            try place.write("inbox/a", "x")
            #expect(await isSoon { await place.inbox.row(InboxPath("a")) != nil })
            unlink("\(place.path)/a")
            await place.inbox.scan()
            #expect(await place.inbox.rows().isEmpty)
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
        }
    }

    @Test func `a file that waits is told with its reason and tried again later and later`()
        async throws
    {
        let place = try InboxPlace {
            $0.retry = .seconds(10)
            $0.rescan = .seconds(60)
        }
        await place.inbox.open()
        try place.drop("a", "x")
        let path = InboxPath("a")
        await place.inbox.admit(path)
        for pause in [10, 20, 40, 60, 60] {
            _ = await place.inbox.next()
            let before = ContinuousClock.now
            await place.inbox.finish([(path, .waiting(.permission, detail: "not readable"))])
            let due = try #require(await place.inbox.entries[path]?.due)
            #expect(due >= before + .seconds(pause))
            #expect(due <= ContinuousClock.now + .seconds(pause))
            #expect(await place.inbox.retry(path) == 1)
        }
        let rows = place.ledger.rows("a")
        #expect(rows.count == 5)
        #expect(rows.allSatisfy { $0.state == .waiting && $0.reason == .permission })
        #expect(rows.first?.detail == "not readable")
        #expect(await place.inbox.retry(nil) == 0, "it does not wait any more")
        await place.inbox.stop()
    }

    @Test func `a file that waits is handed out again by the timer alone`() async throws {
        let place = try InboxPlace { $0.retry = .milliseconds(5) }
        try await place.whileWatching {
            let taker = Taker(place) { _, _ in .waiting(.ioError, detail: "no") }
            try place.drop("a", "x")
            #expect(await isSoon { taker.all.count >= 4 })
        }
    }

    @Test func `new rights are a reason to try again at once`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place) { candidate, batch in
                guard access("\(place.root)/ready", F_OK) == 0 else {
                    return .waiting(.permission, detail: "no")
                }
                return Taker.remove(candidate, batch)
            }
            try place.drop("a", "x")
            #expect(await isSoon { await place.inbox.tally().waiting == 1 })
            // Beside the inbox: within it, the mark itself would be taken away.
            try place.write("ready", "")
            chmod("\(place.path)/a", 0o666)
            #expect(await isSoon { !place.exists("inbox/a") })
            #expect(taker.texts("a").count == 2)
        }
    }

    @Test func `a waiting file that is removed is told as gone`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place) { _, _ in .waiting(.tooLarge, detail: "no") }
            try place.drop("a", "x")
            #expect(await isSoon { await place.inbox.tally().waiting == 1 })
            unlink("\(place.path)/a")
            await place.inbox.scan()
            #expect(place.ledger.rows("a").map(\.state) == [.waiting, .gone])
            #expect(taker.all.count == 1)
        }
    }

    @Test func `a file that never rests is told as such and is not taken half`() async throws {
        let place = try InboxPlace {
            $0.quiet = .milliseconds(10)
            $0.maximumWait = .milliseconds(50)
            $0.retry = .milliseconds(10)
        }
        try await place.whileWatching {
            let taker = Taker(place)
            var writer: Writer? = try Writer("\(place.path)/log")
            try writer?.write("one")
            #expect(
                await isSoon { place.ledger.rows("log").count >= 3 },
                "it is looked at again and again")
            #expect(place.ledger.rows("log").allSatisfy { $0.reason == .stillChanging })
            #expect(taker.all.isEmpty)
            // Nobody who asks waits for it.
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
            try writer?.write(" two")
            writer = nil
            #expect(await isSoon { taker.texts("log") == ["one two"] })
        }
    }
}
