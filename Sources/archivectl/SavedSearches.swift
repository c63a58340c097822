import ArchiveProtocol
import Glibc

/// A query that was kept under a name, and its order.
struct SavedSearch {
    var query: String
    var sort: String?

    var json: JSON {
        var members: [JSON.Member] = [.init("query", .string(query))]
        if let sort { members.append(.init("sort", .string(sort))) }
        return .object(members)
    }
}

/// The queries that a user kept: `searches.json` in the user's own directory of settings.
///
/// They are the user's and not the archive's: keeping one needs no right of the daemon's, and no
/// other user sees it.
struct SavedSearches {
    private let directory: String
    private var path: String { directory + "/searches.json" }
    private static let mostBytes = 1 << 20

    init() throws(Complaint) {
        if let base = GlobalOptions.environment("XDG_CONFIG_HOME") {
            directory = base + "/archived"
        } else if let home = GlobalOptions.environment("HOME") {
            directory = home + "/.config/archived"
        } else {
            throw Complaint(
                "there is no place for saved searches", hint: "set HOME or XDG_CONFIG_HOME", 1)
        }
    }

    /// Whether a search can have this name.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    /// All of them by their names, as JSON.
    func all() throws(Complaint) -> [JSON.Member] {
        guard let bytes = try read() else { return [] }
        guard let members = (try? JSONParser.parse(bytes))?.members else {
            throw Complaint("\(path) cannot be read", hint: "put it right, or remove it", 1)
        }
        return members
    }

    func search(named name: String) throws(Complaint) -> SavedSearch {
        guard let json = try all().first(where: { $0.key == name })?.value,
            let query = json["query"]?.string
        else {
            throw Complaint(
                "no search is saved as '\(name)'",
                hint: "archivectl searches lists them; text that begins with @ is quoted: '\"@…\"'",
                2)
        }
        return SavedSearch(query: query, sort: json["sort"]?.string)
    }

    /// Keeps a search, in place of another with that name.
    func keep(_ search: SavedSearch, as name: String) throws(Complaint) {
        var members = try all()
        if let index = members.firstIndex(where: { $0.key == name }) {
            members[index].value = search.json
        } else {
            members.append(.init(name, search.json))
        }
        try write(members)
    }

    func remove(_ name: String) throws(Complaint) {
        _ = try search(named: name)
        try write(try all().filter { $0.key != name })
    }

    // MARK: The file

    private func read() throws(Complaint) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT || errno == ENOTDIR { return nil }
        guard descriptor >= 0 else { throw failure("read") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count < Self.mostBytes {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Writes the file beside the old one and then in its place, so that none is ever half there.
    private func write(_ members: [JSON.Member]) throws(Complaint) {
        let bytes = JSONText.indented(JSON.object(members).bytes) + [UInt8(ascii: "\n")]
        makeDirectory()
        let staged = path + ".\(getpid())"
        let descriptor = open(staged, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write") }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            done += count
        }
        guard done == bytes.count, fsync(descriptor) == 0, close(descriptor) == 0,
            rename(staged, path) == 0
        else {
            let complaint = failure("write")
            unlink(staged)
            throw complaint
        }
    }

    private func makeDirectory() {
        var end = directory.utf8.startIndex
        while let slash = directory.utf8[end...].dropFirst().firstIndex(of: UInt8(ascii: "/")) {
            mkdir(String(directory[..<slash]), 0o700)
            end = slash
        }
        mkdir(directory, 0o700)
    }

    private func failure(_ what: String) -> Complaint {
        Complaint("cannot \(what) \(path): \(String(cString: strerror(errno)))", 1)
    }
}
