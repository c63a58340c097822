/// The insertion modes up to the body: 13.2.6.4.1 to 13.2.6.4.6.
extension HTMLTreeBuilder {
    mutating func inInitial(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text:
            _ = takeSpace(&token)
            if token.span.isEmpty { return .done }
        case .comment:
            insertComment(token, at: Place(parent: HTMLTree.root))
            return .done
        case .doctype:
            let doctype = HTMLDoctype(tokenizer.bytes[token.span.range], isCut: token.isCut)
            isQuirks = doctype.isQuirks
            if options.keepsComments {
                let node = newNode(HTMLTree.Node(.doctype, content: token.span))
                link(node, Place(parent: HTMLTree.root))
            }
            mode = .beforeHTML
            return .done
        default: break
        }
        isQuirks = true
        mode = .beforeHTML
        return .again
    }

    mutating func beforeHTML(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .doctype: return .done
        case .comment:
            insertComment(token, at: Place(parent: HTMLTree.root))
            return .done
        case .text:
            _ = takeSpace(&token)
            if token.span.isEmpty { return .done }
        case .startTag where token.tag == .html:
            insertOpen(token, .html)
            mode = .beforeHead
            return .done
        case .endTag:
            switch token.tag {
            case .head, .body, .html, .br: break
            default: return .done
            }
        default: break
        }
        supply(.html, before: token)
        mode = .beforeHead
        return .again
    }

    mutating func beforeHead(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .doctype: return .done
        case .comment:
            insertComment(token)
            return .done
        case .text:
            _ = takeSpace(&token)
            if token.span.isEmpty { return .done }
        case .startTag where token.tag == .html: return inBody(&token)
        case .startTag where token.tag == .head:
            head = insertOpen(token, .head)
            mode = .inHead
            return .done
        case .endTag:
            switch token.tag {
            case .head, .body, .html, .br: break
            default: return .done
            }
        default: break
        }
        head = supply(.head, before: token)
        mode = .inHead
        return .again
    }

    // MARK: In head

    mutating func inHead(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .doctype: return .done
        case .comment:
            insertComment(token)
            return .done
        case .text:
            insertText(takeSpace(&token))
            if token.span.isEmpty { return .done }
        case .startTag:
            if let step = startInHead(&token) { return step }
        case .endTag:
            switch token.tag {
            case .head:
                pop()
                mode = .afterHead
                return .done
            case .template:
                endTemplate()
                return .done
            case .body, .html, .br: break
            default: return .done
            }
        case .end: break
        }
        pop()
        mode = .afterHead
        return .again
    }

    /// What start tags do within the head, wherever they stand; nil for those of the body.
    private mutating func startInHead(_ token: inout HTMLToken) -> Step? {
        switch token.tag {
        case .html: return inBody(&token)
        case .base, .basefont, .bgsound, .link, .meta: insertClosed(token, token.tag)
        case .title: insertRaw(token, as: .characterData)
        case .noscript where !options.runsScripts:
            insertOpen(token, .noscript)
            mode = .inHeadNoscript
        case .noscript, .noframes, .style: insertRaw(token, as: .raw)
        case .script: insertRaw(token, as: .script)
        case .template: startTemplate(token)
        case .head: break
        default: return nil
        }
        return .done
    }

    private mutating func startTemplate(_ token: HTMLToken) {
        guard insert(token) else { return }
        formatting.append(.marker)
        isFramesetAllowed = false
        mode = .inTemplate
        templateModes.append(.inTemplate)
    }

    mutating func endTemplate() {
        guard isOpen(.template) else { return }
        supplyAllEndTags()
        pop(through: .template)
        clearFormattingToMarker()
        templateModes.removeLast()
        resetInsertionMode()
    }

    mutating func inHeadNoscript(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .doctype: return .done
        case .comment: return inHead(&token)
        case .text:
            insertText(takeSpace(&token))
            if token.span.isEmpty { return .done }
        case .startTag:
            switch token.tag {
            case .html: return inBody(&token)
            case .basefont, .bgsound, .link, .meta, .noframes, .style: return inHead(&token)
            case .head, .noscript: return .done
            default: break
            }
        case .endTag:
            switch token.tag {
            case .noscript:
                pop()
                mode = .inHead
                return .done
            case .br: break
            default: return .done
            }
        case .end: break
        }
        pop()
        mode = .inHead
        return .again
    }

    mutating func afterHead(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .doctype: return .done
        case .comment:
            insertComment(token)
            return .done
        case .text:
            insertText(takeSpace(&token))
            if token.span.isEmpty { return .done }
        case .startTag:
            if let step = startAfterHead(&token) { return step }
        case .endTag:
            switch token.tag {
            case .template: return inHead(&token)
            case .body, .html, .br: break
            default: return .done
            }
        case .end: break
        }
        supply(.body, before: token)
        mode = .inBody
        return .again
    }

    private mutating func startAfterHead(_ token: inout HTMLToken) -> Step? {
        switch token.tag {
        case .html: return inBody(&token)
        case .body:
            insertOpen(token, .body)
            isFramesetAllowed = false
            mode = .inBody
        case .frameset:
            insertOpen(token, .frameset)
            mode = .inFrameset
        case .base, .basefont, .bgsound, .link, .meta, .noframes, .script, .style, .template,
            .title:
            // Late parts of the head still go there.
            push(head, .head)
            let step = inHead(&token)
            if let depth = depth(of: head) { removeOpen(at: depth) }
            return step
        case .head: break
        default: return nil
        }
        return .done
    }
}
