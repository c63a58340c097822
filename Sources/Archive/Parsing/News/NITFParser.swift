internal import ArchiveProtocol

/// Reads an article out of a NITF document (IPTC, 3.0 to 3.6), alone or within NewsML.
extension NewsDraft {
    /// Takes all that `nitf` says.
    mutating func takeNITF(_ tree: XMLTree, _ nitf: Int32) {
        if let head = tree.child(nitf, "head") { takeNITFHead(tree, head) }
        guard let body = tree.child(nitf, "body") else { return }
        for name in ["baselang", "xml:lang"] as [StaticString] {
            for node in [nitf, body] {
                takeLanguage(tree.value(node, name), "language", tree.place(node))
            }
        }
        if let head = tree.child(body, "body.head") { takeNITFBodyHead(tree, head) }
        if let head = tree.child(nitf, "head"), let title = tree.child(head, "title") {
            takeHeadline(tree.text(of: title), "title", tree.place(title))
        }
        takeNITFMedia(tree, body)
        takeNITFContent(tree, body)
        if let owner { take("outlet", \.outlet, owner.name, "doc.copyright@holder", owner.place) }
    }

    // MARK: Head

    private mutating func takeNITFHead(_ tree: XMLTree, _ head: Int32) {
        for data in tree.children(head, "docdata") { takeDocdata(tree, data) }
        for data in tree.children(head, "pubdata") {
            let place = tree[data].span.range
            take("outlet", \.outlet, tree.value(data, "name"), "pubdata@name", place)
            take(
                "section", \.section, tree.value(data, "position.section"),
                "pubdata@position.section", place)
            takeDate(
                "published", \.published, tree.value(data, "date.publication"),
                "pubdata@date.publication", place)
            if let address = tree.value(data, "ex-ref"), CanonicalURL.host(address) != nil {
                takeAddress(address, "pubdata@ex-ref", place)
            }
        }
        for revision in tree.children(head, "revision-history").reversed() {
            takeDate(
                "modified", \.modified, tree.value(revision, "norm"), "revision-history@norm",
                tree[revision].span.range)
        }
    }

    private mutating func takeDocdata(_ tree: XMLTree, _ data: Int32) {
        withdrawal = withdrawal ?? Self.status(tree.value(data, "management-status"))
        if let id = tree.child(data, "doc-id") {
            let at = tree[id].span.range
            take("identifier", \.identifier, tree.value(id, "id-string"), "doc-id@id-string", at)
        }
        for name in ["date.issue", "date.release"] as [StaticString] {
            guard let date = tree.child(data, name) else { continue }
            let text = tree.value(date, "norm") ?? tree.text(of: date)
            takeDate("published", \.published, text, "\(name)@norm", tree[date].span.range)
        }
        for name in ["correction", "ed-msg"] as [StaticString] {
            for node in tree.children(data, name) {
                takeCorrection(tree.value(node, "info"), "\(name)@info", tree[node].span.range)
            }
        }
        if let holder = tree.child(data, "doc.copyright"), owner == nil {
            owner = tree.value(holder, "holder").map { ($0, tree[holder].span.range) }
        }
    }

    // MARK: The head of the body

    private mutating func takeNITFBodyHead(_ tree: XMLTree, _ head: Int32) {
        if let hedline = tree.child(head, "hedline") {
            for (index, title) in tree.children(hedline, "hl1").enumerated() {
                if index == 0 { takeHeadline(tree.text(of: title), "hl1", tree.place(title)) }
            }
            if let second = tree.child(hedline, "hl2") {
                takeAlternative(tree.text(of: second), "hl2", tree.place(second))
            }
        }
        for byline in tree.children(head, "byline") { takeNITFByline(tree, byline) }
        if let dateline = tree.child(head, "dateline") { takeNITFDateline(tree, dateline) }
        if let distributor = tree.child(head, "distributor") {
            let place = tree.place(distributor)
            take("outlet", \.outlet, tree.text(of: distributor), "distributor", place)
        }
        if let rights = tree.child(head, "rights"), let own = tree.child(rights, "rights.owner") {
            take("outlet", \.outlet, tree.text(of: own), "rights.owner", tree.place(own))
        }
        for note in tree.children(head, "note") {
            takeCorrection(tree.text(of: note), "note", tree.place(note))
        }
    }

    private mutating func takeNITFByline(_ tree: XMLTree, _ byline: Int32) {
        let place = tree.place(byline)
        let persons = tree.all("person", within: byline).map {
            tree.text(of: $0, without: "function")
        }
        if !persons.isEmpty { takeAuthors(persons, "byline/person", place) }
        take("byline", \.byline, tree.text(of: byline), "byline", place)
        takeByline(tree.text(of: byline, without: "byttl"), "byline", place)
    }

    private mutating func takeNITFDateline(_ tree: XMLTree, _ dateline: Int32) {
        let location = tree.child(dateline, "location")
        let text = tree.text(of: location ?? dateline, without: "story.date")
        if Self.date(text, source: form) == nil {
            take("dateline", \.dateline, text, "dateline", tree.place(location ?? dateline))
        }
        if let date = tree.child(dateline, "story.date") {
            takeDate(
                "published", \.published, tree.value(date, "norm") ?? tree.text(of: date),
                "story.date@norm", tree[date].span.range)
        }
    }

    // MARK: Content

    private mutating func takeNITFContent(_ tree: XMLTree, _ body: Int32) {
        let before = article.body.count
        for content in tree.children(body, "body.content") {
            takeBody(markup(tree, content), "body.content")
        }
        if article.body.count == before, let head = tree.child(body, "body.head"),
            let abstract = tree.child(head, "abstract")
        {
            let text = markup(tree, abstract)
            if text.wordCount >= Self.wordLimit { takeBody(text, "abstract") }
        }
        guard article.body.count > before else { return }
        for end in tree.children(body, "body.end") {
            takeBody(markup(tree, end), "body.end")
        }
    }

    private mutating func takeNITFMedia(_ tree: XMLTree, _ body: Int32) {
        for media in tree.all("media", within: body) {
            let captions = tree.all("media-caption", within: media).map { tree.text(of: $0) }
            let producer = tree.all("media-producer", within: media).first.map {
                tree.text(of: $0)
            }
            let (caption, credit) = Self.words(captions.joined(separator: " "), producer)
            let reference = largest(tree, tree.all("media-reference", within: media))
            let source = reference.flatMap {
                tree.value($0, "source") ?? tree.value($0, "href")
            }
            let url = source.flatMap { CanonicalURL.resolved($0, base: base) }
            let type = tree.value(media, "media-type")?.lowercased() ?? "image"
            if ["image", "photo", "graphic", "picture"].contains(type) {
                takeImage(
                    Image(
                        caption: caption, credit: credit,
                        alt: reference.flatMap { tree.value($0, "alternate-text") }, url: url),
                    "media", tree[media].span.range)
            } else if url != nil {
                note("embeds[\(article.embeds.count)]", "media", tree[media].span.range)
                article.embeds.append(
                    Embed(title: caption, creator: credit, url: url))
            }
        }
    }

    /// Of several copies of a picture, the widest.
    private func largest(_ tree: XMLTree, _ references: [Int32]) -> Int32? {
        func width(_ node: Int32) -> Int { tree.value(node, "width").flatMap { Int($0) } ?? 0 }
        var best: Int32?
        for node in references where best.map({ width(node) > width($0) }) ?? true { best = node }
        return best
    }
}
