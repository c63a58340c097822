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
            guard let decoded = TransferDecoder.text(base64: data.bytes) else { return HTMLText() }
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

extension TransferDecoder {
    /// The text that base64 stands for; nil where it is no UTF-8.
    fileprivate static func text(base64 bytes: [UInt8]) -> [UInt8]? {
        var decoder = TransferDecoder(.base64)
        bytes.withUnsafeBytes { decoder.decodeBase64($0) }
        decoder.finish()
        return (try? UTF8Span(validating: decoder.output.span)) == nil ? nil : decoder.output
    }
}
