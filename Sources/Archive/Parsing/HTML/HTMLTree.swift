/// A page's elements and text in the order and nesting of the page.
///
/// An arena: the nodes are numbers into one array, linked by numbers, so that a page nested
/// 50,000 deep is no deeper in memory than any other. Names, texts and attribute values are runs
/// of `source`; references, line ends and NUL are read when a text is asked for. Neighbouring
/// texts stand for one. What a `template` holds are its children.
struct HTMLTree: NodeArena, Sendable {
    /// An element or a run of text.
    struct Node: ArenaNode, Sendable {
        var parent: Int32 = -1
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var previousSibling: Int32 = -1
        var nextSibling: Int32 = -1
        /// An element's name as written, empty where the standard supplied it; a text's or a
        /// comment's characters; what follows the word `doctype`.
        var content: HTMLSpan
        /// Where an element's attributes begin in `attributes`.
        var firstAttribute: Int32 = 0
        var attributeCount: UInt16 = 0
        var tag = HTMLTag.other
        /// The kind in the lower bits, marks above.
        private var bits: UInt8

        @inline(__always)
        init(_ kind: Kind, content: HTMLSpan) {
            self.content = content
            bits = kind.rawValue
        }

        /// A text.
        @inline(__always)
        init(text: HTMLSpan, hasReferences: Bool, keepsNull: Bool) {
            content = text
            bits = Kind.text.rawValue | (hasReferences ? 0x08 : 0) | (keepsNull ? 0x10 : 0)
        }
    }

    /// What a node is; an element is of one of three namespaces.
    enum Kind: UInt8, Sendable {
        case page, text, comment, doctype, html, svg, math
    }

    /// The page, in UTF-8.
    let source: [UInt8]
    /// The nodes; the first is the page itself.
    var nodes: [Node]
    var attributes: [HTMLAttribute]
    /// Whether the source has carriage returns or NUL, so that its texts are normalised when read.
    var hasControls = false
    /// Whether the doctype, or its lack, asks for the ways of old browsers.
    var isQuirks = false

    /// The page itself.
    static let root: Int32 = 0

    subscript(_ node: Int32) -> Node { nodes[Int(node)] }

    /// Whether `node` is `ancestor` or stands within it.
    func isNode(_ node: Int32, within ancestor: Int32) -> Bool {
        var node = node
        while node >= 0 {
            if node == ancestor { return true }
            node = self[node].parent
        }
        return false
    }
}

extension HTMLTree.Node {
    @inline(__always)
    var kind: HTMLTree.Kind { HTMLTree.Kind(rawValue: bits & 0x07) ?? .page }

    @inline(__always)
    var isText: Bool { bits & 0x07 == HTMLTree.Kind.text.rawValue }

    /// Whether a text's character references stand for characters.
    @inline(__always)
    var hasReferences: Bool { bits & 0x08 != 0 }

    /// Whether NUL in a text stands for U+FFFD; else it stands for nothing.
    @inline(__always)
    var keepsNull: Bool { bits & 0x10 != 0 }

    /// Whether the element is among the open ones while the tree is built.
    @inline(__always)
    var isOpen: Bool {
        get { bits & 0x20 != 0 }
        set { bits = newValue ? bits | 0x20 : bits & ~0x20 }
    }
}
