internal import CLinux
internal import Glibc
internal import Synchronization

/// Hears what inotify tells of the inbox, on a thread that does nothing else.
///
/// Events are hints: the thread only drains the kernel's queue into a set of paths, so that it
/// overflows as late as it can. What stands in the inbox is decided by looking there. Files opened,
/// read or written to are not watched for: our own reads would feed the queue.
final class InboxWatcher: Sendable {
    /// What happened at one path, as far as it was told.
    struct Hint: OptionSet, Sendable {
        let rawValue: UInt32
        static let created = Hint(rawValue: 1)
        static let closed = Hint(rawValue: 2)
        static let movedIn = Hint(rawValue: 4)
        static let rightsChanged = Hint(rawValue: 8)
        static let isDirectory = Hint(rawValue: 16)
    }

    /// All that was told since it was last asked for.
    struct Hints: Sendable {
        var paths: [InboxPath: Hint] = [:]
        /// Events were lost, or a watched directory moved: only a scan tells.
        var needsScan = false
        var overflows = 0
    }

    /// Distinct paths held before they are given up for a scan, so that memory stays bounded.
    static let pathLimit = 262_144

    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF
            | IN_ONLYDIR | IN_EXCL_UNLINK)

    fileprivate struct State {
        var directories: [Int32: InboxPath] = [:]
        var hints = Hints()
    }

    private let descriptor: Int32
    private let stopper: Int32
    private let state = Mutex(State())
    private let wake: AsyncStream<Void>.Continuation

    /// Starts the thread; nil where the kernel grants no inotify instance.
    ///
    /// - Parameter wake: is given a value whenever there are hints to take.
    init?(wake: AsyncStream<Void>.Continuation) {
        self.wake = wake
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        stopper = eventfd(0, Int32(EFD_CLOEXEC))
        guard descriptor >= 0, stopper >= 0 else { return nil }
        start()
    }

    // Not by the thread: their numbers would be another's while they can still be called by.
    deinit {
        if descriptor >= 0 { close(descriptor) }
        if stopper >= 0 { close(stopper) }
    }

    /// Watches a directory; a directory watched already is only given its new path.
    ///
    /// - Returns: 0, or the errno of a refusal (ENOSPC: `fs.inotify.max_user_watches` is reached).
    func watch(_ path: InboxPath, in inbox: Descriptor) -> Int32 {
        // inotify has no call relative to a descriptor; /proc gives the opened directory a path,
        // so that a renamed inbox is not mistaken for the one that took its name.
        let root = "/proc/self/fd/\(inbox.number)/"
        let full = Array(root.utf8).map { CChar(bitPattern: $0) } + path.cString
        let watch = inotify_add_watch(descriptor, full, Self.mask)
        guard watch >= 0 else { return errno }
        state.withLock { $0.directories[watch] = path }
        return 0
    }

    /// Forgets all watches, before the inbox is watched anew.
    func unwatchAll() {
        let watches = state.withLock { state in
            defer { state.directories = [:] }
            return Array(state.directories.keys)
        }
        for watch in watches { inotify_rm_watch(descriptor, watch) }
    }

    /// Takes all hints since the last call.
    func take() -> Hints {
        state.withLock { state in
            defer { state.hints = Hints() }
            return state.hints
        }
    }

    /// Ends the thread.
    func stop() {
        eventfd_write(stopper, 1)
    }

    private func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<InboxWatcher>.fromOpaque(context).takeRetainedValue().drain()
                return nil
            }, context)
        pthread_detach(thread)
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var polled = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stopper, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { return }
            if polled[1].revents != 0 { return }
            if polled[0].revents == 0 { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 { note(buffer[..<count]) }
        }
    }

    /// Takes note of the records that one read(2) of inotify gave.
    func note(_ events: ArraySlice<UInt8>) {
        state.withLock { state in
            events.withUnsafeBytes { bytes in
                var offset = 0
                // A record is a header of 16 bytes and a name padded with zeros to `length`.
                while offset + 16 <= bytes.count {
                    let watch = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
                    let mask = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
                    let length = Int(
                        bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
                    guard offset + 16 + length <= bytes.count else { break }
                    let name = bytes[(offset + 16)..<(offset + 16 + length)].prefix { $0 != 0 }
                    state.note(watch: watch, mask: mask, name: Array(name))
                    offset += 16 + length
                }
            }
        }
        wake.yield()
    }
}

extension InboxWatcher.State {
    fileprivate mutating func note(watch: Int32, mask: UInt32, name: [UInt8]) {
        if mask & UInt32(IN_Q_OVERFLOW) != 0 {
            hints.overflows += 1
            hints.needsScan = true
        }
        if mask & UInt32(IN_IGNORED) != 0 { directories[watch] = nil }
        if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT) != 0 {
            hints.needsScan = true
        }
        guard !name.isEmpty, let directory = directories[watch] else { return }
        guard hints.paths.count < InboxWatcher.pathLimit else {
            hints.needsScan = true
            return
        }
        hints.paths[directory.appending(name), default: []].formUnion(.init(mask: mask))
    }
}

extension InboxWatcher.Hint {
    fileprivate init(mask: UInt32) {
        self = []
        if mask & UInt32(IN_CREATE) != 0 { insert(.created) }
        if mask & UInt32(IN_CLOSE_WRITE) != 0 { insert(.closed) }
        if mask & UInt32(IN_MOVED_TO) != 0 { insert(.movedIn) }
        if mask & UInt32(IN_ATTRIB) != 0 { insert(.rightsChanged) }
        if mask & UInt32(IN_ISDIR) != 0 { insert(.isDirectory) }
    }
}
