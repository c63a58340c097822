internal import ArchiveProtocol

/// One page of text while it is read, line by line.
struct PageTextReader {
    let lines: [TextLine]
    let page: Page
    let style: HouseStyle?
    var article = Article()
    var evidence: [Evidence] = []
    /// The next line to read.
    var next = 0
    /// The lines that each block of the body was read from.
    var blockRanges: [Range<Int>] = []
    /// Whether a byline or a date stood above the text.
    var hasCredit = false

    /// Whether the lines were cut out of a whole page, for their prose.
    var isCut: Bool { lines.first?.setting == .title }

    init(lines: [TextLine], page: Page, style: HouseStyle?) {
        self.lines = lines
        self.page = page
        self.style = style
    }

    /// Notes where a field was read.
    mutating func note(
        _ field: String, _ rule: String, _ range: Range<Int>,
        _ confidence: Evidence.Confidence? = nil
    ) {
        evidence.append(
            Evidence(
                field: field, rule: "page-text/" + rule, range: range, confidence: confidence))
    }

    /// Why what was read is no article; nil where it is one.
    var lack: String? {
        let address = page.capture.url.map(PageAddress.init)
        if article.body.isEmpty, article.images.isEmpty { return "no text follows the headline" }
        if isCut || hasCredit || address?.date != nil { return nil }
        if let first = article.body.first, Dateline.read(Array(first.text.utf8)) != nil {
            return nil
        }
        let prose = article.body.count { $0.text.utf8.count >= 80 && endsSentence($0.text) }
        let words = article.body.reduce(0) { $0 + TextScanning.wordCount($1.text.utf8) }
        if style != nil, prose >= 1 { return nil }
        if prose < 2 || words < 60 {
            return "no byline, no date and too little prose for a story"
        }
        return nil
    }

    private func endsSentence(_ text: String) -> Bool {
        TextScanning.endsSentence(Array(text.utf8))
    }

    /// Fills what is told by the whole.
    mutating func finish() {
        let before = article
        article.url = page.capture.url
        if let url = page.capture.url {
            let address = PageAddress(url)
            if article.published == nil { article.published = address.date }
            if article.section == nil { article.section = address.section(style?.section) }
        }
        Finishing.complete(&article, style: style, page: page)
        if before.dateline == nil, article.dateline != nil, let range = blockRanges.first {
            let paragraph = article.body.firstIndex { $0.kind == .paragraph } ?? 0
            note(
                "dateline", "dateline",
                paragraph < blockRanges.count ? blockRanges[paragraph] : range)
        }
        for (index, quotation) in article.quotations.enumerated()
        where quotation.paragraph < blockRanges.count {
            note("quotations[\(index)]", "quotation", blockRanges[quotation.paragraph])
        }
    }
}
