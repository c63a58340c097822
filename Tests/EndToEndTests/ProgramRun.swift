import Glibc
import Synchronization

/// One run of a built program: what it printed and how it ended.
struct ProgramRun {
    /// What it exited with; 128 and the signal where a signal ended it.
    var exitCode: Int32
    var output: String
    var errors: String
    /// The standard output as it came.
    var bytes: [UInt8]

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - name: which of the two programs, or the path of another.
    ///   - interrupting: a text in the output upon which SIGINT is sent.
    ///   - bound: after which the program is killed.
    ///   - meeting: what is done once a text is in the error output.
    init(
        _ arguments: [String], of name: String = "archivectl", environment: [String] = [],
        input: [UInt8] = [], interrupting: String? = nil, within bound: Duration = .seconds(600),
        meeting: (text: String, act: () -> Void)? = nil
    ) throws {
        let program = try Self.program(name)
        let (child, pipes) = try Self.spawning.withLock { _ in
            let pipes = try Self.pipes()
            return (try Self.spawn([program] + arguments, environment, pipes), pipes)
        }
        close(pipes[0])
        close(pipes[3])
        close(pipes[5])
        _ = write(pipes[1], input, input.count)
        close(pipes[1])
        let wanted = interrupting.map { Array($0.utf8) }
        var awaited = meeting
        let (output, errors) = Self.drain(pipes[2], pipes[4], until: .now + bound) { texts in
            guard let texts else { return _ = kill(child, SIGKILL) }
            if let wanted, Self.contains(texts[0], wanted) { kill(child, SIGINT) }
            if let meeting = awaited, Self.contains(texts[1], Array(meeting.text.utf8)) {
                awaited = nil
                meeting.act()
            }
        }
        bytes = output
        self.output = String(decoding: output, as: UTF8.self)
        self.errors = String(decoding: errors, as: UTF8.self)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        exitCode = signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }

    /// Held while pipes are made and a program is started: an end of a pipe that another program
    /// inherited would keep the run from ending.
    private static let spawning = Mutex(())

    private static func pipes() throws -> [Int32] {
        var pipes = [Int32](repeating: 0, count: 6)
        for index in stride(from: 0, to: 6, by: 2) {
            guard pipe(&pipes[index]) == 0 else { throw StubError.cannotRun(errno) }
        }
        for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return pipes
    }

    /// Starts a program with `pipes[0]`, `[3]` and `[5]` as its input, output and errors.
    static func spawn(
        _ arguments: [String], _ environment: [String], _ pipes: [Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0], 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[3], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[5], 2)
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] =
            (["PATH=/usr/bin:/bin", "TZ=UTC"] + environment).map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        // The threads that tests run on have signals blocked; the program must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        let error = posix_spawn(&child, arguments[0], &actions, &attributes, &argv, &envp)
        guard error == 0 else { throw StubError.cannotRun(error) }
        return child
    }

    /// Reads both ends until both are closed.
    ///
    /// - Parameter watch: is given what came so far, and nil when the time is over.
    private static func drain(
        _ output: Int32, _ errors: Int32, until end: ContinuousClock.Instant,
        _ watch: ([[UInt8]]?) -> Void
    ) -> ([UInt8], [UInt8]) {
        var texts: [[UInt8]] = [[], []]
        var ends = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while ends.contains(where: { $0.fd >= 0 }) {
            guard poll(&ends, 2, 100) >= 0 || errno == EINTR else { break }
            if .now > end { watch(nil) }
            for index in ends.indices where ends[index].fd >= 0 && ends[index].revents != 0 {
                let count = read(ends[index].fd, &buffer, buffer.count)
                if count > 0 {
                    texts[index] += buffer[..<count]
                    watch(texts)
                } else {
                    close(ends[index].fd)
                    ends[index].fd = -1
                }
            }
        }
        return (texts[0], texts[1])
    }

    private static func contains(_ text: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard text.count >= wanted.count else { return false }
        return (0...(text.count - wanted.count)).contains {
            text[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }

    /// The built program: it stands in the same directory as the tests, or above it.
    static func program(_ name: String) throws -> String {
        if name.utf8.first == UInt8(ascii: "/") { return name }
        var buffer = [CChar](repeating: 0, count: 4096)
        _ = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let link = String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for start in CommandLine.arguments + [link] where start.utf8.contains(UInt8(ascii: "/")) {
            var parts = start.split(separator: "/")
            while !parts.isEmpty {
                parts.removeLast()
                let candidate = "/" + (parts + [name[...]]).joined(separator: "/")
                var status = stat()
                if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                    access(candidate, X_OK) == 0
                {
                    return candidate
                }
            }
        }
        throw StubError.noProgram(link)
    }
}
