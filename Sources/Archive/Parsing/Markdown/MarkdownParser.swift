internal import ArchiveProtocol

/// Reads an article out of a Markdown file, as site generators and rescue scrapers write them:
/// front matter, then a body in Markdown or in the HTML of the page.
struct MarkdownParser {
    private let styles: HouseStyles

    init(styles: HouseStyles) { self.styles = styles }

    /// Reads the article of `page`.
    func read(_ page: Page) throws(Refusal) -> Reading {
        let front = FrontMatter(page.text)
        let start = front?.bodyStart ?? (page.text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        // Where links of Markdown stand in it, tags only frame it.
        let isHTML =
            MarkdownText.isHTML(page.text, from: start)
            && !MarkdownText.holdsLinks(page.text, from: start)
        if front == nil, isHTML { return try HTMLParser(styles: styles).read(page) }
        var draft = MarkdownDraft(page: page, styles: styles)
        if let front { draft.take(front) }
        if isHTML {
            try draft.takeHTML(from: start)
        } else {
            try draft.takeMarkdown(from: start)
        }
        return draft.reading()
    }
}

/// An article while its Markdown file is read.
struct MarkdownDraft {
    private let page: Page
    private let style: HouseStyle?
    private var article = Article()
    private var evidence: [Evidence] = []
    private var hasFrontMatter = false

    init(page: Page, styles: HouseStyles) {
        self.page = page
        let host = page.capture.url.flatMap(CanonicalURL.host)
        style = host.flatMap(styles.style(forHost:)) ?? styles.style(forText: page.text)
        article.url = page.capture.url.flatMap(CanonicalURL.canonical)
    }

    // MARK: Front matter

    /// Takes the fields of the front matter.
    mutating func take(_ front: FrontMatter) {
        hasFrontMatter = true
        if let title = front.first("title", "headline") {
            article.headline = title.values[0]
            note("headline", "front-matter/\(title.key)", title.range)
        }
        if let other = front.first("subtitle", "alternativeheadline", "alternative_headline") {
            article.alternativeHeadline = other.values[0]
            note("alternativeHeadline", "front-matter/\(other.key)", other.range)
        }
        takeAuthors(front)
        if let field = front.first(
            "date", "published", "datepublished", "pubdate", "publish_date", "published_time",
            "published time", "published_at", "publishdate", "date_published", "published_date",
            "publication_date"),
            let date = date(field.values[0])
        {
            article.published = date
            note("published", "front-matter/\(field.key)", field.range)
        }
        if let field = front.first(
            "updated", "modified", "lastmod", "datemodified", "last_modified"),
            let date = date(field.values[0])
        {
            article.modified = date
            note("modified", "front-matter/\(field.key)", field.range)
        }
        if let field = front.first("section", "category", "categories") {
            article.section = field.values[0]
            note("section", "front-matter/\(field.key)", field.range)
        }
        if let field = front.first("outlet", "publisher", "publication", "site") {
            article.outlet = field.values[0]
            note("outlet", "front-matter/\(field.key)", field.range)
        }
        if let field = front.first(
            "canonical", "canonical_url", "url", "original_url", "link", "source", "url source",
            "source_url", "source url"),
            let url = CanonicalURL.canonical(field.values[0])
        {
            article.url = url
            note("url", "front-matter/\(field.key)", field.range)
        }
        if let field = front.first("language", "lang") {
            article.language = field.values[0]
            note("language", "front-matter/\(field.key)", field.range)
        }
    }

    private mutating func takeAuthors(_ front: FrontMatter) {
        if let field = front.first("byline") {
            let byline = Byline.read(field.values[0], style: style)
            article.byline = byline?.text ?? field.values[0]
            article.authors = byline?.authors ?? Byline.authors(in: field.values[0])
            note("byline", "front-matter/byline", field.range)
            note("authors", "front-matter/byline", field.range)
        }
        guard let field = front.first("author", "authors", "writer", "creator") else { return }
        let names =
            field.values.count == 1 ? Byline.authors(in: field.values[0]) : field.values
        article.authors = names.isEmpty ? field.values : names
        note("authors", "front-matter/\(field.key)", field.range)
    }

    private func date(_ text: String) -> NewsDate? {
        NewsDateReader.read(text, source: "front-matter", style: style)
    }

    // MARK: Body

    /// Takes a body that is a page's HTML.
    mutating func takeHTML(from start: Int) throws(Refusal) {
        let tree = try HTMLTreeBuilder.tree(of: Array(page.text[start...]))
        let text = HTMLText.read(tree, within: HTMLTree.root, base: article.url)
        take(text, rule: "markdown/html", offset: start)
    }

    /// Takes a body in Markdown.
    mutating func takeMarkdown(from start: Int) throws(Refusal) {
        var reader = MarkdownText(text: page.text, base: article.url)
        var text = try reader.read(from: start)
        if !article.headline.isEmpty {
            dropTitle(of: &text)
        } else if takePage(text, titles: reader.titles) {
            return
        } else {
            takeHead(of: &text)
        }
        take(text, rule: "markdown", offset: 0)
    }

