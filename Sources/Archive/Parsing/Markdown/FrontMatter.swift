/// The lines of `key: value` that open a Markdown file: between `---` or `+++`, or bare as
/// MultiMarkdown has them.
///
/// Where the closing line was lost, they end at the first empty line that something else follows.
///
/// What writes them is seldom a YAML library: a title holds colons and quotation marks as they
/// come. So a value is what stands after the first colon, and only quotation marks that can
/// be nothing but YAML's are taken off.
struct FrontMatter {
    /// One key with what stands for it.
    struct Field {
        /// In lower case.
        var key: String
        var values: [String]
        /// The bytes of the values in the text.
        var range: Range<Int>
        /// Whether the values are those of a mapping, of which the name alone is taken.
        var isMapping = false
    }

    var fields: [Field] = []
    /// Where the text after the closing line begins.
    var bodyStart: Int

    /// Front matter longer than this is none.
    private static let sizeLimit = 64 << 10

    /// Reads the front matter that `text` opens with; nil where there is none.
    init?(_ text: [UInt8]) {
        var lines = Lines(text: text)
        while let line = lines.peek(), HTMLBytes.trimmed(text[line]).isEmpty { lines.skip() }
        guard let first = lines.peek() else { return nil }
        bodyStart = 0
        let fence = HTMLBytes.trimmed(text[first])
        if fence.elementsEqual("+++".utf8) || fence.elementsEqual("---".utf8) {
            lines.skip()
            guard readFenced(text, &lines, fence) else { return nil }
        } else {
            guard readBare(text, &lines) else { return nil }
        }
    }

    private mutating func readFenced(
        _ text: [UInt8], _ lines: inout Lines, _ fence: ArraySlice<UInt8>
    ) -> Bool {
        let start = lines.position
        let isTOML = fence.first == 0x2B
        /// Where the first empty line ends, and how many fields stand above it.
        var gap: (end: Int, fields: Int)?
        while let line = lines.next() {
            guard line.upperBound - start <= Self.sizeLimit else { break }
            let trimmed = HTMLBytes.trimmed(text[line])
            if trimmed.elementsEqual(fence) || (!isTOML && trimmed.elementsEqual("...".utf8)) {
                bodyStart = min(lines.position, text.count)
                return !fields.isEmpty
            }
            if trimmed.isEmpty {
                if gap == nil { gap = (min(lines.position, text.count), fields.count) }
            } else if gap != nil, !Self.isField(text, line, trimmed, isTOML: isTOML) {
                break
            }
            read(text, line, trimmed, separator: isTOML ? 0x3D : 0x3A)
        }
        // The closing line was lost.
        guard let gap, gap.fields > 0 else { return false }
        fields.removeSubrange(gap.fields...)
        bodyStart = gap.end
        return true
    }

    /// Whether a line can stand in front matter.
    private static func isField(
        _ text: [UInt8], _ line: Range<Int>, _ trimmed: ArraySlice<UInt8>, isTOML: Bool
    ) -> Bool {
        if HTMLBytes.isSpace(text[line.lowerBound]) || trimmed.first == 0x23 { return true }
        if trimmed.first == 0x2D, trimmed.dropFirst().first == 0x20 { return true }
        if isTOML { return trimmed.contains(0x3D) || trimmed.first == 0x5B }
        let key = trimmed.prefix { $0 != 0x3A }
        return key.count < trimmed.count && key.count <= 64 && !key.contains(0x20)
    }

    /// The keys that bare lines may open with: any other colon is a sentence's.
    private static let bareKeys: Set<String> = [
        "title", "author", "authors", "date", "url", "url source", "source", "published time",
        "published", "markdown content", "byline", "category", "tags", "summary", "slug",
        "modified", "status", "lang", "language", "description", "publisher", "site", "outlet",
        "section", "subtitle", "canonical", "warning", "number of pages",
    ]

    /// Reads lines such as `Title: Crane Goes` up to the first that is none.
    private mutating func readBare(_ text: [UInt8], _ lines: inout Lines) -> Bool {
        while let line = lines.peek() {
            let trimmed = HTMLBytes.trimmed(text[line])
            if !trimmed.isEmpty {
                let key = String(decoding: trimmed.prefix { $0 != 0x3A }, as: UTF8.self)
                guard key.utf8.count < trimmed.count, Self.bareKeys.contains(key.lowercased())
                else { break }
                read(text, line, trimmed, separator: 0x3A)
            }
            lines.skip()
            bodyStart = min(lines.position, text.count)
            guard bodyStart <= Self.sizeLimit else { return false }
        }
        return fields.count >= 2 && first("title") != nil
    }

    /// The first field of one of these names that has a value.
    func first(_ keys: String...) -> Field? {
        for key in keys {
            if let field = fields.first(where: { $0.key == key && !$0.values.isEmpty }) {
                return field
            }
        }
        return nil
    }

    // MARK: Lines

    private mutating func read(
        _ text: [UInt8], _ line: Range<Int>, _ trimmed: ArraySlice<UInt8>, separator: UInt8
    ) {
        guard let first = trimmed.first, first != 0x23 else { return }
        let isIndented = line.lowerBound < text.count && HTMLBytes.isSpace(text[line.lowerBound])
        if first == 0x2D, trimmed.dropFirst().first.map(HTMLBytes.isSpace) ?? true {
            return appendItem(trimmed.dropFirst())
        }
        if isIndented, !fields.isEmpty {
            return appendContinuation(trimmed)
        }
        guard let place = trimmed.firstIndex(of: separator), place > trimmed.startIndex else {
            return
        }
        let key = Self.unquoted(HTMLBytes.trimmed(trimmed[..<place]))
        guard key.utf8.count <= 64 else { return }
        let value = HTMLBytes.trimmed(trimmed[(place + 1)...])
        fields.append(
            Field(
                key: key.lowercased(), values: Self.values(value),
                range: value.isEmpty ? line : value.indices))
    }

