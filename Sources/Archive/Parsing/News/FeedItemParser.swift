internal import ArchiveProtocol

/// Reads the one item of a feed's page: RSS 0.9x to 2.0, RSS 1.0, Atom 0.3 and 1.0.
extension NewsDraft {
    /// What is in `item`, with what its feed says of all items.
    mutating func feedItem(_ tree: XMLTree, _ item: Int32, of root: Int32) throws(Refusal)
        -> Reading
    {
        let feed = tree.child(root, "channel") ?? root
        base = tree.base(item, base) ?? base
        takeFeedNames(tree, item, feed)
        // A wire's feed holds its stories whole; its own titles are their slugs.
        if let nitf = tree.all("nitf", within: item).first { takeNITF(tree, nitf) }
        try takeFeedTitle(tree, item)
        takeFeedAuthors(tree, item, feed)
        takeFeedDates(tree, item)
        takeFeedRest(tree, item, feed)
        let verdict = try takeFeedText(tree, item)
        takeFeedMedia(tree, item)
        guard let verdict else { return reading(orElse: "a feed's item without text") }
        return nothing(.noArticle, verdict)
    }

    // MARK: Names

    private mutating func takeFeedNames(_ tree: XMLTree, _ item: Int32, _ feed: Int32) {
        let id = tree.child(item, "guid") ?? tree.child(item, "id")
        if let id {
            take("identifier", \.identifier, tree.text(of: id), "guid", tree.place(id))
        } else if let about = tree.value(item, "rdf:about") {
            take("identifier", \.identifier, about, "rdf:about", tree[item].span.range)
        }
        for link in tree.children(item, "link") { takeFeedLink(tree, link) }
        if let id, tree.value(id, "isPermaLink")?.lowercased() != "false",
            CanonicalURL.host(tree.text(of: id)) != nil
        {
            takeAddress(tree.text(of: id), "guid", tree.place(id))
        }
    }

    private mutating func takeFeedLink(_ tree: XMLTree, _ link: Int32) {
        let place = tree.value(link, "href") == nil ? tree.place(link) : tree[link].span.range
        guard let given = tree.value(link, "href") else {
            return takeAddress(tree.text(of: link), "link", place)
        }
        let around = tree.value(link, "xml:base") == nil ? base : tree.base(link, base)
        let address = CanonicalURL.resolved(given, base: around) ?? given
        switch tree.value(link, "rel")?.lowercased() ?? "alternate" {
        case "alternate": takeAddress(address, "link", place)
        case "related":
            let title = tree.value(link, "title") ?? address
            takeRelated(RelatedLink(headline: title, url: address), "link", place)
        case "enclosure": takeEnclosure(tree, link, address, place)
        default: break
        }
    }

    private mutating func takeEnclosure(
        _ tree: XMLTree, _ node: Int32, _ address: String, _ place: Range<Int>
    ) {
        let type = tree.value(node, "type")?.lowercased() ?? ""
        guard let url = CanonicalURL.resolved(address, base: base) else { return }
        if type.hasPrefix("image/") {
            takeImage(Image(url: url), "enclosure", place)
        } else if type.hasPrefix("audio/") || type.hasPrefix("video/") {
            note("embeds[\(article.embeds.count)]", "enclosure", place)
            article.embeds.append(Embed(title: tree.value(node, "title"), url: url))
        }
    }

    private mutating func takeFeedTitle(_ tree: XMLTree, _ item: Int32) throws(Refusal) {
        let title =
            tree.child(item, "title") ?? tree.child(item, "title", in: .dublinCore)
            ?? tree.child(item, "title", in: .media)
        guard let title else { return }
        let words = try feedText(tree, title).pieces.map(\.text)
        let text = String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
        takeHeadline(text, "title", tree.place(title))
    }

    // MARK: Authors

    private mutating func takeFeedAuthors(_ tree: XMLTree, _ item: Int32, _ feed: Int32) {
        for node in [item, tree.child(item, "source") ?? feed] {
            let creators = tree.children(node, "creator", .dublinCore)
            let authors = tree.children(node, "author")
            for (nodes, rule) in [(creators, "dc:creator"), (authors, "author")] {
                guard let first = nodes.first else { continue }
                let texts = nodes.prefix(50).map { person in
                    Self.person(tree.text(of: tree.child(person, "name") ?? person))
                }
                let names = texts.flatMap { text in
                    let names = Byline.authors(in: text)
                    return names.isEmpty ? [text] : names
                }
                takeAuthors(names.filter { $0 != article.outlet }, rule, tree[first].span.range)
            }
            if !article.authors.isEmpty { return }
        }
    }

