import CLinux
import Glibc
import Testing

@testable import Archive

@Suite struct InboxWatcherTests {
    /// A watcher over an inbox, with all that it told so far.
    private final class Heard {
        let watcher: InboxWatcher
        let wakes: AsyncStream<Void>
        var hints = InboxWatcher.Hints()

        init(_ place: InboxPlace) throws {
            let (wakes, wake) = AsyncStream<Void>.makeStream()
            self.wakes = wakes
            watcher = try #require(InboxWatcher(wake: wake))
            #expect(watcher.watch(InboxPath(""), in: try place.descriptor()) == 0)
        }

        deinit { watcher.stop() }

        func gather() {
            let new = watcher.take()
            hints.overflows += new.overflows
            hints.needsScan = hints.needsScan || new.needsScan
            hints.paths.merge(new.paths) { $0.union($1) }
        }

        func hears(_ name: String, _ hint: InboxWatcher.Hint) async -> Bool {
            await isSoon {
                gather()
                return hints.paths[InboxPath(name)]?.isSuperset(of: hint) == true
            }
        }
    }

    @Test func `a file renamed in is told as moved`() async throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        try place.drop("a", "x")
        #expect(await heard.hears("a", .movedIn))
        #expect(heard.hints.paths[InboxPath("a")]?.contains(.closed) == false)
    }

    @Test func `a file written in place is told as created and once closed as closed`()
        async throws
    {
        let place = try InboxPlace()
        let heard = try Heard(place)
        var writer: Writer? = try Writer("\(place.path)/a")
        try writer?.write("x")
        #expect(await heard.hears("a", .created))
        #expect(heard.hints.paths[InboxPath("a")]?.contains(.closed) == false)
        writer = nil
        #expect(await heard.hears("a", .closed))
    }

    @Test func `a hard link is told as created and new rights as such`() async throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        try place.write("outside/a", "x")
        try place.link("outside/a", "inbox/a")
        #expect(await heard.hears("a", .created))
        chmod("\(place.path)/a", 0o600)
        #expect(await heard.hears("a", .rightsChanged))
    }

    @Test func `a directory is told as one and its files once it is watched`() async throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        try place.makeDirectory("inbox/d")
        #expect(await heard.hears("d", [.created, .isDirectory]))
        #expect(heard.watcher.watch(InboxPath("d"), in: try place.descriptor()) == 0)
        try place.write("inbox/d/f", "x")
        #expect(await heard.hears("d/f", [.created, .closed]))
        // Under the name that it has now, not the one that it had.
        try place.rename("inbox/d", "inbox/e")
        #expect(await heard.hears("e", [.movedIn, .isDirectory]))
        #expect(heard.watcher.watch(InboxPath("e"), in: try place.descriptor()) == 0)
        try place.write("inbox/e/g", "x")
        #expect(await heard.hears("e/g", .closed))
    }

    @Test func `reading and writing without closing tell nothing`() async throws {
        let place = try InboxPlace()
        try place.write("inbox/a", "x")
        let heard = try Heard(place)
        let writer = try Writer("\(place.path)/a")
        try writer.write("y")
        #expect(place.text("inbox/a") == "xy")
        try place.drop("last", "")
        #expect(await heard.hears("last", .movedIn))
        #expect(heard.hints.paths[InboxPath("a")] == nil)
        withExtendedLifetime(writer) {}
    }

    @Test func `a watched directory that moves or goes asks for a scan`() async throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        try place.makeDirectory("inbox/d")
        #expect(heard.watcher.watch(InboxPath("d"), in: try place.descriptor()) == 0)
        try place.rename("inbox/d", "outside/d")
        #expect(
            await isSoon {
                heard.gather()
                return heard.hints.needsScan
            })
    }

    @Test func `an overflow of the kernel's queue asks for a scan and is counted`() throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        heard.watcher.note(Self.overflow[...])
        heard.gather()
        #expect(heard.hints.needsScan)
        #expect(heard.hints.overflows == 1)
        #expect(!heard.watcher.take().needsScan, "it was taken")
    }

    /// What the kernel writes when its queue is full (inotify(7)).
    static let overflow: [UInt8] =
        [0xFF, 0xFF, 0xFF, 0xFF] + [0, 0x40, 0, 0] + [UInt8](repeating: 0, count: 8)

    @Test func `paths beyond the limit are given up for a scan`() throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        // The first watch of an inotify instance has the number 1.
        func record(_ number: Int) -> [UInt8] {
            let name = Array("\(number)".utf8)
            return [1, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 0, count: 4) + [16, 0, 0, 0]
                + name + [UInt8](repeating: 0, count: 16 - name.count)
        }
        for start in stride(from: 0, through: InboxWatcher.pathLimit, by: 4096) {
            heard.watcher.note((start..<start + 4096).flatMap(record)[...])
        }
        let hints = heard.watcher.take()
        #expect(hints.paths.count == InboxWatcher.pathLimit)
        #expect(hints.needsScan)
        heard.watcher.note(record(1)[...])
        #expect(heard.watcher.take().paths == [InboxPath("1"): .created])
    }

    @Test func `a record that is cut short is left alone`() throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        for length in 0..<16 { heard.watcher.note(Self.overflow[..<length]) }
        heard.watcher.note(([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0] + [0x61])[...])
        let hints = heard.watcher.take()
        #expect(hints.paths.isEmpty && !hints.needsScan)
    }

    @Test func `a directory that is not there is refused with its errno`() throws {
        let place = try InboxPlace()
        let heard = try Heard(place)
        try place.write("inbox/file", "x")
        let inbox = try place.descriptor()
        #expect(heard.watcher.watch(InboxPath("none"), in: inbox) == ENOENT)
        #expect(heard.watcher.watch(InboxPath("file"), in: inbox) == ENOTDIR)
    }
}
