internal import ArchiveProtocol

/// An article while an exchange form of news is read: a field that was taken is not taken again.
struct NewsDraft {
    let page: Page
    let styles: HouseStyles
    /// The form that the document turned out to have.
    let form: String
    var article = Article()
    var evidence: [Evidence] = []
    /// The address against which links are read.
    var base: String?
    /// What the publisher says of the story, where it may not be shown.
    var withdrawal: WithdrawalNotice.Status?
    /// Who holds the rights: the outlet, where nothing else names it.
    var owner: (name: String, place: Range<Int>)?
    /// A title to take where there is no headline.
    var spareTitle: (text: String, place: Range<Int>)?
    /// When the versions were made, oldest first, for a text without dates of its own.
    var versions: [(text: String, rule: String, place: Range<Int>)] = []

    /// Words of a text that stands for a story; a summary with fewer is none.
    static let wordLimit = 20

    init(page: Page, styles: HouseStyles, form: String) {
        self.page = page
        self.styles = styles
        self.form = form
        base = page.capture.url
    }

    mutating func note(_ field: String, _ rule: String, _ range: Range<Int>) {
        let whole = 0..<page.text.count
        evidence.append(
            Evidence(field: field, rule: "\(form)/\(rule)", range: range.clamped(to: whole)))
    }

    // MARK: Fields

    /// Takes a field of text.
    mutating func take(
        _ field: String, _ path: WritableKeyPath<Article, String?>, _ text: String?,
        _ rule: String, _ range: Range<Int>
    ) {
        guard article[keyPath: path] == nil, let text = Self.line(text) else { return }
        article[keyPath: path] = text
        note(field, rule, range)
    }

    mutating func takeHeadline(_ text: String?, _ rule: String, _ range: Range<Int>) {
        guard article.headline.isEmpty, let text = Self.line(text) else { return }
        article.headline = text
        note("headline", rule, range)
    }

    mutating func takeAlternative(_ text: String?, _ rule: String, _ range: Range<Int>) {
        guard Self.line(text) != article.headline else { return }
        take("alternativeHeadline", \.alternativeHeadline, text, rule, range)
    }

    /// Takes the printed credit, and the names in it where none are known.
    mutating func takeByline(_ text: String?, _ rule: String, _ range: Range<Int>) {
        take("byline", \.byline, text, rule, range)
        guard let text = Self.line(text) else { return }
        // `gr/bp` are the marks of desks, no names.
        let names = Byline.authors(in: text).filter { name in
            name.utf8.contains { (0x41...0x5a).contains($0) || $0 >= 0x80 }
        }
        takeAuthors(names, rule, range)
    }

    mutating func takeAuthors(_ names: [String], _ rule: String, _ range: Range<Int>) {
        guard article.authors.isEmpty else { return }
        var authors: [String] = []
        for name in names.prefix(50) {
            guard let name = Self.line(name), name.utf8.count <= 200, !authors.contains(name)
            else { continue }
            authors.append(name)
        }
        guard !authors.isEmpty else { return }
        article.authors = authors
        note("authors", rule, range)
    }

    mutating func takeDate(
        _ field: String, _ path: WritableKeyPath<Article, NewsDate?>, _ text: String?,
        _ rule: String, _ range: Range<Int>
    ) {
        guard article[keyPath: path] == nil, let date = Self.date(text, source: form) else {
            return
        }
        article[keyPath: path] = date
        note(field, rule, range)
    }

    /// Takes the address of the story, where `text` is one of the web.
    mutating func takeAddress(_ text: String?, _ rule: String, _ range: Range<Int>) {
        guard article.url == nil, let text = Self.line(text),
            let resolved = CanonicalURL.resolved(text, base: base),
            let url = CanonicalURL.canonical(resolved)
        else { return }
        article.url = url
        note("url", rule, range)
        if base == nil { base = resolved }
    }

