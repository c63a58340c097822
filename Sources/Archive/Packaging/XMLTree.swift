/// The elements and texts of an XML document, in its order and nesting, with their places.
///
/// An arena like that of HTML: nodes are numbers into one array. Names, texts and values are runs
/// of `source`.
struct XMLTree: NodeArena, Sendable {
    /// An element or a run of text.
    struct Node: ArenaNode, Sendable {
        /// What a node is.
        enum Kind: UInt8, Sendable { case element, text, verbatim }

        var kind: Kind
        var vocabulary = XMLVocabulary.core
        var attributeCount: UInt16 = 0
        var firstAttribute: Int32 = 0
        var parent: Int32 = -1
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var nextSibling: Int32 = -1
        /// An element's name without its prefix; a text's characters.
        var name: XMLSpan
        /// From the first byte of the start tag to the last of the end tag.
        var span: XMLSpan
        /// What stands between the tags.
        var inner: XMLSpan
    }

    /// Elements within each other; a document with more is refused.
    static let depthLimit = 256
    /// Nodes of one document; a document with more is refused.
    static let nodeLimit = 4 << 20

    let source: [UInt8]
    fileprivate(set) var nodes: [Node]
    fileprivate(set) var attributes: [XMLAttribute] = []
    /// The first thing that was wrong, where the document is no XML.
    fileprivate(set) var fault: Refusal?

    /// The document itself.
    static let document: Int32 = 0

    subscript(_ node: Int32) -> Node { nodes[Int(node)] }

    /// The outermost element.
    var root: Int32? { elements(of: Self.document).first }

    // MARK: Ways through it

    /// The elements directly within `node`, in order.
    func elements(of node: Int32) -> [Int32] {
        var found: [Int32] = []
        var child = self[node].firstChild
        while child >= 0 {
            if self[child].kind == .element { found.append(child) }
            child = self[child].nextSibling
        }
        return found
    }

    /// The elements directly within `node` that are named so.
    func children(_ node: Int32, _ name: StaticString, _ vocabulary: XMLVocabulary = .core)
        -> [Int32]
    {
        elements(of: node).filter { isNamed($0, name, vocabulary) }
    }

    /// The first element at the end of a path of names from `node`.
    func child(_ node: Int32, _ path: StaticString..., in vocabulary: XMLVocabulary = .core)
        -> Int32?
    {
        var node = node
        for name in path {
            var child = self[node].firstChild
            while child >= 0, !isNamed(child, name, vocabulary) { child = self[child].nextSibling }
            guard child >= 0 else { return nil }
            node = child
        }
        return node
    }

    /// The elements within `root` that are named so.
    func all(_ name: StaticString, within root: Int32) -> [Int32] {
        descendants(of: root).filter { isNamed($0, name) }
    }

    func isNamed(_ node: Int32, _ name: StaticString, _ vocabulary: XMLVocabulary = .core) -> Bool {
        let element = self[node]
        return element.kind == .element && element.vocabulary == vocabulary
            && isSame(element.name, name)
    }

    private func isSame(_ span: XMLSpan, _ name: StaticString) -> Bool {
        let range = span.range
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { name in
            for offset in name.indices where source[range.lowerBound + offset] != name[offset] {
                return false
            }
            return true
        }
    }

    /// An element's name without its prefix.
    func name(_ node: Int32) -> String {
        String(decoding: source[self[node].name.range].prefix(80), as: UTF8.self)
    }

    /// The value of the attribute named so, prefix included; its references are not read.
    func attribute(_ node: Int32, _ name: StaticString) -> XMLSpan? {
        let element = self[node]
        let first = Int(element.firstAttribute)
        return attributes[first..<first + Int(element.attributeCount)]
            .first { isSame($0.name, name) }?.value
    }

    // MARK: Characters

    /// The characters within `node`, the five references of XML and those by number read.
    func characters(of node: Int32, upTo limit: Int = 4096) -> [UInt8] {
        var bytes: [UInt8] = []
        for node in descendants(of: node) where self[node].kind != .element {
            if bytes.count >= limit { break }
            let content = source[self[node].name.range].prefix(limit)
            bytes += self[node].kind == .verbatim ? Array(content) : XMLReferences.read(content)
        }
        return bytes
    }
}

/// Nests the pieces of an XML document into a tree.
///
/// An end tag closes the innermost element of its name, and none where there is none.
struct XMLTreeBuilder {
    private var scanner: XMLScanner
    private var tree: XMLTree
    private var open: [Int32] = [XMLTree.document]
    private var namespaces = XMLNamespaces()

    /// Reads the tree of a document in an encoding that keeps ASCII.
    static func tree(of source: [UInt8]) throws(Refusal) -> XMLTree {
        guard source.count < Int(Int32.max) else {
            throw Refusal(.tooLarge, "document of more than 2 GiB")
        }
        var builder = XMLTreeBuilder(source)
        try builder.build()
        return builder.tree
    }

    private init(_ source: [UInt8]) {
        scanner = XMLScanner(source)
        let all = XMLSpan(0, source.count)
        tree = XMLTree(
            source: source,
            nodes: [XMLTree.Node(kind: .element, name: XMLSpan(0, 0), span: all, inner: all)])
    }

