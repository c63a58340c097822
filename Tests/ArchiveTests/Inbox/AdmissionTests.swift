import Glibc
import Testing

@testable import Archive

@Suite struct AdmissionTests {
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
        let path = try Admission(inbox: place.path).admit(source, name: Array("a.txt".utf8))
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
            _ = try Admission(inbox: place.path).admit(source, name: Array("a.txt".utf8))
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
            let path = try Admission(inbox: place.path).admit(source, name: Array(name.utf8))
            #expect(path.text == expected)
        }
        #expect(expected.map { place.text("inbox/\($0)") } == ["0", "1", "2"])
    }

    @Test func `names of any other bytes are kept`() throws {
        let place = try InboxPlace()
        for name in [[0xFF, 0x2E, 0xFE], [0x0A], [UInt8](repeating: 0x78, count: 200)] as [[UInt8]]
        {
            let path = try Admission(inbox: place.path).admit(try file(place, "x"), name: name)
            #expect(path.bytes == name)
        }
        #expect(Set(InboxPlace.names(Array(place.path.utf8))).count == 3)
    }

    @Test(arguments: ["", ".", "..", ".a", "a/b", "/a", "a\0b"])
    func `a name that leads elsewhere or is hidden is refused`(name: String) throws {
        let place = try InboxPlace()
        let source = try file(place, "x")
        let error = #expect(throws: Admission.Objection.self) {
            try Admission(inbox: place.path).admit(source, name: Array(name.utf8))
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
            try Admission(inbox: place.path).admit(
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
                try Admission(inbox: place.path).admit(source, name: [0x61])
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
            try Admission(inbox: place.path).admit(source, name: [0x61])
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
            let path = try Admission(inbox: place.path).admit(source, name: Array("a".utf8))
            await place.inbox.admit(path)
            #expect(await isSoon { taker.texts("a") == ["words"] })
        }
    }
}
