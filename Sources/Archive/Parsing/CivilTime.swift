internal import Foundation

/// The calendar and clocks of dates as printed: which days there are, and offsets from UTC.
enum CivilTime {
    /// How many days `month` of `year` has (Gregorian).
    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1 January 1970 to the given day.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The offset from UTC, in seconds, of `zone` at a local time.
    static func offset(
        of zone: TimeZone, year: Int, month: Int, day: Int, hour: Int, minute: Int
    ) -> Int {
        let local = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60
        let guess = zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(local)))
        // Once more at the instant guessed: the two differ in the hours around a change of clocks.
        return zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(local - guess)))
    }

    /// The offset as ISO 8601 writes it, such as `-05:00`; seconds are dropped.
    static func text(offset seconds: Int) -> String {
        let minutes = abs(seconds) / 60
        return (seconds < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// `number` in two digits.
    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
