/// Where nodes go, and how they get there (13.2.6.1).
extension HTMLTreeBuilder {
    /// A place for a node: before a child of `parent`, or as its last.
    struct Place {
        var parent: Int32
        var before: Int32 = -1
    }

    // MARK: Links

    /// Adds a node without a place; the caller has looked after the room.
    @inline(__always)
    mutating func newNode(_ node: HTMLTree.Node) -> Int32 {
        nodes.append(node)
        return Int32(truncatingIfNeeded: nodes.count - 1)
    }

    @inline(__always)
    mutating func link(_ node: Int32, _ place: Place) {
        let previous =
            place.before < 0 ? nodes[place.parent].lastChild : nodes[place.before].previousSibling
        nodes[node].parent = place.parent
        nodes[node].previousSibling = previous
        nodes[node].nextSibling = place.before
        if previous >= 0 {
            nodes[previous].nextSibling = node
        } else {
            nodes[place.parent].firstChild = node
        }
        if place.before >= 0 {
            nodes[place.before].previousSibling = node
        } else {
            nodes[place.parent].lastChild = node
        }
    }

    mutating func unlink(_ node: Int32) {
        let links = nodes[node]
        guard links.parent >= 0 else { return }
        if links.previousSibling >= 0 {
            nodes[links.previousSibling].nextSibling = links.nextSibling
        } else {
            nodes[links.parent].firstChild = links.nextSibling
        }
        if links.nextSibling >= 0 {
            nodes[links.nextSibling].previousSibling = links.previousSibling
        } else {
            nodes[links.parent].lastChild = links.previousSibling
        }
        nodes[node].parent = -1
        nodes[node].previousSibling = -1
        nodes[node].nextSibling = -1
    }

    /// Gives all children of one element to another, which has none.
    mutating func moveChildren(of node: Int32, to other: Int32) {
        nodes[other].firstChild = nodes[node].firstChild
        nodes[other].lastChild = nodes[node].lastChild
        var child = nodes[node].firstChild
        while child >= 0 {
            work += 1
            nodes[child].parent = other
            child = nodes[child].nextSibling
        }
        nodes[node].firstChild = -1
        nodes[node].lastChild = -1
    }

    // MARK: Places

    /// The "appropriate place for inserting a node".
    @inline(__always)
    mutating func place() -> Place {
        if isFostering { return place(in: current.node) }
        return Place(parent: current.node)
    }

    mutating func place(in target: Int32) -> Place {
        guard isFostering, nodes[target].tag.fostersContent else { return Place(parent: target) }
        var depth = open.count - 1
        while depth > 0, open[depth].tag != .template, open[depth].tag != .table {
            work += 1
            depth -= 1
        }
        let element = open[depth]
        if element.tag != .table { return Place(parent: element.node) }
        let parent = nodes[element.node].parent
        if parent >= 0 { return Place(parent: parent, before: element.node) }
        return Place(parent: open[depth - 1].node)
    }

    // MARK: Elements

    /// A node for a start tag's element.
    @inline(__always)
    func element(
        _ token: HTMLToken, _ tag: HTMLTag, _ kind: HTMLTree.Kind = .html
    ) -> HTMLTree.Node {
        var node = HTMLTree.Node(kind, content: token.span)
        node.firstAttribute = token.firstAttribute
        node.attributeCount = token.attributeCount
        node.tag = tag
        return node
    }

    /// Adds an element and leaves it open.
    @inline(__always)
    @discardableResult
    mutating func insertOpen(_ token: HTMLToken, _ tag: HTMLTag) -> Int32 {
        let number = insertClosed(token, tag)
        push(number, tag)
        return number
    }

    /// Adds an element that nothing will stand in.
    @inline(__always)
    @discardableResult
    mutating func insertClosed(
        _ token: HTMLToken, _ tag: HTMLTag, _ kind: HTMLTree.Kind = .html
    ) -> Int32 {
        let number = newNode(element(token, tag, kind))
        link(number, place())
        return number
    }

    /// Adds the element of a start tag and opens it, unless it would nest too deep.
    ///
    /// - Returns: whether it is open.
    @inline(__always)
    @discardableResult
    mutating func insert(_ token: HTMLToken) -> Bool {
        let number = insertClosed(token, token.tag)
        guard !isDeep else {
            noteUnopened(token.tag)
            return false
        }
        push(number, token.tag)
        return true
    }

    /// Adds and opens an element that the page leaves out, at the place of `token`.
    @discardableResult
    mutating func supply(_ tag: HTMLTag, before token: HTMLToken) -> Int32 {
        let start = Int(token.span.start)
        return insertOpen(HTMLToken(kind: .startTag, tag: tag, span: HTMLSpan(start, start)), tag)
    }

    /// Adds an element whose content is text up to its end tag (13.2.6.2).
    mutating func insertRaw(_ token: HTMLToken, as content: HTMLTokenizer.Content) {
        insertOpen(token, token.tag)
        tokenizer.content = content
        tokenizer.endTag = packedName(token.span).key
        originalMode = mode
        mode = .text
    }

