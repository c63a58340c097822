/// Drawings and formulas within a page: SVG and MathML (13.2.6.5).
extension HTMLTreeBuilder {
    mutating func inForeignContent(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text:
            if isFramesetAllowed, !isSpace(token) { isFramesetAllowed = false }
            insertText(token, keepsNull: true)
        case .comment: insertComment(token)
        case .doctype, .end: break
        case .startTag:
            if token.tag.breaksOut || (token.tag == .font && isOldFont(token)) {
                return breakOut(&token)
            }
            let root = open.count == 1 ? options.context?.kind : nil
            startForeign(token, root ?? nodes[current.node].kind)
        case .endTag:
            if token.tag == .br || token.tag == .p { return breakOut(&token) }
            return endForeign(&token)
        }
        return .done
    }

    /// The start tag of `svg` or `math` in a page.
    mutating func startForeign(_ token: HTMLToken) {
        reconstructFormatting()
        startForeign(token, token.tag == .svg ? .svg : .math)
    }

    private mutating func startForeign(_ token: HTMLToken, _ kind: HTMLTree.Kind) {
        let tag = foreignTag(token, kind)
        let node = insertClosed(token, tag, kind)
        if token.isSelfClosing { return }
        guard !isDeep else { return noteUnopened(token.tag) }
        push(node, tag)
    }

    /// Ends the drawing where an element of the page begins, and goes on as in the page.
    private mutating func breakOut(_ token: inout HTMLToken) -> Step {
        while current.tag.isForeign, current.tag != .integration, current.tag != .mathText { pop() }
        return dispatchByMode(&token)
    }

    private func isOldFont(_ token: HTMLToken) -> Bool {
        attribute(.color, of: token) != nil || attribute(.face, of: token) != nil
            || attribute(.size, of: token) != nil
    }

    private mutating func endForeign(_ token: inout HTMLToken) -> Step {
        if endsUnopened(token.tag) { return .done }
        var depth = open.count - 1
        while depth > 0 {
            work += 1
            guard open[depth].tag.isForeign else { return dispatchByMode(&token) }
            if tokenizer.isSame(nodes[open[depth].node].content, token.span) {
                pop(to: depth)
                return .done
            }
            depth -= 1
        }
        return .done
    }

    // MARK: The parts that elements play

    /// The tag of an element of SVG or MathML.
    private func foreignTag(_ token: HTMLToken, _ kind: HTMLTree.Kind) -> HTMLTag {
        if kind == .svg {
            if token.tag == .svg { return .svg }
            let isIntegration =
                token.tag == .title || isNamed(token, "desc") || isNamed(token, "foreignobject")
            return isIntegration ? .integration : .foreign
        }
        if token.tag == .math { return .math }
        for name in ["mi", "mo", "mn", "ms", "mtext"] as [StaticString] where isNamed(token, name) {
            return .mathText
        }
        guard isNamed(token, "annotation-xml") else { return .foreign }
        return isHTMLAnnotation(token) ? .integration : .annotation
    }

    private func isHTMLAnnotation(_ token: HTMLToken) -> Bool {
        guard let value = attribute(.encoding, of: token) else { return false }
        let encoding = HTMLBytes.lowered(tokenizer.bytes[value.range])
        return encoding.elementsEqual("text/html".utf8)
            || encoding.elementsEqual("application/xhtml+xml".utf8)
    }

    private func isNamed(_ token: HTMLToken, _ name: StaticString) -> Bool {
        token.span.count == name.utf8CodeUnitCount
            && tokenizer.startsAnyCase(name, at: Int(token.span.start))
    }
}
