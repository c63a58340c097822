internal import CLinux
internal import Glibc

/// Sees to it that memory which is no longer used goes back to the host.
///
/// The C library raises the size from which a buffer is mapped by itself each time one is freed,
/// up to 32 MB, and keeps what is smaller for the next one, in each thread's arena: after a large
/// bundle the daemon would hold some hundred megabytes of nothing.
enum HeapMemory {
    /// From this size on a buffer is mapped by itself, and given back as soon as it is freed.
    private static let mappedSize: Int32 = 1 << 20

    /// Fixes that size; before other threads begin.
    static func giveBackWhatIsLarge() {
        mallopt(M_MMAP_THRESHOLD, mappedSize)
        mallopt(M_TRIM_THRESHOLD, mappedSize)
    }
}
