internal import CLinux
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Memory that was freed and that the allocator keeps: given back to the system when it is much.
///
/// The allocator keeps what a crowd of clients took, for another that may never come. To give it
/// back takes milliseconds, in which its arenas are locked: it is done beside all else, and rarely.
final class FreeMemory: Sendable {
    /// What the allocator may keep.
    static let bound = 6 << 20
    /// How long after it was asked for it is done: whoever leaves seldom leaves alone.
    private static let pause = DispatchTimeInterval.milliseconds(100)

    /// From this size on a buffer is mapped by itself, and given back as soon as it is freed.
    private static let mappedSize: Int32 = 1 << 20

    private let queue = DispatchQueue(label: "archived.memory", qos: .background)
    private let isComing = Mutex(false)

    /// Sees to it that large buffers go back by themselves; before other threads begin.
    ///
    /// The C library raises the size from which a buffer is mapped by itself each time one is
    /// freed, up to 32 MB, and keeps what is smaller in each thread's arena: after a large bundle
    /// the daemon would hold some hundred megabytes of nothing.
    static func mapWhatIsLarge() {
        mallopt(M_MMAP_THRESHOLD, mappedSize)
        mallopt(M_TRIM_THRESHOLD, mappedSize)
    }

    /// Sees to it that much memory is given back soon.
    func giveBack() {
        let isFirst = isComing.withLock { isComing in
            defer { isComing = true }
            return !isComing
        }
        guard isFirst else { return }
        queue.asyncAfter(deadline: .now() + Self.pause) { [self] in
            isComing.withLock { $0 = false }
            if Self.keptBytes > Self.bound { Self.trim() }
        }
    }

    /// Gives back at once what was freed, after work that took and freed much.
    static func trim() { malloc_trim(0) }

    /// What is resident beyond what is in use: program, stacks and tables are counted along.
    private static var keptBytes: Int {
        let present = mallinfo2()
        return ResidentMemory.present.own - Int(clamping: present.uordblks)
            - Int(clamping: present.hblkhd)
    }
}

/// The memory of this process that is in use now, by /proc; zeros where that is hidden.
struct ResidentMemory: Sendable {
    var bytes = 0
    /// Without what is mapped from files.
    var own = 0

    static var present: ResidentMemory {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return ResidentMemory() }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return ResidentMemory() }
        let pages = buffer[..<count].split(separator: 0x20).map { field in
            Int(String(decoding: field, as: UTF8.self)) ?? 0
        }
        guard pages.count > 2 else { return ResidentMemory() }
        let size = sysconf(Int32(_SC_PAGESIZE))
        return ResidentMemory(bytes: pages[1] * size, own: (pages[1] - pages[2]) * size)
    }
}
