internal import Glibc
internal import Logging

/// A directory in the inbox that may not be looked into: what stands there is not noticed.
struct ClosedDirectory: Sendable {
    let since = Timestamp.now
    let errno: Int32

    /// Why it waits to be looked into.
    var reason: Reason {
        switch errno {
        case EACCES, EPERM: .permission
        case EMFILE, ENFILE: .limit
        default: .ioError
        }
    }

    /// What was found, and what to do.
    var detail: String {
        let remedy =
            switch reason {
            case .permission: "let the group of the inbox read and enter it (chmod g+rx)"
            case .limit: "raise LimitNOFILE"
            default: "check the disk"
            }
        return "the directory cannot be read: \(String(cString: strerror(errno))); \(remedy)"
    }

    /// The row that tells of it.
    func row(_ path: InboxPath) -> LedgerRow {
        var row = LedgerRow(path: path, state: .waiting, since: since)
        row.reason = reason
        row.detail = detail
        return row
    }
}

/// Walking the inbox, and knowing which directories in it are closed.
extension Inbox {
    /// Walks the tree below `start`, and notes what may not be looked into.
    func walk(
        _ start: InboxPath, in inbox: Descriptor, visit: (InboxDirectory.Found) -> Void
    ) {
        var refused: [InboxPath: Int32] = [:]
        InboxDirectory.walk(start, in: inbox, visit: visit) { refused[$0] = $1 }
        for path in closed.keys where path.isWithin(start) && refused[path] == nil {
            closed[path] = nil
            logger.notice("\(name(of: path)) can be read again")
        }
        for (path, errno) in refused where closed[path]?.errno != errno {
            let directory = ClosedDirectory(errno: errno)
            closed[path] = directory
            logger.warning(
                "\(name(of: path)) waits: \(directory.detail)",
                metadata: ["path": "\(name(of: path))", "reason": "\(directory.reason.rawValue)"])
        }
    }

    /// Which directories may not be looked into, as one of them has it.
    var closure: String? {
        let first = closed.min { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
        guard let (path, directory) = first else { return nil }
        let others = closed.count > 1 ? " and \(closed.count - 1) more" : ""
        return "\(name(of: path))\(others): \(directory.detail)"
    }

    /// Whether a path stands in a directory that may not be looked into.
    func isHidden(_ path: InboxPath) -> Bool {
        guard !closed.isEmpty else { return false }
        var place = path
        while closed[place] == nil {
            if place.bytes.isEmpty { return false }
            place = place.parent
        }
        return true
    }

    private func name(of directory: InboxPath) -> String {
        directory.bytes.isEmpty ? settings.path : directory.display
    }
}

extension InboxPath {
    /// Whether this is the directory, or stands somewhere in it.
    fileprivate func isWithin(_ directory: InboxPath) -> Bool {
        directory.bytes.isEmpty || self == directory || bytes.starts(with: directory.bytes + [0x2F])
    }
}
