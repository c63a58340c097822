internal import CLinux
internal import Glibc

/// An instant of the archive's own clock: microseconds since 1970 in UTC.
///
/// Timestamps are told, never compared to order things: revisions do that, clocks may jump.
struct Timestamp: Sendable, Hashable {
    var microseconds: Int64

    init(microseconds: Int64) { self.microseconds = microseconds }

    /// The present instant.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// RFC 3339 in UTC with milliseconds, as `2026-11-23T10:00:00.123Z`.
    var text: String {
        let milliseconds = Int(microseconds.quotientAndRemainder(dividingBy: 1000).quotient)
        let (days, time) = milliseconds.flooredDivision(by: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let parts = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }
        let fraction = String(1000 + time % 1000).dropFirst()
        return "\(date.text)T\(parts.joined(separator: ":")).\(fraction)Z"
    }
}

/// A day of the Gregorian calendar.
struct CivilDate: Sendable, Hashable {
    var year: Int
    var month: Int
    var day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day so many days after 1970-01-01, by Howard Hinnant's algorithm.
    init(daysSince1970 days: Int) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days after 1970-01-01.
    var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = shiftedYear.flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// `2017-01-26`.
    var text: String {
        let year = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

extension Int {
    /// Quotient towards negative infinity, and a remainder that is never negative.
    func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Timestamp {
    /// Reads `2026-11-23`, `2026-11-23T10:00` or RFC 3339 in UTC; nil for anything else.
    init?(_ text: String) {
        let form = Array("0000-00-00T00:00:00".utf8)
        let bytes = Array(text.utf8)
        let head = bytes.prefix(form.count)
        guard [10, 16, 19].contains(head.count), Self.isUTC(bytes.dropFirst(form.count)) else {
            return nil
        }
        for (byte, mark) in zip(head, form) {
            guard mark == 0x30 ? (0x30...0x39).contains(byte) : byte == mark else { return nil }
        }
        let fields = head.split { !(0x30...0x39).contains($0) }.map { digits in
            digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        }
        let time = fields.dropFirst(3) + [0, 0, 0]
        let date = CivilDate(year: fields[0], month: fields[1], day: fields[2])
        // A day that the month does not have comes back as another.
        guard CivilDate(daysSince1970: date.daysSince1970) == date, time[3] < 24, time[4] < 60,
            time[5] < 61
        else { return nil }
        let seconds = date.daysSince1970 * 86_400 + time[3] * 3600 + time[4] * 60 + time[5]
        microseconds = Int64(seconds) * 1_000_000
    }

    /// Whether this may stand behind the seconds: nothing, or a fraction and `Z`.
    private static func isUTC(_ tail: ArraySlice<UInt8>) -> Bool {
        guard let first = tail.first else { return true }
        let rest = first == 0x2E ? tail.dropFirst().drop { (0x30...0x39).contains($0) } : tail
        return rest.elementsEqual("Z".utf8)
    }
}
