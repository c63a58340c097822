internal import CLinux
internal import Glibc

/// Why a socket cannot be opened or served.
enum SocketError: Error, Equatable, CustomStringConvertible {
    /// The path is longer than the kernel's structure for it.
    case pathTooLong(path: String, bytes: Int)
    /// Another process answers on the path.
    case alreadyServed(path: String)
    /// Something that is no socket stands at the path.
    case notASocket(path: String)
    /// A kernel call failed.
    case system(call: String, path: String?, errno: Int32)

    /// The longest path of a Unix socket (`sun_path` less its closing zero).
    static let pathLimit = 107

    var description: String {
        switch self {
        case .pathTooLong(let path, let bytes):
            "the socket's path has \(bytes) bytes, and the kernel takes \(Self.pathLimit): \(path)"
        case .alreadyServed(let path):
            "another process answers on \(path); stop it first"
        case .notASocket(let path):
            "\(path) exists and is no socket; move it away"
        case .system(let call, let path, let errno):
            "\(call)\(path.map { " \($0)" } ?? ""): \(String(cString: strerror(errno)))"
        }
    }

    /// The failure of the call that returned just now.
    static func last(_ call: String, _ path: String? = nil) -> SocketError {
        .system(call: call, path: path, errno: errno)
    }
}
