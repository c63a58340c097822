/// "in body" (13.2.6.4.7): text and start tags.
extension HTMLTreeBuilder {
    @inline(__always)
    mutating func inBody(_ token: inout HTMLToken) -> Step {
        switch token.kind {
        case .text: insertTextInBody(token)
        case .startTag: return startInBody(&token)
        case .endTag: return endInBody(&token)
        case .comment: insertComment(token)
        case .doctype: break
        case .end: if !templateModes.isEmpty { return inTemplate(&token) }
        }
        return .done
    }

    @inline(__always)
    mutating func insertTextInBody(_ token: HTMLToken) {
        if tokenizer.byte(Int(token.span.start)) == 0, isNull(token) { return }
        reconstructFormatting()
        insertText(token)
        if isFramesetAllowed, !isSpace(token) { isFramesetAllowed = false }
    }

    /// Whether a text is NUL alone, which is no text.
    func isNull(_ token: HTMLToken) -> Bool {
        token.content == .data
            && endOfRun(token, from: Int(token.span.start)) { $0 == .null } >= Int(token.span.end)
    }

    mutating func startInBody(_ token: inout HTMLToken) -> Step {
        switch token.tag {
        case .address, .article, .aside, .blockquote, .center, .details, .dialog, .dir, .div, .dl,
            .fieldset, .figcaption, .figure, .footer, .header, .hgroup, .main, .menu, .nav, .ol,
            .p, .search, .section, .summary, .ul:
            closeParagraphInButtonScope()
            insert(token)
        case .a: startLink(token)
        case .b, .big, .code, .em, .font, .i, .s, .small, .strike, .strong, .tt, .u:
            startFormatting(token)
        case .li: startItem(token) { $0 == .li }
        case .dd, .dt: startItem(token) { $0 == .dd || $0 == .dt }
        case .h1, .h2, .h3, .h4, .h5, .h6:
            closeParagraphInButtonScope()
            if current.tag.isHeading { pop() }
            insert(token)
        case .area, .br, .embed, .img, .keygen, .wbr: startVoid(token)
        case .param, .source, .track: insertClosed(token, token.tag)
        case .html, .body, .frameset: startPage(token)
        case .base, .basefont, .bgsound, .link, .meta, .noframes, .script, .style, .template,
            .title:
            return inHead(&token)
        case .caption, .col, .colgroup, .frame, .head, .tbody, .td, .tfoot, .th, .thead, .tr: break
        case .svg, .math: startForeign(token)
        case .table: startTable(token)
        case .form: startForm(token)
        case .image:
            token.tag = .img
            return .again
        default: return startRest(&token)
        }
        return .done
    }

    /// The start tags that are seldom met.
    private mutating func startRest(_ token: inout HTMLToken) -> Step {
        switch token.tag {
        case .pre, .listing:
            closeParagraphInButtonScope()
            insert(token)
            dropsLineFeed = true
            isFramesetAllowed = false
        case .plaintext:
            closeParagraphInButtonScope()
            insert(token)
            tokenizer.content = .plain
        case .button: startButton(token)
        case .nobr: startUnbroken(token)
        case .applet, .marquee, .object: startObject(token)
        case .input, .select, .option, .optgroup, .hr: startControl(token)
        case .rb, .rtc, .rp, .rt:
            if isInScope(.ruby) {
                supplyEndTags(except: token.tag == .rb || token.tag == .rtc ? .other : .rtc)
            }
            insert(token)
        case .textarea:
            insertRaw(token, as: .characterData)
            dropsLineFeed = true
            isFramesetAllowed = false
        case .xmp:
            closeParagraphInButtonScope()
            reconstructFormatting()
            isFramesetAllowed = false
            insertRaw(token, as: .raw)
        case .iframe:
            isFramesetAllowed = false
            insertRaw(token, as: .raw)
        case .noembed: insertRaw(token, as: .raw)
        case .noscript where options.runsScripts: insertRaw(token, as: .raw)
        default:
            reconstructFormatting()
            insert(token)
        }
        return .done
    }

    // MARK: The page's own elements

    private mutating func startPage(_ token: HTMLToken) {
        switch token.tag {
        case .html:
            if !isOpen(.template), open.count > 0 { mergeAttributes(token, into: open[0].node) }
        case .body:
            guard open.count > 1, open[1].tag == .body, !isOpen(.template) else { return }
            isFramesetAllowed = false
            mergeAttributes(token, into: open[1].node)
        default:
            guard open.count > 1, open[1].tag == .body, isFramesetAllowed else { return }
            unlink(open[1].node)
            pop(to: 1)
            insertOpen(token, .frameset)
            mode = .inFrameset
        }
    }

