/// One printed line of a page with where it stands.
struct TextLine: Sendable {
    /// How a page sets a line, where its text tells.
    enum Setting: Sendable {
        case plain, title, heading, link
        /// In a page cut down to its story: a name that stands alone, a line with a date in it.
        case name, date
        /// In such a page: the words of a picture, above its credit.
        case caption
    }

    /// Its bytes in the page, white space at the ends left out.
    var range: Range<Int>
    /// Its text with white space folded.
    var text: [UInt8]
    /// Whether an empty line stands before it.
    var afterGap: Bool
    /// How many bytes of white space stand before it.
    var indent = 0
    var setting = Setting.plain

    /// The lines of `bytes` that print anything, in order; no more than `limit`.
    static func lines(of bytes: [UInt8], limit: Int = .max) -> [TextLine] {
        var lines: [TextLine] = []
        var start = 0
        var gap = true
        var index = 0
        while start <= bytes.count, lines.count < limit {
            while index < bytes.count, lineEnd(bytes, index) == 0 { index += 1 }
            let range = TextScanning.trimmed(bytes, start..<index)
            let text = range.isEmpty ? [] : printed(bytes, start..<index)
            if text.isEmpty {
                gap = true
            } else {
                lines.append(
                    TextLine(
                        range: range, text: text, afterGap: gap,
                        indent: range.lowerBound - start))
                gap = false
            }
            guard index < bytes.count else { break }
            index += lineEnd(bytes, index)
            start = index
        }
        return lines
    }

    /// What a terminal would print of a line: folded, its control sequences left out.
    private static func printed(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        guard bytes[range].contains(where: { $0 == 0x1B || $0 == 0x9B || $0 == 0x9D }) else {
            return TextScanning.folded(bytes, range)
        }
        return TerminalEscapes.folded(bytes, range)
    }

    /// How many characters it is wide, those of East Asia counted twice; of a line that is longer
    /// than any question about it, its bytes.
    var columns: Int {
        guard text.count <= 2000 else { return text.count }
        return text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xE3 ? 2 : 1) }
    }

    /// The length of the line end at `index`, or 0.
    @inline(__always)
    private static func lineEnd(_ bytes: [UInt8], _ index: Int) -> Int {
        let byte = bytes[index]
        if byte == 0x0A { return 1 }
        if byte == 0x0D { return index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1 }
        guard byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80 else { return 0 }
        return bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9 ? 3 : 0
    }
}
