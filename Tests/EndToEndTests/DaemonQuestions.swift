import ArchiveProtocol
import Foundation

/// What the longer tests ask of a running daemon and of its directories.
extension RunningDaemon {
    var directory: String { home.path }
    var state: String { directory + "/state" }
    var configuration: String { directory + "/archived.yaml" }
    /// Where files are made that are linked or handed into the inbox.
    var aside: String { directory + "/aside" }

    /// Starts a daemon, runs the test, and removes both.
    ///
    /// - Parameter outlets: a directory of house styles; by default one that does not exist.
    static func run(outlets: String = "/nonexistent", _ test: (RunningDaemon) throws -> Void)
        throws
    {
        let daemon = try RunningDaemon(settings: "outlets:\n  directory: \(outlets)\n")
        try FileManager.default.createDirectory(
            atPath: daemon.aside, withIntermediateDirectories: true)
        try test(daemon)
        withExtendedLifetime(daemon) {}
    }

    /// The arguments of a daemon on the same state directory.
    func arguments(runtime: String) -> [String] {
        ["--state-directory", state, "--runtime-directory", runtime, "--config", configuration]
    }

    /// Sends a signal and waits for the end.
    ///
    /// - Returns: the exit code; 128 where a signal ended it, nil where it had to be killed.
    @discardableResult
    func end(_ signal: Int32 = SIGTERM, within bound: Duration = .seconds(30)) throws -> Int32? {
        kill(process, signal)
        let isOver = eventually(within: bound) {
            var found = siginfo_t()
            // Left to be reaped by the daemon's keeper, so that its number stays ours till then.
            let result = waitid(P_PID, id_t(process), &found, WEXITED | WNOHANG | WNOWAIT)
            return result == 0 && found.si_signo == SIGCHLD
        }
        guard isOver else {
            end(with: SIGKILL)
            return nil
        }
        return end(with: 0) ?? 128
    }

    /// The objects that `archivectl` prints one a line.
    func lines(_ arguments: String...) throws -> [JSON] {
        let run = try ProgramRun(arguments + ["-o", "json-lines", "--socket", socket])
        guard run.exitCode == 0 else { throw Trouble(description: run.errors) }
        return try run.output.utf8.split(separator: 0x0A).map { try JSONParser.parse($0) }
    }

    /// One field of the archive's status; null where it has none.
    func status(_ field: String) throws -> JSON { try ask("archive.status")[field] ?? .null }

    /// Returns once every file in the inbox is settled.
    func settle(within seconds: Int = 120) throws {
        let run = try ctl("wait", "--timeout", String(seconds))
        guard run.exitCode == 0 else { throw Trouble(description: run.errors) }
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    func bytes(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    func text(of path: String) -> String {
        String(decoding: (try? bytes(of: path)) ?? [], as: UTF8.self)
    }

    /// The files below a directory of the state, relative to it, sorted.
    func files(in name: String) -> [String] {
        let root = state + "/" + name
        let found = FileManager.default.subpaths(atPath: root) ?? []
        return found.filter { path in
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: root + "/" + path, isDirectory: &isDirectory)
            return exists && !isDirectory.boolValue
        }.sorted()
    }

    /// The originals whose name is not the SHA-256 of their bytes, by sha256sum(1).
    func damaged() throws -> [String] {
        let root = state + "/originals"
        let list = files(in: "originals").map { "\($0.suffix(64))  \(root)/\($0)\n" }.joined()
        guard !list.isEmpty else { return [] }
        try write(Array(list.utf8), to: directory + "/sums")
        let run = try ProgramRun(["-c", "--quiet", directory + "/sums"], of: "/usr/bin/sha256sum")
        let lines = run.output.split(separator: "\n").map(String.init)
        return run.exitCode != 0 && lines.isEmpty ? [run.errors] : lines
    }
}

/// Asks again and again, until it is so or the time is over.
func eventually(within bound: Duration, _ isSo: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + bound
    while true {
        if try isSo() { return true }
        if ContinuousClock.now > end { return false }
        usleep(10_000)
    }
}
