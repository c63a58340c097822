import Glibc
import Testing

@testable import Archive

/// When a file that arrives is handed out, and as what.
@Suite struct InboxArrivalTests {
    @Test func `a file renamed in is handed out at once`() async throws {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        try await place.whileWatching {
            let taker = Taker(place)
            try place.drop("a.txt", "whole")
            #expect(await isSoon { taker.texts("a.txt") == ["whole"] })
        }
    }

    @Test func `a file written in place is handed out after it was closed and never half`()
        async throws
    {
        // Shorter than the writer's pauses: waiting alone would take half.
        let place = try InboxPlace { $0.quiet = .milliseconds(30) }
        try await place.whileWatching {
            let taker = Taker(place)
            var writer: Writer? = try Writer("\(place.path)/slow.txt")
            for piece in ["one", " two", " three"] {
                try writer?.write(piece)
                try await Task.sleep(for: .milliseconds(120))
                await place.inbox.scan()
                #expect(taker.all.isEmpty, "taken while it was open")
            }
            try writer?.write(" four")
            writer = nil
            #expect(await isSoon { !taker.all.isEmpty })
            #expect(taker.texts("slow.txt") == ["one two three four"])
        }
    }

    @Test func `a file closed and opened again by its writer is not at rest`() async throws {
        let place = try InboxPlace()
        await place.inbox.open()
        try place.write("inbox/a", "head")
        let writer = try Writer("\(place.path)/a")
        let (path, stamp) = (InboxPath("a"), try place.candidate("a").stamp)
        await place.inbox.notice(path, .file(stamp, links: 1), hint: .closed)
        let entry = try #require(await place.inbox.entries[path])
        await place.inbox.look(path, entry)
        #expect(await place.inbox.row(path)?.state == .settling)
        withExtendedLifetime(writer) {}
    }

    @Test func `a file that keeps changing after it was closed rests before it is handed out`()
        async throws
    {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        await place.inbox.open()
        try place.write("inbox/a", "one")
        let path = InboxPath("a")
        let stamp = try place.candidate("a").stamp
        await place.inbox.notice(path, .file(stamp, links: 1), hint: .closed)
        for text in [" two", " three"] {
            let before = try #require(await place.inbox.entries[path])
            try place.write("inbox/a", text)
            await place.inbox.look(path, before)
            #expect(await place.inbox.row(path)?.state == .settling)
        }
        await place.inbox.look(path, try #require(await place.inbox.entries[path]))
        #expect(await place.inbox.row(path)?.state == .queued)
        let batch = await place.inbox.next()
        #expect(batch?.candidates.map(\.stamp) == [try place.candidate("a").stamp])
        await place.inbox.stop()
    }

    @Test func `a hard link and a file that was there before are handed out`() async throws {
        let place = try InboxPlace()
        try place.write("inbox/before.txt", "old")
        try place.write("outside/a", "linked")
        try await place.whileWatching {
            let taker = Taker(place)
            try place.link("outside/a", "inbox/a.txt")
            #expect(await isSoon { taker.all.count == 2 })
            #expect(taker.texts("before.txt") == ["old"])
            #expect(taker.texts("a.txt") == ["linked"])
        }
        #expect(place.text("outside/a") == "linked")
    }

    @Test func `files in a directory that is moved in are handed out whatever their depth`()
        async throws
    {
        let place = try InboxPlace()
        try place.makeDirectory("outside/d")
        try place.write("outside/d/1", "one")
        try place.makeDirectory("outside/d/e")
        try place.write("outside/d/e/2", "two")
        try await place.whileWatching {
            let taker = Taker(place)
            try place.rename("outside/d", "inbox/d")
            #expect(await isSoon { Set(taker.names) == ["d/1", "d/e/2"] })
            try place.write("inbox/d/e/3", "three")
            #expect(await isSoon { taker.texts("d/e/3") == ["three"] })
        }
    }

    @Test func `files written into directories as they are made are each handed out once`()
        async throws
    {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            var names: [String] = []
            for number in 0..<40 {
                try place.makeDirectory("inbox/d\(number)")
                try place.makeDirectory("inbox/d\(number)/e")
                try place.write("inbox/d\(number)/e/f", "\(number)")
                names.append("d\(number)/e/f")
            }
            #expect(await isSoon { taker.all.count >= names.count })
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
            #expect(taker.names.sorted() == names.sorted())
        }
    }

