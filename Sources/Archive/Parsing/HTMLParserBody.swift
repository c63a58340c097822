internal import ArchiveProtocol

/// The story itself, and whether there is one.
extension HTMLDraft {
    /// Takes text, pictures, links and embedded documents of the element that holds the story.
    mutating func readBody() {
        var text = HTMLText.read(tree, within: container.root, base: address) {
            container.leftOut[Int($0)]
        }
        dropRepeated(&text)
        text.images.insert(contentsOf: picturesAbove(text.images), at: 0)
        evidence += text.fill(&article, rule: "html/body", offset: 0)
        readLeadImage()
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

    /// Drops what the record has elsewhere, and headings with nothing under them.
    private func dropRepeated(_ text: inout HTMLText) {
        let headline = Array(article.headline.utf8)
        if let byline = article.byline.map({ Array($0.utf8) }) {
            text.pieces.removeAll { $0.text == byline && $0.kind != .heading }
        }
        text.pieces.removeAll { piece in
            piece.text == headline || Self.isLinkLine(piece) || Self.isMark(piece)
        }
        while text.pieces.last?.kind == .heading { text.pieces.removeLast() }
        var kept: [HTMLText.Piece] = []
        for piece in text.pieces where kept.last?.text != piece.text { kept.append(piece) }
        text.pieces = kept
    }

    /// A block that is nothing but a link is an offer, not a sentence.
    private static func isLinkLine(_ piece: HTMLText.Piece) -> Bool {
        piece.kind != .heading && piece.linkBytes * 10 > piece.text.count * 9
            && piece.text.count < 200
    }

    /// A block without a letter: a rule of dots or stars, an arrow.
    private static func isMark(_ piece: HTMLText.Piece) -> Bool {
        !piece.text.contains { byte in
            byte >= 0xC3 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
                || (byte >= 0x30 && byte <= 0x39)
        }
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
            form: "html", encoding: page.encoding, finding: .article(article), evidence: evidence)
    }

    private func whyNoArticle() -> String? {
        if article.headline.isEmpty { return "page without a title" }
        let isDescribed = linked != nil || metadata.first("og:type")?.text.lowercased() == "article"
        let bytes = article.body.reduce(0) { $0 + $1.text.utf8.count }
        if bytes == 0, article.published == nil || article.images.isEmpty {
            return "page without text"
        }
        if let address, isListing(address), linked == nil, article.authors.isEmpty {
            return "listing, by its address"
        }
        if !isDescribed, article.published == nil, article.authors.isEmpty, bytes < 250 {
            return "page with hardly any text, no date and no author"
        }
        return nil
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
