/// A date as a number that sorts as its text does: `2017` before `2017-01` before `2017-01-26`.
///
/// The digits of the first sixteen characters count (`2017-01-26T15:14`), four bits each and one
/// more than they are, so that a missing digit, 0, comes before all.
enum DateKey {
    /// The key of a date's text; 0 without one.
    static func key(_ text: String?) -> UInt64 {
        guard let text else { return 0 }
        var key: UInt64 = 0
        var digits = 0
        for byte in text.utf8.prefix(16) where (0x30...0x39).contains(byte) {
            key = key << 4 | UInt64(byte - 0x2F)
            digits += 1
        }
        return digits == 0 ? 0 : key << UInt64(4 * (16 - digits))
    }

    /// The least key after those of all dates that begin with `text`.
    static func after(_ text: String) -> UInt64 {
        let digits = text.utf8.prefix(16).count { (0x30...0x39).contains($0) }
        return key(text) &+ 1 << UInt64(4 * (16 - digits))
    }

    static func year(_ key: UInt64) -> Int { number(key, 60, 56, 52, 48) }

    /// 1 to 12; 0 where the date has none.
    static func month(_ key: UInt64) -> Int { number(key, 44, 40) }

    private static func number(_ key: UInt64, _ shifts: UInt64...) -> Int {
        shifts.reduce(0) { $0 * 10 + max(0, Int(key >> $1 & 15) - 1) }
    }
}