    @Test(arguments: [
        (".a.txt", Reason.hidden), ("a.part", .partialName), ("a.tmp", .partialName),
        ("a.txt.crdownload", .partialName), ("a.filepart", .partialName),
    ])
    func `a name that says incomplete is explained and handed out once renamed`(
        name: String, reason: Reason
    ) async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            try place.drop(name, "words")
            #expect(await isSoon { place.ledger.rows(name).count == 1 })
            await place.inbox.scan()
            let row = try #require(place.ledger.rows(name).first)
            #expect(row.state == .ignored && row.reason == reason)
            #expect(place.ledger.rows(name).count == 1, "explained once")
            #expect(await place.inbox.tally().ignored == 1)
            #expect(taker.all.isEmpty)
            try place.rename("inbox/\(name)", "inbox/a.txt")
            #expect(await isSoon { taker.texts("a.txt") == ["words"] })
            await place.inbox.scan()
            #expect(await place.inbox.tally().ignored == 0)
        }
    }

    @Test func `a hidden directory is left alone wherever it stands and however it came`()
        async throws
    {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        for name in ["a", "b"] {
            try place.makeDirectory("outside/\(name)")
            try place.write("outside/\(name)/f", name)
        }
        try place.makeDirectory("inbox/d")
        await place.inbox.open()
        await place.inbox.scan()
        try place.rename("outside/a", "inbox/.a")
        try place.rename("outside/b", "inbox/d/.b")
        for name in [".a", "d/.b"] {
            #expect(
                await isSoon {
                    await place.inbox.hear()
                    return place.ledger.rows(name).map(\.reason) == [.hidden]
                })
        }
        #expect(await place.inbox.rows().isEmpty)
        try place.rename("inbox/d/.b", "inbox/d/b")
        #expect(
            await isSoon {
                await place.inbox.hear()
                return await place.inbox.row(InboxPath("d/b/f"))?.state == .settling
            })
        await place.inbox.scan()
        #expect(await place.inbox.rows().map(\.path.text) == ["d/b/f"])
        await place.inbox.stop()
    }

    @Test func `links pipes and sockets are explained and never opened`() async throws {
        let place = try InboxPlace()
        try place.write("outside/target", "secret")
        try await place.whileWatching {
            let taker = Taker(place)
            symlink("\(place.root)/outside/target", "\(place.path)/link")
            mkfifo("\(place.path)/pipe", 0o600)
            mknod("\(place.path)/socket", S_IFSOCK | 0o600, 0)
            for name in ["link", "pipe", "socket"] {
                #expect(await isSoon { !place.ledger.rows(name).isEmpty })
                #expect(place.ledger.rows(name).map(\.reason) == [.special])
            }
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
            #expect(taker.all.isEmpty)
            // Something else under the name is another thing.
            unlink("\(place.path)/pipe")
            try place.drop("pipe", "a file now")
            #expect(await isSoon { taker.texts("pipe") == ["a file now"] })
        }
    }

    @Test func `directories below the depth limit are explained`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            var path = "outside/1"
            try place.makeDirectory(path)
            for number in 2...(InboxDirectory.depthLimit + 1) {
                path += "/\(number)"
                try place.makeDirectory(path)
            }
            try place.write("\(path)/f", "deep")
            try place.write("outside/1/f", "shallow")
            try place.rename("outside/1", "inbox/1")
            #expect(await isSoon { taker.names == ["1/f"] })
            await place.inbox.scan()
            let deep = "1" + path.dropFirst("outside/1".count)
            #expect(place.ledger.rows(deep).map(\.state) == [.ignored])
            #expect(await place.inbox.barrier(timeout: .seconds(10)))
            #expect(taker.names == ["1/f"])
        }
    }
}
