internal import Synchronization

/// Whether a client takes what is made for it: nothing more is made for one that does not.
///
/// Bytes count as taken once the kernel has them and has room for more. What is being made when the
/// gate closes still comes, so that a client may hold one answer for each thread that makes them.
final class AnswerGate: Sendable {
    /// Bytes made and not taken at which the gate is closed.
    static let bound = 16 << 10

    private struct State {
        var untaken = 0
        var isGone = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        var isOpen: Bool { isGone || untaken < AnswerGate.bound }
    }

    private let state = Mutex(State())

    /// Whether something may be made for the client now.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Returns once something may be made; which others may have done meanwhile.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Notes bytes that were made for the client.
    func note(made bytes: Int) { state.withLock { $0.untaken += bytes } }

    /// Notes bytes that the client took.
    func note(taken bytes: Int) { change { $0.untaken -= bytes } }

    /// Opens it for good: the client is gone, and whoever waits is to find that out.
    func abandon() { change { $0.isGone = true } }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            guard state.isOpen else { return [] as [CheckedContinuation<Void, Never>] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
