import Glibc
import Testing

@testable import Archive

@Suite struct AdmissionTests {
    private func admission(
        _ place: InboxPlace, fileBytes: Int = 1 << 30, reserveBytes: Int = 0
    ) -> Admission {
        Admission(
            inbox: place.path, stateDirectory: place.root, fileBytes: fileBytes,
            reserveBytes: reserveBytes)
    }

    /// Why a file of so many bytes is not let in.
    private func objection(_ admission: Admission, _ place: InboxPlace, bytes: Int) throws
        -> Admission.Objection?
    {
        let source = try file(place, String(repeating: "x", count: bytes))
        do throws(Admission.Objection) {
            _ = try admission.admit(source, name: Array("a".utf8))
            return nil
        } catch { return error }
    }

    @Test func `a file over the limit is refused before a byte is copied`() throws {
        let place = try InboxPlace()
        let strict = admission(place, fileBytes: 1000)
        guard case .tooLarge(1001, 1000)? = try objection(strict, place, bytes: 1001) else {
            Issue.record("it was not refused for its size")
            return
        }
        #expect(place.names("inbox").isEmpty)
        #expect(try objection(strict, place, bytes: 1000) == nil)
        #expect(place.names("inbox") == ["a"])
    }

    @Test func `a file that would take of the reserve is refused, counting the second copy`() throws
    {
        let place = try InboxPlace()
        let free = try #require(FreeSpace(at: place.root)).bytes
        let strict = admission(place, reserveBytes: free + (1 << 30))
        guard
            case .noRoom(let path, let told, 2000, free + (1 << 30))? =
                try objection(strict, place, bytes: 1000)
        else {
            Issue.record("it was not refused for want of room")
            return
        }
        #expect(path == place.path && told > 0)
        #expect(place.names("inbox").isEmpty)
    }

    private func file(_ place: InboxPlace, _ text: String) throws -> Descriptor {
        try place.write("outside/file", text)
        let number = open("\(place.root)/outside/file", O_RDONLY | O_CLOEXEC)
        unlink("\(place.root)/outside/file")
        return Descriptor(owning: number)
    }

    @Test func `a file comes in under its name and whole wherever its descriptor stands`() throws {
        let place = try InboxPlace()
        let text = String(repeating: "some words ", count: 60_000)
        let source = try file(place, text)
        lseek(source.number, 1000, SEEK_SET)
        let path = try admission(place).admit(source, name: Array("a.txt".utf8))
        #expect(path == InboxPath("a.txt"))
        #expect(place.text("inbox/a.txt") == text)
        #expect(lseek(source.number, 0, SEEK_CUR) == 1000)
        #expect(place.names("inbox") == ["a.txt"], "nothing else is left")
    }

    @Test func `a file that comes in is seen under its own name alone`() async throws {
        let place = try InboxPlace()
        try await place.whileWatching {
            let taker = Taker(place)
            let source = try file(place, "some words")
            _ = try admission(place).admit(source, name: Array("a.txt".utf8))
            #expect(await isSoon { taker.texts("a.txt") == ["some words"] })
            #expect(await place.inbox.ignored.isEmpty)
            #expect(taker.names == ["a.txt"])
        }
    }

    @Test(arguments: [
        ("a.txt", ["a.txt", "a-2.txt", "a-3.txt"]), ("noend", ["noend", "noend-2", "noend-3"]),
        ("a.tar.gz", ["a.tar.gz", "a.tar-2.gz", "a.tar-3.gz"]), ("a.", ["a.", "a-2.", "a-3."]),
    ])
    func `a name that is taken is numbered and no file written over`(
        name: String, expected: [String]
    ) throws {
        let place = try InboxPlace()
        for (number, expected) in expected.enumerated() {
            let source = try file(place, "\(number)")
            let path = try admission(place).admit(source, name: Array(name.utf8))
            #expect(path.text == expected)
        }
        #expect(expected.map { place.text("inbox/\($0)") } == ["0", "1", "2"])
    }

    @Test func `names of any other bytes are kept`() throws {
        let place = try InboxPlace()
        for name in [[0xFF, 0x2E, 0xFE], [0x0A], [UInt8](repeating: 0x78, count: 200)] as [[UInt8]]
        {
            let path = try admission(place).admit(try file(place, "x"), name: name)
            #expect(path.bytes == name)
        }
        #expect(Set(InboxPlace.names(Array(place.path.utf8))).count == 3)
    }

    @Test(arguments: ["", ".", "..", ".a", "a/b", "/a", "a\0b"])
    func `a name that leads elsewhere or is hidden is refused`(name: String) throws {
        let place = try InboxPlace()
        let source = try file(place, "x")
        let error = #expect(throws: Admission.Objection.self) {
            try admission(place).admit(source, name: Array(name.utf8))
        }
        guard case .name? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(place.names("inbox").isEmpty)
    }

    @Test func `a name may have 200 bytes and no more`() throws {
        let place = try InboxPlace()
        let source = try file(place, "x")
        #expect(throws: Admission.Objection.self) {
            try admission(place).admit(
                source, name: [UInt8](repeating: 0x78, count: 201))
        }
    }

    @Test func `what is no regular file is refused`() throws {
        let place = try InboxPlace()
        mkfifo("\(place.root)/outside/pipe", 0o600)
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC
        for path in ["outside", "outside/pipe"] {
            let source = Descriptor(owning: open("\(place.root)/\(path)", flags))
            let error = #expect(throws: Admission.Objection.self) {
                try admission(place).admit(source, name: [0x61])
            }
            guard case .notRegular? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(place.names("inbox").isEmpty)
    }

    @Test func `a descriptor that cannot be read leaves nothing in the inbox`() throws {
        let place = try InboxPlace()
        try place.write("outside/a", "x")
        let source = Descriptor(owning: open("\(place.root)/outside/a", O_WRONLY | O_CLOEXEC))
        let error = #expect(throws: Admission.Objection.self) {
            try admission(place).admit(source, name: [0x61])
        }
        guard case .system(EBADF, "read")? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(place.names("inbox").isEmpty)
    }

    @Test func `an admitted file is handed out at once`() async throws {
        let place = try InboxPlace { $0.settle = InboxPlace.never }
        try await place.whileWatching {
            let taker = Taker(place)
            let source = try file(place, "words")
            let path = try admission(place).admit(source, name: Array("a".utf8))
            await place.inbox.admit(path)
            #expect(await isSoon { taker.texts("a") == ["words"] })
        }
    }
}
