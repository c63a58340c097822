/// Nests the tokens of a page into a tree after the WHATWG HTML Standard, section 13.2.6.
///
/// Here is the state that the standard names and the way of a token to its insertion mode; the
/// modes are in `HTMLTreeHead`, `HTMLTreeBody`, `HTMLTreeTable`, `HTMLTreeRest` and
/// `HTMLTreeForeign`, what they do it with in `HTMLTreeStack`, `HTMLTreeInsertion` and
/// `HTMLTreeFormatting`. Work and memory are bounded where the standard leaves both open.
struct HTMLTreeBuilder: ~Copyable {
    /// Open elements; one that would nest deeper is kept without anything within it.
    static let depthLimit = 512
    /// Nodes of one page; a page with more is refused.
    static let nodeLimit = 4 << 20

    /// How a token is treated (13.2.4.1).
    enum Mode: UInt8 {
        case initial, beforeHTML, beforeHead, inHead, inHeadNoscript, afterHead, inBody, text
        case inTable, inTableText, inCaption, inColumnGroup, inTableBody, inRow, inCell
        case inTemplate, afterBody, inFrameset, afterFrameset, afterAfterBody, afterAfterFrameset
    }

    /// What becomes of a token: it is done with, or the mode that now holds treats it again.
    enum Step {
        case done, again
    }

    var tokenizer: HTMLTokenizer
    var nodes: HTMLArena<HTMLTree.Node>
    let options: HTMLTreeOptions
    private let hasForeignContext: Bool

    var mode = Mode.initial
    /// The mode to return to from `text` and `inTableText`.
    var originalMode = Mode.initial
    var templateModes: [Mode] = []

    /// The stack of open elements, and how many of them each tag has.
    var open: HTMLArena<OpenElement>
    /// The last of them.
    var current = OpenElement.page
    var openCount: HTMLArena<Int32>
    /// Elements that the depth limit kept from opening and whose end tags are awaited, by tag.
    var unopened: [Int32] = []

    /// The list of active formatting elements.
    var formatting: [FormattingElement] = []
    /// How many formatting elements were opened again.
    var reopened = 0

    var head: Int32 = -1
    var form: Int32 = -1
    var isFramesetAllowed = true
    var isFostering = false
    var isQuirks = false
    /// Whether a line feed that comes next is dropped, as after `<pre>`.
    var dropsLineFeed = false
    /// Text within a table, until it is known whether it is white space alone.
    var tableText: [HTMLToken] = []

    /// Whether there was no room for all nodes.
    var isOverfull = false
    /// Steps of searches that a page could make long.
    var work = 0

    init(
        _ bytes: UnsafeBufferPointer<UInt8>, room: HTMLTreeRoom, options: HTMLTreeOptions
    ) {
        tokenizer = HTMLTokenizer(bytes, attributes: room.attributes)
        nodes = room.nodes
        open = room.open
        openCount = room.openCount
        self.options = options
        hasForeignContext = options.context?.tag.isForeign ?? false
        nodes.append(HTMLTree.Node(.page, content: HTMLSpan(0, 0)))
        for _ in 0..<HTMLTag.numbers { openCount.append(0) }
        if let context = options.context { beginFragment(context) }
    }

    /// Reads the page to its end, or until its nodes need more room.
    mutating func build() {
        while true {
            tokenizer.isForeign = current.tag.isForeign
            if hasForeignContext { tokenizer.isForeign = adjustedTag.isForeign }
            let first = tokenizer.attributes.count
            var token = tokenizer.next()
            if nodes.room < HTMLTreeRoom.nodesOfToken || tokenizer.attributes.isOverfull {
                isOverfull = true
                return
            }
            process(&token)
            if token.kind == .endTag { tokenizer.attributes.cut(to: first) }
            if token.kind == .end { return }
        }
    }

    // MARK: The dispatcher

    @inline(__always)
    private mutating func process(_ token: inout HTMLToken) {
        if dropsLineFeed {
            dropsLineFeed = false
            if token.kind == .text { dropLineFeed(&token) }
        }
        while dispatch(&token) == .again {}
    }

    /// Treats a token by the current insertion mode, or as foreign content (13.2.6).
    @inline(__always)
    private mutating func dispatch(_ token: inout HTMLToken) -> Step {
        if current.tag.isForeign || hasForeignContext, isForeign(token) {
            return inForeignContent(&token)
        }
        return dispatchByMode(&token)
    }

    mutating func dispatchByMode(_ token: inout HTMLToken) -> Step {
        switch mode {
        case .inBody: inBody(&token)
        case .text: inText(&token)
        case .initial: inInitial(&token)
        case .beforeHTML: beforeHTML(&token)
        case .beforeHead: beforeHead(&token)
        case .inHead: inHead(&token)
        case .inHeadNoscript: inHeadNoscript(&token)
        case .afterHead: afterHead(&token)
        case .inTable: inTable(&token)
        case .inTableText: inTableText(&token)
        case .inCaption: inCaption(&token)
        case .inColumnGroup: inColumnGroup(&token)
        case .inTableBody: inTableBody(&token)
        case .inRow: inRow(&token)
        case .inCell: inCell(&token)
        case .inTemplate: inTemplate(&token)
        case .afterBody: afterBody(&token)
        case .inFrameset: inFrameset(&token)
        case .afterFrameset: afterFrameset(&token)
        case .afterAfterBody: afterAfterBody(&token)
        case .afterAfterFrameset: afterAfterFrameset(&token)
        }
    }

    /// The current node's tag; the context's where a fragment's root is the current node.
    private var adjustedTag: HTMLTag {
        if open.count == 1, let context = options.context { return context.tag }
        return current.tag
    }

    private func isForeign(_ token: HTMLToken) -> Bool {
        let tag = adjustedTag
        guard tag.isForeign, token.kind != .end else { return false }
        switch tag {
        case .mathText:
            return token.kind != .text
                && !(token.kind == .startTag && !isGlyph(token))
        case .annotation: return !(token.kind == .startTag && token.tag == .svg)
        case .integration: return token.kind != .text && token.kind != .startTag
        default: return true
        }
    }

    private func isGlyph(_ token: HTMLToken) -> Bool {
        let key = packedName(token.span)
        return key == HTMLName("mglyph") || key == HTMLName("malignmark")
    }
}

/// What a page's tree is built for.
struct HTMLTreeOptions {
    /// Whether comments and the doctype become nodes.
    var keepsComments = false
    /// Whether `noscript` is read as a browser reads it that runs scripts.
    var runsScripts = false
    /// The element that the page is the content of; nil for a whole page (13.4).
    var context: HTMLFragmentContext?
}

/// The element that a fragment is the content of.
struct HTMLFragmentContext {
    var tag: HTMLTag
    /// Which namespace the element is of: `html`, `svg` or `math`.
    var kind = HTMLTree.Kind.html
}
