import Glibc
import Synchronization
import Testing

@testable import Archive

/// What is left of a crash.
///
/// Slots 12 to 15 are those of no lane in any test.
@Suite(.serialized) struct CrashMarkerTests {
    private static let signals = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]

    /// Gives the test process the handlers back that it had.
    private func keepingHandlers(_ body: () throws -> Void) throws {
        var old = Self.signals.map { _ in sigaction() }
        for (index, signal) in Self.signals.enumerated() { sigaction(signal, nil, &old[index]) }
        defer {
            for (index, signal) in Self.signals.enumerated() { sigaction(signal, &old[index], nil) }
        }
        try body()
    }

    /// Ends a copy of this process by a signal, as a crash in a parser would.
    ///
    /// The copy does nothing but raise the signal: few other calls are safe in it.
    private func crash(by signal: Int32) throws -> Int32 {
        typealias Fork = @convention(c) () -> Int32
        let fork = unsafeBitCast(try #require(dlsym(nil, "fork")), to: Fork.self)
        // Threads of Dispatch keep most signals from themselves; abort(3) lets its own through.
        var unblocked = sigset_t()
        sigemptyset(&unblocked)
        sigaddset(&unblocked, signal)
        let child = fork()
        if child == 0 {
            pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
            raise(signal)
            _exit(1)
        }
        var status: Int32 = 0
        #expect(waitpid(child, &status, 0) == child)
        return status & 0x7F
    }

    @Test func `what a crash left is read once`() throws {
        let place = try InboxPlace()
        let path = "\(place.root)/crash"
        let names = [Digest(of: [1]).hex, Digest(of: [2]).hex]
        let gap = String(repeating: "\0", count: CrashMarker.slotBytes)
        try place.write("crash", "\(names[0])\n\(gap)\(names[1])\n")
        try keepingHandlers {
            #expect(CrashMarker.install(path: path) == names)
            #expect(CrashMarker.install(path: path).isEmpty)
        }
        #expect(place.text("crash") == "")
    }

    @Test func `without a file nothing is left and one stands ready`() throws {
        let place = try InboxPlace()
        try keepingHandlers {
            #expect(CrashMarker.install(path: "\(place.root)/crash").isEmpty)
            #expect(place.text("crash") == "")
            #expect(CrashMarker.install(path: "\(place.root)/none/crash").isEmpty)
        }
    }

    @Test(arguments: signals)
    func `a crash leaves the names of the files that were being parsed and no others`(
        signal: Int32
    ) throws {
        let place = try InboxPlace()
        let path = "\(place.root)/crash"
        let (parsed, done, other) = (
            Digest(of: [1]).hex, Digest(of: [2]).hex, Digest(of: [3]).hex
        )
        try keepingHandlers {
            _ = CrashMarker.install(path: path)
            CrashMarker.begin(done, slot: 15, alone: false)
            CrashMarker.end(slot: 15)
            CrashMarker.begin(parsed, slot: 14, alone: false)
            CrashMarker.begin(other, slot: 15, alone: false)
            let died = try crash(by: signal)
            #expect(died == signal, "it dies as it would have")
            CrashMarker.end(slot: 15)
            CrashMarker.end(slot: 14)
            // Lanes of other tests may be parsing as well.
            let left = Set(CrashMarker.install(path: path))
            #expect(left.isSuperset(of: [parsed, other]))
            #expect(!left.contains(done))
            #expect(left.allSatisfy { Digest($0) != nil })
        }
    }

    @Test func `who parses alone keeps the others waiting`() async throws {
        let order = Mutex<[String]>([])
        CrashMarker.begin("a", slot: 14, alone: true)
        BlockingThread.start {
            order.withLock { $0.append("asked") }
            CrashMarker.begin("b", slot: 15, alone: false)
            order.withLock { $0.append("begun") }
            CrashMarker.end(slot: 15)
        }
        while order.withLock({ $0.isEmpty }) { sched_yield() }
        for _ in 0..<100 { sched_yield() }
        order.withLock { $0.append("ended") }
        CrashMarker.end(slot: 14)
        #expect(await isSoon { order.withLock { $0 } == ["asked", "ended", "begun"] })
    }

    @Test func `who parses alone is let in though others follow each other`() async {
        let isLetIn = Atomic(false)
        let isDone = Atomic(false)
        let others = Atomic(0)
        // They overlap: there is hardly ever a moment without one of them.
        for slot in [12, 13, 14] {
            others.add(1, ordering: .sequentiallyConsistent)
            BlockingThread.start {
                while !isDone.load(ordering: .sequentiallyConsistent) {
                    CrashMarker.begin("x", slot: slot, alone: false)
                    usleep(5000)
                    CrashMarker.end(slot: slot)
                }
                others.subtract(1, ordering: .sequentiallyConsistent)
            }
        }
        BlockingThread.start {
            CrashMarker.begin("y", slot: 15, alone: true)
            CrashMarker.end(slot: 15)
            isLetIn.store(true, ordering: .sequentiallyConsistent)
        }
        #expect(await isSoon { isLetIn.load(ordering: .sequentiallyConsistent) })
        isDone.store(true, ordering: .sequentiallyConsistent)
        #expect(await isSoon { others.load(ordering: .sequentiallyConsistent) == 0 })
    }
}