    /// Adds `- Jane Doe` or `- name: Jane Doe` to the list above.
    private mutating func appendItem(_ item: ArraySlice<UInt8>) {
        guard !fields.isEmpty else { return }
        var value = HTMLBytes.trimmed(item)
        if HTMLBytes.starts(value, with: "name:") {
            fields[fields.count - 1].isMapping = true
            value = HTMLBytes.trimmed(value.dropFirst(5))
        }
        append(Self.withoutLink(Self.unquoted(value)), at: value)
    }

    /// The name in a link between notes: `[[Jane Roe]]`.
    private static func withoutLink(_ value: String) -> String {
        guard value.hasPrefix("[["), value.hasSuffix("]]"), value.utf8.count > 4 else {
            return value
        }
        return String(value.dropFirst(2).dropLast(2))
    }

    /// Adds a line that goes on with the value above: a list's end, a folded text, `name:`.
    private mutating func appendContinuation(_ line: ArraySlice<UInt8>) {
        let index = fields.count - 1
        if HTMLBytes.starts(line, with: "name:") {
            fields[index].isMapping = true
            let value = HTMLBytes.trimmed(line.dropFirst(5))
            return append(Self.unquoted(value), at: value)
        }
        if let mark = fields[index].values.first, Self.folds.contains(mark) {
            fields[index].values = []
        }
        let isMap = line.firstIndex(of: 0x3A).map { colon in
            line[..<colon].allSatisfy { $0 == 0x5F || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
        }
        if isMap == true, fields[index].isMapping || fields[index].values.isEmpty {
            fields[index].isMapping = true
            return
        }
        if fields[index].values.count == 1 {
            fields[index].values[0] += " " + String(decoding: line, as: UTF8.self)
            extend(index, line)
        } else if fields[index].values.isEmpty {
            for value in Self.values(line) { append(value, at: line) }
        }
    }

    /// The marks behind a key whose text stands on the lines below.
    private static let folds: Set<String> = ["|", ">", "|-", ">-", "|+", ">+"]

    private mutating func append(_ value: String, at place: ArraySlice<UInt8>) {
        guard !value.isEmpty, let last = fields.indices.last, fields[last].values.count < 1000
        else { return }
        fields[last].values.append(value)
        extend(last, place)
    }

    private mutating func extend(_ index: Int, _ place: ArraySlice<UInt8>) {
        let start = min(fields[index].range.lowerBound, place.startIndex)
        fields[index].range = start..<max(fields[index].range.upperBound, place.endIndex)
    }

    // MARK: Values

    private static func values(_ value: ArraySlice<UInt8>) -> [String] {
        guard !value.isEmpty else { return [] }
        guard value.first == 0x5B, value.last == 0x5D else {
            let text = withoutLink(unquoted(value))
            return text.isEmpty ? [] : [text]
        }
        return items(value.dropFirst().dropLast()).map(unquoted).filter { !$0.isEmpty }
    }

    /// The items between the commas of a list in brackets.
    private static func items(_ list: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var items: [ArraySlice<UInt8>] = []
        var start = list.startIndex
        var quote: UInt8 = 0
        for index in list.indices {
            let byte = list[index]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if (byte == 0x22 || byte == 0x27), HTMLBytes.trimmed(list[start..<index]).isEmpty
            {
                quote = byte
            } else if byte == 0x2C {
                items.append(HTMLBytes.trimmed(list[start..<index]))
                start = index + 1
            }
        }
        items.append(HTMLBytes.trimmed(list[start...]))
        return items
    }

    /// The value without quotation marks around the whole of it.
    ///
    /// `"Left" Turn Is "Right"` keeps its marks: one within, not escaped, ends the first pair.
    private static func unquoted(_ value: ArraySlice<UInt8>) -> String {
        guard value.count >= 2, let quote = value.first, quote == 0x22 || quote == 0x27,
            value.last == quote
        else { return String(decoding: value, as: UTF8.self) }
        let inner = Array(value.dropFirst().dropLast())
        var result: [UInt8] = []
        var index = 0
        while index < inner.count {
            let byte = inner[index]
            let next = index + 1 < inner.count ? inner[index + 1] : 0
            if byte == 0x5C, quote == 0x22, next != 0 {
                result.append(next == 0x6E || next == 0x74 ? 0x20 : next)
                index += 2
            } else if byte == quote {
                guard quote == 0x27, next == quote else {
                    return String(decoding: value, as: UTF8.self)
                }
                result.append(quote)
                index += 2
            } else {
                result.append(byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// The lines of a text, one after the other, each without its line end.
struct Lines {
    let text: [UInt8]
    /// Where the next line begins.
    var position = 0

    /// The next line, which stays the next.
    func peek() -> Range<Int>? {
        guard position < text.count else { return nil }
        var end = text[position...].firstIndex(of: 0x0A) ?? text.count
        if end > position, text[end - 1] == 0x0D { end -= 1 }
        return position..<end
    }

    /// The next line.
    mutating func next() -> Range<Int>? {
        guard let line = peek() else { return nil }
        skip()
        return line
    }

    /// Passes the next line over.
    mutating func skip() {
        let end = text[min(position, text.count)...].firstIndex(of: 0x0A)
        position = end.map { $0 + 1 } ?? text.count
    }
}
