internal import ArchiveProtocol

/// Reads a date as newspapers print it, in English, German, French and Spanish, or as machines
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
    static func read(_ text: [UInt8], source: String, style: HouseStyle?) -> NewsDate? {
        guard text.count >= 4, text.count <= 160 else { return nil }
        var fields = NewsDateFields(text: text, monthFirst: style?.printsMonthFirst)
        guard fields.scan() else { return nil }
        return fields.date(source: source, style: style)
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
