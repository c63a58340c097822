/// Tells how long a file rested from the times that it bears, unless the clock jumped meanwhile.
///
/// The times of files are of the clock on the wall, which is set; waits are counted on the one that
/// never jumps. Where the two part, the clock was set: what a file bears then says nothing for as
/// long as a file must rest, and the time since it was first heard of is taken instead.
struct SteadyClock: Sendable {
    /// How far the two may drift apart between two looks without a jump.
    private static let drift = Duration.seconds(1)

    private var distance: Duration?
    private var jumped: ContinuousClock.Instant?
    private let origin = ContinuousClock.now

    /// Whether a file that bears `changed` and was heard of at `arrived` rested for `quiet`.
    mutating func hasRested(
        since changed: Timestamp, arrived: ContinuousClock.Instant, for quiet: Duration,
        at wall: Timestamp = .now, _ now: ContinuousClock.Instant = .now
    ) -> Bool {
        let present = .microseconds(wall.microseconds) - (now - origin)
        if let distance, abs(present - distance) > Self.drift { jumped = now }
        distance = present
        let rested = Duration.microseconds(wall.microseconds - changed.microseconds)
        let isTrusted = jumped.map { now - $0 > quiet } ?? true
        // A clock that was set back leaves times in the future.
        return isTrusted && rested >= .zero ? rested > quiet : now - arrived > quiet
    }

    private func abs(_ duration: Duration) -> Duration { max(duration, .zero - duration) }
}
