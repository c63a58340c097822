import Testing

@testable import Archive

/// What the times of files are worth when the clock on the wall is set.
@Suite struct SteadyClockTests {
    private static let quiet = Duration.seconds(5)
    private static let start = ContinuousClock.now
    private static let noon = Timestamp(microseconds: 1_500_000_000_000_000)

    /// The wall so many seconds after noon.
    private static func wall(_ seconds: Int) -> Timestamp {
        Timestamp(microseconds: noon.microseconds + Int64(seconds) * 1_000_000)
    }

    private static func hasRested(
        _ clock: inout SteadyClock, since changed: Int, at wall: Int, after seconds: Int,
        arrived: Int = 0
    ) -> Bool {
        clock.hasRested(
            since: Self.wall(changed), arrived: start + .seconds(arrived), for: quiet,
            at: Self.wall(wall), start + .seconds(seconds))
    }

    @Test func `a file that bears an old time rested, and one that bears a new one did not`() {
        var clock = SteadyClock()
        #expect(Self.hasRested(&clock, since: -60, at: 0, after: 0))
        #expect(!Self.hasRested(&clock, since: -3, at: 0, after: 0))
        #expect(Self.hasRested(&clock, since: -3, at: 3, after: 3))
    }

    @Test func `a clock that is set on makes no file rested`() {
        var clock = SteadyClock()
        #expect(!Self.hasRested(&clock, since: 0, at: 1, after: 1))
        let decade = 10 * 365 * 86_400
        #expect(!Self.hasRested(&clock, since: 0, at: decade + 2, after: 2))
        #expect(!Self.hasRested(&clock, since: 0, at: decade + 5, after: 5))
        #expect(Self.hasRested(&clock, since: 0, at: decade + 6, after: 6))
        // What is dropped later is judged by the time that it bears.
        #expect(Self.hasRested(&clock, since: decade, at: decade + 8, after: 8, arrived: 8))
    }

    @Test func `a clock that is set back keeps no file for ever`() {
        var clock = SteadyClock()
        #expect(!Self.hasRested(&clock, since: 0, at: 1, after: 1))
        #expect(!Self.hasRested(&clock, since: 0, at: -86_400, after: 2))
        #expect(Self.hasRested(&clock, since: 0, at: -86_396, after: 6))
        #expect(Self.hasRested(&clock, since: 0, at: -86_300, after: 102))
    }

    @Test func `a clock that is slewed is trusted`() {
        var clock = SteadyClock()
        #expect(!Self.hasRested(&clock, since: 0, at: 1, after: 1))
        #expect(Self.hasRested(&clock, since: -60, at: 3600, after: 3599, arrived: 3599))
    }
}
