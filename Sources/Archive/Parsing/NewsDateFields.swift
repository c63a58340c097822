internal import ArchiveProtocol
internal import Foundation

/// The parts of one printed date while it is read, word by word.
struct NewsDateFields {
    private let text: [UInt8]
    private let monthFirst: Bool?
    private var index = 0

    private var year: Int?
    private var month: Int?
    private var day: Int?
    private var hour: Int?
    private var minute: Int?
    private var second: Int?
    /// Seconds east of UTC as written; `utc` where it is written `Z`.
    private var offset: Int?
    private var utc = false
    private var city: String?

    init(text: [UInt8], monthFirst: Bool?) {
        self.text = text
        self.monthFirst = monthFirst
    }

    /// Reads the whole text; false where a word of it is no part of a date.
    mutating func scan() -> Bool {
        while index < text.count {
            let byte = text[index]
            if TextScanning.isDigit(byte) {
                guard number() else { return false }
            } else if TextScanning.isASCIILetter(byte) || byte >= 0xC3 && byte < 0xE2 {
                guard word() else { return false }
            } else if hour != nil, offset == nil, byte == 0x2B || byte == 0x2D,
                digits(index + 1) >= 2
            {
                guard writtenOffset() else { return false }
            } else {
                // Only what stands between the parts of a date may stand there.
                guard byte >= 0x80 || ",.:;|-()[]'/".utf8.contains(byte) || byte == 0x20 else {
                    return false
                }
                index += 1
            }
        }
        return true
    }

    private func digits(_ from: Int) -> Int {
        var end = from
        while end < text.count, TextScanning.isDigit(text[end]) { end += 1 }
        return end - from
    }

