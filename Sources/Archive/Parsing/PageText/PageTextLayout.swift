/// What programs that print pages as text lay around their words: line breaks at a column, link
/// marks with a list of addresses, rules, marks of emphasis.
///
/// It is taken off before a page is read, so that a dump of `lynx`, `w3m` or a browser's "save as
/// text" reads like a copy of what the browser shows.
struct PageTextLayout {
    private var lines: [TextLine]
    private var isNumbered = false
    private var hasTargets = false

    /// The lines without what was laid around them.
    static func plain(_ lines: [TextLine]) -> [TextLine] {
        var layout = PageTextLayout(lines: lines)
        layout.cutReferences()
        layout.markHeadings()
        layout.joinBroken()
        layout.hasTargets = layout.lines.count { hasTarget($0.text) } >= 3
        layout.stripMarks()
        return layout.lines
    }

    private init(lines: [TextLine]) { self.lines = lines }

    // MARK: Link marks

    private static let referenceHeads: [[UInt8]] = [
        "references", "verweise", "références", "referencias", "riferimenti", "referências",
        "links",
    ].map { Array($0.utf8) }

    /// Cuts the list of addresses at the end, to which marks such as `[12]` refer.
    private mutating func cutReferences() {
        let head = lines.indices.last { index in
            lines[index].text.count <= 12
                && Self.referenceHeads.contains(lines[index].text.map(TextScanning.lowered))
                && lines[(index + 1)...].prefix(3).contains { Self.isReference($0.text) }
        }
        guard let head else { return }
        lines.removeSubrange(head...)
        isNumbered = true
    }

    /// Whether a line is like ` 12. https://example.org/`.
    private static func isReference(_ text: [UInt8]) -> Bool {
        var index = 0
        while index < text.count, TextScanning.isDigit(text[index]) { index += 1 }
        let isNumbered = index > 0 && index < 6
        if isNumbered, index + 2 <= text.count, text[index] == 0x2E { index += 1 }
        while index < text.count, text[index] == 0x20 { index += 1 }
        guard isNumbered, !text[index...].contains(0x20) else { return false }
        return text[index...].prefix(16).contains(0x3A)
    }

    private static func hasTarget(_ text: [UInt8]) -> Bool {
        text.contains(0x3C) && text.contains(0x3E)
            && text.indices.contains { target(text, $0) }
    }

    private static func target(_ text: [UInt8], _ index: Int) -> Bool {
        text[index] == 0x3C
            && (TextScanning.has("http", at: index + 1, in: text)
                || TextScanning.has("mailto:", at: index + 1, in: text))
    }

    private static let tokens: [StaticString] = [
        "(BUTTON)", "IFRAME:", "[INLINE]", "[IMG]", "[LINK]", "[EMBED]", "[USEMAP]", "[IMAGE]",
        "[ISMAP]",
    ]

    private mutating func stripMarks() {
        var kept: [TextLine] = []
        kept.reserveCapacity(lines.count)
        var gap = false
        for var line in lines {
            line.afterGap = line.afterGap || gap
            if isNumbered || hasTargets || line.text.contains(0x5B) || line.text.contains(0x28) {
                strip(&line)
            }
            // A rule, a bullet that lost its text.
            gap = !line.text.contains(where: TextScanning.isWordByte) || Self.isRule(line.text)
            if gap || isNumbered && line.text.first == 0x23 { continue }
            kept.append(line)
        }
        lines = kept
    }

    /// Whether a line is one sign over and over.
    private static func isRule(_ text: [UInt8]) -> Bool {
        guard text.count >= 3, let first = text.first, !TextScanning.isASCIILetter(first),
            !TextScanning.isDigit(first)
        else { return false }
        let width = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard text.count >= width * 3 else { return false }
        return text.indices.allSatisfy { text[$0] == text[$0 % width] }
    }

    private func strip(_ line: inout TextLine) {
        let text = line.text
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        let lastAngle = text.lastIndex(of: 0x3E) ?? -1
        var index = 0
        while index < text.count {
            let mark = isNumbered ? Self.number(text, index) : 0
            if mark > 0 {
                if kept.isEmpty { line.setting = line.setting == .plain ? .link : line.setting }
                index += mark
            } else if index < lastAngle, Self.target(text, index) {
                index = (text[index...].firstIndex(of: 0x3E) ?? index) + 1
                if kept.last == 0x20 { kept.removeLast() }
            } else if case let token = Self.token(text, index), token > 0 {
                index += token
            } else {
                kept.append(text[index])
                index += 1
            }
        }
        if hasTargets {
            kept = Self.withoutEmphasis(kept, 0x2A)
            kept = Self.withoutEmphasis(kept, 0x2F)
        }
        line.text = TextScanning.folded(kept, 0..<kept.count)
        // A link within a longer text is no list of links.
        if line.setting == .link, line.text.count > 80 { line.setting = .plain }
    }

    /// The length of a mark such as `(BUTTON)` at `index`, or 0.
    private static func token(_ text: [UInt8], _ index: Int) -> Int {
        switch text[index] {
        case 0x28, 0x49, 0x5B:
            tokens.first { TextScanning.has($0, at: index, in: text) }?.utf8CodeUnitCount ?? 0
        default: 0
        }
    }

