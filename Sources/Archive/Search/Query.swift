/// What is searched for, as a tree.
///
/// `archived-query(7)` describes the language.
indirect enum Query: Sendable, Hashable {
    /// Words next to each other in one field, or anywhere; the last may be the beginning of one.
    case words(Field?, [String], isPrefix: Bool)
    case all([Query])
    case any([Query])
    case not(Query)
    /// A condition on the article as a whole.
    case filter(Filter)

    /// Where words are looked for.
    enum Field: String, Sendable, Hashable, CaseIterable {
        case headline, by, `in`, said, outlet, section
    }

    /// A condition that is no matter of words.
    enum Filter: Sendable, Hashable {
        case published(DateRange)
        case url(String)
        case has(Feature)
    }

    /// What an article can have.
    enum Feature: String, Sendable, Hashable, CaseIterable {
        case quote, image, embed, related, correction

        /// Its bit in the index.
        var bit: Int { 1 << (Self.allCases.firstIndex(of: self) ?? 0) }
    }
}

/// A span of publication dates; a bound may be a year, month, day or minute, and counts whole.
struct DateRange: Sendable, Hashable {
    /// The first text that is in; `published` is compared with it as text.
    var from: String?
    /// The first text that is out.
    var to: String?

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

    /// The date without seconds and offset, where `text` is one.
    private static func date(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let pattern = Array("0000-00-00T00:00".utf8)
        guard [4, 7, 10].contains(bytes.count) || bytes.count >= 16 else { return nil }
        for (byte, form) in zip(bytes, pattern) {
            let isDigit = (0x30...0x39).contains(byte)
            let isSpace = form == UInt8(ascii: "T") && byte == 0x20
            guard form == 0x30 ? isDigit : byte == form || isSpace else { return nil }
        }
        return String(decoding: bytes.prefix(16).map { $0 == 0x20 ? 0x54 : $0 }, as: UTF8.self)
    }

    /// The least text after all that begin with `date`.
    private static func successor(_ date: String) -> String { date + "~" }
}
