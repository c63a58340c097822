/// Reads a capture into an article: tells its form and its encoding, then asks the reader of that
/// form.
struct Parser: Sendable {
    /// Changes with every change of what is read, so that kept readings can be made anew.
    static let version = "6"

    private let pageText: PageTextParser
    private let html: HTMLParser
    private let markdown: MarkdownParser
    private let xmlNews: XMLNewsParser
    private let jsonNews: JSONNewsParser

    /// Makes the readers of all forms, with what is known about how outlets print.
    init(styles: HouseStyles) {
        pageText = PageTextParser(styles: styles)
        html = HTMLParser(styles: styles)
        markdown = MarkdownParser(styles: styles)
        xmlNews = XMLNewsParser(styles: styles)
        jsonNews = JSONNewsParser(styles: styles)
    }

    /// What is in `capture`, whatever its name says.
    ///
    /// - Throws: a refusal where bytes that should be text are none. A form that is not read is
    ///   no refusal: it is kept, and the reading says so.
    func read(_ capture: Capture) throws(Refusal) -> Reading {
        let head = Array(capture.bytes.prefix(Recognition.headBytes))
        let form = capture.form ?? Recognition.form(of: head, name: capture.name)
        switch form {
        case .empty:
            return Self.nothing(.empty, "the file is empty", form: form)
        case .pageText, .html, .markdown, .xml, .nitf, .newsML, .newsMessage, .feed, .json,
            .itemList:
            let page = try Charset.page(of: capture)
            if page.text.allSatisfy({ $0 == 0x20 || (9...13).contains($0) }) {
                return Self.nothing(
                    .empty, "the page holds white space only", form: form, encoding: page.encoding)
            }
            var reading = try read(page, as: form)
            if case .article = reading.finding, let mojibake = Mojibake(in: page.text) {
                reading.evidence.append(mojibake.evidence)
            }
            reading.evidence = reading.evidence.map { Self.traced($0, in: page) }
            reading.encodingSource = page.encodingSource
            reading.overruledEncodings = page.overruled
            reading.malformed = page.malformed
            return reading
        case .binary where !Self.isNamedAsText(capture.name):
            return Self.nothing(.unsupported, "a binary file of no known form", form: form)
        case .binary:
            guard head.count > 256, TextProbe.isText(Array(head.prefix(256))) else {
                throw Refusal(.notText, "named as text, but the bytes are no text", offset: 0)
            }
            throw Refusal(.typeMismatch, "begins as text and goes on as something else")
        default:
            return Self.nothing(.unsupported, "\(form.words) is not read", form: form)
        }
    }

    private func read(_ page: Page, as form: Form) throws(Refusal) -> Reading {
        switch form {
        case .html: try html.read(page)
        case .markdown: try markdown.read(page)
        case .xml, .nitf, .newsML, .newsMessage, .feed: try xmlNews.read(page)
        case .json, .itemList: try jsonNews.read(page)
        default: try pageText.read(page)
        }
    }

    /// Evidence that points into the capture instead of the text.
    private static func traced(_ evidence: Evidence, in page: Page) -> Evidence {
        var traced = evidence
        traced.range = page.source(of: evidence.range)
        return traced
    }

    private static func nothing(
        _ reason: Reason, _ detail: String, form: Form, encoding: String = ""
    ) -> Reading {
        Reading(form: form.rawValue, encoding: encoding, finding: .noArticle(reason, detail))
    }

    private static func isNamedAsText(_ name: [UInt8]) -> Bool {
        let lower = name.suffix(9).map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        return [".txt", ".text", ".html", ".htm", ".md", ".markdown"].contains { suffix in
            lower.count >= suffix.utf8.count
                && lower.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
        }
    }
}
