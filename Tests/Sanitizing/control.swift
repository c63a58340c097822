// What a sanitizer must see, and what it must not: run with the name of a case.
import Glibc
import Synchronization

final class Shared: @unchecked Sendable {
    let locked = Mutex<[Int]>([])
    var bare = 0
}
let shared = Shared()

/// Two threads do the same at once, three thousand times.
func twice(_ work: @escaping @Sendable @convention(c) (Int) -> Void) {
    let threads = (0..<2).map { _ in
        var thread = pthread_t()
        let place = unsafeBitCast(work, to: UnsafeMutableRawPointer.self)
        pthread_create(
            &thread, nil,
            { place in
                let work = unsafeBitCast(place, to: (@convention(c) (Int) -> Void).self)
                for turn in 0..<3000 { work(turn) }
                return nil
            }, place)
        return thread
    }
    for thread in threads { pthread_join(thread, nil) }
}

/// Holds the lock for so long, now and then, that the other thread has to wait for it.
@Sendable func append(_ turn: Int) {
    shared.locked.withLock { turns in
        turns.append(turn)
        if turn % 50 == 0 { usleep(300) }
    }
}

func bytes() -> UnsafeMutablePointer<UInt8> {
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
    bytes.initialize(repeating: 0, count: 8)
    return bytes
}

switch CommandLine.arguments.last {
case "lock": twice(append)
case "race": twice { _ in shared.bare += 1 }
case "half":
    // One side within the lock is not enough.
    twice { turn in
        if turn % 2 == 0 {
            shared.locked.withLock { _ in shared.bare += 1 }
        } else {
            shared.bare += 1
        }
    }
case "overflow": print(bytes()[CommandLine.arguments.count + 6])
case "freed":
    let bytes = bytes()
    bytes.deallocate()
    print(bytes[CommandLine.arguments.count])
default: exit(2)
}
