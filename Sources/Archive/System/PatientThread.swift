internal import Dispatch
internal import Glibc
internal import Synchronization

/// A thread for long work that nobody waits for: all others come first.
///
/// It carries out what it is given one after the other.
final class PatientThread: Sendable {
    private static let niceness: Int32 = 10

    private final class Jobs: Sendable {
        private let count = DispatchSemaphore(value: 0)
        private let waiting = Mutex<[@Sendable () -> Void]>([])

        /// Appends a job; without one, the thread ends after those before.
        func append(_ job: (@Sendable () -> Void)?) {
            if let job { waiting.withLock { $0.append(job) } }
            count.signal()
        }

        func carryOut() {
            while true {
                count.wait()
                let job = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                guard let job else { return }
                job()
            }
        }
    }

    private let jobs = Jobs()

    init() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(jobs).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                // On Linux this is the calling thread, and no other.
                setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, PatientThread.niceness)
                Unmanaged<Jobs>.fromOpaque(context).takeRetainedValue().carryOut()
                return nil
            }, context)
        pthread_detach(thread)
    }

    deinit { jobs.append(nil) }

    func run(_ job: @escaping @Sendable () -> Void) { jobs.append(job) }
}
