internal import ArchiveProtocol

/// Reads a news item of NewsML 1.0 to 1.2 (IPTC, 2000 to 2003).
extension NewsDraft {
    /// What is in `item`, the `NewsItem` of `root`.
    mutating func newsItemOne(
        _ tree: XMLTree, _ item: Int32, of root: Int32
    ) throws(Refusal) -> Reading {
        takeManagement(tree, item)
        takeLines(tree, item)
        takeParties(tree, item, root)
        let contents = tree.all("ContentItem", within: item)
        var best: (node: Int32, words: Int)?
        for content in contents {
            guard let data = tree.child(content, "DataContent"), isText(tree, content) else {
                takePicture(tree, content)
                continue
            }
            let words = markup(tree, data).wordCount
            if words > best?.words ?? 0 { best = (data, words) }
        }
        if let best { try takeData(tree, best.node) }
        settleVersions()
        return reading(orElse: contents.isEmpty ? "a news item without content" : "no text in it")
    }

    private mutating func takeManagement(_ tree: XMLTree, _ item: Int32) {
        if let identification = tree.child(item, "Identification", "NewsIdentifier") {
            let id =
                tree.child(identification, "PublicIdentifier")
                ?? tree.child(identification, "NewsItemId")
            if let id {
                let text = tree.text(of: id)
                take("identifier", \.identifier, text, "PublicIdentifier", tree.place(id))
            }
        }
        guard let management = tree.child(item, "NewsManagement") else { return }
        if let status = tree.child(management, "Status") {
            withdrawal = Self.status(tree.value(status, "FormalName"))
        }
        for name in ["FirstCreated", "ThisRevisionCreated"] as [StaticString] {
            guard let node = tree.child(management, name) else { continue }
            versions.append((tree.text(of: node), "\(name)", tree.place(node)))
        }
    }

    private mutating func settleVersions() {
        for (text, rule, place) in versions {
            takeDate("published", \.published, text, rule, place)
        }
        guard let last = versions.last else { return }
        takeDate("modified", \.modified, last.text, last.rule, last.place)
    }

    private mutating func takeLines(_ tree: XMLTree, _ item: Int32) {
        for lines in tree.all("NewsLines", within: item) {
            for line in tree.elements(of: lines) {
                let place = tree.place(line)
                let text = tree.text(of: line)
                switch tree.name(line) {
                case "HeadLine": takeHeadline(text, "HeadLine", place)
                case "SubHeadLine": takeAlternative(text, "SubHeadLine", place)
                case "ByLine": takeByline(text, "ByLine", place)
                case "DateLine": take("dateline", \.dateline, text, "DateLine", place)
                default: break
                }
            }
        }
        for language in tree.all("Language", within: item) {
            takeLanguage(
                tree.value(language, "FormalName"), "Language",
                tree[language].span.range)
        }
    }

    private mutating func takeParties(_ tree: XMLTree, _ item: Int32, _ root: Int32) {
        let owners =
            tree.all("Provider", within: item)
            + [tree.child(root, "NewsEnvelope", "SentFrom")].compactMap(\.self)
        for owner in owners {
            guard let party = tree.child(owner, "Party") else { continue }
            take(
                "outlet", \.outlet, tree.value(party, "FormalName"), "Party",
                tree[party].span.range)
        }
    }

    // MARK: Content

    /// Whether a content item is a text, and of the story.
    private func isText(_ tree: XMLTree, _ content: Int32) -> Bool {
        let component = tree[content].parent
        let role = tree.child(component, "Role").flatMap { tree.value($0, "FormalName") } ?? ""
        let others: Set<String> = [
            "stylesheet", "headline", "subheadline", "logo", "contact", "caption", "summary",
        ]
        if others.contains(role.lowercased()) { return false }
        let type =
            tree.child(content, "MimeType").flatMap { tree.value($0, "FormalName") } ?? "text/"
        return !type.hasPrefix("image/") && !type.hasPrefix("video/") && !type.hasSuffix("css")
    }

    private mutating func takePicture(_ tree: XMLTree, _ content: Int32) {
        let type = tree.child(content, "MimeType").flatMap { tree.value($0, "FormalName") }
        guard type?.lowercased().hasPrefix("image/") ?? false,
            let address = tree.value(content, "Href")
        else { return }
        guard article.images.count < 50 else { return }
        let words = Self.words(caption(tree, tree[content].parent), nil)
        takeImage(
            Image(
                caption: words.caption, credit: words.credit,
                url: CanonicalURL.resolved(address, base: base)),
            "ContentItem@Href", tree[content].span.range)
    }

    /// The words under a picture: the part that is called so, beside it or within it, else the
    /// picture's own headline.
    private func caption(_ tree: XMLTree, _ component: Int32) -> String? {
        for scope in [component, tree[component].parent] {
            for part in tree.children(scope, "NewsComponent") {
                let role = tree.child(part, "Role").flatMap { tree.value($0, "FormalName") }
                guard role?.lowercased() == "caption" else { continue }
                if let data = tree.child(part, "ContentItem", "DataContent") {
                    return tree.text(of: data)
                }
            }
        }
        return tree.child(component, "NewsLines", "HeadLine").map { tree.text(of: $0) }
    }

    private mutating func takeData(_ tree: XMLTree, _ data: Int32) throws(Refusal) {
        if tree.elements(of: data).isEmpty {
            let text = EscapedMarkup(tree, data)
            let isMarkup = HTMLBytes.find("<p", in: text.bytes) != nil
            let blocks =
                isMarkup ? try HTMLText.markup(text.bytes, base: base) : .plain(text.bytes)
            takeBody(blocks.traced(text.source(of:)), "DataContent")
        } else {
            takeInline(tree, data)
        }
    }
}
