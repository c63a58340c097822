/// The insertion modes of tables (13.2.6.4.9 to 13.2.6.4.15).
extension HTMLTreeBuilder {
    mutating func inTable(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text where current.tag.fostersContent || current.tag == .template:
            tableText.removeAll(keepingCapacity: true)
            originalMode = mode
            mode = .inTableText
            return .again
        case .text: break
        case .comment:
            insertComment(token)
            return .done
        case .doctype: return .done
        case .startTag: if let step = startInTable(&token) { return step }
        case .endTag: if let step = endInTable(&token) { return step }
        case .end: return inBody(&token)
        }
        return foster(&token)
    }

    /// Treats what may not stand in a table as in the body, and moves it before the table.
    private mutating func foster(_ token: inout HTMLToken) -> Step {
        isFostering = true
        let step = inBody(&token)
        isFostering = false
        return step
    }

    private mutating func startInTable(_ token: inout HTMLToken) -> Step? {
        switch token.tag {
        case .caption:
            clearBackTo { $0 == .table }
            formatting.append(.marker)
            insertOpen(token, .caption)
            mode = .inCaption
        case .colgroup:
            clearBackTo { $0 == .table }
            insertOpen(token, .colgroup)
            mode = .inColumnGroup
        case .col:
            clearBackTo { $0 == .table }
            supply(.colgroup, before: token)
            mode = .inColumnGroup
            return .again
        case .tbody, .tfoot, .thead:
            clearBackTo { $0 == .table }
            insertOpen(token, token.tag)
            mode = .inTableBody
        case .td, .th, .tr:
            clearBackTo { $0 == .table }
            supply(.tbody, before: token)
            mode = .inTableBody
            return .again
        case .table:
            guard isInTableScope(.table) else { return .done }
            pop(through: .table)
            resetInsertionMode()
            return .again
        case .style, .script, .template: return inHead(&token)
        case .input:
            guard isHidden(token) else { return nil }
            insertClosed(token, .input)
        case .form:
            guard form < 0, !isOpen(.template) else { return .done }
            form = insertClosed(token, .form)
        default: return nil
        }
        return .done
    }

    private mutating func endInTable(_ token: inout HTMLToken) -> Step? {
        switch token.tag {
        case .table:
            guard isInTableScope(.table) else { return .done }
            pop(through: .table)
            resetInsertionMode()
        case .body, .caption, .col, .colgroup, .html, .tbody, .td, .tfoot, .th, .thead, .tr: break
        case .template: return inHead(&token)
        default: return nil
        }
        return .done
    }

    /// "in table text": white space stays in the table, anything else goes before it.
    mutating func inTableText(_ token: inout HTMLToken) -> Step {
        if token.kind == .text {
            if !isNull(token) { tableText.append(token) }
            return .done
        }
        mode = originalMode
        let isAllSpace = tableText.allSatisfy { isSpace($0) }
        for text in tableText {
            var text = text
            if isAllSpace { insertText(text) } else { _ = foster(&text) }
        }
        tableText.removeAll(keepingCapacity: true)
        return .again
    }

    // MARK: Captions and columns

    mutating func inCaption(_ token: inout HTMLToken) -> Step {
        switch (token.kind, token.tag) {
        case (.endTag, .caption):
            closeCaption()
            return .done
        case (.startTag, .caption), (.startTag, .col), (.startTag, .colgroup), (.startTag, .tbody),
            (.startTag, .td), (.startTag, .tfoot), (.startTag, .th), (.startTag, .thead),
            (.startTag, .tr), (.endTag, .table):
            return closeCaption() ? .again : .done
        case (.endTag, .body), (.endTag, .col), (.endTag, .colgroup), (.endTag, .html),
            (.endTag, .tbody), (.endTag, .td), (.endTag, .tfoot), (.endTag, .th),
            (.endTag, .thead), (.endTag, .tr):
            return .done
        default: return inBody(&token)
        }
    }

    @discardableResult
    private mutating func closeCaption() -> Bool {
        guard isInTableScope(.caption) else { return false }
        supplyEndTags()
        pop(through: .caption)
        clearFormattingToMarker()
        mode = .inTable
        return true
    }

    mutating func inColumnGroup(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text:
            insertText(takeSpace(&token))
            if token.span.isEmpty { return .done }
        case .comment:
            insertComment(token)
            return .done
        case .doctype: return .done
        case .startTag:
            switch token.tag {
            case .html: return inBody(&token)
            case .col:
                insertClosed(token, .col)
                return .done
            case .template: return inHead(&token)
            default: break
            }
        case .endTag:
            switch token.tag {
            case .colgroup:
                guard current.tag == .colgroup else { return .done }
                pop()
                mode = .inTable
                return .done
            case .col: return .done
            case .template: return inHead(&token)
            default: break
            }
        case .end: return inBody(&token)
        }
        guard current.tag == .colgroup else { return .done }
        pop()
        mode = .inTable
        return .again
    }

    // MARK: Rows and cells

    mutating func inTableBody(_ token: inout HTMLToken) -> Step {
        switch (token.kind, token.tag) {
        case (.startTag, .tr):
            clearBackTo { $0.isTableSection }
            insertOpen(token, .tr)
            mode = .inRow
            return .done
        case (.startTag, .th), (.startTag, .td):
            clearBackTo { $0.isTableSection }
            supply(.tr, before: token)
            mode = .inRow
            return .again
        case (.endTag, .tbody), (.endTag, .tfoot), (.endTag, .thead):
            guard isInTableScope(token.tag) else { return .done }
            clearBackTo { $0.isTableSection }
            pop()
            mode = .inTable
            return .done
        case (.startTag, .caption), (.startTag, .col), (.startTag, .colgroup), (.startTag, .tbody),
            (.startTag, .tfoot), (.startTag, .thead), (.endTag, .table):
            guard isInTableScope(.tbody) || isInTableScope(.thead) || isInTableScope(.tfoot) else {
                return .done
            }
            clearBackTo { $0.isTableSection }
            pop()
            mode = .inTable
            return .again
        case (.endTag, .body), (.endTag, .caption), (.endTag, .col), (.endTag, .colgroup),
            (.endTag, .html), (.endTag, .td), (.endTag, .th), (.endTag, .tr):
            return .done
        default: return inTable(&token)
        }
    }

    mutating func inRow(_ token: inout HTMLToken) -> Step {
        switch (token.kind, token.tag) {
        case (.startTag, .th), (.startTag, .td):
            clearBackTo { $0 == .tr }
            insertOpen(token, token.tag)
            mode = .inCell
            formatting.append(.marker)
            return .done
        case (.endTag, .tr):
            closeRow()
            return .done
        case (.startTag, .caption), (.startTag, .col), (.startTag, .colgroup), (.startTag, .tbody),
            (.startTag, .tfoot), (.startTag, .thead), (.startTag, .tr), (.endTag, .table):
            return closeRow() ? .again : .done
        case (.endTag, .tbody), (.endTag, .tfoot), (.endTag, .thead):
            return isInTableScope(token.tag) && closeRow() ? .again : .done
        case (.endTag, .body), (.endTag, .caption), (.endTag, .col), (.endTag, .colgroup),
            (.endTag, .html), (.endTag, .td), (.endTag, .th):
            return .done
        default: return inTable(&token)
        }
    }

    @discardableResult
    private mutating func closeRow() -> Bool {
        guard isInTableScope(.tr) else { return false }
        clearBackTo { $0 == .tr }
        pop()
        mode = .inTableBody
        return true
    }

    mutating func inCell(_ token: inout HTMLToken) -> Step {
        switch (token.kind, token.tag) {
        case (.endTag, .td), (.endTag, .th):
            guard isInTableScope(token.tag) else { return .done }
            closeCell(token.tag)
            return .done
        case (.startTag, .caption), (.startTag, .col), (.startTag, .colgroup), (.startTag, .tbody),
            (.startTag, .td), (.startTag, .tfoot), (.startTag, .th), (.startTag, .thead),
            (.startTag, .tr):
            return closeCell() ? .again : .done
        case (.endTag, .table), (.endTag, .tbody), (.endTag, .tfoot), (.endTag, .thead),
            (.endTag, .tr):
            return isInTableScope(token.tag) && closeCell() ? .again : .done
        case (.endTag, .body), (.endTag, .caption), (.endTag, .col), (.endTag, .colgroup),
            (.endTag, .html):
            return .done
        default: return inBody(&token)
        }
    }

    private mutating func closeCell() -> Bool {
        if isInTableScope(.td) {
            closeCell(.td)
        } else if isInTableScope(.th) {
            closeCell(.th)
        } else {
            return false
        }
        return true
    }

    private mutating func closeCell(_ tag: HTMLTag) {
        supplyEndTags()
        pop(through: tag)
        clearFormattingToMarker()
        mode = .inRow
    }
}
