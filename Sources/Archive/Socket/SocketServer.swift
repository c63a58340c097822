internal import CLinux
internal import Glibc
internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// The Socket station: answers the clients of all listeners until it is told to stop.
///
/// Its loop has a thread of its own; this is the part that other threads see.
final class SocketServer: Sendable {
    private let listeners: [Listener]
    private let service: any Answering
    private let limits: SocketLimits
    private let logger: Logger
    private let mailbox: Mailbox
    private let count = ConnectionCount()

    init(listeners: [Listener], service: any Answering, limits: SocketLimits, logger: Logger)
        throws(SocketError)
    {
        self.listeners = listeners
        self.service = service
        self.limits = limits
        self.logger = logger
        mailbox = try Mailbox()
    }

    /// How many clients are connected.
    var connectionCount: Int { count.value }

    /// Whether the loop's thread still takes its turns: a message there and back.
    ///
    /// - Returns: false where none came back within the limit.
    func heartbeat() async -> Bool {
        let answer = OneAnswer()
        mailbox.post(.heartbeat { answer.give(true) })
        let timer = Task { [limits] in
            try? await Task.sleep(for: limits.heartbeatTime)
            answer.give(false)
        }
        defer { timer.cancel() }
        return await answer.value
    }
}

extension SocketServer: ServiceLifecycle.Service {
    /// Serves until graceful shutdown or cancellation.
    ///
    /// Then nobody is let in any more, answers under way go out, and all is closed.
    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            let result = await withCheckedContinuation { continuation in
                Self.startThread { continuation.resume(returning: self.serve()) }
            }
            try result.get()
        } onCancelOrGracefulShutdown: {
            self.mailbox.post(.stop)
        }
    }

    private func serve() -> Result<Void, SocketError> {
        defer { for listener in listeners { listener.removeFile() } }
        do throws(SocketError) {
            let context = LoopContext(
                service: service, limits: limits, logger: logger, mailbox: mailbox)
            try EventLoop(listeners: listeners, context: context, count: count).run()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private static func startThread(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(ThreadBody(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(status == 0, "no thread for the sockets: error \(status)")
        pthread_detach(thread)
    }
}

/// What a thread is started with.
private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A value that is given once, by whoever is first, and waited for once.
private final class OneAnswer: Sendable {
    private let state = Mutex<(given: Bool?, waiter: CheckedContinuation<Bool, Never>?)>(
        (nil, nil))

    /// The value, when there is one.
    var value: Bool {
        get async {
            await withCheckedContinuation { continuation in
                let given = state.withLock { state in
                    if state.given == nil { state.waiter = continuation }
                    return state.given
                }
                if let given { continuation.resume(returning: given) }
            }
        }
    }

    /// Gives the value; all but the first are passed over.
    func give(_ value: Bool) {
        let waiter = state.withLock { state in
            guard state.given == nil else { return nil as CheckedContinuation<Bool, Never>? }
            state.given = value
            return state.waiter.take()
        }
        waiter?.resume(returning: value)
    }
}
