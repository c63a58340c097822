/// One printed line of a page with where it stands.
struct TextLine: Sendable {
    /// Its bytes in the page, white space at the ends left out.
    var range: Range<Int>
    /// Its text with white space folded.
    var text: [UInt8]
    /// Whether an empty line stands before it.
    var afterGap: Bool

    /// The lines of `bytes` that print anything, in order; no more than `limit`.
    static func lines(of bytes: [UInt8], limit: Int = .max) -> [TextLine] {
        var lines: [TextLine] = []
        var start = 0
        var gap = true
        var index = 0
        while start <= bytes.count, lines.count < limit {
            while index < bytes.count, lineEnd(bytes, index) == 0 { index += 1 }
            let range = TextScanning.trimmed(bytes, start..<index)
            if range.isEmpty {
                gap = true
            } else {
                let text = TextScanning.folded(bytes, range)
                lines.append(TextLine(range: range, text: text, afterGap: gap))
                gap = false
            }
            guard index < bytes.count else { break }
            index += lineEnd(bytes, index)
            start = index
        }
        return lines
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
