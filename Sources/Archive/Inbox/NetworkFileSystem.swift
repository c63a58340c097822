internal import CLinux
internal import Glibc

/// File systems whose changes may be made by other machines, of which inotify hears nothing.
enum NetworkFileSystem {
    /// Magic numbers of statfs(2) with the names to tell.
    private static let names: [UInt32: String] = [
        0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x517B: "SMB",
        0x0102_1997: "9P", 0x00C3_6400: "Ceph", 0x5346_414F: "AFS", 0x6573_5546: "FUSE",
        0x0187_0193: "Lustre", 0x4750_4653: "GPFS", 0x7461_636F: "OCFS2",
        0x786F_4256: "VirtualBox shared folder",
    ]

    /// The kind of network file system that `descriptor` is on; nil for a local one.
    static func name(of descriptor: Int32) -> String? {
        var status = statfs()
        guard fstatfs(descriptor, &status) == 0 else { return nil }
        return names[UInt32(truncatingIfNeeded: status.f_type)]
    }
}
