import ArchiveProtocol

@testable import Archive

/// Reads a page, and holds the reading against what is promised of every reading.
enum Pages {
    private static let parser = Parser(styles: .none)

    static func read(_ bytes: [UInt8], name: String) {
        read(Capture(name: Array(name.utf8), bytes: bytes))
    }

    static func read(_ capture: Capture) {
        guard let reading = try? parser.read(capture) else { return }
        for item in reading.evidence {
            demand(item.range.lowerBound >= 0 && item.range.upperBound <= capture.bytes.count) {
                "\(item.field) by \(item.rule) is read from within the page, not \(item.range)"
            }
        }
        guard case .article(let article) = reading.finding else { return }
        check(article)
        Talk.check(PreparedArticle(article, reading: reading, capture: capture), of: capture)
    }

    private static func check(_ article: Article) {
        for block in article.body {
            demand(!block.text.utf8.contains(0x0A)) { "no line feed in a block: \(block.text)" }
            demand(!block.text.isEmpty) { "no block is empty" }
        }
        for quotation in article.quotations { check(quotation, in: article.body) }
        for date in [article.published, article.modified].compactMap(\.self) { check(date) }
    }

    /// A quotation stands where it says, and cuts no character.
    static func check(_ quotation: Quotation, in body: [Block]) {
        demand(body.indices.contains(quotation.paragraph)) { "a quotation is of a block" }
        let text = Array(body[quotation.paragraph].text.utf8)
        let (low, high) = (quotation.range.lowerBound, quotation.range.upperBound)
        demand(low >= 0 && high <= text.count) {
            "a quotation is within its block of \(text.count): \(quotation.range)"
        }
        for place in [low, high] where place < text.count {
            demand(text[place] & 0xC0 != 0x80) { "a quotation is cut in a character: \(quotation)" }
        }
    }

    /// A date is of the calendar, has the form of its precision, and can be asked for.
    static func check(_ date: NewsDate) {
        demand(DateRange(since: date.value, until: date.value) != nil) {
            "a date is one of the calendar: \(date)"
        }
        let count = date.value.utf8.count
        let fits =
            switch date.precision {
            case .year: count == 4
            case .month: count == 7
            case .day: count == 10
            case .minute: count >= 16
            case .second: count >= 19
            }
        demand(fits) { "a date has the form of its precision: \(date)" }
    }
}