    /// Drops the headline where the text repeats it above its first paragraph.
    private func dropTitle(of text: inout HTMLText) {
        let title = Title(article.headline)
        guard let first = text.pieces.first, first.kind == .heading,
            Title(String(decoding: first.text, as: UTF8.self)).key == title.key
        else { return }
        text.pieces.removeFirst()
    }

    /// Takes the story out of a whole page that was turned into Markdown, its menus and offers
    /// left out; false where the text is a story alone.
    private mutating func takePage(_ text: HTMLText, titles: Set<Int>) -> Bool {
        let lines = text.pieces.map { TextLine($0, isTitle: titles.contains($0.range.lowerBound)) }
        // A reader's extract opens with the title of its page and has few lines of links.
        let isExtract =
            lines.prefix(3).contains { $0.setting == .title }
            && lines.count(where: { $0.setting == .link }) * 5 < lines.count
        guard !isExtract, let cut = PageTextStory.cut(lines, style: style),
            PageTextKind.listing(cut.whole, page: page, style: style) == nil
        else { return false }
        var reader = PageTextReader(lines: cut.lines, page: page, style: style)
        guard reader.readHead() else { return false }
        reader.readBody()
        reader.article.url = article.url
        article = reader.article
        evidence += reader.evidence
        let kinds = Dictionary(
            text.pieces.map { ($0.range.lowerBound, $0.kind) }, uniquingKeysWith: { $1 })
        for (index, range) in reader.blockRanges.enumerated() {
            article.body[index].kind = kinds[range.lowerBound] ?? article.body[index].kind
        }
        let first = cut.lines.map(\.range.lowerBound).min() ?? 0
        let last = cut.whole.last?.range.upperBound ?? 0
        var rest = text
        rest.pieces = []
        rest.images.removeAll { !(first..<last).contains($0.range.lowerBound) }
        rest.embeds.removeAll { !(first..<last).contains($0.range.lowerBound) }
        rest.related.removeAll { !(first..<last).contains($0.range.lowerBound) }
        take(rest, rule: "markdown", offset: 0)
        return true
    }

    /// Takes headline, byline and date from the lines that a file without front matter opens with.
    private mutating func takeHead(of text: inout HTMLText) {
        // Above the headline an export may set a picture's words or a section.
        let above = text.pieces.prefix(3).prefix { $0.kind != .heading }
        guard above.count < min(3, text.pieces.count), above.allSatisfy({ $0.text.count < 200 })
        else { return }
        text.pieces.removeFirst(above.count)
        guard let first = text.pieces.first else { return }
        article.headline = TextScanning.string(PageTextWords.withoutSite(first.text, style: style))
        note("headline", "markdown/heading", first.range)
        text.pieces.removeFirst()
        for _ in 0..<2 {
            guard let piece = text.pieces.first, piece.text.count <= 200 else { return }
            let line = String(decoding: piece.text, as: UTF8.self)
            if article.authors.isEmpty, let byline = Byline.read(line, style: style) {
                article.byline = byline.text
                article.authors = byline.authors
                note("byline", "markdown/byline", piece.range)
                note("authors", "markdown/byline", piece.range)
                if let date = byline.published {
                    article.published = date
                    note("published", "markdown/byline", piece.range)
                }
                if let date = byline.modified {
                    article.modified = date
                    note("modified", "markdown/byline", piece.range)
                }
            } else if article.published == nil, piece.text.count <= 60,
                let date = NewsDateReader.read(line, source: "date-line", style: style)
            {
                article.published = date
                note("published", "markdown/date-line", piece.range)
            } else {
                return
            }
            text.pieces.removeFirst()
        }
    }

    private mutating func take(_ text: HTMLText, rule: String, offset: Int) {
        evidence.append(contentsOf: text.fill(&article, rule: rule, offset: offset))
    }

    private mutating func note(_ field: String, _ rule: String, _ range: Range<Int>) {
        evidence.append(Evidence(field: field, rule: rule, range: range))
    }

    // MARK: What it is

    /// What was read.
    func reading() -> Reading {
        var reading = Reading(
            form: "markdown", encoding: page.encoding, finding: finding(), evidence: evidence)
        if case .noArticle = reading.finding { reading.evidence = [] }
        return reading
    }

    private func finding() -> Reading.Finding {
        guard !article.headline.isEmpty else {
            return .noArticle(.noArticle, "markdown without a headline")
        }
        // A story told in pictures has no text, and is a story when somebody signed or dated it.
        let isSigned = hasFrontMatter && (article.published != nil || !article.authors.isEmpty)
        guard isSigned || !article.body.isEmpty else {
            return .noArticle(.noArticle, "markdown with a headline and no text")
        }
        var article = article
        Finishing.complete(&article, style: style, page: page)
        return .article(article)
    }
}

extension TextLine {
    /// A block of Markdown as a line of a page.
    fileprivate init(_ piece: HTMLText.Piece, isTitle: Bool) {
        self.init(range: piece.range, text: piece.text, afterGap: true)
        if piece.kind == .heading {
            setting = isTitle ? .title : .heading
        } else if piece.linkBytes * 10 >= piece.text.count * 8 {
            setting = .link
        }
    }
}
