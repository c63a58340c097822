internal import ArchiveProtocol

/// The story itself, and whether there is one.
extension HTMLDraft {
    /// Takes text, pictures, links and embedded documents of the element that holds the story.
    mutating func readBody() {
        var (text, rule) = storyText()
        text.images.insert(contentsOf: picturesAbove(text.images), at: 0)
        if rule == "html/body" { text.pieces.insert(contentsOf: proseAbove(text), at: 0) }
        var cleaning = BodyCleaning(tree: tree, marks: container.marks, root: container.root)
        cleaning.headline = article.headline
        cleaning.byline = article.byline
        cleaning.summaries = [
            metadata.first("description")?.text, metadata.first("og:description")?.text,
            metadata.first("twitter:description")?.text,
        ].compactMap(\.self)
        cleaning.told = linked?.body
        cleaning.authors = article.authors
        cleaning.clean(&text)
        evidence += text.fill(&article, rule: rule, offset: 0)
        take(cleaning)
        readLeadImage()
    }

    /// Takes what stood among the text and has a place of its own in the record.
    private mutating func take(_ cleaning: BodyCleaning) {
        for notice in cleaning.corrections {
            note(
                "corrections[\(article.corrections.count)]", "html/correction", notice.range,
                .medium)
            article.corrections.append(String(decoding: notice.text, as: UTF8.self))
        }
        readContributors(cleaning.tail)
        if article.alternativeHeadline == nil, let standfirst = cleaning.standfirst {
            article.alternativeHeadline = String(decoding: standfirst.text, as: UTF8.self)
            note("alternativeHeadline", "html/standfirst", standfirst.range, .medium)
        }
    }

    /// The text of the element that holds the story; where that is hardly any, what the page's
    /// JSON-LD says it is, or else all that the page says.
    private func storyText() -> (HTMLText, rule: String) {
        var own = HTMLText.read(
            tree, within: container.root, base: address, marks: container.marks
        ) { container.leftOut[Int($0)] }
        if let linked, let body = linked.body, body.utf8.count >= 300,
            body.utf8.count > own.bytes * 2
        {
            let told = HTMLText.plain(Array(body.utf8))
            own.pieces = told.pieces.map { piece in
                var piece = piece
                piece.range = linked.range
                return piece
            }
            return (own, "json-ld/articleBody")
        }
        guard own.bytes < 250 else { return (own, "html/body") }
        let whole = HTMLText.read(
            tree, within: HTMLTree.root, base: address, marks: container.marks,
            readsUnseen: own.bytes == 0
        ) { own.bytes > 0 ? container.leftOut[Int($0)] : HTMLDiscard.isAside(tree[$0].tag) }
        var prose = whole
        prose.pieces.removeAll { $0.text.count < 80 || $0.linkBytes * 2 > $0.text.count }
        return prose.bytes > own.bytes * 2 + 200 ? (whole, "html/page") : (own, "html/body")
    }

    /// The paragraphs that stand between the title and the element that holds the story.
    private func proseAbove(_ text: HTMLText) -> [HTMLText.Piece] {
        guard let first = text.pieces.first else { return [] }
        let titles = survey.headings.map(\.node).filter { tree[$0].tag == .h1 }
        guard let title = titles.last(where: { range($0).upperBound <= first.range.lowerBound })
        else { return [] }
        var whole = container.root
        while whole >= 0, !tree.isNode(title, within: whole) { whole = tree[whole].parent }
        guard whole >= 0, whole != container.root, tree[whole].tag != .html else { return [] }
        let end = range(title).upperBound
        let above = HTMLText.read(
            tree, within: whole, base: address, marks: container.marks
        ) {
            // Later nodes stand below.
            $0 >= container.root || container.leftOut[Int($0)]
                || [.header, .hgroup, .details, .figure].contains(tree[$0].tag)
                    && !tree.isNode(title, within: $0)
        }
        let prose = above.pieces.filter {
            $0.kind == .paragraph && $0.range.lowerBound >= end
                && $0.range.upperBound <= first.range.lowerBound && $0.text.count >= 120
                && $0.linkBytes * 3 < $0.text.count
        }
        // A single one of some length is the standfirst.
        if prose.count == 1, prose[0].text.count < 400 { return [] }
        return prose
    }

