internal import ArchiveProtocol

/// Reads an article out of a Markdown file, as site generators and rescue scrapers write them:
/// front matter, then a body in Markdown or in the HTML of the page.
struct MarkdownParser {
    private let styles: HouseStyles

    init(styles: HouseStyles) { self.styles = styles }

    /// Reads the article of `page`.
    func read(_ page: Page) throws(Refusal) -> Reading {
        var draft = MarkdownDraft(page: page, styles: styles)
        let start: Int
        if let front = FrontMatter(page.text) {
            draft.take(front)
            start = front.bodyStart
        } else {
            start = page.origin > 0 && page.text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        }
        if MarkdownText.isHTML(page.text, from: start) {
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
        if let field = front.first("date", "published", "datepublished", "pubdate", "publish_date"),
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
        if let field = front.first("canonical", "canonical_url", "url", "original_url", "link"),
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
        if !hasFrontMatter { takeHead(of: &text) }
        take(text, rule: "markdown", offset: 0)
    }

    /// Takes headline, byline and date from the lines that a file without front matter opens with.
    private mutating func takeHead(of text: inout HTMLText) {
        guard let first = text.pieces.first, first.kind == .heading else { return }
        article.headline = String(decoding: first.text, as: UTF8.self)
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
