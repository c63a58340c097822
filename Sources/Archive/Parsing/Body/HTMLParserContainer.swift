/// Finds the element of a page that holds the story, and what in it is no part of the story.
struct HTMLContainer {
    private let tree: HTMLTree
    /// What the attributes of each node say.
    let marks: BodyMarks
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
        marks = BodyMarks(tree)
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
        var within = prose(order)
        for node in order.reversed() {
            let parent = tree[node].parent
            if parent >= 0 { within[Int(parent)] += within[Int(node)] }
        }
        let total = Int(within[Int(HTMLTree.root)])
        let holders = storyHolders(order, within, total)
        let idle = idleMarks(order, within, total, holders)
        let unseenBytes = order.reduce(0) { sum, node in
            let parent = tree[node].parent
            let isFirst = parent < 0 || !marks[parent].contains(.unseen)
            return sum + (isFirst && marks[node].contains(.unseen) ? Int(within[Int(node)]) : 0)
        }
        var isLive = [Bool](repeating: false, count: tree.nodes.count)
        for node in order where !tree[node].isText {
            let share = Int(within[Int(node)])
            let parent = tree[node].parent
            isLive[Int(node)] =
                marks[node].contains(.live) || (parent >= 0 && isLive[Int(parent)])
            // The times of a ticker are of its text.
            let idle = isLive[Int(node)] ? idle.union(.date) : idle
            if marks[node].contains(.unseen), unseenBytes * 2 <= total {
                leftOut[Int(node)] = true
            } else if !Self.discards(tree[node].tag) || holders[Int(node)]
                || standsInSentence(node)
            {
                continue
            } else if !marks[node].intersection(.discarded).subtracting(idle).isEmpty {
                leftOut[Int(node)] = true
            } else if share * 10 <= total * 3 || tree[node].tag == .nav {
                leftOut[Int(node)] =
                    HTMLDiscard.isAside(tree[node].tag) || isLinkList(node) || isLinkFarm(node)
            }
        }
    }

    /// The elements that hold one of weight that names itself the story: they are no part beside
    /// it, whatever they are called.
    private func storyHolders(_ order: [Int32], _ within: [Int32], _ total: Int) -> [Bool] {
        var holders = [Bool](repeating: false, count: tree.nodes.count)
        for node in order where !tree[node].isText && Int(within[Int(node)]) * 10 >= total * 3 {
            guard total > 0, let rank = HTMLDiscard.rank(tree, node), rank != .article else {
                continue
            }
            var holder = node
            while holder >= 0, !holders[Int(holder)] {
                holders[Int(holder)] = true
                holder = tree[holder].parent
            }
        }
        return holders
    }

    /// Whether an element is some words of a sentence, whatever it is called.
    private func standsInSentence(_ node: Int32) -> Bool {
        guard tree[node].tag.isInline else { return false }
        return [tree[node].previousSibling, tree[node].nextSibling].contains { other in
            other >= 0 && tree[other].isText && text[Int(other)] > 1
        }
    }

    /// The kinds of marks that say nothing on this page, because they would take too much of its
    /// text: a page whose every part is a `widget`.
    private func idleMarks(
        _ order: [Int32], _ within: [Int32], _ total: Int, _ holders: [Bool]
    ) -> BodyMark {
        var above = [BodyMark](repeating: [], count: tree.nodes.count)
        var taken = [Int](repeating: 0, count: BodyMark.kinds)
        for node in order where !tree[node].isText {
            let parent = tree[node].parent
            let inherited = parent >= 0 ? above[Int(parent)] : []
            let isPart = Self.discards(tree[node].tag) && !holders[Int(node)]
            let own = isPart ? marks[node].intersection(.discarded) : []
            above[Int(node)] = inherited.union(own)
            var rest = own.subtracting(inherited).rawValue
            while rest != 0 {
                taken[rest.trailingZeroBitCount] += Int(within[Int(node)])
                rest &= rest - 1
            }
        }
        var idle: BodyMark = []
        for kind in taken.indices {
            let mark = BodyMark(rawValue: 1 << UInt64(kind))
            // Comments may be many times the story.
            let isIdle =
                mark == .comment
                ? total - taken[kind] < 250
                : taken[kind] * 100 > total * BodyMark.limit(of: mark)
            if isIdle { idle.formUnion(mark) }
        }
        return idle
    }

    /// Whether marks and links can say of such an element that it is no part of the story.
    private static func discards(_ tag: HTMLTag) -> Bool {
        switch tag {
        case .html, .body, .article, .main, .figure, .figcaption, .img, .picture, .h1, .head: false
        default: true
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
        case .ul, .ol, .dl:
            text[Int(node)] > 0 && linked[Int(node)] * 10 > text[Int(node)] * 7
                && !isAnnounced(node)
        default: false
        }
    }

    /// Whether the paragraph before a list ends with a colon: the list is the rest of its sentence.
    private func isAnnounced(_ list: Int32) -> Bool {
        var node = tree[list].previousSibling
        while node >= 0, text[Int(node)] == 0 { node = tree[node].previousSibling }
        guard node >= 0, text[Int(node)] >= 40 else { return false }
        while tree[node].lastChild >= 0 {
            node = tree[node].lastChild
            while text[Int(node)] == 0, tree[node].previousSibling >= 0 {
                node = tree[node].previousSibling
            }
        }
        return tree[node].isText
            && tree.source[tree[node].content.range].last { !HTMLBytes.isSpace($0) } == 0x3A
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
        let total = Int(paragraphs[Int(HTMLTree.root)])
        var ranked: [[Int32]] = HTMLDiscard.Rank.allCases.map { _ in [] }
        for node in order where !leftOut[Int(node)] && paragraphs[Int(node)] > 0 {
            guard !tree[node].isText, let rank = HTMLDiscard.rank(tree, node),
                let place = HTMLDiscard.Rank.allCases.firstIndex(of: rank)
            else { continue }
            ranked[place].append(node)
        }
        var best = HTMLTree.root
        for (rank, nodes) in zip(HTMLDiscard.Rank.allCases, ranked) {
            guard let candidate = candidate(nodes) else { continue }
            if Int(paragraphs[Int(candidate)]) * 100 >= total * rank.share {
                best = candidate
                break
            }
        }
        root = descend(from: best)
        leaveOutTail()
    }

    /// Leaves out the boxes below the last part of weight: offers, questions, other stories.
    private mutating func leaveOutTail() {
        let weight = Int(paragraphs[Int(root)])
        var node = tree[root].lastChild
        var tail: [Int32] = []
        var rest = 0
        while node >= 0, Int(paragraphs[Int(node)]) * 10 < weight {
            let isBox = [.div, .section, .article].contains(tree[node].tag) && !hasTable(node)
            if isBox { tail.append(node) }
            rest += Int(paragraphs[Int(node)])
            node = tree[node].previousSibling
        }
        guard node >= 0, !tail.isEmpty, rest * 100 <= weight * 12 else { return }
        // A box of the same make as the story's parts is the last of them.
        var parts: Set<String> = []
        while node >= 0 {
            if paragraphs[Int(node)] > 0 { parts.insert(make(node)) }
            node = tree[node].previousSibling
        }
        for node in tail where !parts.contains(make(node)) { leftOut[Int(node)] = true }
    }

    /// The name and the first class of an element.
    private func make(_ node: Int32) -> String {
        let names = tree.value(node, .class)?.split(separator: " ").first ?? ""
        return tree[node].tag.rawValue + " " + names
    }

    private func hasTable(_ node: Int32) -> Bool {
        tree.descendants(of: node).prefix(200).contains { tree[$0].tag == .table }
    }

    /// Of several elements that name themselves alike the first of weight, or, where a story is
    /// parted by advertisements, what holds its parts.
    private func candidate(_ nodes: [Int32]) -> Int32? {
        guard let heaviest = nodes.max(by: { paragraphs[Int($0)] < paragraphs[Int($1)] }) else {
            return nil
        }
        if let whole = whole(nodes, heaviest) { return whole }
        let weight = paragraphs[Int(heaviest)]
        return nodes.first { paragraphs[Int($0)] >= 400 && paragraphs[Int($0)] * 10 >= weight * 4 }
            ?? heaviest
    }

    /// The element that holds all parts of one story and hardly anything else.
    private func whole(_ nodes: [Int32], _ heaviest: Int32) -> Int32? {
        guard nodes.count > 1, nodes.count <= 200, tree[heaviest].tag != .article else {
            return nil
        }
        var parts: [Int32] = []
        for node in nodes {
            if let last = parts.last, tree.isNode(node, within: last) { continue }
            parts.append(node)
        }
        let sum = parts.reduce(0) { $0 + Int(paragraphs[Int($1)]) }
        guard parts.count > 1, sum * 10 > Int(paragraphs[Int(heaviest)]) * 11 else { return nil }
        var common = heaviest
        while common >= 0, Int(paragraphs[Int(common)]) * 100 < sum * 98 {
            common = tree[common].parent
        }
        guard common >= 0, Int(paragraphs[Int(common)]) * 10 <= sum * 12, !hasHeadlines(common)
        else { return nil }
        return common
    }

    /// Whether an element holds more than one story: more than one first heading.
    private func hasHeadlines(_ node: Int32) -> Bool {
        tree.descendants(of: node).lazy.filter { tree[$0].tag == .h1 }.prefix(2).count > 1
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
                Int(paragraphs[Int(heaviest)]) * 100
                    >= Int(paragraphs[Int(node)]) * (hasParagraphs(node) ? 97 : 85),
                !tree[heaviest].tag.isInline, tree[heaviest].tag != .p,
                tree[heaviest].tag != .blockquote
            else { return node }
            node = heaviest
        }
    }

    /// Whether paragraphs of some length stand directly in an element.
    private func hasParagraphs(_ node: Int32) -> Bool {
        var child = tree[node].firstChild
        while child >= 0 {
            if tree[child].tag == .p, paragraphs[Int(child)] >= 80 { return true }
            child = tree[child].nextSibling
        }
        return false
    }

    /// The element that names itself a live ticker, where the story is one.
    var live: Int32? {
        tree.descendants(of: root).first { node in
            marks[node].contains(.live)
                && Int(paragraphs[Int(node)]) * 2 > Int(paragraphs[Int(root)])
        }
    }
}
