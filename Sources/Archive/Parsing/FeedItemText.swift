internal import ArchiveProtocol

/// The text of a feed's item, in the many ways that feeds carry one.
extension NewsDraft {
    /// Words of a text that was cut off, from which on it is kept as a story all the same.
    static let cutWordLimit = 100

    /// Takes the full text, else the summary.
    ///
    /// - Returns: why the item is no article; nil where it may be one.
    mutating func takeFeedText(_ tree: XMLTree, _ item: Int32) throws(Refusal) -> String? {
        guard article.body.isEmpty else { return nil }
        let names: [(StaticString, XMLVocabulary)] = [
            ("encoded", .content), ("content", .core), ("fullText", .core), ("body", .core),
            ("description", .core), ("summary", .core), ("description", .dublinCore),
            ("description", .media),
        ]
        var best: (text: HTMLText, words: Int, name: String)?
        for (name, vocabulary) in names {
            for node in tree.children(item, name, vocabulary) {
                let text = try feedText(tree, node)
                let words = text.wordCount
                // A summary that says more than the content is the content.
                if words > (best.map { $0.words * 3 / 2 } ?? 0) {
                    best = (text, words, "\(name)")
                }
            }
        }
        guard let best else { return "a feed's item without text" }
        if Self.isCut(best.text), best.words < Self.cutWordLimit {
            return "a teaser of \(best.words) words"
        }
        if best.words < Self.wordLimit { return "a feed's item of \(best.words) words" }
        takeBody(best.text, best.name)
        return nil
    }

    /// The blocks of an element's text, read as its type says.
    func feedText(_ tree: XMLTree, _ node: Int32) throws(Refusal) -> HTMLText {
        let type = (tree.value(node, "type") ?? "").lowercased()
        let mode = tree.value(node, "mode")?.lowercased()
        let hasElements = !tree.elements(of: node).isEmpty
        if hasElements, mode != "escaped" { return markup(tree, node) }
        let data = EscapedMarkup(tree, node)
        if mode == "base64" || Self.isBase64(type) {
            guard let decoded = Base64.decoded(data.bytes) else { return HTMLText() }
            let place = tree.place(node)
            return try Self.blocks(decoded, base: tree.base(node, base)).traced { _ in place }
        }
        let isAtom = tree[node].vocabulary == .core && Self.isAtomText(tree, node)
        let isPlain = isAtom && (type.isEmpty || type == "text" || type == "text/plain")
        let blocks: HTMLText
        if isPlain {
            blocks = .plain(data.bytes)
        } else {
            blocks = try Self.blocks(data.bytes, base: tree.base(node, base))
        }
        return blocks.traced(data.source(of:))
    }

    /// Elements of Atom, where markup is announced by a type.
    private static func isAtomText(_ tree: XMLTree, _ node: Int32) -> Bool {
        var parent = tree[node].parent
        while parent > XMLTree.document {
            if tree.isNamed(parent, "entry") || tree.isNamed(parent, "feed") { return true }
            parent = tree[parent].parent
        }
        return false
    }

    /// A type that is no text, so that its bytes were made text by base64.
    private static func isBase64(_ type: String) -> Bool {
        guard type.contains("/") else { return false }
        return !type.hasPrefix("text/") && !type.hasSuffix("xml") && !type.hasSuffix("html")
            && !type.hasPrefix("image/")
    }

    /// Markup where there is any, else plain paragraphs.
    private static func blocks(
        _ bytes: [UInt8], base: String?
    ) throws(Refusal) -> HTMLText {
        let hasTags = bytes.indices.dropLast().contains { index in
            guard bytes[index] == 0x3c else { return false }
            let next = bytes[index + 1]
            return next == 0x2f || next == 0x21 || TextScanning.isASCIILetter(next)
        }
        if hasTags { return try HTMLText.markup(bytes, base: base) }
        guard bytes.contains(0x26) else { return .plain(bytes) }
        // Escaped twice, as feeds often are.
        var text: [UInt8] = []
        bytes.withUnsafeBufferPointer {
            HTMLReferences.append($0, isAttribute: false, to: &text)
        }
        return .plain(text).traced { $0.clamped(to: 0..<bytes.count) }
    }

    /// Whether a text ends as a teaser does: `[...]`, `…`, `Read more`.
    static func isCut(_ text: HTMLText) -> Bool {
        guard var end = text.pieces.last?.text[...] else { return false }
        while let last = end.last, last == 0x5d || last == 0x29 || last == 0x20 || last == 0xbb {
            end.removeLast()
        }
        for mark in ["...", "\u{2026}"] where end.suffix(mark.utf8.count).elementsEqual(mark.utf8) {
            return true
        }
        let tail = HTMLBytes.lowered(end.suffix(40))
        return ["read more", "continue reading", "read the rest", "weiterlesen", "lire la suite"]
            .contains { phrase in
                tail.indices.contains { tail[$0...].starts(with: phrase.utf8) }
            }
    }
}

/// Base64 (RFC 4648), white space within it passed over.
enum Base64 {
    /// The bytes; nil where a character is none of the alphabet.
    static func decoded(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for byte in text where !HTMLBytes.isSpace(byte) {
            if byte == 0x3d { break }
            guard let value = value(byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return (try? UTF8Span(validating: result.span)) == nil ? nil : result
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte - 0x41)
        case 0x61...0x7a: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2b, 0x2d: 62
        case 0x2f, 0x5f: 63
        default: nil
        }
    }
}