    /// Takes the language, its tag written as BCP 47 recommends.
    mutating func takeLanguage(_ tag: String?, _ rule: String, _ range: Range<Int>) {
        guard let tag = Self.line(tag), tag.utf8.count <= 35 else { return }
        let parts = tag.split { $0 == "-" || $0 == "_" }
        let written = parts.enumerated().map { index, part in
            if index == 0 { return part.lowercased() }
            if part.utf8.count == 2 { return part.uppercased() }
            return String(part)
        }
        take("language", \.language, written.joined(separator: "-"), rule, range)
    }

    mutating func takeCorrection(_ text: String?, _ rule: String, _ range: Range<Int>) {
        guard let text = Self.line(text), !article.corrections.contains(text) else { return }
        note("corrections[\(article.corrections.count)]", rule, range)
        article.corrections.append(text)
    }

    mutating func takeImage(_ image: Image, _ rule: String, _ range: Range<Int>) {
        guard image != Image(), article.images.count < 200,
            image.url == nil || !article.images.contains(where: { $0.url == image.url })
        else { return }
        note("images[\(article.images.count)]", rule, range)
        article.images.append(image)
    }

    mutating func takeRelated(_ link: RelatedLink, _ rule: String, _ range: Range<Int>) {
        guard article.related.count < 500, !article.related.contains(link) else { return }
        note("related[\(article.related.count)]", rule, range)
        article.related.append(link)
    }

    /// Takes the text, without what the record has elsewhere.
    mutating func takeBody(_ text: HTMLText, _ rule: String) {
        var text = text
        let known = [article.headline, article.byline ?? ""].map { Array($0.utf8) }
        var isHead = true
        text.pieces.removeAll { piece in
            if isHead, known.contains(piece.text) { return true }
            isHead = isHead && piece.kind == .heading
            return !piece.text.contains { $0 >= 0x80 || TextScanning.isWordByte($0) }
        }
        text.images.removeAll { found in
            article.images.contains { $0.url != nil && $0.url == found.value.url }
        }
        evidence += text.fill(&article, rule: "\(form)/\(rule)", offset: 0)
    }

    /// The blocks of what stands within an element.
    ///
    /// Wires put a whole story into one paragraph, on lines of which those that are indented
    /// begin a paragraph.
    func markup(_ tree: XMLTree, _ node: Int32) -> HTMLText {
        let text = HTMLText.read(
            tree.html(of: node), within: HTMLTree.root, base: tree.base(node, base))
        guard text.pieces.count == 1, text.pieces[0].text.count > 400, text.images.isEmpty else {
            return text
        }
        let data = EscapedMarkup(tree, node)
        let plain = HTMLText.plain(data.bytes)
        let lines = data.bytes.split(separator: 0x0a).count { !$0.allSatisfy(HTMLBytes.isSpace) }
        // Lines that are all indented were so by a program.
        let isLaidOut = plain.pieces.count > 2 && plain.pieces.count * 3 <= lines * 2
        return isLaidOut ? plain.traced(data.source(of:)) : text
    }

    // MARK: Words

    /// A caption and a credit, parted where only the caption is given.
    static func words(
        _ caption: String?, _ credit: String?
    ) -> (caption: String?, credit: String?) {
        guard let caption = line(caption), line(credit) == nil else {
            return (line(caption), line(credit))
        }
        return HTMLPicture.split(Array(caption.utf8))
    }

