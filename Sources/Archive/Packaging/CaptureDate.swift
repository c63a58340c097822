/// The date of a capture, as WARC (W3C date and time) and ARC (fourteen digits) write it.
///
/// What is less than a second is kept; what is less than a date and time is filled up with the
/// first instant that it can mean.
struct CaptureDate: Equatable {
    /// `YYYYMMDDhhmmss` in UTC, as web archives are addressed.
    let digits: String
    /// RFC 3339 in UTC.
    let text: String

    /// Reads a date; nil for what is none.
    init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(48))
        let form = bytes.prefix(19).prefix(while: Self.belongs)
        var numbers = form.filter(Self.isDigit)
        guard Self.isFormed(form), (4...14).contains(numbers.count),
            numbers.count.isMultiple(of: 2)
        else { return nil }
        for filler in "00000101000000".utf8.dropFirst(numbers.count) { numbers.append(filler) }
        var rest = bytes[form.endIndex...]
        var fraction: ArraySlice<UInt8> = []
        if rest.first == 0x2e {
            fraction = rest.prefix(1) + rest.dropFirst().prefix(while: Self.isDigit)
            guard fraction.count > 1 else { return nil }
            rest = rest.dropFirst(fraction.count)
        }
        guard let seconds = Self.offset(rest), let moved = Self.moved(numbers, by: -seconds) else {
            return nil
        }
        digits = String(decoding: moved, as: UTF8.self)
        self.text = Self.written(moved, fraction)
    }

    /// Fourteen digits as `2017-03-06T04:03:53.5Z`.
    private static func written(_ digits: [UInt8], _ fraction: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(24)
        for (index, digit) in digits.enumerated() {
            switch index {
            case 4, 6: text.append(0x2d)
            case 8: text.append(0x54)
            case 10, 12: text.append(0x3a)
            default: break
            }
            text.append(digit)
        }
        text += fraction
        text.append(0x5a)
        return String(decoding: text, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Whether a byte belongs to the date and time: a digit, `-`, `:` or `T`.
    private static func belongs(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == 0x2d || byte == 0x3a || byte == 0x54
    }

    /// Either digits alone, or `2017-03-06T04:03:53` cut behind any of its numbers.
    private static func isFormed(_ text: ArraySlice<UInt8>) -> Bool {
        if text.allSatisfy(isDigit) { return true }
        let form = Array("0000-00-00T00:00:00".utf8)
        guard [4, 7, 10, 16, 19].contains(text.count) else { return false }
        return zip(text, form).allSatisfy { $1 == 0x30 ? isDigit($0) : $0 == $1 }
    }

    /// The seconds that a zone is ahead of UTC: nothing, `Z` or `+hh:mm`.
    private static func offset(_ zone: ArraySlice<UInt8>) -> Int? {
        if zone.isEmpty || zone.elementsEqual([0x5a]) { return 0 }
        let numbers = zone.filter(isDigit)
        guard let sign = zone.first, sign == 0x2b || sign == 0x2d, numbers.count == 4,
            zone.count <= 6, let value = StatedNumber.decimal(numbers)
        else { return nil }
        let seconds = value / 100 * 3600 + value % 100 * 60
        return sign == 0x2d ? -seconds : seconds
    }

    /// The fourteen digits so many seconds later; nil where they are no date.
    private static func moved(_ digits: [UInt8], by seconds: Int) -> [UInt8]? {
        func number(_ range: Range<Int>) -> Int { StatedNumber.decimal(digits[range]) ?? 0 }
        let date = CivilDate(year: number(0..<4), month: number(4..<6), day: number(6..<8))
        let time = (number(8..<10), number(10..<12), number(12..<14))
        guard (1...12).contains(date.month), date.day > 0,
            CivilDate(daysSince1970: date.daysSince1970) == date,
            time.0 < 24, time.1 < 60, time.2 < 61
        else { return nil }
        guard seconds != 0 else { return digits }
        let total = date.daysSince1970 * 86_400 + time.0 * 3600 + time.1 * 60 + time.2 + seconds
        let (days, second) = total.flooredDivision(by: 86_400)
        let parts = [second / 3600, second / 60 % 60, second % 60].map {
            $0 < 10 ? "0\($0)" : "\($0)"
        }
        let day = CivilDate(daysSince1970: days).text.utf8.filter { $0 != 0x2d }
        return day.count == 8 ? day + parts.joined().utf8 : nil
    }
}