    private mutating func build() throws(Refusal) {
        reading: while true {
            let first = tree.attributes.count
            let token = scanner.next(&tree.attributes)
            switch token.kind {
            case .start, .empty: try start(token, firstAttribute: first)
            case .end: end(token)
            case .text, .verbatim:
                append(
                    XMLTree.Node(
                        kind: token.kind == .text ? .text : .verbatim, name: token.content,
                        span: token.span, inner: token.content))
            case .passed: break
            case .endOfDocument: break reading
            }
            guard tree.nodes.count < XMLTree.nodeLimit else {
                throw Refusal(
                    .tooLarge, "document of more than \(XMLTree.nodeLimit) elements",
                    offset: Int(token.span.start))
            }
        }
        if let refusal = scanner.refusal { throw refusal }
        if open.count > 1 {
            scanner.note(
                .truncated, "an element without its end tag",
                at: Int(tree[open[open.count - 1]].span.start))
        }
        let length = tree.source.count
        while open.count > 1 { close(at: XMLSpan(length, length)) }
        if let place = tree.source.firstIndex(where: XMLScanner.isForbidden) {
            scanner.note(.malformed, "a character that XML forbids", at: place)
        }
        tree.fault = scanner.fault
    }

    @discardableResult
    private mutating func append(_ node: XMLTree.Node) -> Int32 {
        var node = node
        let number = Int32(truncatingIfNeeded: tree.nodes.count)
        let parent = Int(open[open.count - 1])
        node.parent = open[open.count - 1]
        let last = tree.nodes[parent].lastChild
        if last >= 0 {
            tree.nodes[Int(last)].nextSibling = number
        } else {
            tree.nodes[parent].firstChild = number
        }
        tree.nodes[parent].lastChild = number
        tree.nodes.append(node)
        return number
    }

    private mutating func start(_ token: XMLToken, firstAttribute: Int) throws(Refusal) {
        let name = token.content.range
        let colon = tree.source[name].firstIndex(of: 0x3a)
        let local = XMLSpan(colon.map { $0 + 1 } ?? name.lowerBound, name.upperBound)
        namespaces.declare(tree.attributes[firstAttribute...], tree.source, depth: open.count)
        closeParagraph(before: local)
        let prefix = tree.source[name.lowerBound..<(colon ?? name.lowerBound)]
        let number = append(
            XMLTree.Node(
                kind: .element, vocabulary: namespaces.vocabulary(of: prefix),
                attributeCount: UInt16(tree.attributes.count - firstAttribute),
                firstAttribute: Int32(truncatingIfNeeded: firstAttribute), name: local,
                span: token.span, inner: XMLSpan(Int(token.span.end), Int(token.span.end))))
        // Markup that was copied in unescaped has these without an end.
        let isVoid =
            tree.isNamed(number, "br") || tree.isNamed(number, "hr")
            || tree.isNamed(number, "img")
        guard token.kind == .start, !isVoid else {
            return namespaces.leave(to: open.count - 1)
        }
        guard open.count <= XMLTree.depthLimit else {
            throw Refusal(
                .nesting, "elements more than \(XMLTree.depthLimit) deep",
                offset: Int(token.span.start))
        }
        open.append(number)
    }

    /// A paragraph within a paragraph was copied in from HTML, where the end tag may be left out.
    private mutating func closeParagraph(before name: XMLSpan) {
        let last = open[open.count - 1]
        guard tree.isNamed(last, "p"), tree.source[name.range].elementsEqual("p".utf8) else {
            return
        }
        scanner.note(.malformed, "a paragraph within a paragraph", at: Int(name.start))
        close(at: XMLSpan(Int(name.start) - 1, Int(name.start) - 1))
    }

    private mutating func end(_ token: XMLToken) {
        let name = tree.source[token.content.range]
        let local = name.firstIndex(of: 0x3a).map { name[($0 + 1)...] } ?? name
        for depth in stride(from: open.count - 1, to: 0, by: -1)
        where tree.source[tree[open[depth]].name.range].elementsEqual(local) {
            if depth < open.count - 1 {
                scanner.note(
                    .malformed, "an element without its end tag",
                    at: Int(tree[open[open.count - 1]].span.start))
            }
            let here = XMLSpan(Int(token.span.start), Int(token.span.start))
            while open.count > depth + 1 { close(at: here) }
            return close(at: token.span)
        }
        if !local.elementsEqual("br".utf8), !local.elementsEqual("hr".utf8),
            !local.elementsEqual("img".utf8)
        {
            scanner.note(.malformed, "an end tag without its element", at: Int(token.span.start))
        }
    }

    /// Closes the innermost element, whose end tag stands at `tag`.
    private mutating func close(at tag: XMLSpan) {
        let node = Int(open.removeLast())
        tree.nodes[node].span.end = tag.end
        tree.nodes[node].inner.end = tag.start
        namespaces.leave(to: open.count - 1)
    }
}

/// Reads the references that every XML document may use: the five, and those by number.
enum XMLReferences {
    static func read(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes
        while let ampersand = rest.firstIndex(of: 0x26) {
            result.append(contentsOf: rest[..<ampersand])
            let name = rest[(ampersand + 1)...].prefix(12).prefix { $0 != 0x3b }
            if let meant = meant(name), name.endIndex < rest.endIndex {
                result.append(contentsOf: meant)
                rest = rest[(name.endIndex + 1)...]
            } else {
                result.append(0x26)
                rest = rest[(ampersand + 1)...]
            }
        }
        return result + rest
    }

    private static func meant(_ name: ArraySlice<UInt8>) -> [UInt8]? {
        let text = String(decoding: name, as: UTF8.self)
        switch text {
        case "amp": return [0x26]
        case "lt": return [0x3c]
        case "gt": return [0x3e]
        case "quot": return [0x22]
        case "apos": return [0x27]
        default: break
        }
        guard name.first == 0x23 else { return nil }
        let isHexadecimal = name.dropFirst().first == 0x78
        let digits = text.dropFirst(isHexadecimal ? 2 : 1)
        guard let number = UInt32(digits, radix: isHexadecimal ? 16 : 10),
            let scalar = Unicode.Scalar(number), number > 0
        else { return nil }
        return Array(String(Character(scalar)).utf8)
    }
}