    private func value(_ from: Int, _ count: Int) -> Int {
        text[from..<(from + count)].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private func byte(_ at: Int) -> UInt8 { at < text.count ? text[at] : 0 }

    private mutating func number() -> Bool {
        let count = digits(index)
        let next = byte(index + count)
        switch count {
        case 8, 14:
            return year == nil && set(year: index, 4, month: index + 4, day: index + 6, 2)
                && advance(8) && (count == 8 || clock(width: 2, separated: false))
        case 4:
            if (next == 0x2D || next == 0x2F || next == 0x2E), digits(index + 5) == 2 {
                return yearFirst(next)
            }
            guard year == nil else { return false }
            year = value(index, 4)
            return advance(4)
        case 1, 2:
            let after = digits(index + count + 1)
            if hour == nil, isClock(count, next, after) {
                return clock(width: count, separated: true)
            }
            if (next == 0x2E || next == 0x2F || next == 0x2D), after == 1 || after == 2,
                byte(index + count + 1 + after) == next, digits(index + count + after + 2) == 4
            {
                return numeric(count, after, separator: next)
            }
            if next == 0x2E, after == 2 || after == 1, byte(index + count + 1 + after) == next,
                digits(index + count + after + 2) == 2
            {
                return shortYear(count, after)
            }
            return plain(count)
        default: return false
        }
    }

    /// Whether the number at hand begins a time of day: `3:14`, `15h14`, `15.14 Uhr`, `3pm`.
    private func isClock(_ count: Int, _ next: UInt8, _ after: Int) -> Bool {
        if next == UInt8(ascii: ":") || next | 0x20 == UInt8(ascii: "h") && after != 0 {
            return after == 2
        }
        if next | 0x20 == UInt8(ascii: "h"), !TextScanning.isWordByte(byte(index + count + 1)) {
            return day != nil
        }
        if next == UInt8(ascii: "."), after == 2, day != nil, byte(index + count + 3) != next {
            return true
        }
        let half = index + count + (next == 0x20 ? 1 : 0)
        return isHalf(half) || day != nil && TextScanning.has("uhr", at: half, in: text)
    }

    /// Whether `am`, `pm`, `a.m.` or `p.m.` stands at `at`.
    private func isHalf(_ at: Int) -> Bool {
        guard byte(at) | 0x20 == 0x61 || byte(at) | 0x20 == 0x70 else { return false }
        let dot = byte(at + 1) == UInt8(ascii: ".") ? 1 : 0
        return byte(at + 1 + dot) | 0x20 == 0x6D && !TextScanning.isWordByte(byte(at + 2 + dot))
    }

    private mutating func clock(width: Int, separated: Bool) -> Bool {
        guard hour == nil, digits(index) >= width else { return false }
        hour = value(index, width)
        index += width
        let gap = separated ? 1 : 0
        if separated, digits(index + gap) != 2 {
            minute = 0
        } else {
            guard digits(index + gap) >= 2 else { return false }
            minute = value(index + gap, 2)
            index += gap + 2
            if digits(index + gap) >= 2, !separated || byte(index) == UInt8(ascii: ":") {
                second = value(index + gap, 2)
                index += gap + 2
                if byte(index) == 0x2E || byte(index) == 0x2C { index += 1 + digits(index + 1) }
            }
        }
        return half()
    }

    private mutating func half() -> Bool {
        let at = index + (byte(index) == 0x20 ? 1 : 0)
        if isHalf(at), let read = hour {
            guard (1...12).contains(read) else { return false }
            hour = read % 12 + (byte(at) | 0x20 == 0x70 ? 12 : 0)
            index = at + (byte(at + 1) == UInt8(ascii: ".") ? 3 : 2)
        }
        return true
    }

    private mutating func yearFirst(_ separator: UInt8) -> Bool {
        guard year == nil, month == nil else { return false }
        year = value(index, 4)
        month = value(index + 5, 2)
        index += 7
        guard byte(index) == separator, digits(index + 1) == 2 else { return true }
        day = value(index + 1, 2)
        index += 3
        if byte(index) | 0x20 == UInt8(ascii: "t"), digits(index + 1) >= 2 {
            index += 1
            return clock(width: 2, separated: byte(index + 2) == UInt8(ascii: ":"))
        }
        return true
    }

    /// `26.01.2017` is day first everywhere; with slashes the two orders must be told apart.
    private mutating func numeric(_ first: Int, _ second: Int, separator: UInt8) -> Bool {
        guard year == nil, month == nil, day == nil else { return false }
        let one = value(index, first)
        let two = value(index + first + 1, second)
        year = value(index + first + second + 2, 4)
        index += first + second + 6
        let dayFirst: Bool
        if separator == UInt8(ascii: ".") || one > 12 || one == two {
            dayFirst = true
        } else if two > 12 {
            dayFirst = false
        } else if let monthFirst {
            dayFirst = !monthFirst
        } else {
            return false
        }
        (day, month) = dayFirst ? (one, two) : (two, one)
        return true
    }

    /// `26.01.17`, which is day first everywhere.
    private mutating func shortYear(_ first: Int, _ second: Int) -> Bool {
        guard year == nil, month == nil, day == nil else { return false }
        day = value(index, first)
        month = value(index + first + 1, second)
        let short = value(index + first + second + 2, 2)
        year = short < 70 ? 2000 + short : 1900 + short
        return advance(first + second + 4)
    }

    /// A day; before `月`, or behind a day and its full stop as in `4. 2. 2022`, a month.
    private mutating func plain(_ count: Int) -> Bool {
        let isMonth =
            TextScanning.has("月", at: index + count, in: text)
            || day != nil && index > 1 && byte(index - 1) == 0x20 && byte(index - 2) == 0x2E
        if isMonth, month == nil {
            month = value(index, count)
            return advance(count)
        }
        guard day == nil else { return false }
        day = value(index, count)
        return advance(count)
    }

    private mutating func set(
        year from: Int, _ yearWidth: Int, month: Int, day: Int, _ width: Int
    ) -> Bool {
        year = value(from, yearWidth)
        self.month = value(month, width)
        self.day = value(day, width)
        return true
    }

    private mutating func advance(_ count: Int) -> Bool {
        index += count
        return true
    }

    private mutating func writtenOffset() -> Bool {
        let sign = text[index] == 0x2B ? 1 : -1
        let count = digits(index + 1)
        let hours = value(index + 1, 2)
        var minutes = 0
        var length = 3
        if count == 4 {
            minutes = value(index + 3, 2)
            length = 5
        } else if count == 2, byte(index + 3) == UInt8(ascii: ":"), digits(index + 4) == 2 {
            minutes = value(index + 4, 2)
            length = 6
        } else if count != 2 {
            return false
        }
        guard hours <= 14, minutes < 60 else { return false }
        offset = sign * (hours * 3600 + minutes * 60)
        return advance(length)
    }

    private mutating func word() -> Bool {
        var end = index
        while end < text.count, TextScanning.isWordByte(text[end]),
            !TextScanning.isDigit(text[end]),
            text[end] != 0xE2
        {
            end += 1
        }
        guard end > index else { return false }
        let mark = NewsDateWords.table[wordHash(index..<end)]
        defer { index = end }
        let number = Int(mark >> 8)
        switch mark & 0xFF {
        case NewsDateWords.month:
            guard month == nil else { return false }
            month = number
        case NewsDateWords.zone:
            guard hour != nil else { return false }
            if offset == nil { offset = (number - 24) * 3600 }
            utc = end - index == 1
        case NewsDateWords.city:
            guard hour != nil else { return false }
            city = NewsDateWords.cities[number]
        case NewsDateWords.moment:
            guard hour == nil else { return false }
            hour = number % 24
            minute = 0
        case NewsDateWords.weekday, NewsDateWords.label, NewsDateWords.joint: break
        case NewsDateWords.half:
            // German "am 26. Januar": no half of a day without an hour before it.
            guard hour == nil else { return false }
        default: return false
        }
        return true
    }

    /// The number of a word; `É` and its like are made small as the table has them.
    private func wordHash(_ range: Range<Int>) -> UInt64 {
        var bytes = Array(text[range])
        for at in bytes.indices.dropFirst()
        where bytes[at - 1] == 0xC3 && (0x80...0x9E).contains(bytes[at]) {
            bytes[at] += 0x20
        }
        return TextScanning.hash(bytes, 0..<bytes.count)
    }

    /// The date that was read; nil where it is none, or in no calendar.
    func date(source: String, style: HouseStyle?) -> NewsDate? {
        guard let year, (1600...2100).contains(year) else { return nil }
        guard let month else {
            guard day == nil, hour == nil else { return nil }
            return NewsDate(value: String(year), precision: .year, source: source)
        }
        guard (1...12).contains(month) else { return nil }
        var value = "\(year)-\(CivilTime.two(month))"
        guard let day else {
            guard hour == nil else { return nil }
            return NewsDate(value: value, precision: .month, source: source)
        }
        guard day >= 1, day <= CivilTime.days(inMonth: month, of: year) else { return nil }
        value += "-\(CivilTime.two(day))"
        guard let hour, let minute else {
            return NewsDate(value: value, precision: .day, source: source)
        }
        guard hour < 24, minute < 60, second ?? 0 < 61 else { return nil }
        value += "T\(CivilTime.two(hour)):\(CivilTime.two(minute))"
        if let second { value += ":\(CivilTime.two(min(second, 59)))" }
        let seconds =
            offset
            ?? (city.flatMap(TimeZone.init(identifier:)) ?? style?.timeZone).map {
                CivilTime.offset(
                    of: $0, year: year, month: month, day: day, hour: hour, minute: minute)
            }
        if utc { value += "Z" } else if let seconds { value += CivilTime.text(offset: seconds) }
        return NewsDate(
            value: value, precision: second == nil ? .minute : .second, source: source)
    }
}
