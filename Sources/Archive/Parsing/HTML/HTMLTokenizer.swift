/// Cuts a page into tags and text after the WHATWG HTML Standard, section 13.2.5.
///
/// It knows nothing of how elements nest: whoever builds the tree tells it by `content`,
/// `endTag` and `isForeign` how to go on. It decodes nothing: tokens are runs of the bytes, in one
/// pass; line ends, NUL and references are read by `HTMLTree` when a text is asked for.
struct HTMLTokenizer: ~Copyable {
    /// How the bytes are read, by the standard's states: DATA, RCDATA, RAWTEXT, script data,
    /// PLAINTEXT, CDATA section.
    enum Content: UInt8, Sendable {
        case data, characterData, raw, script, plain, section
    }

    /// Attributes of a tag beyond these are passed over.
    static let attributeLimit = 1024

    /// How the bytes that follow are read; anything but `data` lasts until its end.
    var content = Content.data
    /// The packed name of the end tag that ends a text other than `data`.
    var endTag: UInt64 = 0
    /// Whether `<![CDATA[` begins a section here, as within `svg` and `math`.
    var isForeign = false
    /// The attributes of all tags so far that were kept.
    var attributes: HTMLArena<HTMLAttribute>
    /// Where the next piece begins.
    var position = 0
    /// Bytes and names looked at again and again, counted for the tests of hostile pages.
    var work = 0

