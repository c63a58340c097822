internal import ArchiveProtocol

/// The last step of every reader: fills what the text itself tells, where a page told nothing.
enum Finishing {
    /// Fills dateline, quotations, language, word count, outlet and offsets where they are empty.
    static func complete(_ article: inout Article, style: HouseStyle?, page: Page) {
        let body = article.body.map { Array($0.text.utf8) }
        if article.dateline == nil,
            let first = article.body.firstIndex(where: { $0.kind == .paragraph })
        {
            article.dateline = Dateline.read(body[first])?.text
        }
        if article.language == nil { article.language = Language.tag(of: body) }
        if article.quotations.isEmpty {
            article.quotations = QuotationFinder.quotations(
                in: article.body, language: article.language)
        }
        if article.wordCount == 0 {
            article.wordCount = body.reduce(0) { $0 + TextScanning.wordCount($1) }
        }
        guard let style else { return }
        if article.outlet == nil { article.outlet = style.outlet }
        guard lacksOffset(article.published) || lacksOffset(article.modified) else { return }
        let local = style.edition(for: page)
        article.published = article.published.map { withOffset($0, local) }
        article.modified = article.modified.map { withOffset($0, local) }
    }

    /// Whether a date has a time of day and no offset.
    private static func lacksOffset(_ date: NewsDate?) -> Bool {
        guard let date, date.precision == .minute || date.precision == .second else { return false }
        return !date.value.utf8.dropFirst(11).contains {
            $0 == 0x2B || $0 == 0x2D || $0 == UInt8(ascii: "Z")
        }
    }

    /// The date with the offset of the style's clocks, where it has a time of day and none.
    private static func withOffset(_ date: NewsDate, _ style: HouseStyle) -> NewsDate {
        guard lacksOffset(date) else { return date }
        return NewsDateReader.read(date.value, source: date.source, style: style) ?? date
    }
}
