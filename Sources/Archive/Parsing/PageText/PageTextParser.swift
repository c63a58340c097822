internal import ArchiveProtocol

/// Reads the visible text of a saved news page into an article.
///
/// The text has no markup: what a line is shows in its words, its length, its neighbours and the
/// empty lines around it. A house style raises the quality and is not needed.
struct PageTextParser: Sendable {
    /// Lines beyond which a page is no story; each costs more memory than its bytes.
    static let mostLines = 100_000

    private let styles: HouseStyles

    init(styles: HouseStyles) { self.styles = styles }

    /// What `page` is: an article with the evidence of each field, or why there is none.
    func read(_ page: Page) throws(Refusal) -> Reading {
        var lines = TextLine.lines(of: page.text, limit: Self.mostLines + 1)
        guard !lines.isEmpty else {
            return reading(page, .noArticle(.empty, "the page has no text"))
        }
        guard lines.count <= Self.mostLines else {
            return reading(page, .noArticle(.noArticle, "the page has more lines than a story has"))
        }
        var page = page
        let address = PageTextAddress.take(from: &lines)
        if let address, page.capture.url == nil { page = page.captured(from: address.url) }
        let style = styles.style(for: page)
        lines = PageTextLayout.plain(lines)
        PageTextFurniture.removeNamed(from: &lines, style: style)
        if let cut = PageTextStory.cut(lines, style: style) {
            lines = cut.lines
            if let what = PageTextKind.listing(cut.whole, page: page, style: style) {
                return reading(page, .noArticle(.noArticle, what))
            }
        } else {
            PageTextFurniture.removeCommon(from: &lines, style: style)
            if let what = PageTextKind.otherThanArticle(lines, page: page, style: style) {
                return reading(page, .noArticle(.noArticle, what))
            }
        }
        var reader = PageTextReader(lines: lines, page: page, style: style)
        if let address { reader.note("url", "address", address.range) }
        guard reader.readHead() else {
            return reading(page, .noArticle(.noArticle, "no headline was found"))
        }
        reader.readBody()
        if let lack = reader.lack { return reading(page, .noArticle(.noArticle, lack)) }
        reader.finish()
        var reading = reading(page, .article(reader.article))
        reading.evidence = reader.evidence
        return reading
    }

    private func reading(_ page: Page, _ finding: Reading.Finding) -> Reading {
        Reading(form: "page-text", encoding: page.encoding, finding: finding)
    }
}