    /// The name in `mark@example.org (Mark)` and `Mark (mark@example.org)`.
    private static func person(_ text: String) -> String {
        guard text.contains("@") else { return text }
        let parts = text.split { $0 == "(" || $0 == ")" || $0 == "<" || $0 == ">" }
        return parts.first { !$0.contains("@") && $0.contains { $0.isLetter } }.map(String.init)
            ?? ""
    }

    // MARK: Dates

    private mutating func takeFeedDates(_ tree: XMLTree, _ item: Int32) {
        let first: [(StaticString, XMLVocabulary)] = [
            ("published", .core), ("pubDate", .core), ("issued", .core),
            ("issued", .dublinCore), ("created", .dublinCore), ("date", .dublinCore),
            ("created", .core),
        ]
        let later: [(StaticString, XMLVocabulary)] = [
            ("updated", .core), ("modified", .core), ("modified", .dublinCore),
        ]
        takeFeedDate("published", \.published, first, tree, item)
        guard article.published != nil else {
            // A feed of Atom need not tell more than when an entry changed.
            return takeFeedDate("published", \.published, later, tree, item)
        }
        takeFeedDate("modified", \.modified, later, tree, item)
    }

    private mutating func takeFeedDate(
        _ field: String, _ path: WritableKeyPath<Article, NewsDate?>,
        _ names: [(StaticString, XMLVocabulary)], _ tree: XMLTree, _ item: Int32
    ) {
        for (name, vocabulary) in names {
            // Of several the last holds: a feed that is added to is added to at its end.
            guard let node = tree.children(item, name, vocabulary).last else { continue }
            takeDate(field, path, tree.text(of: node), "\(name)", tree.place(node))
        }
    }

    // MARK: The rest

    private mutating func takeFeedRest(_ tree: XMLTree, _ item: Int32, _ feed: Int32) {
        let source = tree.child(item, "source")
        let outlets = [
            tree.child(item, "publisher", in: .dublinCore), source.flatMap { named(tree, $0) },
            tree.child(feed, "publisher", in: .dublinCore), tree.child(feed, "title"),
        ]
        for node in outlets.compactMap(\.self) {
            let text = try? feedText(tree, node).pieces.first?.text
            let outlet = text.map { String(decoding: $0, as: UTF8.self) }
            take("outlet", \.outlet, outlet, tree.name(node), tree.place(node))
        }
        let section =
            tree.child(item, "category") ?? tree.child(item, "subject", in: .dublinCore)
        if let section {
            let text =
                tree.value(section, "label") ?? tree.value(section, "term")
                ?? tree.text(of: section)
            take("section", \.section, text, "category", tree[section].span.range)
        }
        for node in [item, feed] {
            let language =
                tree.child(node, "language") ?? tree.child(node, "language", in: .dublinCore)
            if let language {
                let tag = tree.text(of: language)
                takeLanguage(tag, "language", tree.place(language))
            }
        }
        let tag = tree[item].span.range.lowerBound..<Int(tree[item].inner.start)
        takeLanguage(tree.inherited(item, "xml:lang"), "xml:lang", tag)
    }

    /// The title of an Atom entry's first feed; the words of an RSS item's.
    private func named(_ tree: XMLTree, _ source: Int32) -> Int32? {
        tree.child(source, "title")
            ?? (tree.elements(of: source).isEmpty ? source : nil)
    }

    // MARK: Pictures

    /// Takes what Media RSS and enclosures show.
    private mutating func takeFeedMedia(_ tree: XMLTree, _ item: Int32) {
        for enclosure in tree.children(item, "enclosure") {
            guard let address = tree.value(enclosure, "url") else { continue }
            takeEnclosure(tree, enclosure, address, tree[enclosure].span.range)
        }
        let groups = [item] + tree.children(item, "group", .media)
        for content in groups.flatMap({ tree.children($0, "content", .media) }) {
            let kind = tree.value(content, "medium") ?? tree.value(content, "type") ?? "image"
            guard kind.lowercased().hasPrefix("image"), let address = tree.value(content, "url")
            else { continue }
            let words = ["description", "text", "title"] as [StaticString]
            let caption = words.lazy.compactMap { tree.child(content, $0, in: .media) }.first
            let credit = tree.child(content, "credit", in: .media)
            takeImage(
                Image(
                    caption: caption.flatMap { Self.line(tree.text(of: $0)) },
                    credit: credit.flatMap { Self.line(tree.text(of: $0)) },
                    url: CanonicalURL.resolved(address, base: base)),
                "media:content", tree[content].span.range)
        }
        for small in groups.flatMap({ tree.children($0, "thumbnail", .media) })
        where article.images.isEmpty {
            guard let address = tree.value(small, "url") else { continue }
            takeImage(
                Image(url: CanonicalURL.resolved(address, base: base)), "media:thumbnail",
                tree[small].span.range)
        }
    }
}
