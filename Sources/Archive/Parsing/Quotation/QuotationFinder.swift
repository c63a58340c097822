internal import ArchiveProtocol

/// Finds what people are quoted with in an article, and who they are.
///
/// Only whole sentences are quotations; a word, a title or a part of a sentence between marks is
/// not listed, but in German, where the rest of the sentence reports what was said.
enum QuotationFinder {
    /// Bytes of a body that are searched; no story is as long.
    static let reach = 4 << 20
    /// Quotations of one article that are kept.
    static let most = 10_000

    /// A quotation with all its parts, each in one block.
    struct Found: Sendable {
        var quotation: Quotation
        /// The parts with the marks around them.
        var parts: [(block: Int, range: Range<Int>)]
    }

    /// The quotations of `body` in order, with their speakers by the fullest name given.
    static func quotations(in body: [Block], language: String?) -> [Quotation] {
        find(in: body, language: language).map(\.quotation)
    }

    /// The same with the place of each part.
    static func find(in body: [Block], language: String?) -> [Found] {
        let rules = QuotationLanguage.rules(for: language)
        var left = reach
        var blocks: [[UInt8]] = []
        for block in body {
            left -= block.text.utf8.count
            guard left >= 0 else { break }
            blocks.append(Array(block.text.utf8))
        }
        let style = QuotationMarks.style(of: blocks)
        guard style != .none || body.contains(where: { $0.kind == .quote }) else { return [] }
        let texts = blocks.enumerated().map { QuotationText($1, block: $0, rules, style) }
        var search = QuotationSearch(texts: texts, kinds: body.map(\.kind), language: rules)
        search.run()
        return search.found
    }

    /// Where ` — Jane Roe (@jroe) March 4, 2015` begins in a line, and the name in it; nil for a
    /// line that is no post.
    static func tweetTail(_ text: [UInt8]) -> (start: Int, name: Range<Int>)? {
        guard text.count < 600, let close = text.lastIndex(of: UInt8(ascii: ")")),
            close + 6 < text.count, TextScanning.isDigit(text[text.count - 1]),
            let open = text[..<close].lastIndex(of: UInt8(ascii: "(")),
            text[open + 1] == UInt8(ascii: "@"), open > 5
        else { return nil }
        let date = Array(text[(close + 2)...])
        guard NewsDateReader.read(date, source: "post", style: nil) != nil else { return nil }
        var at = open - 4
        while at >= 0 {
            if TextScanning.has("— ", at: at, in: text) { return (at, (at + 4)..<(open - 1)) }
            at -= 1
        }
        return nil
    }
}
