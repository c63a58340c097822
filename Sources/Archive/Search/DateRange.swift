/// A span of publication dates; a bound may be a year, month, day or minute, and counts whole.
struct DateRange: Sendable, Hashable {
    /// The first text that is in; `published` is compared with it as text.
    private(set) var from: String?
    /// The first text that is out.
    private(set) var to: String?

    /// Reads the two bounds, each as `2017`, `2017-01`, `2017-01-26` or RFC 3339.
    ///
    /// - Returns: nil where one is no date.
    init?(since: String?, until: String?) {
        if let since {
            guard let date = Self.date(since) else { return nil }
            from = date
        }
        if let until {
            guard let date = Self.date(until) else { return nil }
            to = Self.successor(date)
        }
    }

    /// All that is after a date, the date itself left out.
    init?(after text: String) {
        guard let date = Self.date(text) else { return nil }
        from = Self.successor(date)
    }

    /// All that is before a date, the date itself left out.
    init?(before text: String) {
        guard let date = Self.date(text) else { return nil }
        to = date
    }

    /// Whether no date can be in it, because it ends before it begins.
    var isEmpty: Bool {
        guard let from, let to else { return false }
        return from >= to
    }

    /// The date without seconds and offset, where `text` is one that the calendar has.
    private static func date(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let pattern = Array("0000-00-00T00:00".utf8)
        guard [4, 7, 10].contains(bytes.count) || bytes.count >= 16 else { return nil }
        for (byte, form) in zip(bytes, pattern) {
            let isDigit = (0x30...0x39).contains(byte)
            let isSpace = form == UInt8(ascii: "T") && byte == 0x20
            guard form == 0x30 ? isDigit : byte == form || isSpace else { return nil }
        }
        func number(_ places: Range<Int>) -> Int {
            bytes[places].reduce(0) { 10 * $0 + Int($1 - 0x30) }
        }
        if bytes.count >= 7 {
            guard (1...12).contains(number(5..<7)) else { return nil }
        }
        if bytes.count >= 10 {
            let days = CivilTime.days(inMonth: number(5..<7), of: number(0..<4))
            guard (1...days).contains(number(8..<10)) else { return nil }
        }
        if bytes.count >= 16 {
            guard number(11..<13) < 24, number(14..<16) < 60 else { return nil }
        }
        return String(decoding: bytes.prefix(16).map { $0 == 0x20 ? 0x54 : $0 }, as: UTF8.self)
    }

    /// What follows the text of a bound that lies behind all that begin with it.
    private static let end: Character = "~"

    /// The least text after all that begin with `date`.
    private static func successor(_ date: String) -> String { date + String(end) }

    /// The keys of the first date that is in, and of the first that is out.
    ///
    /// Undated articles, whose key is 0, are in no span, even in one that is open to the past.
    var keys: (from: UInt64, before: UInt64) {
        func key(_ bound: String) -> UInt64 {
            bound.last == Self.end ? DateKey.after(String(bound.dropLast())) : DateKey.key(bound)
        }
        return (from.map(key) ?? 1, to.map(key) ?? .max)
    }
}

extension DateRange: CustomStringConvertible {
    /// The span as a query has it behind `date:`.
    var description: String {
        let since = from.map { $0.last == Self.end ? ">\($0.dropLast())" : $0 }
        let until = to.map { $0.last == Self.end ? "\($0.dropLast())" : "<\($0)" }
        guard let since else { return until.map { $0.hasPrefix("<") ? $0 : "..\($0)" } ?? ".." }
        guard let until else { return since.hasPrefix(">") ? since : "\(since).." }
        return since == until ? since : "\(since)..\(until)"
    }
}
