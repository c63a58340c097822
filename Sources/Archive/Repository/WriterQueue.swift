internal import Foundation

/// Who writes to the database next: what is small comes before the stretches of bundles.
///
/// SQLite has one writer, and what it carries out at once is what others wait for. A stretch is
/// therefore kept in several turns, each of some milliseconds.
final class WriterQueue: @unchecked Sendable {
    /// The longest turn of a stretch, without its commit.
    static let turn = Duration.milliseconds(5)
    /// The same while something small waits.
    static let turnIfWanted = Duration.milliseconds(1)

    private let condition = NSCondition()
    private var isTaken = false
    private var counts = (small: 0, large: 0)

    /// Carries out `body` when nobody else writes, and nothing small waits that is not this.
    func take<Result>(isSmall: Bool, _ body: () throws -> Result) rethrows -> Result {
        enter(isSmall)
        defer { leave() }
        return try body()
    }

    /// Whether a turn that began at `start` should end.
    func isOver(since start: ContinuousClock.Instant) -> Bool {
        let length = ContinuousClock.now - start
        if length < Self.turnIfWanted { return false }
        if length >= Self.turn { return true }
        return waiting.small > 0
    }

    /// How many wait for their turn.
    var waiting: (small: Int, large: Int) {
        condition.lock()
        defer { condition.unlock() }
        return counts
    }

    private func enter(_ isSmall: Bool) {
        condition.lock()
        defer { condition.unlock() }
        if isSmall { counts.small += 1 } else { counts.large += 1 }
        while isTaken || !isSmall && counts.small > 0 { condition.wait() }
        if isSmall { counts.small -= 1 } else { counts.large -= 1 }
        isTaken = true
    }

    private func leave() {
        condition.lock()
        defer { condition.unlock() }
        isTaken = false
        condition.broadcast()
    }
}
