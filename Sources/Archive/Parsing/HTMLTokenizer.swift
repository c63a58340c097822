internal import Glibc

/// A run of bytes of the page's text.
struct HTMLSpan: Sendable, Hashable {
    var start: Int32
    var end: Int32

    init(_ start: Int, _ end: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        self.end = Int32(truncatingIfNeeded: end)
    }

    var isEmpty: Bool { start >= end }
    var count: Int { Int(end) - Int(start) }
    var range: Range<Int> { Int(start)..<max(Int(start), Int(end)) }
}

/// A name and a value of a start tag, as they stand in the text.
struct HTMLAttribute: Sendable {
    var key: HTMLName
    var name: HTMLSpan
    /// The value without its quotation marks; its character references are not read yet.
    var value: HTMLSpan
}

/// A piece of a page: a tag, a run of text, a comment.
struct HTMLToken: Sendable {
    /// What the piece is.
    enum Kind: UInt8, Sendable {
        case text, startTag, endTag, comment, doctype, end
    }

    var kind: Kind
    var tag = HTMLTag.other
    /// Whether a start tag ended in `/>`.
    var isSelfClosing = false
    /// Whether the character references of a text stand for characters.
    var hasReferences = false
    /// A tag's name, a comment's or a text's characters.
    var content: HTMLSpan
    /// From its first byte to past its last.
    var range: HTMLSpan
}

/// Cuts a page into tags and text after the WHATWG HTML Standard, section 13.2.5.
///
/// It knows nothing of how elements nest: whoever builds the tree tells it by `content` and
/// `isForeign` how to go on. It decodes nothing: tokens are runs of the bytes, in one pass.
struct HTMLTokenizer {
    /// How the bytes are read.
    enum Content: UInt8, Sendable {
        case data, characterData, raw, script, plain
    }

    /// Attributes of a tag beyond these are passed over.
    static let attributeLimit = 1024

    /// How the bytes that follow are read; anything but `data` lasts until the end tag.
    var content = Content.data
    /// Whether `<![CDATA[` begins a section here, as within `svg` and `math`.
    var isForeign = false

    private let bytes: UnsafeBufferPointer<UInt8>
    private let tags = HTMLTagTable.shared
    private var position = 0
    private var lastStartTag = HTMLSpan(0, 0)

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The next piece; a start tag's attributes are appended to `attributes`.
    mutating func next(_ attributes: inout [HTMLAttribute]) -> HTMLToken {
        guard position < bytes.count else { return token(.end, position, position) }
        if content != .data { return text(upTo: endOfRawText()) }
        var search = position
        while true {
            guard let open = find(0x3C, from: search) else { return text(upTo: bytes.count) }
            guard opensMarkup(open + 1) else {
                search = open + 1
                continue
            }
            if open > position { return text(upTo: open) }
            return markup(at: open, &attributes)
        }
    }

    // MARK: Text

    private mutating func text(upTo end: Int) -> HTMLToken {
        // An empty raw text still ends: go on with its end tag.
        let start = position
        position = end
        var token = token(.text, start, end)
        token.hasReferences = content == .data || content == .characterData
        content = .data
        return token
    }

    private func opensMarkup(_ index: Int) -> Bool {
        let byte = byte(index)
        if byte == 0x2F { return index + 1 < bytes.count }
        return isLetter(byte) || byte == 0x21 || byte == 0x3F
    }

    private func endOfRawText() -> Int {
        if content == .plain { return bytes.count }
        if content == .script { return endOfScript() }
        var search = position
        while let open = find(0x3C, from: search) {
            if isEndTag(at: open) { return open }
            search = open + 1
        }
        return bytes.count
    }

    /// Whether the end tag of the last start tag begins at `open`.
    private func isEndTag(at open: Int) -> Bool {
        guard byte(open + 1) == 0x2F, isName(lastStartTag.range, at: open + 2) else { return false }
        return endsName(byte(open + 2 + lastStartTag.count))
    }

    private func isName(_ name: Range<Int>, at index: Int) -> Bool {
        guard index + name.count <= bytes.count else { return false }
        for (offset, place) in name.enumerated()
        where bytes[index + offset] | 0x20 != bytes[place] | 0x20 { return false }
        return true
    }

    /// The end of a script, which a comment with a script within it does not end (13.2.5.15-31).
    private func endOfScript() -> Int {
        var search = position
        var isEscaped = false
        var isDoubleEscaped = false
        while search < bytes.count {
            guard isEscaped else {
                guard let open = find(0x3C, from: search) else { return bytes.count }
                if isEndTag(at: open) { return open }
                if starts("<!--", at: open) {
                    isEscaped = true
                    // `<!-->` and `<!--->` end where they begin.
                    search = open + 2
                } else {
                    search = open + 1
                }
                continue
            }
            if starts("-->", at: search) {
                isEscaped = false
                isDoubleEscaped = false
                search += 3
            } else if bytes[search] == 0x3C {
                if !isDoubleEscaped, isEndTag(at: search) { return search }
                let slash = byte(search + 1) == 0x2F
                let name = search + (slash ? 2 : 1)
                if starts("script", at: name), endsName(byte(name + 6)) {
                    isDoubleEscaped = !slash
                }
                search += 1
            } else {
                search += 1
            }
        }
        return bytes.count
    }

    // MARK: Markup

    private mutating func markup(at open: Int, _ attributes: inout [HTMLAttribute]) -> HTMLToken {
        switch byte(open + 1) {
        case 0x21: return declaration(at: open)
        case 0x3F: return bogusComment(at: open, from: open + 1)
        case 0x2F:
            if isLetter(byte(open + 2)) { return tag(.endTag, open, open + 2, &attributes) }
            return bogusComment(at: open, from: open + 2)
        default: return tag(.startTag, open, open + 1, &attributes)
        }
    }

