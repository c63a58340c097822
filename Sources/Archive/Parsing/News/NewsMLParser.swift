internal import ArchiveProtocol

/// Reads a news item of NewsML-G2 (IPTC, 2.0 to 2.3x, core and power).
extension NewsDraft {
    /// What is in `item`, a `newsItem` or another item of the family.
    mutating func newsItem(_ tree: XMLTree, _ item: Int32) throws(Refusal) -> Reading {
        takeItemMeta(tree, item)
        if let content = tree.child(item, "contentMeta") { takeContentMeta(tree, content) }
        takeLanguage(
            tree.inherited(item, "xml:lang"), "xml:lang",
            tree[item].span.range)
        if let kind = otherKind(tree, item) {
            return withdrawal == nil ? nothing(.noArticle, kind) : reading(orElse: kind)
        }
        if let set = tree.child(item, "contentSet") { try takeContentSet(tree, set) }
        takeSummary(tree, item)
        settleDates()
        return reading(orElse: "a news item without text")
    }

    /// What an item is that holds no text; nil for one that does.
    private func otherKind(_ tree: XMLTree, _ item: Int32) -> String? {
        switch tree.name(item) {
        case "newsItem": break
        case "packageItem", "groupSet": return package(tree, item)
        case "planningItem": return "a planning item: coverage to come"
        case "conceptItem": return "a concept item: a person, place, organisation or event"
        case "knowledgeItem": return "a knowledge item: a list of terms"
        case "catalogItem": return "a catalogue of vocabularies"
        case let name: return "an item of NewsML-G2 that is not read: \(name)"
        }
        let kind = tree.child(item, "itemMeta", "itemClass").flatMap { Self.code(tree, $0) }
        switch kind {
        case "picture", "photo": return "a picture"
        case "graphic": return "a graphic"
        case "video": return "a film"
        case "audio": return "a sound recording"
        case "animation": return "an animation"
        case "composite":
            return tree.all("inlineXML", within: item).isEmpty ? "a composite item" : nil
        default: return nil
        }
    }

    private func package(_ tree: XMLTree, _ item: Int32) -> String {
        let references = tree.all("itemRef", within: item)
        let titles = references.prefix(3).compactMap { reference in
            tree.child(reference, "headline") ?? tree.child(reference, "title")
        }.map { "\u{201c}\(tree.text(of: $0).prefix(80))\u{201d}" }
        let list = titles.isEmpty ? "" : " (\(titles.joined(separator: ", ")))"
        return "a package of \(references.count) items\(list)"
    }

    // MARK: Item metadata

    private mutating func takeItemMeta(_ tree: XMLTree, _ item: Int32) {
        let tag = Int(tree[item].span.start)..<Int(tree[item].inner.start)
        take("identifier", \.identifier, tree.value(item, "guid"), "guid", tag)
        guard let meta = tree.child(item, "itemMeta") else { return }
        if let provider = tree.child(meta, "provider") {
            let place = tree[provider].span.range
            take("outlet", \.outlet, Self.party(tree, provider), "provider", place)
        }
        if let status = tree.child(meta, "pubStatus") {
            withdrawal =
                Self.status(
                    tree.value(status, "qcode") ?? tree.value(status, "uri")
                        ?? tree.value(status, "literal")) ?? Self.status(tree.text(of: status))
        }
        for node in tree.children(meta, "edNote") {
            takeCorrection(tree.text(of: node), "edNote", tree.place(node))
        }
        if let title = tree.child(meta, "title") {
            spareTitle = (tree.text(of: title), tree.place(title))
        }
        for link in tree.children(meta, "link") { takeLink(tree, link) }
        for name in ["firstCreated", "versionCreated"] as [StaticString] {
            guard let node = tree.child(meta, name) else { continue }
            versions.append((tree.text(of: node), "\(name)", tree.place(node)))
        }
    }

    private mutating func takeLink(_ tree: XMLTree, _ link: Int32) {
        let place = tree[link].span.range
        let rel = tree.value(link, "rel").map(Self.suffix) ?? ""
        let address = tree.value(link, "href")
        switch rel.lowercased() {
        case "alternate", "canonical", "web", "sameas":
            takeAddress(address, "link", place)
        case "seealso", "related", "relatedto", "dependson", "partof", "":
            let title = (tree.child(link, "title") ?? tree.child(link, "headline")).map {
                tree.text(of: $0)
            }
            guard let headline = Self.line(title) ?? Self.line(tree.value(link, "title")) else {
                return
            }
            takeRelated(RelatedLink(headline: headline, url: address), "link", place)
        default: break
        }
    }

    /// Takes the dates of the versions where the content has none of its own.
    private mutating func settleDates() {
        for (text, rule, place) in versions where article.published == nil {
            takeDate("published", \.published, text, rule, place)
        }
        guard article.modified == nil, let last = versions.last else { return }
        takeDate("modified", \.modified, last.text, last.rule, last.place)
    }

    // MARK: Content metadata

