/// The list of active formatting elements (13.2.4.3) and the adoption agency (13.2.6.4.7).
extension HTMLTreeBuilder {
    /// An entry of the list; a marker has no node.
    struct FormattingElement {
        var node: Int32
        var tag: HTMLTag

        static let marker = FormattingElement(node: -1, tag: .other)
    }

    /// Entries behind the last marker; beyond these the eldest is forgotten.
    static let formattingLimit = 128

    /// Adds an element to the list, of three that are alike the eldest goes ("Noah's Ark").
    mutating func pushFormatting(_ node: Int32, _ tag: HTMLTag) {
        var alike = 0
        var eldest = -1
        var index = formatting.count - 1
        while index >= 0, formatting[index].node >= 0 {
            work += 1
            if formatting[index].tag == tag, areAlike(formatting[index].node, node) {
                alike += 1
                eldest = index
            }
            index -= 1
        }
        if alike >= 3 {
            formatting.remove(at: eldest)
        } else if formatting.count - index > Self.formattingLimit {
            formatting.remove(at: index + 1)
        }
        formatting.append(FormattingElement(node: node, tag: tag))
    }

    /// Whether two elements of one tag have the same attributes.
    private func areAlike(_ one: Int32, _ other: Int32) -> Bool {
        let count = Int(nodes[one].attributeCount)
        guard count == Int(nodes[other].attributeCount) else { return false }
        guard count > 0 else { return true }
        // Enough for what pages nest; the rest is taken as different.
        guard count <= 32 else { return false }
        let first = Int(nodes[one].firstAttribute)
        let second = Int(nodes[other].firstAttribute)
        return (first..<first + count).allSatisfy { index in
            let attribute = tokenizer.attributes[index]
            return (second..<second + count).contains { place in
                let candidate = tokenizer.attributes[place]
                return tokenizer.isSame(attribute, candidate)
                    && tokenizer.bytes[attribute.value.range]
                        .elementsEqual(tokenizer.bytes[candidate.value.range])
            }
        }
    }

    mutating func clearFormattingToMarker() {
        while let last = formatting.popLast(), last.node >= 0 {}
    }

    /// Where in the list, behind its last marker, the last element of `tag` is.
    mutating func lastFormatting(_ tag: HTMLTag) -> Int? {
        var index = formatting.count - 1
        while index >= 0, formatting[index].node >= 0 {
            work += 1
            if formatting[index].tag == tag { return index }
            index -= 1
        }
        return nil
    }

    private mutating func listed(_ node: Int32) -> Int? {
        var index = formatting.count - 1
        while index >= 0, formatting[index].node >= 0 {
            work += 1
            if formatting[index].node == node { return index }
            index -= 1
        }
        return nil
    }

    // MARK: Opening again

    /// Opens again the formatting elements that something else closed.
    @inline(__always)
    mutating func reconstructFormatting() {
        guard let last = formatting.last, last.node >= 0, !nodes[last.node].isOpen else { return }
        reopen()
    }

    /// Bounded: an element may be opened again thrice for each node that the page itself makes.
    private mutating func reopen() {
        var index = formatting.count - 1
        while index > 0, formatting[index - 1].node >= 0, !nodes[formatting[index - 1].node].isOpen
        {
            work += 1
            index -= 1
        }
        while index < formatting.count, !isDeep, reopened <= 1024 + 3 * (nodes.count - reopened) {
            let copy = copy(formatting[index].node)
            link(copy, place())
            push(copy, formatting[index].tag)
            formatting[index].node = copy
            reopened += 1
            index += 1
        }
    }

    /// An element like `node`, without a place.
    private mutating func copy(_ node: Int32) -> Int32 {
        let original = nodes[node]
        var copy = HTMLTree.Node(original.kind, content: original.content)
        copy.firstAttribute = original.firstAttribute
        copy.attributeCount = original.attributeCount
        copy.tag = original.tag
        return newNode(copy)
    }

    // MARK: The adoption agency

    /// Ends a formatting element, even where blocks that it began in go on or began within it.
    mutating func adopt(_ token: HTMLToken) {
        let tag = token.tag
        if current.tag == tag, listed(current.node) == nil { return pop() }
        for _ in 0..<8 {
            guard let entry = lastFormatting(tag) else { return endAnyOther(token) }
            let element = formatting[entry].node
            guard nodes[element].isOpen, let depth = depth(of: element) else {
                formatting.remove(at: entry)
                return
            }
            work += open.count - depth
            guard !(depth + 1..<open.count).contains(where: { open[$0].tag.endsScope }) else {
                return
            }
            let block = (depth + 1..<open.count).first { open[$0].tag.isSpecial }
            guard let block else {
                pop(to: depth)
                formatting.remove(at: entry)
                return
            }
            adopt(entry, at: depth, block)
        }
    }

    /// One round: the block leaves the formatting element, and a copy of it goes into the block.
    private mutating func adopt(_ entry: Int, at depth: Int, _ blockDepth: Int) {
        var entry = entry
        var blockDepth = blockDepth
        let block = open[blockDepth].node
        var bookmark = entry
        var last = block
        var index = blockDepth
        var counter = 0
        while index - 1 > depth {
            counter += 1
            index -= 1
            work += 1
            var listed = listed(open[index].node)
            if counter > 3, let place = listed {
                formatting.remove(at: place)
                if place < entry { entry -= 1 }
                if place < bookmark { bookmark -= 1 }
                listed = nil
            }
            guard let place = listed else {
                removeOpen(at: index)
                blockDepth -= 1
                continue
            }
            let copy = copy(open[index].node)
            formatting[place].node = copy
            replaceOpen(at: index, with: copy)
            if last == block { bookmark = place + 1 }
            unlink(last)
            link(last, Place(parent: copy))
            last = copy
        }
        unlink(last)
        link(last, place(in: open[depth - 1].node))
        let copy = copy(formatting[entry].node)
        let tag = formatting[entry].tag
        moveChildren(of: block, to: copy)
        link(copy, Place(parent: block))
        formatting.remove(at: entry)
        if entry < bookmark { bookmark -= 1 }
        formatting.insert(FormattingElement(node: copy, tag: tag), at: bookmark)
        removeOpen(at: depth)
        open.insert(OpenElement(node: copy, tag: tag), at: blockDepth)
        openCount[tag.number] += 1
        nodes[copy].isOpen = true
        noteCurrent()
    }
}