    private mutating func bogusComment(at open: Int, from start: Int) -> HTMLToken {
        let end = find(0x3E, from: start) ?? bytes.count
        position = min(end + 1, bytes.count)
        return token(.comment, start, end, open)
    }

    private mutating func declaration(at open: Int) -> HTMLToken {
        if starts("<!--", at: open) { return comment(at: open) }
        if isForeign, starts("<![CDATA[", at: open) {
            let end = find("]]>", from: open + 9) ?? bytes.count
            position = min(end + 3, bytes.count)
            return token(.text, open + 9, end, open)
        }
        var token = bogusComment(at: open, from: open + 2)
        if starts("doctype", at: open + 2) { token.kind = .doctype }
        return token
    }

    private mutating func comment(at open: Int) -> HTMLToken {
        let start = open + 4
        for abrupt in [">", "->"] as [StaticString] where starts(abrupt, at: start) {
            position = start + abrupt.utf8CodeUnitCount
            return token(.comment, start, start, open)
        }
        var search = start
        while let dashes = find("--", from: search) {
            let past = dashes + 2
            if byte(past) == 0x3E || starts("!>", at: past) {
                position = past + (byte(past) == 0x3E ? 1 : 2)
                return token(.comment, start, dashes, open)
            }
            search = dashes + 1
        }
        position = bytes.count
        return token(.comment, start, bytes.count, open)
    }

    /// Reads a tag up to its `>`; a page that ends within a tag ends before it.
    private mutating func tag(
        _ kind: HTMLToken.Kind, _ open: Int, _ start: Int, _ attributes: inout [HTMLAttribute]
    ) -> HTMLToken {
        let (name, key) = self.name(from: start, isAttribute: false)
        position = Int(name.end)
        let first = attributes.count
        var isSelfClosing = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x3E {
                position += 1
                if kind == .startTag { lastStartTag = name }
                return HTMLToken(
                    kind: kind, tag: tags.tag(key), isSelfClosing: isSelfClosing, content: name,
                    range: HTMLSpan(open, position))
            }
            isSelfClosing = byte == 0x2F
            if isSelfClosing || isSpace(byte) {
                position += 1
            } else {
                let attribute = self.attribute()
                if attributes.count - first < Self.attributeLimit { attributes.append(attribute) }
            }
        }
        attributes.removeLast(attributes.count - first)
        return token(.end, bytes.count, bytes.count)
    }

    private mutating func attribute() -> HTMLAttribute {
        let (name, key) = self.name(from: position, isAttribute: true)
        position = Int(name.end)
        skipSpace()
        guard byte(position) == 0x3D else {
            return HTMLAttribute(
                key: HTMLName(key: key), name: name, value: HTMLSpan(position, position))
        }
        position += 1
        skipSpace()
        let start = position
        let quote = byte(position)
        if quote == 0x22 || quote == 0x27 {
            let end = find(quote, from: start + 1) ?? bytes.count
            position = min(end + 1, bytes.count)
            return HTMLAttribute(
                key: HTMLName(key: key), name: name, value: HTMLSpan(start + 1, end))
        }
        while position < bytes.count, bytes[position] != 0x3E, !isSpace(bytes[position]) {
            position += 1
        }
        return HTMLAttribute(
            key: HTMLName(key: key), name: name, value: HTMLSpan(start, position))
    }

    /// The name that begins at `start`, with its packed form.
    @inline(__always)
    private func name(from start: Int, isAttribute: Bool) -> (HTMLSpan, UInt64) {
        var index = start
        var key: UInt64 = 0
        var isPacked = true
        while index < bytes.count {
            let byte = bytes[index]
            if endsName(byte) || (isAttribute && byte == 0x3D && index > start) { break }
            let code = HTMLName.code(byte)
            isPacked = isPacked && code != 63
            key = key << 6 | code
            index += 1
        }
        return (HTMLSpan(start, index), isPacked && index - start <= 10 ? key : 0)
    }

    // MARK: Bytes

    private func token(
        _ kind: HTMLToken.Kind, _ start: Int, _ end: Int, _ open: Int? = nil
    ) -> HTMLToken {
        HTMLToken(
            kind: kind, content: HTMLSpan(start, end), range: HTMLSpan(open ?? start, position))
    }

    @inline(__always)
    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    @inline(__always)
    private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

    @inline(__always)
    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
    }

    @inline(__always)
    private func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == 0x2F || byte == 0x3E
    }

    private mutating func skipSpace() {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    /// Whether two names are the same, letters in any case.
    func isSame(_ one: HTMLSpan, _ other: HTMLSpan) -> Bool {
        one.count == other.count && isName(one.range, at: Int(other.start))
    }

    private func find(_ byte: UInt8, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        var search = start
        let first = text.withUTF8Buffer { $0.first ?? 0 }
        while let found = find(first, from: search) {
            if starts(text, at: found) { return found }
            search = found + 1
        }
        return nil
    }

    /// Whether `text` stands at `index`, letters in any case.
    private func starts(_ text: StaticString, at index: Int) -> Bool {
        text.withUTF8Buffer { text in
            guard index + text.count <= bytes.count else { return false }
            for offset in 0..<text.count {
                let byte = bytes[index + offset]
                guard byte == text[offset] || (isLetter(byte) && byte | 0x20 == text[offset] | 0x20)
                else { return false }
            }
            return true
        }
    }
}
