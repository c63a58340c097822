import ArgumentParser

/// A span of time that was given in seconds, such as `30` or `0.5`.
struct Seconds: ExpressibleByArgument {
    /// More than zero, a year at most.
    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        guard let seconds = Double(argument), seconds > 0, seconds <= 31_536_000 else { return nil }
        self.seconds = seconds
    }

    var defaultValueDescription: String { String(seconds) }

    /// In whole milliseconds, one at least.
    var milliseconds: Int { max(1, Int((seconds * 1000).rounded())) }

    var duration: Duration { .milliseconds(milliseconds) }
}