    // MARK: Blocks

    /// Closes an open item of the innermost list before the next one.
    private mutating func startItem(_ token: HTMLToken, _ isItem: (HTMLTag) -> Bool) {
        isFramesetAllowed = false
        var depth = open.count - 1
        while depth > 0 {
            work += 1
            let tag = open[depth].tag
            if isItem(tag) {
                supplyEndTags(except: tag)
                pop(through: tag)
                break
            }
            if tag.isSpecial, tag != .address, tag != .div, tag != .p { break }
            depth -= 1
        }
        closeParagraphInButtonScope()
        insert(token)
    }

    private mutating func startForm(_ token: HTMLToken) {
        let isInTemplate = isOpen(.template)
        guard form < 0 || isInTemplate else { return }
        closeParagraphInButtonScope()
        let isOpened = insert(token)
        if !isInTemplate, isOpened { form = current.node }
    }

    private mutating func startTable(_ token: HTMLToken) {
        if !isQuirks { closeParagraphInButtonScope() }
        isFramesetAllowed = false
        if insert(token) { mode = .inTable }
    }

    // MARK: Words and pictures

    private mutating func startVoid(_ token: HTMLToken) {
        reconstructFormatting()
        insertClosed(token, token.tag)
        isFramesetAllowed = false
    }

    private mutating func startLink(_ token: HTMLToken) {
        if let entry = lastFormatting(.a) {
            let element = formatting[entry].node
            adopt(token)
            formatting.removeAll { $0.node == element }
            if nodes[element].isOpen, let depth = depth(of: element) { removeOpen(at: depth) }
        }
        startFormatting(token)
    }

    @inline(__always)
    private mutating func startFormatting(_ token: HTMLToken) {
        reconstructFormatting()
        if insert(token) { pushFormatting(current.node, token.tag) }
    }

    private mutating func startUnbroken(_ token: HTMLToken) {
        reconstructFormatting()
        if isInScope(.nobr) {
            adopt(token)
            reconstructFormatting()
        }
        if insert(token) { pushFormatting(current.node, .nobr) }
    }

    private mutating func startObject(_ token: HTMLToken) {
        reconstructFormatting()
        if insert(token) { formatting.append(.marker) }
        isFramesetAllowed = false
    }

    // MARK: Controls

    private mutating func startButton(_ token: HTMLToken) {
        if isInScope(.button) {
            supplyEndTags()
            pop(through: .button)
        }
        reconstructFormatting()
        insert(token)
        isFramesetAllowed = false
    }

    /// `select` and what stands in it, as it is since elements of all kinds may stand in it.
    private mutating func startControl(_ token: HTMLToken) {
        let isWithinSelect = isInScope(.select)
        switch token.tag {
        case .hr:
            closeParagraphInButtonScope()
            if isWithinSelect { supplyEndTags() }
            insertClosed(token, .hr)
            isFramesetAllowed = false
        case .option:
            if isWithinSelect {
                supplyEndTags(except: .optgroup)
            } else if current.tag == .option {
                pop()
            }
            reconstructFormatting()
            insert(token)
        case .optgroup:
            if isWithinSelect { supplyEndTags() } else if current.tag == .option { pop() }
            reconstructFormatting()
            insert(token)
        case .select:
            if options.context?.tag == .select { return }
            if isWithinSelect { return pop(through: .select) }
            reconstructFormatting()
            insert(token)
            isFramesetAllowed = false
        default:
            if options.context?.tag == .select { return }
            if isWithinSelect { pop(through: .select) }
            reconstructFormatting()
            insertClosed(token, .input)
            if !isHidden(token) { isFramesetAllowed = false }
        }
    }

    /// Whether an `input` is of the type `hidden`.
    func isHidden(_ token: HTMLToken) -> Bool {
        guard let value = attribute(.type, of: token) else { return false }
        return HTMLBytes.lowered(tokenizer.bytes[value.range]).elementsEqual("hidden".utf8)
    }

    /// The value of a start tag's attribute, as written.
    func attribute(_ name: HTMLName, of token: HTMLToken) -> HTMLSpan? {
        let first = Int(token.firstAttribute)
        for index in first..<first + Int(token.attributeCount)
        where tokenizer.attributes[index].key == name {
            return tokenizer.attributes[index].value
        }
        return nil
    }
}
