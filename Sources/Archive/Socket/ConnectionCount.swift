internal import Synchronization

/// How many clients are connected; changed by the loop, read by anybody.
final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    /// The count now.
    var value: Int { count.load(ordering: .relaxed) }

    /// Adds `difference`.
    func change(by difference: Int) { count.add(difference, ordering: .relaxed) }
}
