import ArchiveProtocol
import Glibc

/// What went wrong, what to do about it, and what to exit with.
struct Complaint: Error {
    /// What happened, to what; lower case, no full stop.
    var message: String
    /// What to do about it.
    var hint: String?
    /// What archivectl exits with.
    var exitCode: Int32

    init(_ message: String, hint: String? = nil, _ exitCode: Int32) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
    }

    /// What the daemon answered.
    init(_ failure: Failure) {
        var hint = failure.hint
        if failure.code == .querySyntax, hint == nil {
            hint = "the query language is told by: man 7 archived-query"
        }
        if failure.code == .notPermitted, hint == nil {
            hint = "this needs the group archive-admin: sudo adduser $USER archive-admin"
        }
        var message = failure.message
        if failure.code == .querySyntax,
            let offset = failure.data.first(where: { $0.key == "offset" })?.value.int
        {
            message += " (at byte \(offset) of the query)"
        }
        self.init(message, hint: hint, failure.code.exitCode)
    }

    /// Why there is no connection to one of the two sockets.
    init(connecting error: ClientError, administration: Bool) {
        guard case .unreachable(let path, let number, let hint) = error else {
            self.init(client: error)
            return
        }
        let group = administration ? "archive-admin" : "archive"
        let message = "cannot reach archived at \(path): \(String(cString: strerror(number)))"
        switch number {
        case ENOENT, ECONNREFUSED:
            self.init(message, hint: "it is not running; start it: systemctl start archived", 3)
        case EACCES, EPERM:
            self.init(
                message,
                hint: "join the group \(group), then log in again: sudo adduser $USER \(group)", 5)
        default: self.init(message, hint: hint, 3)
        }
    }

    /// Why an answer did not come.
    init(client error: ClientError) {
        switch error {
        case .timedOut:
            self.init(
                "archived did not answer in time", hint: "give it longer with --timeout SECONDS", 6)
        case .closed:
            self.init(
                "archived closed the connection",
                hint: "look why: systemctl status archived; journalctl -u archived", 3)
        case .unreachable: self.init(error.description, hint: error.hint, 3)
        case .protocolError: self.init(error.description, hint: error.hint, 1)
        }
    }

    /// What an error of the daemon or of a verb means; nil for one of the command line.
    init?(_ error: any Error) {
        switch error {
        case let complaint as Complaint: self = complaint
        case let failure as Failure: self.init(failure)
        case let error as ClientError: self.init(client: error)
        default: return nil
        }
    }
}
