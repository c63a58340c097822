internal import CLinux
internal import Glibc

/// A worker as the daemon sees it: a child process, and the daemon's end of its socket.
///
/// Unchecked, because the pool hands it to one thread at a time and that thread alone uses it.
final class WorkerProcess: @unchecked Sendable {
    /// Why no worker could be started.
    struct NotStarted: Error, CustomStringConvertible {
        var errno: Int32
        var description: String { "no worker can be started: \(String(cString: strerror(errno)))" }
    }

    /// How far a worker that reads bundles stands behind all that answers somebody.
    private static let niceness: Int32 = 5

    let channel: WorkerChannel
    /// Whether it reads bundles alone, behind the others.
    let isPatient: Bool
    private var process: pid_t

    /// Starts `program parse-worker` and tells it the setup.
    init(program: String, setup: [UInt8], isPatient: Bool) throws {
        self.isPatient = isPatient
        guard let (ours, theirs) = WorkerChannel.pair() else { throw NotStarted(errno: errno) }
        process = try Self.spawn(program, socket: theirs.number)
        if isPatient {
            setpriority(
                __priority_which_t(PRIO_PROCESS.rawValue), id_t(process), Self.niceness)
        }
        channel = WorkerChannel(ours)
        var writer = FrameWriter()
        writer.raw(setup)
        try channel.send(writer.frame())
    }

    deinit { if process > 0 { _ = end() } }

    private static func spawn(_ program: String, socket: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, socket, ParseWorker.socketNumber)
        posix_spawn_file_actions_addclosefrom_np(&actions, ParseWorker.socketNumber + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The daemon ignores signals that a worker is to die of.
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        posix_spawnattr_setsigmask(&attributes, &unblocked)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var process: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = [
            strdup("archived"), strdup("parse-worker"), nil,
        ]
        let environment: [UnsafeMutablePointer<CChar>?] = [
            strdup("SWIFT_BACKTRACE=enable=no"), strdup("LC_ALL=C.UTF-8"), nil,
        ]
        defer { for text in arguments + environment { free(text) } }
        let result = posix_spawn(&process, program, &actions, &attributes, arguments, environment)
        guard result == 0 else { throw NotStarted(errno: result) }
        return process
    }

    /// How a worker ended.
    struct End {
        /// The signal that it died of; 0 where it left by itself.
        var signal: Int32
        /// The most memory that it held, in bytes.
        var peakBytes: Int
    }

    /// Ends the worker, unless it ended by itself, and takes leave of it.
    func end() -> End {
        kill(process, SIGKILL)
        return leave()
    }

    /// Waits for a worker whose socket is closed.
    func leave() -> End {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        process = 0
        return End(signal: status & 0x7F, peakBytes: usage.ru_maxrss * 1024)
    }
}
