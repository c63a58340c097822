internal import ArchiveProtocol

/// Reads the blocks of a Markdown text (CommonMark's, without nesting): headings, paragraphs,
/// quotations, list items, pictures, and HTML where it stands between.
struct MarkdownText {
    private let text: [UInt8]
    private let base: String?
    private var result = HTMLText()
    /// Where the headings of the first level stand.
    private(set) var titles: Set<Int> = []
    private var paragraph: [Range<Int>] = []
    private var kind = Block.Kind.paragraph

    init(text: [UInt8], base: String?) {
        self.text = text
        self.base = base
    }

    /// Whether the text from `start` is HTML: its first character opens a tag.
    static func isHTML(_ text: [UInt8], from start: Int) -> Bool {
        guard let first = text[start...].firstIndex(where: { !HTMLBytes.isSpace($0) }),
            text[first] == 0x3C, first + 1 < text.count
        else { return false }
        let next = text[first + 1]
        if next == 0x21 { return true }
        guard next | 0x20 >= 0x61 && next | 0x20 <= 0x7A else { return false }
        // `<https://…>` is a link of Markdown.
        let name = text[(first + 1)...].prefix(12).prefix { $0 != 0x3A && $0 != 0x3E }
        return first + 1 + name.count >= text.count || text[first + 1 + name.count] != 0x3A
            || name.contains { HTMLBytes.isSpace($0) }
    }

    /// Whether links of Markdown stand in the text from `start`: then tags only frame it.
    static func holdsLinks(_ text: [UInt8], from start: Int) -> Bool {
        var count = 0
        for index in start..<max(start, text.count - 2)
        where text[index] == 0x5D && text[index + 1] == 0x28 {
            let next = text[index + 2]
            if next == 0x2F || next == 0x23 || next == 0x68 || next == 0x64 { count += 1 }
            if count == 3 { return true }
        }
        return false
    }

    /// Reads the blocks from `start` on.
    mutating func read(from start: Int) throws(Refusal) -> HTMLText {
        var lines = Lines(text: text, position: start)
        while let line = lines.next() {
            let trimmed = HTMLBytes.trimmed(text[line])
            if trimmed.isEmpty {
                flush()
            } else if let fence = Self.fence(trimmed) {
                flush()
                skipCode(&lines, fence)
            } else if paragraph.isEmpty, Self.isHTML(text, from: trimmed.startIndex),
                Self.isBlockTag(trimmed)
            {
                try readHTML(&lines, from: line)
            } else {
                readLine(trimmed)
                readRestOfHeading(trimmed, &lines)
            }
        }
        flush()
        var text = result
        result = HTMLText()
        text.setRelatedApart()
        return text
    }

    /// Takes the end of a heading that a program broke at a column: a shorter line right below a
    /// long heading, with an empty one behind it.
    private mutating func readRestOfHeading(_ line: ArraySlice<UInt8>, _ lines: inout Lines) {
        guard line.count >= 60, Self.headingLevel(line) != nil, let next = lines.peek(),
            let last = result.pieces.last, last.kind == .heading
        else { return }
        let rest = HTMLBytes.trimmed(text[next])
        guard let first = rest.first, rest.count < line.count, first != 0x23, first != 0x3C,
            first != 0x3E, !Self.isRule(rest), Self.item(rest) == nil
        else { return }
        var behind = lines
        behind.skip()
        guard behind.peek().map({ HTMLBytes.trimmed(text[$0]).isEmpty }) ?? true else { return }
        lines.skip()
        var inline = MarkdownInline(base: base)
        inline.read([rest])
        result.pieces[result.pieces.count - 1].text += [0x20] + HTMLBytes.folded(inline.text)
        result.pieces[result.pieces.count - 1].range = last.range.lowerBound..<rest.endIndex
    }

    private mutating func readLine(_ line: ArraySlice<UInt8>) {
        if let level = Self.headingLevel(line) {
            flush()
            var content = HTMLBytes.trimmed(line.dropFirst(level))
            while content.last == 0x23 { content.removeLast() }
            kind = .heading
            paragraph = [HTMLBytes.trimmed(content).indices]
            if level == 1 { titles.insert(paragraph[0].lowerBound) }
            flush()
        } else if Self.isUnderline(line), kind == .paragraph, !paragraph.isEmpty {
            kind = .heading
            if line.first == 0x3D { titles.insert(paragraph[0].lowerBound) }
            flush()
        } else if Self.isRule(line) {
            flush()
        } else if line.first == 0x3E {
            if kind != .quote { flush() }
            kind = .quote
            let content = HTMLBytes.trimmed(line.drop { $0 == 0x3E || $0 == 0x20 })
            if content.isEmpty { flush() } else { paragraph.append(content.indices) }
        } else if let item = Self.item(line) {
            flush()
            kind = .listItem
            paragraph = [item.indices]
        } else {
            paragraph.append(line.indices)
        }
    }