    let bytes: UnsafeBufferPointer<UInt8>
    private let tags = HTMLTagTable.shared
    private var names = HTMLNameSet()
    /// Whether `names` holds the names of the tag that is being read.
    private var isNameSetFilled = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, attributes: HTMLArena<HTMLAttribute>) {
        self.bytes = bytes
        self.attributes = attributes
    }

    /// The next piece; a start tag's attributes are appended to `attributes`.
    mutating func next() -> HTMLToken {
        if content != .data, let text = rawText() { return text }
        while position < bytes.count {
            let open = openingOfMarkup()
            if open > position {
                let text = HTMLSpan(position, open)
                position = open
                return HTMLToken(kind: .text, span: text)
            }
            if let token = markup(at: open) { return token }
        }
        return HTMLToken(kind: .end, span: HTMLSpan(bytes.count, bytes.count))
    }

    /// Where the next tag, comment or doctype begins (13.2.5.6, tag open state).
    @inline(__always)
    private func openingOfMarkup() -> Int {
        var search = position
        while let open = find(0x3C, from: search) {
            let next = byte(open + 1)
            if isLetter(next) || next == 0x21 || next == 0x3F { return open }
            if next == 0x2F, open + 2 < bytes.count { return open }
            search = open + 1
        }
        return bytes.count
    }

    @inline(__always)
    private mutating func markup(at open: Int) -> HTMLToken? {
        switch byte(open + 1) {
        case 0x21: return declaration(at: open)
        case 0x3F: return bogusComment(from: open + 1)
        case 0x2F:
            if isLetter(byte(open + 2)) { return tag(.endTag, open + 2) }
            guard byte(open + 2) != 0x3E else {
                // `</>` is nothing (13.2.5.7).
                position = open + 3
                return nil
            }
            return bogusComment(from: open + 2)
        default: return tag(.startTag, open + 1)
        }
    }

    // MARK: Tags

    /// Reads a tag up to its `>`; a page that ends within a tag ends before it (13.2.5.8, 32-40).
    @inline(__always)
    private mutating func tag(_ kind: HTMLToken.Kind, _ start: Int) -> HTMLToken {
        let (name, key) = self.name(from: start, isAttribute: false)
        position = Int(name.end)
        let first = attributes.count
        isNameSetFilled = false
        var isSelfClosing = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x3E {
                position += 1
                return HTMLToken(
                    kind: kind, tag: tags.tag(key), isSelfClosing: isSelfClosing,
                    attributeCount: UInt16(truncatingIfNeeded: attributes.count - first),
                    firstAttribute: Int32(truncatingIfNeeded: first), span: name)
            }
            isSelfClosing = byte == 0x2F
            if isSelfClosing || isSpace(byte) {
                position += 1
            } else {
                readAttribute(first)
            }
        }
        attributes.cut(to: first)
        return HTMLToken(kind: .end, span: HTMLSpan(bytes.count, bytes.count))
    }

    private mutating func readAttribute(_ first: Int) {
        let (name, key) = self.name(from: position, isAttribute: true)
        position = Int(name.end)
        let attribute = HTMLAttribute(key: HTMLName(key: key), name: name, value: value())
        if !isRepeated(attribute, first), attributes.count - first < Self.attributeLimit {
            attributes.append(attribute)
        }
    }

    /// The value that follows an attribute's name; an empty run where there is none.
    @inline(__always)
    private mutating func value() -> HTMLSpan {
        let end = position
        skipSpace()
        guard byte(position) == 0x3D else { return HTMLSpan(end, end) }
        position += 1
        skipSpace()
        let start = position
        let quote = byte(position)
        if quote == 0x22 || quote == 0x27 {
            let end = find(quote, from: start + 1) ?? bytes.count
            position = min(end + 1, bytes.count)
            return HTMLSpan(start + 1, end)
        }
        while position < bytes.count, bytes[position] != 0x3E, !isSpace(bytes[position]) {
            position += 1
        }
        return HTMLSpan(start, position)
    }

    /// Whether the tag has an attribute of that name already: the first one counts (13.2.5.33).
    @inline(__always)
    private mutating func isRepeated(_ attribute: HTMLAttribute, _ first: Int) -> Bool {
        let count = attributes.count - first
        guard count <= HTMLNameSet.fewNames else { return isRepeatedAmongMany(attribute, first) }
        for index in first..<attributes.count where isSame(attributes[index], attribute) {
            return true
        }
        return false
    }

    private mutating func isRepeatedAmongMany(_ attribute: HTMLAttribute, _ first: Int) -> Bool {
        guard attributes.count - first < Self.attributeLimit else { return true }
        if !isNameSetFilled {
            isNameSetFilled = true
            names.removeAll()
            for index in first..<attributes.count {
                names.insert(index - first, hash: hash(attributes[index]))
            }
        }
        let hash = self.hash(attribute)
        var slot = names.slot(hash)
        while let other = names[slot] {
            work += 1
            if isSame(attributes[first + other], attribute) { return true }
            slot = names.slot(after: slot)
        }
        names.insert(attributes.count - first, hash: hash)
        return false
    }

    private func hash(_ attribute: HTMLAttribute) -> UInt64 {
        guard attribute.key.key == 0 else { return attribute.key.key }
        return bytes[attribute.name.range].reduce(0xcbf2_9ce4_8422_2325) {
            ($0 ^ UInt64(HTMLBytes.lower($1))) &* 0x100_0000_01b3
        }
    }

    /// Whether two attributes have one name, letters in any case.
    @inline(__always)
    func isSame(_ one: HTMLAttribute, _ other: HTMLAttribute) -> Bool {
        one.key == other.key && (one.key.key != 0 || isSame(one.name, other.name))
    }

    /// Whether two names are the same, letters in any case.
    func isSame(_ one: HTMLSpan, _ other: HTMLSpan) -> Bool {
        one.count == other.count
            && zip(bytes[one.range], bytes[other.range])
                .allSatisfy { HTMLBytes.lower($0) == HTMLBytes.lower($1) }
    }

    /// The name that begins at `start`, with its packed form.
    @inline(__always)
    private func name(from start: Int, isAttribute: Bool) -> (HTMLSpan, UInt64) {
        var index = start
        var key: UInt64 = 0
        var isPacked = true
        while index < bytes.count {
            let code = tags.code(bytes[index])
            if code == HTMLTagTable.end { break }
            if code == HTMLTagTable.unpacked {
                if isAttribute, bytes[index] == 0x3D, index > start { break }
                isPacked = false
            }
            key = key << 6 | UInt64(code)
            index += 1
        }
        return (HTMLSpan(start, index), isPacked && index - start <= 10 ? key : 0)
    }
}

/// Which attributes of a tag have a name with a given hash, for tags with many attributes.
struct HTMLNameSet {
    /// Up to so many names are compared one by one instead.
    static let fewNames = 16

    /// Twice the limit of a tag's attributes: never full.
    private var places: [Int16] = []

    mutating func removeAll() { places = [Int16](repeating: -1, count: 2048) }

    subscript(slot: Int) -> Int? { places[slot] < 0 ? nil : Int(places[slot]) }

    mutating func insert(_ place: Int, hash: UInt64) {
        var slot = slot(hash)
        while self[slot] != nil { slot = self.slot(after: slot) }
        places[slot] = Int16(truncatingIfNeeded: place)
    }

    func slot(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 53)
    }

    func slot(after slot: Int) -> Int { (slot + 1) & 2047 }
}
