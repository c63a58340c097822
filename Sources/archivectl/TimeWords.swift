import ArchiveProtocol
import ArgumentParser
import Glibc

/// A point or period of time as people write it, in the form that the protocol takes.
///
/// `2017`, `2017-01` and `2017-01-26` stay as they are: whole periods. `yesterday`, `today` and
/// `tomorrow` become such a day; `now`, `-2d`, `-1w3d` and a time of day become an instant in UTC.
struct TimeWords: ExpressibleByArgument, Equatable {
    /// The date or instant after RFC 3339, to the precision that was given.
    var date: String

    init?(argument: String) { self.init(argument, now: Int(time(nil))) }

    /// Reads `words`; nil where they name no time.
    init?(_ words: String, now: Int) {
        let day = 86_400
        switch words {
        case "now": date = Self.instant(now)
        case "today": date = Self.localDay(now)
        case "yesterday": date = Self.localDay(now - day)
        case "tomorrow": date = Self.localDay(now + day)
        default:
            if let span = TimeSpan(ago: words) {
                date = Self.instant(now - span.seconds)
            } else if let date = Self.calendar(Array(words.utf8)) {
                self.date = date
            } else {
                return nil
            }
        }
    }

    /// A year, month or day; or a day with a time, which is local where it has no offset.
    private static func calendar(_ bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let year = number(bytes, 0, 4) else { return nil }
        if bytes.count == 4 { return text }
        guard bytes[4] == UInt8(ascii: "-"), let month = number(bytes, 5, 2),
            (1...12).contains(month)
        else { return nil }
        if bytes.count == 7 { return text }
        guard bytes[7] == UInt8(ascii: "-"), let day = number(bytes, 8, 2),
            (1...days(in: month, of: year)).contains(day)
        else { return nil }
        if bytes.count == 10 { return text }
        guard [UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20].contains(bytes[10]),
            let clock = clock(bytes[11...])
        else { return nil }
        let head = String(decoding: bytes[..<10], as: UTF8.self)
        if clock.hasOffset { return head + "T" + clock.text }
        var local = tm()
        local.tm_year = Int32(year - 1900)
        local.tm_mon = Int32(month - 1)
        local.tm_mday = Int32(day)
        local.tm_hour = Int32(clock.hour)
        local.tm_min = Int32(clock.minute)
        local.tm_sec = Int32(clock.second)
        local.tm_isdst = -1
        return instant(mktime(&local))
    }

    /// A time of day, its text made whole, and whether it has an offset from UTC.
    private struct Clock {
        var hour: Int
        var minute: Int
        var second = 0
        var text: String
        var hasOffset: Bool
    }

    private static func clock(_ slice: ArraySlice<UInt8>) -> Clock? {
        let bytes = Array(slice)
        guard let hour = number(bytes, 0, 2), hour < 24, bytes.count >= 5,
            bytes[2] == UInt8(ascii: ":"), let minute = number(bytes, 3, 2), minute < 60
        else { return nil }
        var rest = bytes[5...]
        var second = 0
        var text = String(decoding: bytes[..<5], as: UTF8.self)
        if rest.first == UInt8(ascii: ":") {
            guard let value = number(bytes, 6, 2), value < 61 else { return nil }
            second = value
            rest = bytes[8...]
            if rest.first == UInt8(ascii: ".") {
                let digits = rest.dropFirst().prefix { isDigit($0) }
                guard (1...9).contains(digits.count) else { return nil }
                rest = rest.dropFirst(1 + digits.count)
            }
            text = String(decoding: bytes[..<rest.startIndex], as: UTF8.self)
        } else {
            text += ":00"
        }
        let offset = Array(rest)
        if offset.isEmpty {
            return Clock(hour: hour, minute: minute, second: second, text: text, hasOffset: false)
        }
        guard isOffset(offset) else { return nil }
        let tail = offset.count == 1 ? "Z" : String(decoding: offset, as: UTF8.self)
        return Clock(
            hour: hour, minute: minute, second: second, text: text + tail, hasOffset: true)
    }

    private static func isOffset(_ bytes: [UInt8]) -> Bool {
        if bytes == [UInt8(ascii: "Z")] || bytes == [UInt8(ascii: "z")] { return true }
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            let hours = number(bytes, 1, 2), bytes[3] == UInt8(ascii: ":"),
            let minutes = number(bytes, 4, 2)
        else { return false }
        return hours < 24 && minutes < 60
    }

    /// The number that `count` digits from `start` on make.
    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= bytes.count else { return nil }
        var number = 0
        for byte in bytes[start..<start + count] {
            guard isDigit(byte) else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func instant(_ seconds: Int) -> String {
        var seconds = seconds
        var time = tm()
        gmtime_r(&seconds, &time)
        return day(time) + "T"
            + [time.tm_hour, time.tm_min, time.tm_sec].map { digits($0, 2) }.joined(separator: ":")
            + "Z"
    }

    private static func localDay(_ seconds: Int) -> String {
        var seconds = seconds
        var time = tm()
        localtime_r(&seconds, &time)
        return day(time)
    }

    private static func day(_ time: tm) -> String {
        digits(time.tm_year + 1900, 4) + "-" + digits(time.tm_mon + 1, 2) + "-"
            + digits(time.tm_mday, 2)
    }

    private static func digits(_ number: Int32, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
