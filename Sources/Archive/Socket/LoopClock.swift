internal import CLinux
internal import Glibc

/// The monotonic clock as the loop reads it.
enum LoopClock {
    /// Nanoseconds since some moment in the past.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
