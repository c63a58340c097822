internal import Glibc

/// Why the daemon could not be asked, or its answer not be had.
public enum ClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No connection: where to, why, and what to do about it.
    case unreachable(path: String, errno: Int32, hint: String)
    /// No answer came in the time given.
    case timedOut
    /// The daemon ended the connection.
    case closed
    /// What came is not this protocol.
    case protocolError(String)

    /// What happened, lower case, no full stop.
    public var description: String {
        switch self {
        case .unreachable(let path, let errno, _):
            "cannot reach \(path): \(String(cString: strerror(errno)))"
        case .timedOut: "no answer came in time"
        case .closed: "the daemon ended the connection"
        case .protocolError(let detail): "the answer cannot be read: \(detail)"
        }
    }

    /// What to do about it.
    public var hint: String? {
        switch self {
        case .unreachable(_, _, let hint): hint
        case .timedOut: "look at 'systemctl status archived', or allow more time"
        case .closed: "look at 'journalctl -u archived'"
        case .protocolError: "is this the socket of archived, and are both of one version?"
        }
    }

    static func unreachable(_ path: String, _ number: Int32) -> ClientError {
        let hint =
            switch number {
            case ENOENT, ECONNREFUSED:
                "the daemon is not running: systemctl start archived"
            case EACCES, EPERM:
                "only members of the socket's group may connect: see 'ls -l \(path)', "
                    + "and 'usermod -aG GROUP USER' with a new login"
            case ENAMETOOLONG: "a socket's path has at most 107 bytes"
            case EAGAIN: "the daemon is busy; try again in a moment"
            case ENOTSOCK, EPROTOTYPE: "this is no socket of archived"
            default: "look at 'systemctl status archived'"
            }
        return .unreachable(path: path, errno: number, hint: hint)
    }
}
