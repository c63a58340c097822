internal import CLinux
internal import Glibc

/// How much more a file system takes of the daemon's files.
struct FreeSpace: Sendable {
    let bytes: Int
    /// The file system.
    let device: dev_t

    /// Asks the file system that `path` is on; nil where it does not tell.
    init?(at path: String) {
        var space = statvfs()
        var status = stat()
        guard statvfs(path, &space) == 0, stat(path, &status) == 0 else { return nil }
        bytes = Int(
            clamping: UInt64(space.f_bavail).multipliedReportingOverflow(
                by: UInt64(space.f_frsize)
            ).partialValue)
        device = status.st_dev
    }
}
