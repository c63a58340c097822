internal import Foundation

/// The revision that a part of the archive has reached, for those who must not run ahead of it.
final class RevisionMark: Sendable {
    private let condition = NSCondition()
    nonisolated(unsafe) private var revision = 0

    /// The longest that anybody waits: a turn of the index is some milliseconds.
    private static let patience = 2.0

    /// Notes that `revision` is reached.
    func reach(_ revision: Int) {
        condition.lock()
        defer { condition.unlock() }
        guard revision > self.revision else { return }
        self.revision = revision
        condition.broadcast()
    }

    /// Waits until `revision` is reached.
    ///
    /// - Returns: false where that took too long.
    func wait(for revision: Int) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: Self.patience)
        while self.revision < revision, condition.wait(until: end) {}
        return self.revision >= revision
    }
}