    /// A text on one line; nil where it is empty.
    static func line(_ text: String?) -> String? {
        guard let text else { return nil }
        let folded = HTMLBytes.folded(Array(text.utf8))
        return folded.isEmpty ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// The date of a wire form: ISO 8601, also without its signs as in `20130605T210000+0000`.
    static func date(_ text: String?, source: String) -> NewsDate? {
        guard let text = line(text) else { return nil }
        var bytes = Array(text.utf8.prefix(100))
        let digits = bytes.prefix { TextScanning.isDigit($0) }.count
        if digits == 8, bytes.count >= 13, bytes[8] == UInt8(ascii: "T") {
            bytes = separated(bytes)
        }
        if let dot = bytes.firstIndex(of: 0x2e), dot >= 19, bytes.count > 10, bytes[4] == 0x2d {
            // Parts of a second are no news.
            let end = bytes[(dot + 1)...].firstIndex { !TextScanning.isDigit($0) } ?? bytes.count
            bytes.removeSubrange(dot..<end)
        }
        return NewsDateReader.read(HTMLBytes.folded(bytes), source: source, style: nil)
    }

    private static func separated(_ bytes: [UInt8]) -> [UInt8] {
        let time = bytes[9...].prefix { TextScanning.isDigit($0) }
        guard time.count == 4 || time.count == 6 else { return bytes }
        var date = bytes[..<4] + [0x2d] + bytes[4..<6] + [0x2d] + bytes[6..<9]
        date += bytes[9..<11] + [0x3a] + bytes[11..<13]
        if time.count == 6 { date += [0x3a] + bytes[13..<15] }
        return Array(date) + bytes[time.endIndex...]
    }

    /// What the word of a status says; nil where the story may be shown.
    ///
    /// `stat:canceled`, `http://cv.iptc.org/newscodes/pubstatusg2/canceled`, `Canceled`.
    static func status(_ word: String?) -> WithdrawalNotice.Status? {
        guard let word = line(word)?.lowercased() else { return nil }
        switch word.split(whereSeparator: { $0 == ":" || $0 == "/" || $0 == "#" }).last {
        case "canceled", "cancelled", "withdrawn", "killed": return .canceled
        case "withheld": return .withheld
        default: return nil
        }
    }

    // MARK: What it is

    /// What was read: an article where it has a text, else `why`.
    func reading(orElse why: String) -> Reading {
        if let withdrawal { return withdrawalReading(withdrawal) }
        guard !article.body.isEmpty else { return nothing(.noArticle, why) }
        var article = article
        if article.modified?.value == article.published?.value { article.modified = nil }
        let host = article.url.flatMap(CanonicalURL.host)
        let style = host.flatMap(styles.style(forHost:)) ?? styles.style(forText: page.text)
        Finishing.complete(&article, style: style, page: page)
        return Reading(
            form: form, encoding: page.encoding, finding: .article(article),
            evidence: evidence.filter { $0.field != "modified" || article.modified != nil })
    }

    /// Why there is no article, with the headline that it would have had.
    func nothing(_ reason: Reason, _ why: String) -> Reading {
        var words = why
        if !article.headline.isEmpty { words += ": \(article.headline.prefix(160))" }
        return Reading(
            form: form, encoding: page.encoding, finding: .noArticle(reason, words))
    }

    private func withdrawalReading(_ status: WithdrawalNotice.Status) -> Reading {
        let date =
            versions.last.flatMap { Self.date($0.text, source: form) } ?? article.modified
            ?? article.published
        let notice = WithdrawalNotice(
            status: status, url: article.url, identifier: article.identifier,
            outlet: article.outlet, headline: article.headline.isEmpty ? nil : article.headline,
            issued: date.flatMap { Self.instant($0) }, words: article.corrections.first)
        return Reading(
            form: form, encoding: page.encoding, finding: .withdrawal(notice), evidence: evidence)
    }

    /// The date as RFC 3339 has it, where it is an instant.
    private static func instant(_ date: NewsDate) -> String? {
        var value = date.value
        let tail = value.utf8.dropFirst(16)
        guard date.precision == .minute || date.precision == .second,
            tail.contains(where: { $0 == 0x2b || $0 == 0x2d || $0 == 0x5a })
        else { return nil }
        if date.precision == .minute {
            value.insert(contentsOf: ":00", at: value.index(value.startIndex, offsetBy: 16))
        }
        return value
    }
}

extension HTMLText {
    /// Words in all blocks; in scripts without spaces, two letters count as one.
    var wordCount: Int {
        pieces.reduce(0) { count, piece in
            let wide = piece.text.count { (0xe3...0xed).contains($0) }
            return count + TextScanning.wordCount(piece.text) + wide / 2
        }
    }
}
