internal import CLinux
internal import CSystemd
internal import Glibc

/// What the service manager (systemd) is told, and what it hands over at the start.
///
/// Without a service manager every call is quietly without effect.
struct ServiceManager: Sendable {
    /// One thing to tell; the closed list.
    enum State: Sendable, Equatable {
        /// The daemon serves. Also ends a reload, on every path.
        case ready
        /// What it does at the moment, in one line.
        case status(String)
        /// It ends.
        case stopping
        /// It reads its configuration again.
        case reloading
        /// It is alive.
        case watchdog
        /// It found itself broken, and asks to be ended as if the watchdog had run out.
        case watchdogTrigger
        /// Starting, reloading or stopping goes on, and needs so many seconds from now.
        case extendTimeout(seconds: Int)
        /// Why it fails, as an error number of the kernel.
        case errno(Int32)
    }

    /// The most bytes of a status that are shown.
    static let statusLimit = 512

    /// Tells the service manager one or more things at once.
    ///
    /// - Returns: whether there is a service manager and the message went out.
    @discardableResult
    func notify(_ states: State...) -> Bool {
        sd_notify(0, Self.message(states)) > 0
    }

    /// The text of a message: one assignment a line.
    static func message(_ states: [State]) -> String {
        states.map(text).joined(separator: "\n")
    }

    /// How often to send `.watchdog`: half of the time after which silence counts as death.
    ///
    /// Nil where nobody watches, or where another process is meant.
    var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds / 2))
    }

    /// The listening Unix sockets that were passed, by their `FileDescriptorName=`.
    ///
    /// They are taken out of the environment, so that a second call gives none. What is no
    /// listening stream socket, or comes under a name a second time, is closed.
    func passedSockets() -> [String: Descriptor] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count > 0 else { return [:] }
        defer { free(names) }
        var sockets: [String: Descriptor] = [:]
        for index in 0..<Int(count) {
            let descriptor = Descriptor(owning: SD_LISTEN_FDS_START + Int32(index))
            let entry = names?[index]
            defer { free(entry) }
            let name = entry.map { String(cString: $0) } ?? "unknown"
            let kind = Int32(SOCK_STREAM.rawValue)
            guard sd_is_socket(descriptor.number, AF_UNIX, kind, 1) > 0, sockets[name] == nil else {
                continue
            }
            sockets[name] = descriptor
        }
        return sockets
    }

    private static func text(_ state: State) -> String {
        switch state {
        case .ready: "READY=1"
        case .status(let text): "STATUS=" + LogText.oneLine(text, limit: statusLimit)
        case .stopping: "STOPPING=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds)"
        case .watchdog: "WATCHDOG=1"
        case .watchdogTrigger: "WATCHDOG=trigger"
        case .extendTimeout(let seconds): "EXTEND_TIMEOUT_USEC=\(max(0, seconds))000000"
        case .errno(let number): "ERRNO=\(number)"
        }
    }

    private static var monotonicMicroseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
