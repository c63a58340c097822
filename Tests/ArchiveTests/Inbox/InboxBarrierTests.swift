import Glibc
import Testing

@testable import Archive

/// When those who wait for the inbox go on.
@Suite struct InboxBarrierTests {
    @Test func `a barrier returns when all that stood there is done with`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            for number in 0..<50 {
                try place.write("inbox/\(number)", "x")
                #expect(await place.inbox.barrier(timeout: .seconds(10)))
                #expect(taker.names.last == "\(number)")
                #expect(await place.inbox.row(InboxPath("\(number)")) == nil)
            }
        }
    }

    @Test func `those who ask at the same time share the scans`() async throws {
        let place = try InboxPlace()
        for number in 0..<3000 { try place.write("inbox/\(number).part", "x") }
        await place.inbox.open()
        await place.inbox.scan()
        let before = await place.inbox.counters.rescans
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask { await place.inbox.barrier(timeout: .seconds(60)) }
            }
            for await isSettled in group { #expect(isSettled) }
        }
        #expect(await place.inbox.counters.rescans - before <= 50)
        await place.inbox.stop()
    }

    @Test func `a barrier over an empty inbox returns at once`() async throws {
        let place = try InboxPlace()
        await place.inbox.open()
        #expect(await place.inbox.barrier(timeout: .zero))
        await place.inbox.stop()
    }

    @Test(arguments: [Duration.zero, .milliseconds(1), .milliseconds(30)])
    func `a barrier whose time runs out returns false`(timeout: Duration) async throws {
        let place = try InboxPlace()
        await place.inbox.open()
        try place.drop("a", "x")
        for _ in 0..<10 { #expect(await !place.inbox.barrier(timeout: timeout)) }
        #expect(await place.inbox.barriers.isEmpty)
        await place.inbox.stop()
    }

    @Test func `files that wait or are left alone hold no barrier up`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place) { candidate, batch in
                candidate.path.text == "waits"
                    ? .waiting(.diskFull, detail: "no room") : Taker.remove(candidate, batch)
            }
            try place.drop("waits", "x")
            try place.drop("a.part", "x")
            try place.drop("done", "x")
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
            #expect(Set(taker.names) == ["waits", "done"])
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
        }
    }

    @Test func `what arrives after the question does not hold it up`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place, answer: Taker.hold)
            try place.drop("first", "x")
            let isDone = Task { await place.inbox.barrier(timeout: .seconds(10)) }
            #expect(await isSoon { await place.inbox.barriers.count == 1 })
            try place.drop("second", "x")
            #expect(await isSoon { taker.names.contains("second") })
            unlink("\(place.path)/first")
            await place.inbox.finish([(InboxPath("first"), .settled)])
            #expect(await isDone.value)
        }
    }

    @Test func `stopping ends every wait`() async throws {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        await place.inbox.open()
        let watch = Task { await place.inbox.run() }
        try place.write("inbox/a", "x")
        let batches = (0..<3).map { _ in Task { await place.inbox.next() } }
        let barriers = (0..<3).map { _ in
            Task { await place.inbox.barrier(timeout: InboxPlace.never) }
        }
        #expect(
            await isSoon {
                let takers = await place.inbox.takers.count
                let barriers = await place.inbox.barriers.count
                return takers == 3 && barriers == 3
            })
        await place.inbox.stop()
        await watch.value
        for batch in batches { #expect(await batch.value == nil) }
        for barrier in barriers { #expect(await !barrier.value) }
        #expect(await place.inbox.next() == nil)
        #expect(await !place.inbox.barrier(timeout: .seconds(10)), "a file stands there still")
    }

    @Test func `what is in flight may be answered for after the stop`() async throws {
        let place = try InboxPlace()
        await place.inbox.open()
        try place.drop("a", "x")
        await place.inbox.admit(InboxPath("a"))
        #expect(await place.inbox.next()?.candidates.count == 1)
        await place.inbox.stop()
        unlink("\(place.path)/a")
        await place.inbox.finish([(InboxPath("a"), .settled)])
        #expect(await place.inbox.rows().isEmpty)
    }

    @Test func `a watcher that stopped gives its descriptors back`() async throws {
        func count() -> Int {
            InboxPlace.names(Array("/proc/self/fd".utf8)).count { name in
                var target = [CChar](repeating: 0, count: 64)
                let path = "/proc/self/fd/" + String(decoding: name, as: UTF8.self)
                readlink(path, &target, 63)
                return target.withUnsafeBytes {
                    $0.prefix(18).elementsEqual("anon_inode:inotify".utf8)
                }
            }
        }
        let before = count()
        for _ in 0..<200 {
            let place = try InboxPlace()
            await place.inbox.open()
            await place.inbox.stop()
        }
        // Other tests open some of their own meanwhile.
        #expect(await isSoon { count() < before + 100 })
    }
}
