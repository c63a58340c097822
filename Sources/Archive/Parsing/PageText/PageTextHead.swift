internal import ArchiveProtocol

extension PageTextReader {
    /// Reads headline, byline and dates; false where nothing is like a headline.
    mutating func readHead() -> Bool {
        if isCut {
            readCutHead()
            return true
        }
        let credit = creditLine()
        let limit = credit ?? headEnd()
        guard let headline = headline(before: limit) ?? credit.flatMap(headlineAfter) else {
            return false
        }
        article.headline = TextScanning.string(lines[headline].text)
        note("headline", "headline", lines[headline].range)
        if headline + 1 < limit { readStandfirst(headline + 1, limit) }
        next = max(headline + 1, credit ?? 0)
        if let credit, credit < headline { readCredit(credit) }
        let end = min(lines.count, next + 12)
        while next < end, readCredit(next) { next += 1 }
        return true
    }

    /// The first line above the text that is a byline or a date.
    private func creditLine() -> Int? {
        var prose = 0
        for index in lines.indices.prefix(40) {
            let text = lines[index].text
            if isDate(text) != nil || Byline.read(text, style: style) != nil { return index }
            if Dateline.read(text) != nil, text.count > 80 { return nil }
            if text.count > 160, TextScanning.endsSentence(text) { prose += 1 }
            if prose >= 3 { return nil }
        }
        return nil
    }

    /// Without a credit: the first line of text or of a picture.
    private func headEnd() -> Int {
        for index in lines.indices.prefix(40) {
            let text = lines[index].text
            if text.count > 120, TextScanning.endsSentence(text) { return index }
            if text.count > 60, Dateline.read(text) != nil { return index }
            if captionLines(at: index) > 0 { return index }
        }
        return min(lines.count, 40)
    }

    private func isDate(_ text: [UInt8]) -> NewsDate? { PageTextCredit.date(text, style: style) }

    /// How much a line is like a headline: 0 not at all.
    private func rank(_ text: [UInt8]) -> Int {
        guard text.count >= 4, text.count <= 300, text.contains(where: { $0 >= 0x41 }) else {
            return 0
        }
        let words = TextScanning.wordCount(text)
        let isCJK = text.count { $0 >= 0xE3 } * 4 > text.count
        if words < 2, !isCJK { return 0 }
        let isSentence = text.last == UInt8(ascii: ".") && TextScanning.endsSentence(text)
        let isLink = TextScanning.ends(text, with: "»") || text.last == UInt8(ascii: ":")
        if isLink || TextScanning.has("http", at: 0, in: text) { return 0 }
        return isSentence ? 1 : words >= 4 || isCJK ? 3 : 2
    }

    /// The headline among the lines above `limit`: the last of those most like one, but of two
    /// such lines the first where the second is the longer standfirst.
    private func headline(before limit: Int) -> Int? {
        let ranks = (0..<limit).map { rank(lines[$0].text) }
        guard let best = ranks.max(), best > 0, let last = ranks.lastIndex(of: best) else {
            return nil
        }
        // A page that is credited nowhere must at least print a title that is no sentence.
        if limit == lines.count || !(lines.indices.contains(limit)), best < 2 { return nil }
        if creditLine() == nil { return best < 2 ? nil : ranks.firstIndex(of: best) }
        guard let before = ranks[..<last].lastIndex(of: best), best == 3 else { return last }
        let titles = (isTitleCase(lines[before].text), isTitleCase(lines[last].text))
        if titles.0 != titles.1 { return titles.0 ? before : last }
        let isStandfirst =
            lines[last].text.count > lines[before].text.count
            && TextScanning.wordCount(lines[before].text) >= 5
        return isStandfirst ? before : last
    }

    /// Whether most words begin with a capital, as headlines in English do.
    private func isTitleCase(_ text: [UInt8]) -> Bool {
        let words = text.split(separator: 0x20)
        return words.count { TextScanning.isCapital(text, $0.startIndex) } * 5 >= words.count * 3
    }

