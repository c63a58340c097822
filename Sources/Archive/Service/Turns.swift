internal import Glibc
internal import Synchronization

/// Whose long question is answered next: clients take turns, however much each of them asked.
///
/// Long questions have threads of their own, so that no short one stands behind them.
final class Turns: Sendable {
    private struct State {
        var idle: [QueueExecutor]
        var waiting: [ObjectIdentifier: [CheckedContinuation<QueueExecutor, Never>]] = [:]
        /// Those in `waiting`, the next one first.
        var order: [ObjectIdentifier] = []
    }

    private let state: Mutex<State>

    /// As many at a time as there are processors, and two at least: some wait for the disk.
    init(threads: Int = max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) {
        state = Mutex(
            State(idle: (0..<threads).map { QueueExecutor(label: "archived.question.\($0)") }))
    }

    /// How many questions wait for their turn.
    var waitingCount: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    /// Carries out `body` when it is the client's turn.
    func take<Result: Sendable>(
        _ client: ObjectIdentifier, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let executor = await turn(of: client)
        defer { pass(on: executor) }
        return try await withTaskExecutorPreference(executor) { try await body() }
    }

    private func turn(of client: ObjectIdentifier) async -> QueueExecutor {
        await withCheckedContinuation { continuation in
            let idle = state.withLock { state in
                if let idle = state.idle.popLast() { return idle as QueueExecutor? }
                if state.waiting[client] == nil { state.order.append(client) }
                state.waiting[client, default: []].append(continuation)
                return nil
            }
            if let idle { continuation.resume(returning: idle) }
        }
    }

    private func pass(on executor: QueueExecutor) {
        let next = state.withLock { state -> CheckedContinuation<QueueExecutor, Never>? in
            guard let client = state.order.first, var line = state.waiting[client] else {
                state.idle.append(executor)
                return nil
            }
            state.order.removeFirst()
            let next = line.removeFirst()
            state.waiting[client] = line.isEmpty ? nil : line
            if !line.isEmpty { state.order.append(client) }
            return next
        }
        next?.resume(returning: executor)
    }
}
