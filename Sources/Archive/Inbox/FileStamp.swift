internal import CLinux
internal import Glibc

/// What tells one state of a file from another without reading it.
///
/// A file is read only while its stamp stays the same; it is taken from the inbox only if the
/// stamp is still that of the bytes that were kept. Two stamps are compared for difference, never
/// for age: a clock may step back and `mv` keeps old times.
struct FileStamp: Sendable, Hashable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    /// Last change of content, nanoseconds since 1970.
    var modified: Int64
    /// Last change of content, name count or rights, nanoseconds since 1970.
    var changed: Int64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    /// The stamp of an open file; nil where the kernel refuses.
    static func of(descriptor: Int32) -> FileStamp? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? FileStamp(status) : nil
    }

    /// Whether a file that differs only in its name count or rights holds the same content.
    func hasSameContent(as other: FileStamp) -> Bool {
        device == other.device && inode == other.inode && size == other.size
            && modified == other.modified
    }
}