    private func headlineAfter(_ credit: Int) -> Int? {
        (credit + 1..<min(lines.count, credit + 4)).first {
            rank(lines[$0].text) >= 2 && captionLines(at: $0) == 0
        }
    }

    /// A line between headline and credit is a second title; a longer one is text.
    private mutating func readStandfirst(_ from: Int, _ to: Int) {
        for index in from..<to where TextScanning.wordCount(lines[index].text) >= 3 {
            guard captionLines(at: index) == 0, !isWithinCaption(index) else { continue }
            if article.alternativeHeadline == nil, lines[index].text.count <= 400, hasDatedHead(to)
            {
                article.alternativeHeadline = TextScanning.string(lines[index].text)
                note("alternativeHeadline", "standfirst", lines[index].range)
            }
        }
    }

    private func hasDatedHead(_ index: Int) -> Bool {
        index < lines.count
            && (Byline.read(lines[index].text, style: style) != nil
                || isDate(lines[index].text) != nil)
    }

    private func isWithinCaption(_ index: Int) -> Bool {
        index > 0
            && (captionLines(at: index - 1) == 2 || Caption.isMark(lines[index].text, style: style))
    }

    /// Reads the head of a page that was cut down to its story: the headline, then the credits
    /// and a standfirst in any order.
    private mutating func readCutHead() {
        let headline = PageTextWords.withoutSite(lines[0].text, style: style)
        article.headline = TextScanning.string(headline)
        note("headline", "headline-of-page", lines[0].range)
        next = 1
        let last = lines.indices.prefix(16).last {
            $0 > 0 && PageTextCredit.read(lines[$0], style: style) != nil
        }
        guard let last else { return }
        defer { publishAsChanged() }
        for index in 1...last where !readCredit(index) {
            if article.alternativeHeadline == nil, lines[index].text.count <= 700 {
                article.alternativeHeadline = TextScanning.string(lines[index].text)
                note("alternativeHeadline", "standfirst", lines[index].range)
            }
        }
        next = last + 1
    }

    /// Where a page tells only when it was changed, takes that day for the one of publication.
    private mutating func publishAsChanged() {
        guard article.published == nil, let modified = article.modified,
            let range = evidence.last(where: { $0.field == "modified" })?.range
        else { return }
        article.published = NewsDate(
            value: String(modified.value.prefix(10)), precision: .day, source: modified.source)
        note("published", "date-of-change", range, .low)
    }

    /// Reads the line at `index` if it is a byline or a date.
    @discardableResult
    mutating func readCredit(_ index: Int) -> Bool {
        let line = lines[index]
        switch PageTextCredit.read(line, style: style) {
        case .byline(let byline):
            if line.setting == .name {
                take(byline, line.range, rule: "name-alone", .low)
            } else {
                take(byline, line.range, rule: "byline")
            }
        case .date(let date, let isChange): take(date, isChange: isChange, line.range)
        case nil: return false
        }
        hasCredit = true
        return true
    }

    private mutating func take(_ date: NewsDate, isChange: Bool, _ range: Range<Int>) {
        if isChange || article.published != nil {
            if article.modified == nil {
                article.modified = date
                note("modified", "date-line", range)
            }
        } else {
            article.published = date
            note("published", "date-line", range)
        }
    }

    /// Adds what a byline says to the article.
    mutating func take(
        _ byline: Byline, _ range: Range<Int>, rule: String,
        _ confidence: Evidence.Confidence? = nil
    ) {
        article.byline = article.byline.map { $0 + ", " + byline.text } ?? byline.text
        article.authors += byline.authors.filter { !article.authors.contains($0) }
        note("byline", rule, range, confidence)
        note("authors", rule, range, confidence)
        if let date = byline.published, article.published == nil {
            article.published = date
            note("published", rule, range)
        }
        if let date = byline.modified, article.modified == nil {
            article.modified = date
            note("modified", rule, range)
        }
    }
}
