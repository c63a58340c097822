internal import CLinux
internal import Glibc
public import Logging

/// Where log entries go.
public enum LogDestination: Sendable, Equatable {
    /// The journal's own socket, with fields.
    case journal
    /// The error output, a line each.
    case stderr

    /// The journal where the error output already is its stream, and the error output elsewhere.
    public static var current: LogDestination {
        guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }) else {
            return .stderr
        }
        return isStream(stream, STDERR_FILENO) ? .journal : .stderr
    }

    /// Sends all log entries of the process to the current destination; called once, at the start.
    @discardableResult
    public static func bootstrap(level: Logger.Level) -> LogDestination {
        let destination = current
        LoggingSystem.bootstrap { _ in
            switch destination {
            case .journal: JournalLogHandler(level: level)
            case .stderr: StderrLogHandler(level: level)
            }
        }
        return destination
    }

    /// Whether `descriptor` is the file that `text`, device and inode with a colon, names.
    static func isStream(_ text: String, _ descriptor: Int32) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = dev_t(parts[0]), let inode = ino_t(parts[1]) else {
            return false
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return status.st_dev == device && status.st_ino == inode
    }
}
