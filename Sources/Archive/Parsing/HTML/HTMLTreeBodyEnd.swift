/// "in body" (13.2.6.4.7): end tags.
extension HTMLTreeBuilder {
    mutating func endInBody(_ token: inout HTMLToken) -> Step {
        if endsUnopened(token.tag) { return .done }
        switch token.tag {
        case .address, .article, .aside, .blockquote, .button, .center, .details, .dialog, .dir,
            .div, .dl, .fieldset, .figcaption, .figure, .footer, .header, .hgroup, .listing, .main,
            .menu, .nav, .ol, .pre, .search, .section, .select, .summary, .ul:
            guard isInScope(token.tag) else { return .done }
            supplyEndTags()
            pop(through: token.tag)
        case .p: endParagraph(token)
        case .a, .b, .big, .code, .em, .font, .i, .nobr, .s, .small, .strike, .strong, .tt, .u:
            adopt(token)
        case .li:
            guard isInListItemScope(.li) else { return .done }
            supplyEndTags(except: .li)
            pop(through: .li)
        case .dd, .dt:
            guard isInScope(token.tag) else { return .done }
            supplyEndTags(except: token.tag)
            pop(through: token.tag)
        case .h1, .h2, .h3, .h4, .h5, .h6: endHeading()
        case .body, .html:
            guard isInScope(.body) else { return .done }
            mode = .afterBody
            return token.tag == .html ? .again : .done
        case .form: endForm()
        case .applet, .marquee, .object:
            guard isInScope(token.tag) else { return .done }
            supplyEndTags()
            pop(through: token.tag)
            clearFormattingToMarker()
        case .template: endTemplate()
        case .br:
            // A stray `</br>` is a line break.
            token.kind = .startTag
            token.attributeCount = 0
            return .again
        default: endAnyOther(token)
        }
        return .done
    }

    /// A stray `</p>` is an empty paragraph.
    private mutating func endParagraph(_ token: HTMLToken) {
        guard isInButtonScope(.p) else {
            var token = token
            token.attributeCount = 0
            insertClosed(token, .p)
            return
        }
        closeParagraph()
    }

    /// The end tag of any heading ends the open one.
    private mutating func endHeading() {
        let headings: [HTMLTag] = [.h1, .h2, .h3, .h4, .h5, .h6]
        guard headings.contains(where: { isOpen($0) }) else { return }
        var depth = open.count - 1
        while depth >= 0, !open[depth].tag.isHeading {
            work += 1
            if open[depth].tag.endsScope { return }
            depth -= 1
        }
        supplyEndTags()
        popThroughHeading()
    }

    private mutating func endForm() {
        guard !isOpen(.template) else {
            guard isInScope(.form) else { return }
            supplyEndTags()
            return pop(through: .form)
        }
        let node = form
        form = -1
        guard node >= 0, nodes[node].isOpen, isInScope(.form) else { return }
        supplyEndTags()
        if let depth = depth(of: node) { removeOpen(at: depth) }
    }

    /// "Any other end tag": closes the innermost element of that name, if no special one is nearer.
    mutating func endAnyOther(_ token: HTMLToken) {
        guard isOpen(token.tag) else { return }
        var depth = open.count - 1
        while depth > 0 {
            work += 1
            let tag = open[depth].tag
            if tag == token.tag, isNamed(open[depth].node, token) {
                supplyEndTags(except: token.tag)
                return pop(to: depth)
            }
            if tag.isSpecial { return }
            depth -= 1
        }
    }

    /// Whether an element has a tag's name, where the tags are the same.
    private func isNamed(_ node: Int32, _ token: HTMLToken) -> Bool {
        token.tag != .other || tokenizer.isSame(nodes[node].content, token.span)
    }
}
