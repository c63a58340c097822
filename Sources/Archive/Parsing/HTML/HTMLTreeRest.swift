/// The insertion modes of raw text and templates, of what follows the body, and of framesets.
extension HTMLTreeBuilder {
    /// "text" (13.2.6.4.8).
    mutating func inText(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text:
            insertText(token)
            return .done
        case .end:
            pop()
            mode = originalMode
            return .again
        default:
            pop()
            mode = originalMode
            return .done
        }
    }

    // MARK: Templates

    /// "in template" (13.2.6.4.16).
    mutating func inTemplate(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text, .comment, .doctype: return inBody(&token)
        case .startTag: return startInTemplate(&token)
        case .endTag: return token.tag == .template ? inHead(&token) : .done
        case .end:
            guard isOpen(.template) else { return .done }
            pop(through: .template)
            clearFormattingToMarker()
            templateModes.removeLast()
            resetInsertionMode()
            return .again
        }
    }

    private mutating func startInTemplate(_ token: inout HTMLToken) -> Step {
        let next: Mode
        switch token.tag {
        case .base, .basefont, .bgsound, .link, .meta, .noframes, .script, .style, .template,
            .title:
            return inHead(&token)
        case .caption, .colgroup, .tbody, .tfoot, .thead: next = .inTable
        case .col: next = .inColumnGroup
        case .tr: next = .inTableBody
        case .td, .th: next = .inRow
        default: next = .inBody
        }
        templateModes[templateModes.count - 1] = next
        mode = next
        return .again
    }

    // MARK: After the body

    /// "after body" (13.2.6.4.17).
    mutating func afterBody(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text:
            let space = takeSpace(&token)
            if !space.span.isEmpty { insertTextInBody(space) }
            if token.span.isEmpty { return .done }
        case .comment:
            if open.count > 0 { insertComment(token, at: Place(parent: open[0].node)) }
            return .done
        case .doctype, .end: return .done
        case .startTag where token.tag == .html: return inBody(&token)
        case .endTag where token.tag == .html:
            if options.context == nil { mode = .afterAfterBody }
            return .done
        default: break
        }
        mode = .inBody
        return .again
    }

    /// "after after body" (13.2.6.4.20).
    mutating func afterAfterBody(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text:
            let space = takeSpace(&token)
            if !space.span.isEmpty { insertTextInBody(space) }
            if token.span.isEmpty { return .done }
        case .comment:
            insertComment(token, at: Place(parent: HTMLTree.root))
            return .done
        case .doctype: return inBody(&token)
        case .end: return .done
        case .startTag where token.tag == .html: return inBody(&token)
        default: break
        }
        mode = .inBody
        return .again
    }

    // MARK: Framesets

    /// "in frameset" (13.2.6.4.18).
    mutating func inFrameset(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text: insertSpaces(of: token)
        case .comment: insertComment(token)
        case .doctype, .end: break
        case .startTag:
            switch token.tag {
            case .html: return inBody(&token)
            case .frameset: insert(token)
            case .frame: insertClosed(token, .frame)
            case .noframes: return inHead(&token)
            default: break
            }
        case .endTag:
            guard token.tag == .frameset, open.count > 1, !endsUnopened(.frameset) else { break }
            pop()
            if options.context == nil, current.tag != .frameset { mode = .afterFrameset }
        }
        return .done
    }

    /// "after frameset" (13.2.6.4.19).
    mutating func afterFrameset(_ token: inout HTMLToken) -> Step {
        switch (token.kind, token.tag) {
        case (.text, _): insertSpaces(of: token)
        case (.comment, _): insertComment(token)
        case (.startTag, .html): return inBody(&token)
        case (.startTag, .noframes): return inHead(&token)
        case (.endTag, .html): mode = .afterAfterFrameset
        default: break
        }
        return .done
    }

    /// "after after frameset" (13.2.6.4.21).
    mutating func afterAfterFrameset(_ token: inout HTMLToken) -> Step {
        switch (token.kind, token.tag) {
        case (.text, _): insertSpaces(of: token)
        case (.comment, _): insertComment(token, at: Place(parent: HTMLTree.root))
        case (.startTag, .html): return inBody(&token)
        case (.startTag, .noframes): return inHead(&token)
        default: break
        }
        return .done
    }

    /// Adds the white space of a text and drops its words.
    private mutating func insertSpaces(of token: HTMLToken) {
        var rest = token
        while !rest.span.isEmpty {
            let space = takeSpace(&rest)
            insertText(space)
            guard nodes.room > HTMLTreeRoom.nodesOfToken / 2 else {
                isOverfull = true
                return
            }
            let word = endOfRun(rest, from: Int(rest.span.start)) { $0 != .space }
            rest.span.start = Int32(truncatingIfNeeded: word)
        }
    }
}
