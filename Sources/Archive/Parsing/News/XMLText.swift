internal import ArchiveProtocol

/// What is read from an XML document beyond its structure: texts as HTML reads them.
extension XMLTree {
    /// All the text within `node`, its references read, white space folded.
    ///
    /// References that HTML has and XML has not are read too: feeds are full of `&nbsp;`.
    func text(of node: Int32, without left: StaticString? = nil) -> String {
        String(decoding: HTMLBytes.folded(rawText(of: node, without: left)), as: UTF8.self)
    }

    /// The same with its white space as it stands.
    func rawText(of root: Int32, without left: StaticString? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        var next: Int32? = root
        while let node = next {
            let isLeft = left.map { isNamed(node, $0) } ?? false
            next = self.next(after: node, within: root, skippingChildren: isLeft)
            if isLeft { continue }
            switch self[node].kind {
            case .verbatim: bytes += source[self[node].name.range]
            case .text: appendReferences(self[node].name.range, to: &bytes)
            case .element where node != root && setsApart(node): bytes.append(0x20)
            case .element: break
            }
        }
        return bytes
    }

    /// Whether an element's words stand apart from those before it.
    private func setsApart(_ node: Int32) -> Bool {
        !tag(node).isInline || isNamed(node, "byttl")
            || source[self[node].name.range].starts(with: "name.".utf8)
    }

    private func appendReferences(_ range: Range<Int>, to bytes: inout [UInt8]) {
        source.withUnsafeBufferPointer { source in
            guard range.upperBound <= source.count else { return }
            HTMLReferences.append(
                UnsafeBufferPointer(rebasing: source[range]), isAttribute: false, to: &bytes)
        }
    }

    /// An attribute's value with its references read; nil where it is absent or empty.
    func value(_ node: Int32, _ name: StaticString) -> String? {
        guard let span = attribute(node, name) else { return nil }
        var bytes: [UInt8] = []
        appendReferences(span.range, to: &bytes)
        let folded = HTMLBytes.folded(bytes)
        return folded.isEmpty ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// Where what stands in `node` stands, white space around it left out.
    func place(_ node: Int32) -> Range<Int> {
        var range = self[node].inner.range
        while let first = range.first, HTMLBytes.isSpace(source[first]) {
            range = first + 1..<range.upperBound
        }
        while let last = range.last, HTMLBytes.isSpace(source[last]) {
            range = range.lowerBound..<last
        }
        return range.isEmpty ? self[node].span.range : range
    }

    /// The nearest value of an attribute that elements pass on to what is within, such as
    /// `xml:lang`.
    func inherited(_ node: Int32, _ name: StaticString) -> String? {
        var node = node
        while node > XMLTree.document {
            if let value = value(node, name) { return value }
            node = self[node].parent
        }
        return nil
    }

    /// The address against which links in `node` are read: `xml:base` of all around it.
    func base(_ node: Int32, _ outer: String?) -> String? {
        var bases: [String] = []
        var node = node
        while node > XMLTree.document {
            if let base = value(node, "xml:base") { bases.append(base) }
            node = self[node].parent
        }
        return bases.reversed().reduce(outer) { CanonicalURL.resolved($1, base: $0) ?? $0 }
    }
}

// MARK: Markup

extension XMLTree {
    /// The elements within `node` as HTML nests them, so that its readers can read them.
    ///
    /// Runs point into the same source, so that what is read is traced to its bytes. NITF's names
    /// are taken for those of HTML that mean the same.
    func html(of root: Int32) -> HTMLTree {
        var nodes = [HTMLTree.Node(.page, content: HTMLSpan(0, 0))]
        var found: [HTMLAttribute] = []
        // By the distance from `root`, as nodes stand in the document's order.
        var numbers: [Int32] = [HTMLTree.root]
        var next = self.next(after: root, within: root)
        while let node = next {
            let parent = numbers[Int(self[node].parent - root)]
            let isLeftOut = isNamed(node, "media") || isNamed(node, "head")
            next = self.next(after: node, within: root, skippingChildren: isLeftOut)
            if isLeftOut { continue }
            let number = Int32(truncatingIfNeeded: nodes.count)
            while numbers.count < Int(node - root) { numbers.append(HTMLTree.root) }
            numbers.append(number)
            var element = htmlNode(node, &found)
            element.parent = parent
            let last = nodes[Int(parent)].lastChild
            element.previousSibling = last
            if last >= 0 {
                nodes[Int(last)].nextSibling = number
            } else {
                nodes[Int(parent)].firstChild = number
            }
            nodes[Int(parent)].lastChild = number
            nodes.append(element)
        }
        return HTMLTree(source: source, nodes: nodes, attributes: found)
    }

    private func htmlNode(_ node: Int32, _ found: inout [HTMLAttribute]) -> HTMLTree.Node {
        let content = self[node].name.range
        let span = HTMLSpan(content.lowerBound, content.upperBound)
        guard self[node].kind == .element else {
            return HTMLTree.Node(
                text: span, hasReferences: self[node].kind == .text, keepsNull: false)
        }
        var element = HTMLTree.Node(.html, content: span)
        element.tag = tag(node)
        element.firstAttribute = Int32(truncatingIfNeeded: found.count)
        let first = Int(self[node].firstAttribute)
        for attribute in attributes[first..<first + Int(self[node].attributeCount)] {
            let name = attribute.name.range
            found.append(
                HTMLAttribute(
                    key: HTMLName(key: Self.key(source[name])),
                    name: HTMLSpan(name.lowerBound, name.upperBound),
                    value: HTMLSpan(Int(attribute.value.start), Int(attribute.value.end))))
        }
        element.attributeCount = self[node].attributeCount
        return element
    }

