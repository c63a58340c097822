/// Nests the tokens of a page into a tree, in linear time and bounded depth.
///
/// End tags that HTML lets authors leave out are supplied; a stray one closes nothing beyond its
/// table cell. It is the only user of the tokenizer: another way of nesting takes its place here.
struct HTMLTreeBuilder {
    /// Elements nested deeper than this become children of the element at that depth.
    static let depthLimit = 512
    /// Nodes of one page; a page with more is refused.
    static let nodeLimit = 4 << 20

    private var tokenizer: HTMLTokenizer
    private var nodes: [HTMLTree.Node] = []
    private var attributes: [HTMLAttribute] = []
    private var open: [Int32] = [HTMLTree.root]
    /// How many open elements each tag has: an end tag without any need not be looked for.
    private var openCount = [Int32](repeating: 0, count: 256)
    private var isTooLarge = false

    /// Reads the tree of a page in UTF-8.
    static func tree(
        of source: [UInt8], nodeLimit: Int = HTMLTreeBuilder.nodeLimit
    ) throws(Refusal) -> HTMLTree {
        guard source.count < Int(Int32.max) else {
            throw Refusal(.tooLarge, "page of more than 2 GiB")
        }
        let (nodes, attributes, isTooLarge) = source.withUnsafeBufferPointer { bytes in
            var builder = HTMLTreeBuilder(bytes)
            builder.build(nodeLimit: nodeLimit)
            return (builder.nodes, builder.attributes, builder.isTooLarge)
        }
        guard !isTooLarge else {
            throw Refusal(
                .tooLarge, "page of more than \(nodeLimit) elements",
                offset: nodes.last.map { Int($0.content.start) })
        }
        return HTMLTree(source: source, nodes: nodes, attributes: attributes)
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        tokenizer = HTMLTokenizer(bytes)
        // Real pages have a node every 25 to 60 bytes.
        nodes.reserveCapacity(min(bytes.count / 40 + 16, Self.nodeLimit))
        attributes.reserveCapacity(min(bytes.count / 60 + 16, Self.nodeLimit))
        nodes.append(HTMLTree.Node(content: HTMLSpan(0, 0), tag: .other))
    }

    private mutating func build(nodeLimit: Int) {
        while true {
            let first = attributes.count
            let token = tokenizer.next(&attributes)
            switch token.kind {
            case .end: return
            case .text:
                if !token.content.isEmpty { appendText(token) }
            case .startTag: start(token, firstAttribute: first)
            case .endTag:
                attributes.removeLast(attributes.count - first)
                end(token)
            case .comment, .doctype: break
            }
            if nodes.count >= nodeLimit || attributes.count >= 2 * nodeLimit {
                isTooLarge = true
                return
            }
        }
    }

    private mutating func appendText(_ token: HTMLToken) {
        let node = append(
            HTMLTree.Node(content: token.content, tag: .other, isText: true))
        nodes[Int(node)].hasReferences = token.hasReferences
    }

    @discardableResult
    private mutating func append(_ node: HTMLTree.Node) -> Int32 {
        var node = node
        let number = Int32(truncatingIfNeeded: nodes.count)
        let parent = open[open.count - 1]
        node.parent = parent
        let last = nodes[Int(parent)].lastChild
        if last >= 0 {
            nodes[Int(last)].nextSibling = number
        } else {
            nodes[Int(parent)].firstChild = number
        }
        nodes[Int(parent)].lastChild = number
        nodes.append(node)
        return number
    }

    // MARK: Start tags

    private mutating func start(_ token: HTMLToken, firstAttribute: Int) {
        let tag = token.tag
        supplyEndTags(before: tag)
        let number = append(
            HTMLTree.Node(
                content: token.content, firstAttribute: Int32(truncatingIfNeeded: firstAttribute),
                attributeCount: UInt16(attributes.count - firstAttribute), tag: tag))
        let isForeign = openCount[HTMLTag.svg.number] + openCount[HTMLTag.math.number] > 0
        if tag.isVoid || (token.isSelfClosing && (isForeign || tag == .svg || tag == .math)) {
            return
        }
        if !isForeign { tokenizer.content = tag.content }
        guard open.count < Self.depthLimit else { return }
        open.append(number)
        openCount[tag.number] += 1
        tokenizer.isForeign = isForeign || tag == .svg || tag == .math
    }

