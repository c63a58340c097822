internal import CLinux
internal import Glibc

extension Peer {
    /// Who connected, as the kernel noted it at that moment; nil where it does not tell.
    init?(of descriptor: Int32) {
        var credentials = archived_ucred()
        var size = socklen_t(MemoryLayout<archived_ucred>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
            return nil
        }
        self.init(process: credentials.pid, user: credentials.uid, group: credentials.gid)
    }
}
