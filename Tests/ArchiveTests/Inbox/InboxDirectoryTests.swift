import Glibc
import Testing

@testable import Archive

@Suite struct InboxDirectoryTests {
    private func walk(_ place: InboxPlace, from start: String = "") throws -> [String: String] {
        var found: [String: String] = [:]
        InboxDirectory.walk(InboxPath(start), in: try place.descriptor()) { item in
            let words =
                switch item.status {
                case .file(let stamp, let links): "file \(stamp.size) \(links)"
                case .directory: "directory"
                case .special(let what): what
                }
            if found.updateValue(words, forKey: item.path.display) != nil {
                Issue.record("\(item.path.display) was visited twice")
            }
        } refused: { path, number in
            found[path.display, default: ""] += " refused \(number)"
        }
        return found
    }

    @Test func `every name of a tree is visited once with what stands there`() throws {
        let place = try InboxPlace()
        try place.makeDirectory("inbox/d")
        try place.makeDirectory("inbox/d/e")
        try place.write("inbox/d/e/f", "four")
        try place.write("inbox/one", "1")
        try place.link("inbox/one", "inbox/two")
        symlink("/etc", "\(place.path)/link")
        mkfifo("\(place.path)/pipe", 0o600)
        mknod("\(place.path)/socket", S_IFSOCK | 0o600, 0)
        #expect(
            try walk(place) == [
                "d": "directory", "d/e": "directory", "d/e/f": "file 4 1", "one": "file 1 2",
                "two": "file 1 2", "link": "a symbolic link", "pipe": "a named pipe",
                "socket": "a socket",
            ])
        #expect(try walk(place, from: "d") == ["d/e": "directory", "d/e/f": "file 4 1"])
    }

    @Test func `a link to a directory is not followed out of the inbox`() throws {
        let place = try InboxPlace()
        try place.write("outside/secret", "s")
        symlink("\(place.root)/outside", "\(place.path)/way-out")
        symlink("..", "\(place.path)/up")
        #expect(try Set(walk(place).values) == ["a symbolic link"])
        #expect(try walk(place, from: "way-out").isEmpty)
        #expect(
            InboxDirectory.status(of: InboxPath("way-out/none"), in: try place.descriptor()) == nil)
    }

    @Test func `directories whose name begins with a dot are seen and not entered`() throws {
        let place = try InboxPlace()
        try place.makeDirectory("inbox/.d")
        try place.write("inbox/.d/f", "x")
        try place.makeDirectory("inbox/d")
        try place.makeDirectory("inbox/d/.e")
        try place.write("inbox/d/.e/f", "x")
        #expect(
            try walk(place) == [".d": "directory", "d": "directory", "d/.e": "directory"])
    }

    @Test func `names of any bytes and of the greatest length are found as they are`() throws {
        let place = try InboxPlace()
        let names: [[UInt8]] = [
            [0xFF, 0xFE], [0x0A], [0x1B, 0x5B, 0x6D], [UInt8](repeating: 0x78, count: 255),
            Array("e\u{301}".utf8), Array("\u{E9}".utf8),
        ]
        let inbox = try place.descriptor()
        for name in names {
            let number = openat(
                inbox.number, InboxPath(bytes: name).cString, O_CREAT | O_WRONLY, 0o600)
            #expect(number >= 0)
            close(number)
        }
        var found: Set<[UInt8]> = []
        InboxDirectory.walk(InboxPath(bytes: []), in: inbox) {
            found.insert($0.path.bytes)
        } refused: { path, _ in
            Issue.record("\(path.display) was refused")
        }
        #expect(found == Set(names))
    }

    @Test func `files are found down to the depth limit and no deeper`() throws {
        let place = try InboxPlace()
        var path = "inbox"
        for depth in 0...(InboxDirectory.depthLimit + 2) {
            try place.write("\(path)/f", "\(depth)")
            path += "/d"
            try place.makeDirectory(path)
        }
        let files = try walk(place).keys.filter { $0.hasSuffix("f") }
        #expect(files.count == InboxDirectory.depthLimit + 1)
    }

    @Test func `a missing inbox cannot be opened nor can a file in its place`() throws {
        let place = try InboxPlace()
        #expect(InboxDirectory(path: place.path).open() != nil)
        #expect(InboxDirectory(path: place.path + "/none").open() == nil)
        try place.write("inbox/file", "x")
        #expect(InboxDirectory(path: place.path + "/file").open() == nil)
    }
}
