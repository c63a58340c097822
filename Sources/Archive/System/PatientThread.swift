internal import Foundation
internal import Glibc

/// A thread for long work that nobody waits for: all others come first.
///
/// It carries out what it is given one after the other.
final class PatientThread: Sendable {
    private static let niceness: Int32 = 10

    private final class Jobs: @unchecked Sendable {
        let condition = NSCondition()
        var waiting: [@Sendable () -> Void] = []
        var isOver = false

        /// The next job; nil when there will be none.
        func next() -> (@Sendable () -> Void)? {
            condition.lock()
            defer { condition.unlock() }
            while waiting.isEmpty, !isOver { condition.wait() }
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }

        func change(_ body: (Jobs) -> Void) {
            condition.lock()
            defer { condition.unlock() }
            body(self)
            condition.signal()
        }
    }

    private let jobs = Jobs()

    init(label: String) {
        let thread = Thread { [jobs] in
            // On Linux this is the calling thread, and no other.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            while let job = jobs.next() { job() }
        }
        thread.name = label
        thread.start()
    }

    deinit { jobs.change { $0.isOver = true } }

    func run(_ job: @escaping @Sendable () -> Void) { jobs.change { $0.waiting.append(job) } }
}
