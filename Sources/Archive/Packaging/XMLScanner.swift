/// A run of bytes of an XML document.
struct XMLSpan: Sendable, Hashable {
    var start: Int32
    var end: Int32

    init(_ start: Int, _ end: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        self.end = Int32(truncatingIfNeeded: max(start, end))
    }

    var range: Range<Int> { Int(start)..<max(Int(start), Int(end)) }
}

/// A name and a value of a start tag, as they stand in the document.
struct XMLAttribute: Sendable {
    /// With its prefix.
    var name: XMLSpan
    /// Without its quotation marks; its references are not read yet.
    var value: XMLSpan
}

/// A piece of an XML document: a tag or a run of characters.
struct XMLToken {
    /// What the piece is.
    enum Kind { case start, empty, end, text, verbatim, endOfDocument, passed }

    var kind: Kind
    /// All of it.
    var span: XMLSpan
    /// A tag's name with its prefix; the characters of a text.
    var content: XMLSpan
}

/// Cuts an XML document into its pieces, once from front to back.
///
/// Nothing is ever fetched or expanded, for there is nothing here that could: a document type
/// declaration is passed over, a reference stays in the text as it is written. Whatever stands
/// where XML forbids it costs no more than itself; the first such place is kept as the fault.
///
/// libxml2 (2.9, as distributions have it) would do this too, but is quadratic in attributes and
/// namespaces, and gives up the rest of a feed at the first stray end tag.
struct XMLScanner {
    /// Attributes of one element; a document with more is refused.
    static let attributeLimit = 1024

    private let bytes: [UInt8]
    private var position = 0
    /// What was met first that no XML has.
    private(set) var fault: Refusal?
    /// What ends the reading.
    private(set) var refusal: Refusal?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next piece; the attributes of a start tag are appended to `attributes`.
    mutating func next(_ attributes: inout [XMLAttribute]) -> XMLToken {
        let start = position
        guard start < bytes.count, refusal == nil else {
            return token(.endOfDocument, from: start)
        }
        guard isMarkup(at: start) else { return text(from: start) }
        switch bytes[start + 1] {
        case 0x2f: return endTag(from: start)
        case 0x3f: return passed(from: start, to: "?>")
        case 0x21: return declaration(from: start)
        default: return startTag(from: start, &attributes)
        }
    }

    /// Notes the first thing that is wrong.
    mutating func note(_ reason: Reason, _ detail: String, at offset: Int) {
        if fault == nil { fault = Refusal(reason, detail, offset: offset) }
    }

    private func token(_ kind: XMLToken.Kind, from start: Int, _ content: XMLSpan? = nil)
        -> XMLToken
    {
        let span = XMLSpan(start, position)
        return XMLToken(kind: kind, span: span, content: content ?? span)
    }

    // MARK: Text

    /// Whether `<` begins a tag, a comment, a declaration: more than a sign in a sentence.
    private func isMarkup(at index: Int) -> Bool {
        guard bytes[index] == 0x3c, index + 1 < bytes.count else { return false }
        let next = bytes[index + 1]
        return Self.beginsName(next) || next == 0x2f || next == 0x21 || next == 0x3f
    }

    private mutating func text(from start: Int) -> XMLToken {
        while position < bytes.count {
            if bytes[position] == 0x3c {
                if isMarkup(at: position) { break }
                note(.malformed, "a < that begins no tag", at: position)
            }
            position += 1
        }
        return token(.text, from: start)
    }

    // MARK: Declarations

    private mutating func declaration(from start: Int) -> XMLToken {
        if has("<!--", at: start) { return passed(from: start, to: "-->") }
        if has("<![CDATA[", at: start) {
            position = start + 9
            let end = find("]]>", from: position)
            position = min(end + 3, bytes.count)
            if end == bytes.count { note(.truncated, "a CDATA section without its end", at: start) }
            return token(.verbatim, from: start, XMLSpan(start + 9, end))
        }
        if has("<!DOCTYPE", at: start) {
            passDocumentType(from: start)
        } else {
            let end = find(">", from: start)
            position = min(end + 1, bytes.count)
            note(
                end == bytes.count ? .truncated : .malformed,
                "a declaration that XML does not have", at: start)
        }
        return token(.passed, from: start)
    }

    private mutating func passed(from start: Int, to mark: StaticString) -> XMLToken {
        let end = find(mark, from: start + 2)
        position = min(end + mark.utf8CodeUnitCount, bytes.count)
        if end == bytes.count { note(.truncated, "a comment without its end", at: start) }
        return token(.passed, from: start)
    }

    /// Goes past a document type declaration with the declarations within it.
    private mutating func passDocumentType(from start: Int) {
        position = start + 9
        var isWithin = false
        while position < bytes.count {
            switch bytes[position] {
            case 0x22, 0x27: passQuoted()
            case 0x5b: isWithin = true
            case 0x5d: isWithin = false
            case 0x3e where !isWithin:
                position += 1
                return
            case 0x3c where has("<!--", at: position):
                position = find("-->", from: position + 4)
                continue
            case 0x3c where has("<!ENTITY", at: position): lookAtEntity(at: position)
            default: break
            }
            position += 1
        }
        position = min(position, bytes.count)
        note(.truncated, "a document type declaration without its end", at: start)
    }

