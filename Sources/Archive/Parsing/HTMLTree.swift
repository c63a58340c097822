/// A page's elements and text in the order and nesting of the page.
///
/// An arena: the nodes are numbers into one array, linked by numbers, so that a page nested
/// 50,000 deep is no deeper in memory than any other. Names, texts and attribute values are runs
/// of `source`; character references are read when a text is asked for.
struct HTMLTree: Sendable {
    /// An element or a run of text.
    struct Node: Sendable {
        var parent: Int32 = -1
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var nextSibling: Int32 = -1
        /// An element's name as written; a text's characters.
        var content: HTMLSpan
        /// Where an element's attributes begin in `attributes`.
        var firstAttribute: Int32 = 0
        var attributeCount: UInt16 = 0
        var tag: HTMLTag
        var isText = false
        /// Whether a text's character references stand for characters.
        var hasReferences = false
    }

    /// The page, in UTF-8.
    let source: [UInt8]
    /// The nodes; the first is the page itself.
    var nodes: [Node]
    var attributes: [HTMLAttribute]

    /// The page itself.
    static let root: Int32 = 0

    subscript(_ node: Int32) -> Node { nodes[Int(node)] }

    /// The node after `node` in the page's order that is still within `root`; nil at the end.
    func next(after node: Int32, within root: Int32, skippingChildren: Bool = false) -> Int32? {
        let child = self[node].firstChild
        if child >= 0, !skippingChildren { return child }
        var node = node
        while node != root, node >= 0 {
            let sibling = self[node].nextSibling
            if sibling >= 0 { return sibling }
            node = self[node].parent
        }
        return nil
    }

    /// The nodes within `root`, itself first, in the page's order.
    func descendants(of root: Int32) -> some Sequence<Int32> {
        sequence(first: root) { next(after: $0, within: root) }
    }

    /// Whether `node` is `ancestor` or stands within it.
    func isNode(_ node: Int32, within ancestor: Int32) -> Bool {
        var node = node
        while node >= 0 {
            if node == ancestor { return true }
            node = self[node].parent
        }
        return false
    }

    // MARK: Attributes

    /// The bytes of an attribute as written; nil where the element has none of that name.
    func rawValue(_ node: Int32, _ name: HTMLName) -> HTMLSpan? {
        let node = self[node]
        let first = Int(node.firstAttribute)
        for attribute in attributes[first..<first + Int(node.attributeCount)]
        where attribute.key == name { return attribute.value }
        return nil
    }

    /// The bytes of an attribute with a name too long for `HTMLName`.
    func rawValue(_ node: Int32, named name: StaticString) -> HTMLSpan? {
        let node = self[node]
        let first = Int(node.firstAttribute)
        for attribute in attributes[first..<first + Int(node.attributeCount)]
        where attribute.name.count == name.utf8CodeUnitCount {
            let isSame = name.withUTF8Buffer { text in
                zip(source[attribute.name.range], text).allSatisfy { $0 | 0x20 == $1 | 0x20 }
            }
            if isSame { return attribute.value }
        }
        return nil
    }

    /// An attribute's value, its character references read, white space trimmed; nil where empty.
    func value(_ node: Int32, _ name: HTMLName) -> String? {
        rawValue(node, name).flatMap(text)
    }

    /// The characters of a run, its character references read, white space folded.
    func text(_ span: HTMLSpan) -> String? {
        var bytes: [UInt8] = []
        append(span, isAttribute: true, to: &bytes)
        let folded = HTMLBytes.folded(bytes)
        return folded.isEmpty ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// All the text within `node`, white space folded.
    func text(of node: Int32) -> String {
        var bytes: [UInt8] = []
        for node in descendants(of: node) where self[node].isText {
            append(node, to: &bytes)
        }
        return String(decoding: HTMLBytes.folded(bytes), as: UTF8.self)
    }

    /// Appends the characters of a text node.
    func append(_ node: Int32, to bytes: inout [UInt8]) {
        let node = self[node]
        guard node.hasReferences else {
            bytes.append(contentsOf: source[node.content.range])
            return
        }
        append(node.content, isAttribute: false, to: &bytes)
    }

    /// Appends the characters of a run with its character references read.
    func append(_ span: HTMLSpan, isAttribute: Bool, to bytes: inout [UInt8]) {
        source.withUnsafeBufferPointer { source in
            guard span.range.upperBound <= source.count else { return }
            HTMLReferences.append(
                UnsafeBufferPointer(rebasing: source[span.range]), isAttribute: isAttribute,
                to: &bytes)
        }
    }
}

extension HTMLName {
    static let alt = HTMLName("alt")
    static let cite = HTMLName("cite")
    static let `class` = HTMLName("class")
    static let content = HTMLName("content")
    static let dataHref = HTMLName("data-href")
    static let dataSource = HTMLName("data-src")
    static let datetime = HTMLName("datetime")
    static let height = HTMLName("height")
    static let hidden = HTMLName("hidden")
    static let href = HTMLName("href")
    static let id = HTMLName("id")
    static let itemprop = HTMLName("itemprop")
    static let lang = HTMLName("lang")
    static let name = HTMLName("name")
    static let property = HTMLName("property")
    static let rel = HTMLName("rel")
    static let role = HTMLName("role")
    static let source = HTMLName("src")
    static let sourceSet = HTMLName("srcset")
    static let style = HTMLName("style")
    static let title = HTMLName("title")
    static let type = HTMLName("type")
    static let value = HTMLName("value")
    static let width = HTMLName("width")
}
