internal import ArchiveProtocol

/// Reads a date as newspapers print it, in a dozen languages, or as machines
/// write it (ISO 8601, RFC 2822), and claims no more than is there.
enum NewsDateReader {
    /// The date that `text` is from its first to its last word, or nil.
    ///
    /// A written offset is kept; else the zone of `style` gives it; else there is none. Labels
    /// such as "Updated on" and weekdays are passed over. A day that is in no calendar, or a year
    /// outside 1600 to 2100, is no date.
    static func read(_ text: String, source: String, style: HouseStyle?) -> NewsDate? {
        read(TextScanning.folded(String(text.prefix(200))), source: source, style: style)
    }

    /// The same for UTF-8 bytes with white space folded.
    ///
    /// - Parameter monthFirst: whether `3/4/2016` is the fourth of March, where the style does not
    ///   tell.
    static func read(
        _ text: [UInt8], source: String, style: HouseStyle?, monthFirst: Bool? = nil
    ) -> NewsDate? {
        guard text.count >= 4, text.count <= 160 else { return nil }
        var fields = NewsDateFields(
            text: text, monthFirst: style?.printsMonthFirst ?? monthFirst)
        guard fields.scan() else { return nil }
        return fields.date(source: source, style: style)
    }

    /// A date takes at most this much of a text, its time of day with it.
    private static let reach = 64

    /// The first date of a day within `text`, and where it begins; years and months alone are
    /// passed over.
    static func first(
        in text: [UInt8], source: String, style: HouseStyle?, monthFirst: Bool?
    ) -> (date: NewsDate, start: Int)? {
        var index = 0
        while index < text.count {
            let isStart = index == 0 || !TextScanning.isWordByte(text[index - 1])
            if isStart, mayBegin(text, at: index) {
                let part = Array(text[index..<min(text.count, index + reach)])
                var fields = NewsDateFields(
                    text: part, monthFirst: style?.printsMonthFirst ?? monthFirst)
                // Where the date ends, prose goes on.
                _ = fields.scan()
                if let date = fields.date(source: source, style: style),
                    date.precision != .year, date.precision != .month
                {
                    return (date, index)
                }
            }
            while index < text.count, TextScanning.isWordByte(text[index]) { index += 1 }
            while index < text.count, !TextScanning.isWordByte(text[index]) { index += 1 }
        }
        return nil
    }

    /// Whether a word that a printed date can begin with stands at `index`: a weekday, a month, a
    /// label, or a digit.
    static func mayBegin(_ text: [UInt8], at index: Int) -> Bool {
        guard index < text.count else { return false }
        if TextScanning.isDigit(text[index]) { return true }
        var end = index
        while end < text.count, TextScanning.isWordByte(text[end]) { end += 1 }
        return NewsDateWords.table[TextScanning.hash(text, index..<end)] != 0
    }
}