    private func tag(_ node: Int32) -> HTMLTag {
        let name = source[self[node].name.range]
        for (words, tag) in Self.ownNames where name.elementsEqual(words.utf8) { return tag }
        return HTMLTagTable.shared.tag(Self.key(name))
    }

    private static let ownNames: [(String, HTMLTag)] = [
        ("hl1", .h2), ("hl2", .h2), ("bq", .blockquote), ("block", .div), ("nitf-table", .div),
        ("tagline", .p), ("note", .p), ("fn", .p), ("paragraph", .p), ("credit", .span),
    ]

    /// A name packed as HTML's readers compare names.
    private static func key(_ name: ArraySlice<UInt8>) -> UInt64 {
        guard name.count <= 10 else { return 0 }
        var key: UInt64 = 0
        for byte in name {
            let code = HTMLName.code(byte)
            if code == 63 { return 0 }
            key = key << 6 | code
        }
        return key
    }
}

/// Markup that stands in a text escaped, with the way back to where it stood.
struct EscapedMarkup {
    /// A run that was copied as it stood, or one reference.
    private struct Run {
        var start: Int
        var source: Int
    }

    private(set) var bytes: [UInt8] = []
    private var runs: [Run] = []
    private var end: Int

    /// Reads the references in the texts within `node`, once.
    init(_ tree: XMLTree, _ node: Int32) {
        end = tree[node].inner.range.upperBound
        for inner in tree.descendants(of: node) where tree[inner].kind != .element {
            let range = tree[inner].name.range
            if tree[inner].kind == .verbatim {
                runs.append(Run(start: bytes.count, source: range.lowerBound))
                bytes += tree.source[range]
            } else {
                append(tree.source, range)
            }
        }
    }

    private mutating func append(_ source: [UInt8], _ range: Range<Int>) {
        var rest = source[range]
        while let ampersand = rest.firstIndex(of: 0x26) {
            runs.append(Run(start: bytes.count, source: rest.startIndex))
            bytes += rest[..<ampersand]
            let semicolon = rest[ampersand...].prefix(40).firstIndex(of: 0x3b)
            let last = semicolon.map { $0 + 1 } ?? ampersand + 1
            runs.append(Run(start: bytes.count, source: ampersand))
            source[ampersand..<last].withUnsafeBufferPointer {
                HTMLReferences.append($0, isAttribute: false, to: &bytes)
            }
            rest = rest[last...]
        }
        runs.append(Run(start: bytes.count, source: rest.startIndex))
        bytes += rest
    }

    /// The bytes of the document that the markup in `range` was read from.
    func source(of range: Range<Int>) -> Range<Int> {
        let lower = source(of: range.lowerBound)
        guard !range.isEmpty else { return lower..<lower }
        return lower..<max(lower, min(source(of: range.upperBound - 1) + 1, end))
    }

    private func source(of offset: Int) -> Int {
        var low = 0
        var high = runs.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if runs[middle].start <= offset { low = middle } else { high = middle }
        }
        guard low < runs.count else { return end }
        return min(runs[low].source + max(0, offset - runs[low].start), end)
    }
}

extension HTMLText {
    /// The same with all places as `source` gives them.
    func traced(_ source: (Range<Int>) -> Range<Int>) -> HTMLText {
        var text = self
        for index in text.pieces.indices {
            text.pieces[index].range = source(text.pieces[index].range)
        }
        for index in text.images.indices {
            text.images[index].range = source(text.images[index].range)
        }
        for index in text.embeds.indices {
            text.embeds[index].range = source(text.embeds[index].range)
        }
        for index in text.related.indices {
            text.related[index].range = source(text.related[index].range)
        }
        return text
    }

    /// The blocks of a text in HTML.
    static func markup(_ bytes: [UInt8], base: String?) throws(Refusal) -> HTMLText {
        let tree = try HTMLTreeBuilder.tree(of: bytes)
        return read(tree, within: HTMLTree.root, base: base) { tree[$0].tag == .head }
    }

    /// The paragraphs of a text without markup.
    ///
    /// A blank line or an indented line begins one. Where there are neither and a line is long,
    /// each line is one; else the lines are those of a page, and are joined.
    static func plain(_ bytes: [UInt8]) -> HTMLText {
        let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        let hasBlank = lines.dropFirst().dropLast().contains { $0.allSatisfy(HTMLBytes.isSpace) }
        let isLong = !hasBlank && lines.contains { $0.count > 100 }
        var text = HTMLText()
        var current: [UInt8] = []
        var start = 0
        func flush(_ text: inout HTMLText, _ end: Int) {
            let folded = HTMLBytes.folded(current)
            if !folded.isEmpty {
                text.pieces.append(
                    Piece(kind: .paragraph, text: folded, range: start..<max(start, end)))
            }
            current.removeAll()
        }
        for line in lines {
            let isIndented = line.starts(with: [0x20, 0x20]) || line.first == 0x09
            if isLong || isIndented || line.allSatisfy(HTMLBytes.isSpace) {
                flush(&text, line.startIndex)
            }
            if current.isEmpty { start = line.startIndex }
            current += line + [0x20]
        }
        flush(&text, bytes.count)
        text.setRelatedApart()
        return text
    }
}