    private mutating func supplyEndTags(before tag: HTMLTag) {
        if tag.closesParagraph {
            if isOpen(.head) { close(.head) }
            if isOpen(.p) { close(.p) }
        }
        switch tag {
        case .body: close(.head)
        case .li: closeItem(.li, .li)
        case .dd, .dt: closeItem(.dd, .dt)
        case .option: if current == .option { pop() }
        case .optgroup:
            if current == .option { pop() }
            if current == .optgroup { pop() }
        case .a: if isOpen(.a) { closeFormatting(.a) }
        case .h1, .h2, .h3, .h4, .h5, .h6: if current.isHeading { pop() }
        case .tr: closeTable([.tr])
        case .td, .th: closeTable([.td, .th])
        case .tbody, .thead, .tfoot: closeTable([.tbody, .thead, .tfoot, .caption, .colgroup])
        case .rp, .rt, .rb, .rtc: if [.rt, .rp, .rb].contains(current) { pop() }
        default: break
        }
    }

    /// Closes an open item of the innermost list; one of an outer list stays open.
    private mutating func closeItem(_ first: HTMLTag, _ second: HTMLTag) {
        guard isOpen(first) || isOpen(second) else { return }
        for depth in stride(from: open.count - 1, to: 0, by: -1) {
            let tag = self.tag(depth)
            if tag == first || tag == second {
                pop(to: depth)
                return
            }
            if !tag.isFormatting && tag != .p && tag != .div && tag != .address { return }
        }
    }

    /// Closes up to the outermost of `tags` in the innermost table.
    private mutating func closeTable(_ tags: [HTMLTag]) {
        guard tags.contains(where: { isOpen($0) }) else { return }
        for depth in stride(from: open.count - 1, to: 0, by: -1) {
            let tag = self.tag(depth)
            if tag == .table || tag == .template { return }
            if tags.contains(tag) {
                pop(to: depth)
                return
            }
        }
    }

    // MARK: End tags

    private mutating func end(_ token: HTMLToken) {
        switch token.tag {
        // A stray `</br>` or `</p>` is an element of its own.
        case .br: append(HTMLTree.Node(content: token.content, tag: .br))
        case .p where !isOpen(.p): append(HTMLTree.Node(content: token.content, tag: .p))
        case .body, .html: break
        case .h1, .h2, .h3, .h4, .h5, .h6:
            for heading in [HTMLTag.h1, .h2, .h3, .h4, .h5, .h6] where isOpen(heading) {
                close(heading)
                return
            }
        case .table, .tr, .tbody, .thead, .tfoot:
            if isOpen(token.tag) { closeThroughCells(token.tag) }
        case .other: closeUnknown(token.content)
        default:
            guard isOpen(token.tag) else { return }
            if token.tag.isFormatting { closeFormatting(token.tag) } else { close(token.tag) }
        }
        tokenizer.isForeign = openCount[HTMLTag.svg.number] + openCount[HTMLTag.math.number] > 0
    }

    /// Closes the innermost `tag` that no boundary stands before.
    private mutating func close(_ tag: HTMLTag) {
        guard isOpen(tag) else { return }
        for depth in stride(from: open.count - 1, to: 0, by: -1) {
            let candidate = self.tag(depth)
            if candidate == tag {
                pop(to: depth)
                return
            }
            if candidate.bounds { return }
        }
    }

    private mutating func closeThroughCells(_ tag: HTMLTag) {
        for depth in stride(from: open.count - 1, to: 0, by: -1) {
            let candidate = self.tag(depth)
            if candidate == tag {
                pop(to: depth)
                return
            }
            if candidate == .table || candidate == .template { return }
        }
    }

    /// Closes a mark upon words, unless a block that it does not contain wholly stands between.
    private mutating func closeFormatting(_ tag: HTMLTag) {
        for depth in stride(from: open.count - 1, to: 0, by: -1) {
            let candidate = self.tag(depth)
            if candidate == tag {
                pop(to: depth)
                return
            }
            if !candidate.isFormatting { return }
        }
    }

    private mutating func closeUnknown(_ name: HTMLSpan) {
        guard isOpen(.other) else { return }
        for depth in stride(from: open.count - 1, to: 0, by: -1) {
            let candidate = self.tag(depth)
            if candidate == .other, tokenizer.isSame(nodes[Int(open[depth])].content, name) {
                pop(to: depth)
                return
            }
            if candidate.bounds { return }
        }
    }

    // MARK: Open elements

    private var current: HTMLTag { tag(open.count - 1) }

    private func tag(_ depth: Int) -> HTMLTag { nodes[Int(open[depth])].tag }

    private func isOpen(_ tag: HTMLTag) -> Bool { openCount[tag.number] > 0 }

    private mutating func pop() { pop(to: open.count - 1) }

    /// Closes the element at `depth` and all within it.
    private mutating func pop(to depth: Int) {
        while open.count > max(depth, 1) {
            openCount[nodes[Int(open[open.count - 1])].tag.number] -= 1
            open.removeLast()
        }
    }
}
