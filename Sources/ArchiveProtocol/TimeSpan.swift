/// A length of time as systemd.time(7) writes it, such as `2w`, `1h30min` or `3 days`.
public struct TimeSpan: Sendable, Hashable {
    /// How long it is; a month is 30.44 days and a year 365.25, as systemd has them.
    public private(set) var seconds = 0
    /// Whether it is told in days, weeks, months and years alone.
    public private(set) var isWholeDays = true

    private static let day = 86_400

    private static let units: [String: Int] = [
        "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60,
        "minutes": 60, "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600, "d": day,
        "day": day, "days": day, "w": 604_800, "week": 604_800, "weeks": 604_800,
        "M": 2_629_800, "month": 2_629_800, "months": 2_629_800, "y": 31_557_600,
        "year": 31_557_600, "years": 31_557_600,
    ]

    /// Reads how long before now `-2d`, `-1w3d` or `2 hours ago` is; nil where it is no such text.
    public init?(ago words: String) {
        let bytes = Array(words.utf8)
        let ago = Array(" ago".utf8)
        if bytes.first == UInt8(ascii: "-") {
            self.init(bytes[1...])
        } else if bytes.suffix(ago.count).elementsEqual(ago) {
            self.init(bytes.dropLast(ago.count))
        } else {
            return nil
        }
    }

    private init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { Self.isDigit($0) }
            rest = rest.dropFirst(digits.count).drop { $0 == 0x20 }
            let letters = rest.prefix { !Self.isDigit($0) && $0 != 0x20 }
            rest = rest.dropFirst(letters.count).drop { $0 == 0x20 }
            // Seven digits of years fit 64 bits of seconds.
            guard (1...7).contains(digits.count),
                let count = Int(String(decoding: digits, as: UTF8.self)),
                let unit = Self.units[String(decoding: letters, as: UTF8.self)]
            else { return nil }
            seconds += count * unit
            if unit < Self.day { isWholeDays = false }
            guard seconds < 1 << 36 else { return nil }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
