/// The stack of open elements (13.2.4.2).
extension HTMLTreeBuilder {
    /// An open element; its tag stands beside it because it is asked for so often.
    struct OpenElement {
        var node: Int32
        var tag: HTMLTag

        /// What stands for the current node before there is an element: the page itself.
        static let page = OpenElement(node: HTMLTree.root, tag: .other)
    }

    @inline(__always)
    func isOpen(_ tag: HTMLTag) -> Bool { openCount[tag.number] > 0 }

    /// Whether no more elements are opened that the page asks for; the rest of the stack is for
    /// the parts of tables and for those that hold only text.
    @inline(__always)
    var isDeep: Bool { open.count >= Self.depthLimit - 12 }

    @inline(__always)
    mutating func push(_ node: Int32, _ tag: HTMLTag) {
        current = OpenElement(node: node, tag: tag)
        open.append(current)
        openCount[tag.number] += 1
        nodes[node].isOpen = true
    }

    @inline(__always)
    mutating func pop() {
        guard open.count > 0 else { return }
        openCount[current.tag.number] -= 1
        nodes[current.node].isOpen = false
        open.cut(to: open.count - 1)
        noteCurrent()
    }

    @inline(__always)
    mutating func noteCurrent() {
        current = open.count > 0 ? open[open.count - 1] : .page
    }

    /// Closes the element at `depth` and all within it.
    @inline(__always)
    mutating func pop(to depth: Int) {
        while open.count > depth { pop() }
    }

    /// Closes up to the innermost `tag`, which is open.
    @inline(__always)
    mutating func pop(through tag: HTMLTag) {
        guard isOpen(tag) else { return }
        while current.tag != tag { pop() }
        pop()
    }

    mutating func popThroughHeading() {
        while open.count > 1 {
            let isHeading = current.tag.isHeading
            pop()
            if isHeading { return }
        }
    }

    /// Takes an element out of the stack's midst.
    mutating func removeOpen(at depth: Int) {
        let element = open[depth]
        openCount[element.tag.number] -= 1
        nodes[element.node].isOpen = false
        open.remove(at: depth)
        noteCurrent()
    }

    /// Puts another node in an open element's place.
    mutating func replaceOpen(at depth: Int, with node: Int32) {
        nodes[open[depth].node].isOpen = false
        nodes[node].isOpen = true
        open[depth].node = node
        noteCurrent()
    }

    func depth(of node: Int32) -> Int? {
        var depth = open.count - 1
        while depth >= 0 {
            if open[depth].node == node { return depth }
            depth -= 1
        }
        return nil
    }

    // MARK: Scopes

    /// Whether a `tag` is open within the innermost element that ends scopes.
    @inline(__always)
    mutating func isInScope(_ tag: HTMLTag) -> Bool {
        isOpen(tag) && search(tag) { $0.endsScope }
    }

    @inline(__always)
    mutating func isInButtonScope(_ tag: HTMLTag) -> Bool {
        isOpen(tag) && search(tag) { $0 == .button || $0.endsScope }
    }

    mutating func isInListItemScope(_ tag: HTMLTag) -> Bool {
        isOpen(tag) && search(tag) { $0 == .ol || $0 == .ul || $0.endsScope }
    }

    mutating func isInTableScope(_ tag: HTMLTag) -> Bool {
        isOpen(tag) && search(tag) { $0.endsTableScope }
    }

    @inline(__always)
    private mutating func search(_ tag: HTMLTag, until ends: (HTMLTag) -> Bool) -> Bool {
        var depth = open.count - 1
        while depth >= 0 {
            work &+= 1
            let candidate = open[depth].tag
            if candidate == tag { return true }
            if ends(candidate) { return false }
            depth -= 1
        }
        return false
    }

    // MARK: End tags that are left out

    /// Closes what may be closed without an end tag (13.2.6.3).
    @inline(__always)
    mutating func supplyEndTags(except tag: HTMLTag = .other) {
        while current.tag.hasImpliedEnd, current.tag != tag { pop() }
    }

    mutating func supplyAllEndTags() {
        while current.tag.hasThoroughlyImpliedEnd { pop() }
    }

    /// Closes an open paragraph that a block may not stand in.
    @inline(__always)
    mutating func closeParagraphInButtonScope() {
        if isInButtonScope(.p) { closeParagraph() }
    }

    mutating func closeParagraph() {
        supplyEndTags(except: .p)
        pop(through: .p)
    }

    /// Closes up to the innermost table, part of a table or row that content may stand in.
    mutating func clearBackTo(_ stops: (HTMLTag) -> Bool) {
        while open.count > 1, !stops(current.tag), current.tag != .template, current.tag != .html {
            pop()
        }
    }

    // MARK: The depth limit

    /// Whether an end tag is that of an element that the depth limit kept from opening.
    mutating func endsUnopened(_ tag: HTMLTag) -> Bool {
        guard !unopened.isEmpty else { return false }
        guard isDeep else {
            unopened.removeAll()
            return false
        }
        guard unopened[tag.number] > 0 else { return false }
        unopened[tag.number] -= 1
        return true
    }

    mutating func noteUnopened(_ tag: HTMLTag) {
        if unopened.isEmpty { unopened = [Int32](repeating: 0, count: HTMLTag.numbers) }
        unopened[tag.number] += 1
    }
}