    private mutating func takeContentMeta(_ tree: XMLTree, _ meta: Int32) {
        takeHeadlines(tree, tree.children(meta, "headline"))
        if let title = spareTitle { takeHeadline(title.text, "title", title.place) }
        for by in tree.children(meta, "by") {
            takeByline(tree.text(of: by), "by", tree.place(by))
        }
        for name in ["creator", "contributor"] as [StaticString] {
            let parties = tree.children(meta, name)
            let names = parties.compactMap { tree.child($0, "name") }.map { tree.text(of: $0) }
                .filter { Self.line($0) != nil && $0 != article.outlet }
            if let first = parties.first {
                takeAuthors(names, "\(name)/name", tree[first].span.range)
            }
        }
        if let dateline = tree.child(meta, "dateline") {
            let text = tree.text(of: dateline)
            // Some put the time of sending here.
            if !(text.utf8.first.map(TextScanning.isDigit) ?? true) {
                take("dateline", \.dateline, text, "dateline", tree.place(dateline))
            }
        }
        for (field, path, name) in [
            ("published", \Article.published, "contentCreated"),
            ("modified", \Article.modified, "contentModified"),
        ] as [(String, WritableKeyPath<Article, NewsDate?>, StaticString)] {
            if let node = tree.child(meta, name) {
                takeDate(field, path, tree.text(of: node), "\(name)", tree.place(node))
            }
        }
        if let language = tree.child(meta, "language") {
            let tag = tree.value(language, "tag")
            takeLanguage(tag, "language@tag", tree[language].span.range)
        }
        takeSubject(tree, meta)
    }

    private mutating func takeHeadlines(_ tree: XMLTree, _ headlines: [Int32]) {
        func role(_ node: Int32) -> String {
            tree.value(node, "role").map { Self.suffix($0).lowercased() } ?? ""
        }
        let main = headlines.first { ["", "main", "headline"].contains(role($0)) }
        guard let first = main ?? headlines.first else { return }
        takeHeadline(tree.text(of: first), "headline", tree.place(first))
        for other in headlines where other != first && !tree.text(of: other).isEmpty {
            return takeAlternative(tree.text(of: other), "headline@role", tree.place(other))
        }
    }

    /// The first subject that is a topic with a name: neither person nor place.
    private mutating func takeSubject(_ tree: XMLTree, _ meta: Int32) {
        let others: Set<String> = [
            "person", "organisation", "geoarea", "poi", "event", "object", "team", "conf",
        ]
        for subject in tree.children(meta, "subject") {
            let type = tree.value(subject, "type").map { Self.suffix($0).lowercased() } ?? ""
            guard !others.contains(type), let name = tree.child(subject, "name") else { continue }
            take("section", \.section, tree.text(of: name), "subject", tree.place(name))
        }
    }

    // MARK: Content

    private mutating func takeContentSet(_ tree: XMLTree, _ set: Int32) throws(Refusal) {
        for part in tree.elements(of: set) {
            switch tree.name(part) {
            case "inlineXML": takeInline(tree, part)
            case "inlineData":
                let type = tree.value(part, "contenttype")?.lowercased() ?? "text/plain"
                let data = EscapedMarkup(tree, part)
                let isMarkup = type.contains("html") || type.contains("xml")
                let text =
                    isMarkup
                    ? try HTMLText.markup(data.bytes, base: base) : HTMLText.plain(data.bytes)
                guard isMarkup || type.hasPrefix("text/") else { continue }
                takeBody(text.traced(data.source(of:)), "inlineData")
            case "remoteContent": takeRemote(tree, part)
            default: break
            }
        }
    }

    /// Takes XHTML, NITF, or what else has paragraphs.
    mutating func takeInline(_ tree: XMLTree, _ inline: Int32) {
        if let nitf = tree.all("nitf", within: inline).first {
            return takeNITF(tree, nitf)
        }
        let html = tree.all("html", within: inline).first
        // Tables of scores and the like are no text.
        guard html != nil || !tree.all("p", within: inline).isEmpty else { return }
        takeBody(markup(tree, html ?? inline), "inlineXML")
        if let html, let title = tree.child(html, "head", "title") {
            takeHeadline(tree.text(of: title), "title", tree.place(title))
        }
    }

    private mutating func takeRemote(_ tree: XMLTree, _ remote: Int32) {
        guard tree.value(remote, "contenttype")?.lowercased().hasPrefix("image/") ?? false,
            article.images.isEmpty, let address = tree.value(remote, "href")
        else { return }
        takeImage(
            Image(url: CanonicalURL.resolved(address, base: base)), "remoteContent",
            tree[remote].span.range)
    }

    /// Takes the description for the text, where there is no other and it is long enough.
    private mutating func takeSummary(_ tree: XMLTree, _ item: Int32) {
        guard article.body.isEmpty, let meta = tree.child(item, "contentMeta") else { return }
        for description in tree.children(meta, "description") {
            let role = tree.value(description, "role").map(Self.suffix) ?? ""
            guard role != "caption" else { continue }
            let text = markup(tree, description)
            if text.wordCount >= Self.wordLimit { return takeBody(text, "description") }
        }
    }

    // MARK: Names

    /// The name of a party: its name, its literal, the end of its code, or the host of its address.
    static func party(_ tree: XMLTree, _ node: Int32) -> String? {
        if let name = tree.child(node, "name"), let text = line(tree.text(of: name)) {
            return text
        }
        if let literal = tree.value(node, "literal") { return literal }
        if let code = tree.value(node, "qcode") { return suffix(code) }
        return tree.value(node, "uri").flatMap(CanonicalURL.host) ?? line(tree.text(of: node))
    }

    /// The code that an element names, without its scheme.
    static func code(_ tree: XMLTree, _ node: Int32) -> String? {
        (tree.value(node, "qcode") ?? tree.value(node, "uri") ?? tree.value(node, "literal"))
            .map { suffix($0).lowercased() }
    }

    /// What stands behind the last `:` or `/` of a code.
    static func suffix(_ code: String) -> String {
        code.split(whereSeparator: { $0 == ":" || $0 == "/" }).last.map(String.init) ?? code
    }
}