    /// The length of `[12]` at `index`, or 0.
    private static func number(_ text: [UInt8], _ index: Int) -> Int {
        guard text[index] == 0x5B else { return 0 }
        var end = index + 1
        while end < text.count, end - index < 6, TextScanning.isDigit(text[end]) { end += 1 }
        return end > index + 1 && end < text.count && text[end] == 0x5D ? end + 1 - index : 0
    }

    /// The text without pairs of `mark` around its words.
    private static func withoutEmphasis(_ text: [UInt8], _ mark: UInt8) -> [UInt8] {
        var opening: [Int] = []
        var closing: [Int] = []
        for index in text.indices where text[index] == mark {
            let before = index > 0 ? text[index - 1] : 0x20
            let after = index + 1 < text.count ? text[index + 1] : 0x20
            let opens = !TextScanning.isWordByte(before) && after != 0x20
            let closes = before != 0x20 && !TextScanning.isWordByte(after)
            if opens, opening.count == closing.count {
                opening.append(index)
            } else if closes, opening.count > closing.count {
                closing.append(index)
            }
        }
        guard !opening.isEmpty, opening.count == closing.count else { return text }
        let marks = Set(opening + closing)
        return text.indices.filter { !marks.contains($0) }.map { text[$0] }
    }

    // MARK: Line breaks at a column

    private static let most = 100

    /// Marks lines that begin left of the text, as `lynx` prints headings.
    private mutating func markHeadings() {
        var indents: [Int: Int] = [:]
        for line in lines where line.columns >= 50 { indents[line.indent, default: 0] += 1 }
        guard let common = indents.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }),
            common.key >= 2, common.value >= 3
        else { return }
        for index in lines.indices where lines[index].indent == 0 && common.key > 0 {
            lines[index].setting = .heading
        }
    }

    /// Joins what was one paragraph before it was broken at a column.
    ///
    /// A break was made where the next word would not have fitted.
    private mutating func joinBroken() {
        guard let width = width else { return }
        var joined: [TextLine] = []
        joined.reserveCapacity(lines.count)
        var last: TextLine?
        for line in lines {
            if let before = last, goesOn(before, line, width) {
                let whole = joined.count - 1
                if !Self.isWide(joined[whole].text.last, line.text[0]) {
                    joined[whole].text.append(0x20)
                }
                joined[whole].text += line.text
                joined[whole].range = joined[whole].range.lowerBound..<line.range.upperBound
            } else {
                joined.append(line)
            }
            last = line
        }
        lines = joined
    }

    /// The column at which the page's lines were broken; nil where they were not.
    ///
    /// Headings and tables may be wider: a few lines count for nothing.
    private var width: Int? {
        var counts = [Int](repeating: 0, count: Self.most + 2)
        for line in lines
        where (line.text.contains(0x20) || line.text.count > line.columns)
            && !line.text.contains(0x3C)
        {
            counts[min(Self.most + 1, line.indent + line.columns)] += 1
        }
        var beyond = counts[Self.most + 1]
        var best: Int?
        for width in stride(from: Self.most, through: 40, by: -1) {
            let band = counts[(width - 11)...width].reduce(0, +)
            if counts[width] > 0, band >= 3, band >= beyond * 8 {
                guard best == nil || band >= beyond * 20 else { break }
                best = width
            }
            beyond += counts[width]
        }
        return best.flatMap { isBroken(at: $0) ? $0 : nil }
    }

    /// Whether lines that were broken at `width` go on as sentences do: in small letters, or in a
    /// script that has none.
    private func isBroken(at width: Int) -> Bool {
        var breaks = 0
        var small = 0
        for (line, next) in zip(lines, lines.dropFirst()) where goesOn(line, next, width) {
            breaks += 1
            if TextScanning.isSmall(next.text, 0) || next.text[0] >= 0xE3 { small += 1 }
        }
        return breaks >= 2 && small * 4 >= breaks
    }

    private func goesOn(_ line: TextLine, _ next: TextLine, _ width: Int) -> Bool {
        guard !next.afterGap, line.setting == next.setting else { return false }
        let isItem = Self.isItem(line.text)
        guard next.indent == line.indent || isItem && next.indent > line.indent,
            !Self.isItem(next.text)
        else { return false }
        var word = 0
        for byte in next.text {
            if byte == 0x20 { break }
            if byte & 0xC0 != 0x80 { word += 1 }
        }
        let columns = line.indent + line.columns
        return columns + 1 + word > width && columns <= width + 8
    }

    /// Whether a break stands between two characters of a script that has no spaces; the last byte
    /// of a character and the first of the next are asked.
    private static func isWide(_ last: UInt8?, _ first: UInt8) -> Bool {
        (0xE3...0xE9).contains(first) && last.map { $0 >= 0x80 } == true
    }

    private static func isItem(_ text: [UInt8]) -> Bool {
        ["* ", "+ ", "o ", "# ", "- ", "•", "●", "▪", "◦"].contains {
            TextScanning.has(Array($0.utf8), at: 0, in: text)
        }
    }
}
