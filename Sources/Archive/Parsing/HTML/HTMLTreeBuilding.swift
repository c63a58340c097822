/// The memory that a tree is built in.
struct HTMLTreeRoom {
    var nodes: HTMLArena<HTMLTree.Node>
    var attributes: HTMLArena<HTMLAttribute>
    var open: HTMLArena<HTMLTreeBuilder.OpenElement>
    var openCount: HTMLArena<Int32>

    /// One token makes no more nodes than these: formatting elements opened again, elements that
    /// the standard supplies, copies of the adoption agency.
    static let nodesOfToken = 256
}

extension HTMLTreeBuilder {
    /// What building came to.
    private struct Outcome {
        var nodes = 0
        var attributes = 0
        var isOverfull = false
        var work = 0
        var offset = 0
        var isQuirks = false
        var hasControls = false
    }

    /// Reads the tree of a page in UTF-8.
    static func tree(
        of source: [UInt8], nodeLimit: Int = HTMLTreeBuilder.nodeLimit,
        options: HTMLTreeOptions = HTMLTreeOptions()
    ) throws(Refusal) -> HTMLTree {
        try measuredTree(of: source, nodeLimit: nodeLimit, options: options).tree
    }

    /// Reads the tree of a page in UTF-8, and tells how much searching it took.
    ///
    /// Real pages have a node every 25 to 110 bytes. One that needs more room than that is begun
    /// again with four times as much.
    static func measuredTree(
        of source: [UInt8], nodeLimit: Int = HTMLTreeBuilder.nodeLimit,
        options: HTMLTreeOptions = HTMLTreeOptions()
    ) throws(Refusal) -> (tree: HTMLTree, work: Int) {
        guard source.count < Int(Int32.max) else {
            throw Refusal(.tooLarge, "page of more than 2 GiB")
        }
        var room = min(source.count / 20 + 64, nodeLimit)
        while true {
            let (tree, outcome) = attempt(source, room: room, options: options)
            if !outcome.isOverfull { return (tree, outcome.work) }
            guard room < nodeLimit else {
                throw Refusal(
                    .tooLarge, "page of more than \(nodeLimit) elements", offset: outcome.offset)
            }
            room = min(room * 4, nodeLimit)
        }
    }

    private static func attempt(
        _ source: [UInt8], room: Int, options: HTMLTreeOptions
    ) -> (HTMLTree, Outcome) {
        var outcome = Outcome()
        var attributes: [HTMLAttribute] = []
        let nodes = [HTMLTree.Node](
            unsafeUninitializedCapacity: room + HTMLTreeRoom.nodesOfToken
        ) { nodes, nodeCount in
            attributes = [HTMLAttribute](unsafeUninitializedCapacity: 2 * room) { buffer, count in
                outcome = fill(nodes, buffer, source, options)
                count = outcome.attributes
            }
            nodeCount = outcome.nodes
        }
        var tree = HTMLTree(source: source, nodes: nodes, attributes: attributes)
        tree.hasControls = outcome.hasControls
        tree.isQuirks = outcome.isQuirks
        return (tree, outcome)
    }

    private static func fill(
        _ nodes: UnsafeMutableBufferPointer<HTMLTree.Node>,
        _ attributes: UnsafeMutableBufferPointer<HTMLAttribute>, _ source: [UInt8],
        _ options: HTMLTreeOptions
    ) -> Outcome {
        source.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: OpenElement.self, capacity: depthLimit) { open in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: HTMLTag.numbers) {
                    openCount in
                    let room = HTMLTreeRoom(
                        nodes: HTMLArena(nodes), attributes: HTMLArena(attributes),
                        open: HTMLArena(open), openCount: HTMLArena(openCount))
                    var builder = HTMLTreeBuilder(bytes, room: room, options: options)
                    builder.build()
                    return Outcome(
                        nodes: builder.nodes.count,
                        attributes: builder.tokenizer.attributes.count,
                        isOverfull: builder.isOverfull,
                        work: builder.work + builder.tokenizer.work,
                        offset: builder.tokenizer.position, isQuirks: builder.isQuirks,
                        hasControls: builder.tokenizer.find(0x0D, from: 0) != nil
                            || builder.tokenizer.find(0, from: 0) != nil)
                }
            }
        }
    }
}

// MARK: Fragments

extension HTMLTreeBuilder {
    /// Begins to read the content of an element instead of a page (13.4).
    mutating func beginFragment(_ context: HTMLFragmentContext) {
        let root = newNode(HTMLTree.Node(.html, content: HTMLSpan(0, 0)))
        nodes[root].tag = .html
        link(root, Place(parent: HTMLTree.root))
        push(root, .html)
        if context.kind == .html {
            if context.tag == .template { templateModes.append(.inTemplate) }
            if let content = rawContent(of: context.tag) { tokenizer.content = content }
            if context.tag == .form { form = root }
        }
        resetInsertionMode()
    }

    /// How the text within an element is read; nil where it is read as any other.
    func rawContent(of tag: HTMLTag) -> HTMLTokenizer.Content? {
        switch tag {
        case .title, .textarea: .characterData
        case .style, .xmp, .iframe, .noembed, .noframes: .raw
        case .noscript: options.runsScripts ? .raw : nil
        case .script: .script
        case .plaintext: .plain
        default: nil
        }
    }

    /// Tells the mode from the open elements (13.2.4.1, "reset the insertion mode appropriately").
    mutating func resetInsertionMode() {
        for depth in stride(from: open.count - 1, through: 0, by: -1) {
            work += 1
            let isLast = depth == 0
            var tag = open[depth].tag
            if isLast, let context = options.context { tag = context.tag }
            switch tag {
            case .td, .th: if !isLast { return mode = .inCell }
            case .tr: return mode = .inRow
            case .tbody, .thead, .tfoot: return mode = .inTableBody
            case .caption: return mode = .inCaption
            case .colgroup: return mode = .inColumnGroup
            case .table: return mode = .inTable
            case .template: return mode = templateModes.last ?? .inBody
            case .head: if !isLast { return mode = .inHead }
            case .body: return mode = .inBody
            case .frameset: return mode = .inFrameset
            case .html: return mode = head < 0 ? .beforeHead : .afterHead
            default: break
            }
        }
        mode = .inBody
    }
}
