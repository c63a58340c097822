import ArchiveProtocol
import Foundation

/// The built `archived` on a directory of its own.
final class RunningDaemon {
    let home: URL
    private(set) var process: pid_t = 0
    private let settings: String
    /// What stands before the command line.
    private let wrap: [String]

    var socket: String { home.appending(path: "run/archived.sock").path }
    var log: String {
        (try? String(contentsOf: home.appending(path: "log"), encoding: .utf8)) ?? ""
    }

    /// Why a daemon is of no use to a test.
    struct Trouble: Error, CustomStringConvertible {
        var description: String
        /// What it exited with.
        var status: Int32?
    }

    /// - Parameter isNobody: whether it runs as a user who may not read everything.
    init(settings: String = "log:\n  level: notice\n", isNobody: Bool = false) throws {
        self.settings = settings
        let isRoot = geteuid() == 0
        wrap =
            isNobody && isRoot
            ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] : []
        home = URL(filePath: "/tmp/archived-e2e-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: inbox, withIntermediateDirectories: true)
        for name in wrap.isEmpty ? [] : ["", "state", "state/inbox"] {
            chown(home.appending(path: name).path, 65534, 65534)
        }
        try start()
    }

    deinit {
        if process != 0 { end(with: SIGKILL) }
        try? FileManager.default.removeItem(at: home)
    }

    var inbox: URL { home.appending(path: "state/inbox") }

    /// Starts the daemon and waits until it answers.
    func start() throws {
        try Data(settings.utf8).write(to: home.appending(path: "archived.yaml"))
        let log = open(home.appending(path: "log").path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let null = open("/dev/null", O_RDWR)
        defer {
            close(log)
            close(null)
        }
        process = try ProgramRun.spawn(
            wrap + [
                try ProgramRun.program("archived"), "--state-directory",
                home.appending(path: "state").path, "--runtime-directory",
                home.appending(path: "run").path, "--config",
                home.appending(path: "archived.yaml").path,
            ], [], [null, -1, -1, null, -1, log])
        for _ in 0..<3000 {
            if (try? ask("ping")) != nil { return }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                process = 0
                throw Trouble(
                    description: "the daemon ended with \(status): \(self.log)",
                    status: status >> 8 & 0xFF)
            }
            usleep(10_000)
        }
        throw Trouble(description: "the daemon does not answer: \(self.log)")
    }

    /// Sends a signal and waits for the end.
    ///
    /// - Returns: the exit status; nil where a signal ended it.
    @discardableResult
    func end(with signal: Int32) -> Int32? {
        kill(process, signal)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = 0
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// Waits for the process to end by itself, for a minute.
    ///
    /// - Returns: the exit status; nil where it does not end.
    func awaitEnd() -> Int32? {
        for _ in 0..<6000 {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                process = 0
                return status >> 8 & 0xFF
            }
            usleep(10_000)
        }
        return nil
    }

    /// Calls a method on the readers' socket.
    func ask(_ method: String, _ params: JSON = [:]) throws -> JSON {
        try ArchiveClient(path: socket, timeout: .seconds(60)).call(method, params).result
    }

    /// Runs `archivectl` against this daemon.
    func ctl(_ arguments: String..., input: [UInt8] = []) throws -> ProgramRun {
        try ProgramRun(arguments, environment: ["ARCHIVED_SOCKET=\(socket)"], input: input)
    }

    /// Drops a whole file by a rename.
    func drop(_ name: String, _ bytes: [UInt8]) throws {
        let staged = home.appending(path: "staged-\(UUID().uuidString)")
        try Data(bytes).write(to: staged)
        try FileManager.default.moveItem(at: staged, to: inbox.appending(path: name))
    }

    /// A made-up news page that holds a word nothing else holds.
    static func story(_ word: String) -> [UInt8] {
        Array(
            """
            The Harlow Courier

            Council Weighs the Future of \(word.capitalized) Bridge

            By Ada Quill | March 4, 2015 7:33am

            HARLOW — The council met on Tuesday to talk about \(word), a bridge that nobody has \
            crossed since the flood of last winter.

            "We will open \(word) again before the autumn, or I will resign," said Mayor Odile Park.

            """.utf8)
    }
}