    private mutating func passQuoted() {
        let quote = bytes[position]
        position += 1
        while position < bytes.count, bytes[position] != quote { position += 1 }
    }

    /// Refuses a document whose entities are made of each other: it was written to expand.
    private mutating func lookAtEntity(at start: Int) {
        var index = start + 8
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
        while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        guard index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 else { return }
        let quote = bytes[index]
        var at = index + 1
        while at < bytes.count, bytes[at] != quote {
            if bytes[at] == 0x26, at + 1 < bytes.count, Self.beginsName(bytes[at + 1]),
                !Self.predefined.contains(where: { has($0, at: at) })
            {
                refusal = Refusal(.expansion, "entities made of other entities", offset: start)
                return
            }
            at += 1
        }
        // The value is passed here, so that no byte of it is looked at twice.
        position = at
    }

    private static let predefined: [StaticString] = ["&amp;", "&lt;", "&gt;", "&quot;", "&apos;"]

    // MARK: Tags

    private mutating func endTag(from start: Int) -> XMLToken {
        position = start + 2
        let name = self.name()
        while position < bytes.count, bytes[position] != 0x3e, bytes[position] != 0x3c {
            position += 1
        }
        if position < bytes.count, bytes[position] == 0x3e {
            position += 1
        } else {
            note(.truncated, "an end tag without its >", at: start)
        }
        return token(.end, from: start, name)
    }

    private mutating func startTag(
        from start: Int, _ attributes: inout [XMLAttribute]
    ) -> XMLToken {
        position = start + 1
        let name = self.name()
        let first = attributes.count
        while position < bytes.count {
            switch bytes[position] {
            case 0x3e:
                position += 1
                return token(.start, from: start, name)
            case 0x2f where position + 1 < bytes.count && bytes[position + 1] == 0x3e:
                position += 2
                return token(.empty, from: start, name)
            case 0x3c:
                note(.malformed, "a start tag without its >", at: start)
                return token(.start, from: start, name)
            case let byte where Self.isSpace(byte): position += 1
            case let byte where !Self.isName(byte):
                note(.malformed, "a character that no attribute has", at: position)
                position += 1
            default: attribute(&attributes)
            }
            guard attributes.count - first <= Self.attributeLimit else {
                refusal = Refusal(
                    .malformed, "an element of more than \(Self.attributeLimit) attributes",
                    offset: start)
                break
            }
        }
        note(.truncated, "the document ends within a tag", at: start)
        return token(.start, from: start, name)
    }

    private mutating func attribute(_ attributes: inout [XMLAttribute]) {
        let start = position
        let name = self.name()
        skipSpace()
        guard position < bytes.count, bytes[position] == 0x3d else {
            note(.malformed, "an attribute without a value", at: start)
            return attributes.append(XMLAttribute(name: name, value: XMLSpan(start, start)))
        }
        position += 1
        skipSpace()
        guard position < bytes.count else { return }
        let quote = bytes[position]
        let isQuoted = quote == 0x22 || quote == 0x27
        if isQuoted { position += 1 } else { note(.malformed, "a value without quotes", at: start) }
        let first = position
        while position < bytes.count, bytes[position] != 0x3c {
            let byte = bytes[position]
            if isQuoted ? byte == quote : Self.isSpace(byte) || byte == 0x3e { break }
            position += 1
        }
        attributes.append(XMLAttribute(name: name, value: XMLSpan(first, position)))
        guard isQuoted else { return }
        if position < bytes.count, bytes[position] == quote {
            position += 1
        } else {
            // XML has no `<` in a value, so that a lost quote costs one tag.
            note(.malformed, "a value without its closing quote", at: first)
        }
    }

    private mutating func name() -> XMLSpan {
        let start = position
        while position < bytes.count, Self.isName(bytes[position]) { position += 1 }
        return XMLSpan(start, position)
    }

    // MARK: Bytes

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private func has(_ mark: StaticString, at index: Int) -> Bool {
        guard index + mark.utf8CodeUnitCount <= bytes.count else { return false }
        return mark.withUTF8Buffer { mark in
            for offset in mark.indices where bytes[index + offset] != mark[offset] { return false }
            return true
        }
    }

    /// Where the next `mark` stands, or the end.
    private func find(_ mark: StaticString, from start: Int) -> Int {
        let first = mark.utf8Start[0]
        var index = min(start, bytes.count)
        while index < bytes.count {
            if bytes[index] == first, has(mark, at: index) { return index }
            index += 1
        }
        return bytes.count
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    /// Whether a byte is a control character that XML 1.0 has in no document.
    static func isForbidden(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d
    }

    private static func beginsName(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte | 0x20) && byte >= 0x41 || byte == 0x5f || byte == 0x3a
            || byte >= 0x80
    }

    private static func isName(_ byte: UInt8) -> Bool {
        beginsName(byte) || (0x30...0x39).contains(byte) || byte == 0x2d || byte == 0x2e
    }
}
