internal import CLinux
internal import Glibc

/// Where the daemon keeps things, and the lock that one daemon holds on them.
struct Directories: Sendable {
    /// The state directory: inbox, originals, quarantine and the database.
    var state: String
    /// Where the sockets are.
    var runtime: String
    /// The configuration file.
    var configuration: String
    /// House styles that come with the programs.
    var shippedOutlets = Self.besideProgram("share/archived/outlets")

    /// Why the daemon cannot use its directories.
    struct Objection: Error, CustomStringConvertible {
        var description: String
    }

    /// Makes the directories that are missing and locks the state directory.
    ///
    /// - Returns: the lock; it is given back when the process ends, however that happens.
    func prepare(inbox: String) throws -> Descriptor {
        for path in [state, runtime, inbox] { try Self.make(path) }
        let directory = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Self.objection("open", state) }
        defer { close(directory) }
        if let network = NetworkFileSystem.name(of: directory), network != "FUSE" {
            throw Objection(
                description:
                    "\(state) is on \(network), where locks and fsync cannot be relied on; "
                    + "keep the state directory on a local disk"
            )
        }
        return try lock()
    }

    private func lock() throws -> Descriptor {
        let path = "\(state)/lock"
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard number >= 0 else { throw Self.objection("open", path) }
        let lock = Descriptor(owning: number)
        guard Self.locks(number) else {
            var text = [UInt8](repeating: 0, count: 32)
            let count = max(0, read(number, &text, text.count))
            let holder = String(decoding: text[..<count].prefix { $0 != 0x0A }, as: UTF8.self)
            throw Objection(
                description: "another archived (process \(holder)) uses \(state); stop it first")
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(number, 0)
        _ = pwrite(number, text, text.count, 0)
        return lock
    }

    /// Locks a file, and waits a little for the lock.
    ///
    /// A daemon that is killed while it starts a worker leaves its lock, and its sockets, to that
    /// worker until `posix_spawn` has closed what the worker is not to have: some milliseconds.
    private static func locks(_ number: Int32) -> Bool {
        for _ in 0..<100 {
            if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(10_000)
        }
        return false
    }

    /// The house styles that come with the programs, and those of this archive before them.
    func styles(_ settings: Settings) throws -> HouseStyles {
        var list: [HouseStyle] = []
        for path in [settings.outletsDirectory, shippedOutlets] where access(path, R_OK) == 0 {
            let styles = try OutletsDirectory.load(path).list
            list += styles.filter { style in !list.contains { $0.outlet == style.outlet } }
        }
        return HouseStyles(list)
    }

    /// A path under the prefix that the program is installed in: `bin/archived` stands beside it.
    private static func besideProgram(_ path: String) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let program = String(
            decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let parts = program.split(separator: "/").dropLast(2)
        return "/" + (parts + [path[...]]).joined(separator: "/")
    }

    private static func make(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard
                mkdir(path.hasPrefix("/") ? made : String(made.dropFirst()), 0o770) == 0
                    || errno == EEXIST
            else { throw objection("mkdir", made) }
        }
    }

    private static func objection(_ call: String, _ path: String) -> Objection {
        Objection(description: "\(call) of \(path): \(String(cString: strerror(errno)))")
    }
}
