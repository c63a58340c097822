internal import CLinux
internal import Glibc

/// A socket that clients connect to, and what it entitles them to.
struct Listener: Sendable {
    /// The listening socket.
    let descriptor: Descriptor
    /// What a client may do who came in here.
    let rights: Rights
    /// Whether the service manager opened it; it is the service manager's to remove, then.
    let isPassed: Bool
    private let place: Place?

    /// The file that we made, so that we remove no other.
    private struct Place: Sendable {
        var path: String
        var device: dev_t
        var inode: ino_t
    }

    /// Opens a socket at `path` with exactly `mode` and `group`, whatever the umask.
    ///
    /// A socket that nobody answers on is replaced; anything else at `path` is an error.
    static func bind(path: String, mode: mode_t, group: gid_t?, rights: Rights)
        throws(SocketError) -> Listener
    {
        let address = try SocketAddress(path: path)
        try removeStale(path, address)
        let number = socket(AF_UNIX, kind | flags, 0)
        guard number >= 0 else { throw .last("socket") }
        let descriptor = Descriptor(owning: number)
        // The kernel makes the file with the mode of the unbound socket: it is never more open.
        guard fchmod(number, mode & 0o600) == 0 else { throw .last("fchmod", path) }
        guard address.with({ Glibc.bind(number, $0, $1) }) == 0 else { throw .last("bind", path) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .last("lstat", path) }
        let place = Place(path: path, device: status.st_dev, inode: status.st_ino)
        let listener = Listener(
            descriptor: descriptor, rights: rights, isPassed: false, place: place)
        do throws(SocketError) {
            if let group, lchown(path, .max, group) != 0 { throw .last("chown", path) }
            guard chmod(path, mode) == 0 else { throw .last("chmod", path) }
            guard listen(number, backlog) == 0 else { throw .last("listen", path) }
        } catch {
            listener.removeFile()
            throw error
        }
        return listener
    }

    /// Takes a listening socket that was passed to the process.
    static func passed(_ descriptor: Descriptor, rights: Rights) -> Listener {
        let number = descriptor.number
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return Listener(descriptor: descriptor, rights: rights, isPassed: true, place: nil)
    }

    /// Removes the socket's file where it still is the one that we made.
    func removeFile() {
        guard let place else { return }
        var status = stat()
        guard lstat(place.path, &status) == 0, status.st_dev == place.device,
            status.st_ino == place.inode
        else { return }
        unlink(place.path)
    }

    private static var kind: Int32 { Int32(SOCK_STREAM.rawValue) }
    private static var flags: Int32 {
        Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    }
    private static let backlog: Int32 = 4096

    private static func removeStale(_ path: String, _ address: SocketAddress) throws(SocketError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .last("lstat", path) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let probe = socket(AF_UNIX, kind | flags, 0)
        guard probe >= 0 else { throw .last("socket") }
        defer { close(probe) }
        // EAGAIN is a full queue and EPROTOTYPE another kind of socket: both are alive.
        guard address.with({ connect(probe, $0, $1) }) != 0, errno != EAGAIN, errno != EPROTOTYPE
        else { throw .alreadyServed(path: path) }
        guard errno == ECONNREFUSED else { throw .last("connect", path) }
        guard unlink(path) == 0 || errno == ENOENT else { throw .last("unlink", path) }
    }
}
