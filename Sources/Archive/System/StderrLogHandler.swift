internal import CLinux
internal import Glibc
internal import Logging

/// Writes log entries to the error output, one line each.
struct StderrLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// Whether lines begin with `<N>`, which a journal at the other end takes for the level.
    private let hasPriorityPrefix: Bool

    init(level: Logger.Level, hasPriorityPrefix: Bool = false) {
        logLevel = level
        self.hasPriorityPrefix = hasPriorityPrefix
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        write(event, LogFields.metadata(event, metadata, metadataProvider))
    }

    /// Writes an entry whose metadata was put together already.
    func write(_ event: LogEvent, _ metadata: [(key: String, value: String)]) {
        // One call, so that the lines of two threads do not mix.
        let line = Array((line(event, metadata, at: Self.now) + "\n").utf8)
        line.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Glibc.write(
                    STDERR_FILENO, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
                guard count > 0 || count < 0 && errno == EINTR else { return }
                sent += max(0, count)
            }
        }
    }

    /// The line for an entry, without its line feed.
    func line(_ event: LogEvent, _ metadata: [(key: String, value: String)], at time: timespec)
        -> String
    {
        // The journal has the time and the level of its own.
        var line =
            hasPriorityPrefix
            ? "<\(LogFields.priority(event.level))>"
            : "\(Self.stamp(time)) \(event.level.rawValue) "
        line += LogText.oneLine(LogFields.message(event))
        for (key, value) in metadata where key != JournalLogHandler.messageIDKey {
            line += " \(LogText.oneLine(key))=\(LogText.value(value))"
        }
        return line
    }

    private static var now: timespec {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time
    }

    /// The time in UTC to the millisecond, after RFC 3339.
    private static func stamp(_ time: timespec) -> String {
        var parts = tm()
        var seconds = time.tv_sec
        gmtime_r(&seconds, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))"
        let clock = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2))"
        return "\(day)-\(padded(parts.tm_mday, 2))T\(clock):\(padded(parts.tm_sec, 2))"
            + ".\(padded(time.tv_nsec / 1_000_000, 3))Z"
    }
}
