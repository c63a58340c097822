/// Finds the element of a page that holds the story, and what in it is no part of the story.
struct HTMLContainer {
    private let tree: HTMLTree
    /// Bytes of text in paragraphs within each node, what is left out not counted.
    private var paragraphs: [Int32]
    /// Bytes of text and of links within each node, everything counted.
    private var text: [Int32]
    private var linked: [Int32]
    private(set) var leftOut: [Bool]
    /// The element that holds the story.
    private(set) var root = HTMLTree.root

    /// A paragraph has at least this many bytes.
    private static let paragraphBytes: Int32 = 40

    init(_ tree: HTMLTree) {
        self.tree = tree
        let count = tree.nodes.count
        paragraphs = [Int32](repeating: 0, count: count)
        text = [Int32](repeating: 0, count: count)
        linked = [Int32](repeating: 0, count: count)
        leftOut = [Bool](repeating: false, count: count)
        let order = Array(tree.descendants(of: HTMLTree.root))
        measure(order)
        leaveOut(order)
        countParagraphs(order)
        choose(order)
    }

    /// Bytes of paragraphs' text in the story.
    var storyBytes: Int { Int(paragraphs[Int(root)]) }

    // MARK: Measures

    /// Adds each node's text to its parents', from the last node to the first.
    private mutating func measure(_ order: [Int32]) {
        for node in order.reversed() {
            let element = tree[node]
            let index = Int(node)
            if element.isText {
                text[index] = visible(element)
            } else if element.tag == .a {
                linked[index] = text[index]
            } else if HTMLDiscard.isNeverText(element.tag) {
                text[index] = 0
                linked[index] = 0
            }
            guard element.parent >= 0 else { continue }
            text[Int(element.parent)] += text[index]
            linked[Int(element.parent)] += linked[index]
        }
    }

    private func visible(_ element: HTMLTree.Node) -> Int32 {
        var count: Int32 = 0
        var wasSpace = true
        for byte in tree.source[element.content.range] {
            let isSpace = HTMLBytes.isSpace(byte)
            if !isSpace || !wasSpace { count += 1 }
            wasSpace = isSpace
        }
        return count == 1 && wasSpace ? 0 : count
    }

    private func isMostlyLinks(_ node: Int32) -> Bool {
        text[Int(node)] > 0 && linked[Int(node)] * 10 > text[Int(node)] * 6
    }

    // MARK: What is no part of the story

    /// Leaves out by vocabulary and by links, unless that would take most of the page's text.
    private mutating func leaveOut(_ order: [Int32]) {
        let all = prose(order)
        var proseWithin = [Int32](repeating: 0, count: tree.nodes.count)
        for node in order.reversed() {
            proseWithin[Int(node)] += all[Int(node)]
            let parent = tree[node].parent
            if parent >= 0 { proseWithin[Int(parent)] += proseWithin[Int(node)] }
        }
        let total = proseWithin[Int(HTMLTree.root)]
        for node in order where !tree[node].isText {
            let share = Int(proseWithin[Int(node)]) * 10
            if share > Int(total) * 3, total > 0, tree[node].tag != .nav { continue }
            leftOut[Int(node)] =
                HTMLDiscard.isLeftOut(tree, node) || isLinkList(node) || isLinkFarm(node)
        }
    }

    /// The text of paragraphs that are not mostly links.
    private func prose(_ order: [Int32]) -> [Int32] {
        var prose = [Int32](repeating: 0, count: tree.nodes.count)
        for node in order where isParagraph(node) {
            prose[Int(node)] = ownText(node)
        }
        return prose
    }

    private func isParagraph(_ node: Int32) -> Bool {
        switch tree[node].tag {
        case .p, .pre, .blockquote, .div, .section, .article, .td, .main, .body, .font, .span,
            .center, .dd:
            !tree[node].isText && ownText(node) >= Self.paragraphBytes && !isMostlyLinks(node)
        default: false
        }
    }

    /// Text that stands in the node itself or in marks upon words within it.
    private func ownText(_ node: Int32) -> Int32 {
        if tree[node].tag == .p { return text[Int(node)] }
        var sum: Int32 = 0
        var child = tree[node].firstChild
        var hasOwn = false
        while child >= 0 {
            let element = tree[child]
            if element.isText {
                sum += text[Int(child)]
                hasOwn = hasOwn || text[Int(child)] > 20
            } else if element.tag.isInline, element.tag != .span || hasOwn {
                sum += text[Int(child)]
            }
            child = element.nextSibling
        }
        return hasOwn ? sum : 0
    }

    private func isLinkList(_ node: Int32) -> Bool {
        switch tree[node].tag {
        case .ul, .ol, .dl: text[Int(node)] > 0 && linked[Int(node)] * 10 > text[Int(node)] * 7
        default: false
        }
    }

    private func isLinkFarm(_ node: Int32) -> Bool {
        switch tree[node].tag {
        case .div, .section, .table:
            text[Int(node)] > 60 && linked[Int(node)] * 10 > text[Int(node)] * 8
        default: false
        }
    }

    private mutating func countParagraphs(_ order: [Int32]) {
        var own = prose(order)
        for node in order {
            let parent = tree[node].parent
            guard parent >= 0 else { continue }
            if leftOut[Int(parent)] { leftOut[Int(node)] = true }
            // Text within a paragraph is the paragraph's.
            if own[Int(parent)] > 0, tree[node].tag.isInline || tree[parent].tag == .p {
                own[Int(node)] = 0
            }
        }
        for node in order.reversed() where !leftOut[Int(node)] {
            paragraphs[Int(node)] += own[Int(node)]
            let parent = tree[node].parent
            if parent >= 0 { paragraphs[Int(parent)] += paragraphs[Int(node)] }
        }
    }

    // MARK: The choice

    /// Takes the best of what names itself the story, then goes down while one child has it all.
    private mutating func choose(_ order: [Int32]) {
        let total = paragraphs[Int(HTMLTree.root)]
        var best = HTMLTree.root
        for rank in HTMLDiscard.Rank.allCases {
            var candidate: Int32?
            for node in order where !leftOut[Int(node)] && !tree[node].isText {
                guard HTMLDiscard.rank(tree, node) == rank else { continue }
                if let found = candidate, paragraphs[Int(found)] >= paragraphs[Int(node)] {
                    continue
                }
                candidate = node
            }
            if let candidate, Int(paragraphs[Int(candidate)]) * 100 >= Int(total) * rank.share,
                paragraphs[Int(candidate)] > 0
            {
                best = candidate
                break
            }
        }
        root = descend(from: best)
    }

    private func descend(from start: Int32) -> Int32 {
        var node = start
        while true {
            var heaviest: Int32?
            var child = tree[node].firstChild
            while child >= 0 {
                let isMore = heaviest.map { paragraphs[Int($0)] < paragraphs[Int(child)] } ?? true
                if isMore, paragraphs[Int(child)] > 0 { heaviest = child }
                child = tree[child].nextSibling
            }
            guard let heaviest,
                Int(paragraphs[Int(heaviest)]) * 100 >= Int(paragraphs[Int(node)]) * 85,
                !tree[heaviest].tag.isInline, tree[heaviest].tag != .p,
                tree[heaviest].tag != .blockquote
            else { return node }
            node = heaviest
        }
    }
}
