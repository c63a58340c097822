import CLinux
import Glibc
import Testing

@testable import Archive

@Suite("Listening sockets")
struct ListenerTests {
    private let place = TemporaryPlace()
    private var path: String { place.file("a.sock") }

    @Test(arguments: [mode_t(0o600), 0o660, 0o666])
    func `the file has exactly the mode asked for`(mode: mode_t) throws {
        let listener = try bind()(mode)
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == mode)
        #expect(!listener.isPassed)
    }

    @Test
    func `a socket that nobody answers on is replaced`() throws {
        _ = try bind()(0o600)
        var before = stat()
        lstat(path, &before)
        let listener = try bind()(0o600)
        #expect(try RawClient(path).number >= 0)
        listener.removeFile()
        #expect(access(path, F_OK) != 0)
    }

    @Test
    func `a socket that somebody answers on is left alone`() throws {
        let first = try bind()(0o600)
        #expect(throws: SocketError.alreadyServed(path: path)) { try bind()(0o600) }
        #expect(try RawClient(path).number >= 0)
        first.removeFile()
    }

    @Test
    func `a file that is no socket is left alone`() throws {
        close(creat(path, 0o600))
        #expect(throws: SocketError.notASocket(path: path)) { try bind()(0o600) }
        #expect(access(path, F_OK) == 0)
    }

    @Test
    func `a symbolic link is not followed`() throws {
        symlink("/nowhere/else", path)
        #expect(throws: SocketError.notASocket(path: path)) { try bind()(0o600) }
    }

    @Test
    func `only the file that was made is removed`() throws {
        let listener = try bind()(0o600)
        unlink(path)
        close(creat(path, 0o600))
        listener.removeFile()
        #expect(access(path, F_OK) == 0)
    }

    @Test
    func `a path of 107 bytes is taken, and one of 108 refused by its bound`() throws {
        let name = String(repeating: "n", count: 107 - place.path.utf8.count - 1)
        let fits = place.file(name)
        let listener = try Listener.bind(path: fits, mode: 0o600, group: nil, rights: .read)
        listener.removeFile()
        let error = try #require(throws: SocketError.self) {
            try Listener.bind(path: fits + "n", mode: 0o600, group: nil, rights: .read)
        }
        #expect(error == .pathTooLong(path: fits + "n", bytes: 108))
        #expect(error.description.contains("107"))
    }

    @Test
    func `a directory that is missing is named`() throws {
        let error = try #require(throws: SocketError.self) {
            try Listener.bind(
                path: place.file("no/a.sock"), mode: 0o600, group: nil, rights: .read)
        }
        #expect(error.description.contains("no/a.sock"))
    }

    @Test
    func `a passed socket is not removed`() throws {
        let listener = try bind()(0o600)
        let passed = Listener.passed(listener.descriptor, rights: .admin)
        #expect(passed.isPassed)
        passed.removeFile()
        #expect(access(path, F_OK) == 0)
    }

    private func bind() -> (mode_t) throws -> Listener {
        { [path] in try Listener.bind(path: path, mode: $0, group: getgid(), rights: .read) }
    }
}