    private mutating func flush() {
        defer {
            paragraph.removeAll()
            kind = .paragraph
        }
        guard let first = paragraph.first, let last = paragraph.last else { return }
        var inline = MarkdownInline(base: base)
        inline.read(paragraph.map { text[$0] })
        let range = first.lowerBound..<last.upperBound
        for image in inline.images {
            result.images.append(HTMLText.Found(value: image, range: range))
        }
        let folded = HTMLBytes.folded(inline.text)
        guard !folded.isEmpty else { return }
        if !inline.images.isEmpty, inline.isOnlyEmphasis(folded) {
            return setCaption(folded)
        }
        result.pieces.append(
            HTMLText.Piece(
                kind: kind, text: folded, range: range, links: inline.links,
                linkBytes: min(inline.linkBytes, folded.count)))
    }

    /// A line in italics right under a picture is its caption.
    private mutating func setCaption(_ text: [UInt8]) {
        guard var last = result.images.last else { return }
        let words = HTMLPicture.split(text)
        (last.value.caption, last.value.credit) = (words.caption, words.credit)
        result.images[result.images.count - 1] = last
    }

    // MARK: HTML and code

    /// Reads HTML from `line` up to the next empty line.
    private mutating func readHTML(_ lines: inout Lines, from line: Range<Int>) throws(Refusal) {
        var end = line.upperBound
        while let next = lines.peek(), !HTMLBytes.trimmed(text[next]).isEmpty {
            end = next.upperBound
            lines.skip()
        }
        let tree = try HTMLTreeBuilder.tree(of: Array(text[line.lowerBound..<end]))
        let read = HTMLText.read(tree, within: HTMLTree.root, base: base)
        func moved(_ range: Range<Int>) -> Range<Int> {
            range.lowerBound + line.lowerBound..<range.upperBound + line.lowerBound
        }
        for var piece in read.pieces {
            piece.range = moved(piece.range)
            result.pieces.append(piece)
        }
        result.images += read.images.map { .init(value: $0.value, range: moved($0.range)) }
        result.embeds += read.embeds.map { .init(value: $0.value, range: moved($0.range)) }
        result.related += read.related.map { .init(value: $0.value, range: moved($0.range)) }
    }

    private static func isBlockTag(_ line: ArraySlice<UInt8>) -> Bool {
        var key: UInt64 = 0
        var rest = line.dropFirst()
        if rest.first == 0x21 { return true }
        if rest.first == 0x2F { rest = rest.dropFirst() }
        let name = rest.prefix { HTMLName.code($0) < 62 }
        guard !name.isEmpty, name.count <= 10 else { return false }
        for byte in name { key = key << 6 | HTMLName.code(byte) }
        let tag = HTMLTagTable.shared.tag(key)
        return tag != .other && (!tag.isInline || [.img, .script, .style, .noscript].contains(tag))
    }

    private static func fence(_ line: ArraySlice<UInt8>) -> UInt8? {
        guard let first = line.first, first == 0x60 || first == 0x7E, line.count >= 3,
            line.prefix(3).allSatisfy({ $0 == first })
        else { return nil }
        return first
    }

    private mutating func skipCode(_ lines: inout Lines, _ fence: UInt8) {
        while let line = lines.next() {
            let trimmed = HTMLBytes.trimmed(text[line])
            if Self.fence(trimmed) == fence { return }
            guard !trimmed.isEmpty else { continue }
            result.pieces.append(
                HTMLText.Piece(
                    kind: .paragraph, text: HTMLBytes.folded(Array(trimmed)), range: line))
        }
    }

    // MARK: Marks at the beginning of a line

    private static func headingLevel(_ line: ArraySlice<UInt8>) -> Int? {
        let level = line.prefix { $0 == 0x23 }.count
        guard level >= 1, level <= 6 else { return nil }
        let next = line.dropFirst(level).first
        return next == nil || next.map(HTMLBytes.isSpace) == true ? level : nil
    }

    private static func isUnderline(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, first == 0x3D || first == 0x2D, line.count >= 2 else {
            return false
        }
        return line.allSatisfy { $0 == first }
    }

    private static func isRule(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, first == 0x2A || first == 0x2D || first == 0x5F else {
            return false
        }
        return line.filter { $0 == first }.count >= 3
            && line.allSatisfy { $0 == first || $0 == 0x20 }
    }

    /// The text of a list's item; nil where `line` is none.
    private static func item(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let first = line.first else { return nil }
        var rest: ArraySlice<UInt8>
        if first == 0x2A || first == 0x2D || first == 0x2B {
            rest = line.dropFirst()
        } else {
            let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
            rest = line.dropFirst(digits)
            guard digits >= 1, digits <= 3, rest.first == 0x2E || rest.first == 0x29 else {
                return nil
            }
            rest = rest.dropFirst()
        }
        guard rest.first == 0x20 || rest.first == 0x09 else { return nil }
        rest = HTMLBytes.trimmed(rest)
        return rest.isEmpty ? nil : rest
    }
}