    /// The pictures that stand in the same article above the element that holds the story.
    private func picturesAbove(_ known: [HTMLText.Found<Image>]) -> [HTMLText.Found<Image>] {
        var whole = container.root
        while whole >= 0, tree[whole].tag != .article, tree[whole].tag != .main {
            whole = tree[whole].parent
        }
        guard whole >= 0, whole != container.root else { return [] }
        var above: [HTMLText.Found<Image>] = []
        for node in tree.descendants(of: whole) {
            if node == container.root || above.count >= 10 { break }
            guard tree[node].tag == .figure, !container.leftOut[Int(node)] else { continue }
            above += HTMLText.read(tree, within: node, base: address).images
        }
        return above.filter { found in !known.contains { $0.value.url == found.value.url } }
    }

    /// Takes the picture of the head where the story shows none.
    private mutating func readLeadImage() {
        guard article.images.isEmpty else { return }
        if let linked, let image = linked.images.first {
            var image = image
            image.url = image.url.flatMap { CanonicalURL.resolved($0, base: address) }
            article.images.append(image)
            note("images[0]", "json-ld/image", linked.range)
        } else if let value = metadata.first("og:image", "twitter:image"),
            let url = CanonicalURL.resolved(value.text, base: address)
        {
            article.images.append(Image(alt: metadata.first("og:image:alt")?.text, url: url))
            note("images[0]", "meta/\(value.key)", value.range)
        }
    }

    // MARK: What the page is

    /// What was read.
    func reading() -> Reading {
        if let why = whyNoArticle() {
            return Reading(
                form: "html", encoding: page.encoding, finding: .noArticle(.noArticle, why))
        }
        var article = article
        Finishing.complete(&article, style: style, page: page)
        return Reading(
            form: "html", encoding: page.encoding, finding: .article(article),
            evidence: evidence + told(byText: article))
    }

    private func whyNoArticle() -> String? {
        if article.headline.isEmpty { return "page without a title" }
        let isDescribed = linked != nil || metadata.first("og:type")?.text.lowercased() == "article"
        let bytes = article.body.reduce(0) { $0 + $1.text.utf8.count }
        if bytes == 0, article.published == nil || article.images.isEmpty {
            return "page without text"
        }
        if let address, isListing(address), linked == nil, article.authors.isEmpty, !isProse(bytes)
        {
            return "listing, by its address"
        }
        if !isDescribed, article.published == nil, article.authors.isEmpty, bytes < 250 {
            return "page with hardly any text, no date and no author"
        }
        return nil
    }

    /// Whether the text is a story's whatever the address says: long paragraphs, few of them under
    /// a heading of their own.
    private func isProse(_ bytes: Int) -> Bool {
        let long = article.body.count { $0.kind == .paragraph && $0.text.utf8.count >= 120 }
        let headings = article.body.count { $0.kind == .heading }
        return bytes >= 2000 && long >= 4 && headings <= long + 2
    }

    /// Whether an address is a site's or a section's own: no path, or `/tag/…`, `/author/…`.
    private func isListing(_ address: String) -> Bool {
        guard let canonical = CanonicalURL.canonical(address) else { return false }
        let parts = canonical.split(separator: "/").dropFirst(2)
        guard let first = parts.first else { return !canonical.contains("?") }
        let listings: Set<Substring> = [
            "tag", "tags", "category", "categories", "author", "authors", "topic", "topics",
            "search", "archive", "archives", "section",
        ]
        return listings.contains(first) && parts.count <= 3
    }
}