    /// Gives an element the attributes of a start tag that it does not have yet.
    mutating func mergeAttributes(_ token: HTMLToken, into node: Int32) {
        let count = Int(nodes[node].attributeCount)
        let limit = HTMLTokenizer.attributeLimit
        guard token.attributeCount > 0, count < limit else { return }
        let old = Int(nodes[node].firstAttribute)
        let new = (0..<Int(token.attributeCount)).map {
            tokenizer.attributes[Int(token.firstAttribute) + $0]
        }.filter { attribute in
            work += count
            return !(old..<old + count).contains {
                tokenizer.isSame(tokenizer.attributes[$0], attribute)
            }
        }
        guard !new.isEmpty else { return }
        let first = tokenizer.attributes.count
        for index in old..<old + count { tokenizer.attributes.append(tokenizer.attributes[index]) }
        for attribute in new.prefix(limit - count) { tokenizer.attributes.append(attribute) }
        nodes[node].firstAttribute = Int32(truncatingIfNeeded: first)
        nodes[node].attributeCount = UInt16(
            truncatingIfNeeded: tokenizer.attributes.count - first)
    }

    // MARK: Text and comments

    @inline(__always)
    mutating func insertText(_ token: HTMLToken, keepsNull: Bool = false) {
        guard !token.span.isEmpty else { return }
        let isRaw = token.content != .data && token.content != .section
        let text = HTMLTree.Node(
            text: token.span, hasReferences: token.hasReferences, keepsNull: keepsNull || isRaw)
        link(newNode(text), place())
    }

    mutating func insertComment(_ token: HTMLToken) {
        if options.keepsComments { insertComment(token, at: place()) }
    }

    mutating func insertComment(_ token: HTMLToken, at place: Place) {
        guard options.keepsComments else { return }
        link(newNode(HTMLTree.Node(.comment, content: token.span)), place)
    }

    // MARK: White space

    /// Takes the white space off a text's beginning; what is left may be empty.
    mutating func takeSpace(_ token: inout HTMLToken) -> HTMLToken {
        var space = token
        let end = endOfRun(token, from: Int(token.span.start)) { $0 == .space }
        space.span.end = Int32(truncatingIfNeeded: end)
        token.span.start = space.span.end
        return space
    }

    /// Whether a text is white space alone, NUL where dropped not counted.
    func isSpace(_ token: HTMLToken) -> Bool {
        endOfRun(token, from: Int(token.span.start)) { $0 != .word } >= Int(token.span.end)
    }

    /// What a character is to the insertion modes.
    enum Character {
        case space, null, word
    }

    /// Where the run of characters from `start` ends that `belongs` says yes to.
    func endOfRun(_ token: HTMLToken, from start: Int, _ belongs: (Character) -> Bool) -> Int {
        var index = start
        while index < Int(token.span.end) {
            let byte = tokenizer.byte(index)
            if byte == 0x26, token.hasReferences {
                let (end, character) = reference(token, index)
                guard belongs(character) else { return index }
                index = end
            } else {
                let character: Character =
                    tokenizer.isSpace(byte) ? .space : byte == 0 ? .null : .word
                guard belongs(character) else { return index }
                index += 1
            }
        }
        return index
    }

    /// What a character reference stands for, and where it ends.
    private func reference(_ token: HTMLToken, _ ampersand: Int) -> (Int, Character) {
        let text = UnsafeBufferPointer(
            rebasing: tokenizer.bytes[ampersand..<min(ampersand + 40, Int(token.span.end))])
        var meant: [UInt8] = []
        let end = HTMLReferences.reference(text, 0, false, &meant)
        let isSpace = meant.count == 1 && tokenizer.isSpace(meant[0])
        return (ampersand + end, isSpace ? .space : .word)
    }

    /// Drops a line feed at a text's beginning, however it is written.
    mutating func dropLineFeed(_ token: inout HTMLToken) {
        let start = Int(token.span.start)
        switch tokenizer.byte(start) {
        case 0x0A: token.span.start += 1
        case 0x0D: token.span.start += tokenizer.byte(start + 1) == 0x0A ? 2 : 1
        case 0x26 where token.hasReferences:
            var meant: [UInt8] = []
            let text = UnsafeBufferPointer(
                rebasing: tokenizer.bytes[start..<min(start + 40, Int(token.span.end))])
            let end = HTMLReferences.reference(text, 0, false, &meant)
            if meant == [0x0A] { token.span.start += Int32(truncatingIfNeeded: end) }
        default: break
        }
    }

    /// A name's packed form; 0 where it is too long.
    func packedName(_ name: HTMLSpan) -> HTMLName {
        guard name.count <= 10 else { return HTMLName(key: 0) }
        var key: UInt64 = 0
        for byte in tokenizer.bytes[name.range] {
            let code = HTMLName.code(byte)
            if code == 63 { return HTMLName(key: 0) }
            key = key << 6 | code
        }
        return HTMLName(key: key)
    }
}
