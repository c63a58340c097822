internal import CLinux
internal import Glibc

/// The path of a Unix socket in the form that the kernel takes.
struct SocketAddress {
    private var address = sockaddr_un()

    /// Refuses a path that does not fit, instead of cutting it.
    init(path: String) throws(SocketError) {
        let bytes = Array(path.utf8)
        guard bytes.count <= SocketError.pathLimit, !bytes.contains(0) else {
            throw .pathTooLong(path: path, bytes: bytes.count)
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    }

    /// Hands the structure to `connect` or `bind`.
    func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
