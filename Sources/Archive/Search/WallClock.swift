internal import ArchiveProtocol
internal import Glibc

/// What the clock on the wall shows, by which `today`, `-3d` and `2 weeks ago` are dates.
struct WallClock: Sendable, Hashable {
    /// Seconds since 1970 as the time zone of this machine counts them.
    var seconds: Int

    static var now: WallClock {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return WallClock(seconds: now + local.tm_gmtoff)
    }

    /// The day that words name, or the minute where they go by hours; nil where they name none.
    func date(_ words: String) -> String? {
        let day = 86_400
        switch words {
        case "now": return Self.text(seconds, isDay: false)
        case "today": return Self.text(seconds, isDay: true)
        case "yesterday": return Self.text(seconds - day, isDay: true)
        case "tomorrow": return Self.text(seconds + day, isDay: true)
        default:
            guard let span = TimeSpan(ago: words) else { return nil }
            return Self.text(seconds - span.seconds, isDay: span.isWholeDays)
        }
    }

    private static func text(_ seconds: Int, isDay: Bool) -> String? {
        var seconds = seconds
        var time = tm()
        gmtime_r(&seconds, &time)
        guard (0...9999).contains(time.tm_year + 1900) else { return nil }
        let day =
            digits(time.tm_year + 1900, 4) + "-" + two(time.tm_mon + 1) + "-"
            + two(time.tm_mday)
        return isDay ? day : day + "T" + two(time.tm_hour) + ":" + two(time.tm_min)
    }

    private static func two(_ number: Int32) -> String { digits(number, 2) }

    private static func digits(_ number: Int32, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
