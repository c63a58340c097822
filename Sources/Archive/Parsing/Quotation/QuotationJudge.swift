/// Tells words that somebody said from words, titles and names between marks, in one block.
struct QuotationJudge {
    let text: QuotationText
    let finder: SpeakerFinder
    /// Where the next span begins that is longer than a name, and the next of all.
    var limit = 0
    var next = 0
    /// Where the last quotation of the block ends.
    var previousEnd = 0
    /// Where the last name of a work ends: a list may go on with others.
    private var workEnd = -100

    init(text: QuotationText, finder: SpeakerFinder) {
        self.text = text
        self.finder = finder
    }

    private typealias Marks = QuotationLanguage

    /// The speaker that stands behind a span.
    func speakerAfter(_ span: QuotationMarks.Span) -> SpeakerFinder.Speaker? {
        let inner = TextScanning.trimmed(text.bytes, span.inner)
        var last = text.bytes[inner].last ?? 0
        let close = span.outer.upperBound
        if close < text.bytes.count, text.bytes[close] == 0x2C { last = 0x2C }
        switch last {
        case 0x2C, UInt8(ascii: "."), UInt8(ascii: "?"), UInt8(ascii: "!"): break
        default: last = 0
        }
        return finder.after(
            SpeakerFinder.Place(
                text: text, close: close, limit: limit, next: next, last: last))
    }

    func beginsSmall(_ inner: Range<Int>) -> Bool {
        TextScanning.isSmall(text.bytes, inner.lowerBound)
    }

    /// Whether the span goes on with the quotation before it: at most one sentence ends between.
    func isPart(_ span: QuotationMarks.Span, _ inner: Range<Int>) -> Bool {
        guard inner.count > 1, span.outer.lowerBound - previousEnd < 300 else { return false }
        let start = text.index(at: previousEnd)
        let end = text.index(at: span.outer.lowerBound)
        for index in start..<max(start, end)
        where index > start && text.words[index].beginsSentence {
            return false
        }
        if isTitle(span, inner) || isNewStatement(span, start..<end) { return false }
        if beginsSmall(inner), inner.count < 20,
            !TextScanning.endsSentence(Array(text.bytes[inner]))
        {
            return false
        }
        return isSentence(inner) || isComma(span.outer.upperBound) || inner.count > 30
    }

    /// Whether a sentence of its own leads into the span: `Lund added: "…"`.
    private func isNewStatement(_ span: QuotationMarks.Span, _ between: Range<Int>) -> Bool {
        guard let first = between.first, text.words[first].beginsSentence else { return false }
        let sign = text.sign(before: span.outer.lowerBound)
        if sign == 0x2C { return !TextScanning.isSmall(text.bytes, span.inner.lowerBound) }
        return sign != UInt8(ascii: ".") && sign != UInt8(ascii: "!") && sign != UInt8(ascii: "?")
    }

    /// Whether the sentence goes on behind the span without a comma: it is a part of it.
    func isWithin(_ span: QuotationMarks.Span) -> Bool {
        let close = span.outer.upperBound
        return finder.language.keepsParts && close + 1 < text.bytes.count
            && text.bytes[close] == 0x20 && TextScanning.isSmall(text.bytes, close + 1)
    }

    /// Whether a span is a whole sentence, not a word or a title between marks.
    mutating func isQuotation(_ span: QuotationMarks.Span, _ inner: Range<Int>) -> Bool {
        guard inner.count > 1 else { return false }
        let words = text.index(at: inner.upperBound) - text.index(at: inner.lowerBound)
        guard words > 0 else { return false }
        let open = span.outer.lowerBound
        let begins =
            text.words[text.index(at: open)].beginsSentence || open == 0
            || text.bytes[open - 1] == UInt8(ascii: "(")
        let isIntroduced = finder.isIntroduced(text, open: open, start: previousEnd)
        if span.isOpen { return (begins || isIntroduced) && words >= 3 }
        if isWork(open) || isSigned(span) || isTitle(span, inner) && !(isIntroduced && isLed(open))
        {
            workEnd = span.outer.upperBound
            return false
        }
        let isSentence =
            isSentence(inner)
            || isComma(span.outer.upperBound) && (words >= 3 || begins && isFollowed(span))
        if begins {
            return isSentence && (words >= 3 || isFollowed(span)) || words >= 8
        }
        let small = beginsSmall(inner)
        if isIntroduced {
            return words >= 3 && (!small || words >= 5) || isSentence && !small
                || isReported(span, words)
        }
        if small {
            return isSentence && words >= 8 && isLed(open)
                || isSentence && words >= 3 && isAddressed(span) || isReported(span, words)
        }
        return isSentence && words >= (isLed(open) ? 3 : 6) || isReported(span, words)
    }

    /// Whether a quoted part of a sentence stands in reported speech, where the language counts it.
    private func isReported(_ span: QuotationMarks.Span, _ words: Int) -> Bool {
        guard finder.language.keepsParts else { return false }
        let open = text.index(at: span.outer.lowerBound)
        let from = finder.sentence(text, endingAt: open + 1, 0)
        var end = text.index(at: span.outer.upperBound)
        while end < text.words.count, end - open < 60, !text.words[end].beginsSentence { end += 1 }
        var marks: UInt32 = 0
        for word in text.words[from..<end] where !word.isQuoted { marks |= word.marks }
        guard marks & (Marks.reported | Marks.verb | Marks.according) != 0 else { return false }
        if words > 2 { return true }
        // A name such as `tagesschau.de` is no part of a sentence.
        guard !text.bytes[span.inner].dropLast().contains(0x2E) else { return false }
        return beginsSmall(span.inner)
            || marks & Marks.naming != 0 && open > from
                && text.words[open - 1].has(Marks.article | Marks.preposition)
    }

    /// Whether two verbs of saying stand between the last quotation and this: `Lund said as Ortiz
    /// cried:` tells of two speakers.
    func hasTwoCues(before span: QuotationMarks.Span) -> Bool {
        let from = text.index(at: previousEnd)
        let end = text.index(at: span.outer.lowerBound)
        guard from < end, finder.isIntroduced(text, open: span.outer.lowerBound, start: previousEnd)
        else { return false }
        return (from..<end).filter {
            finder.isCue(text.words[$0]) && !text.words[$0].has(Marks.participle)
        }.count > 1
    }

    private func isSentence(_ inner: Range<Int>) -> Bool {
        var end = inner.upperBound
        // ‘One within another,’ ends as it does.
        while end > inner.lowerBound + 3 {
            if text.bytes[end - 1] == 0x27 {
                end -= 1
            } else if text.bytes[end - 3] == 0xE2, text.bytes[end - 1] == 0x99 {
                end -= 3
            } else {
                break
            }
        }
        let bytes = text.bytes[inner.lowerBound..<end]
        guard let last = bytes.last else { return false }
        return last == 0x2C || last == UInt8(ascii: "-")
            || TextScanning.endsSentence(Array(bytes.suffix(12)))
            || bytes.suffix(3).elementsEqual("—".utf8) || bytes.suffix(3).elementsEqual(" I.".utf8)
    }

    private func isComma(_ index: Int) -> Bool {
        index < text.bytes.count && text.bytes[index] == 0x2C
    }

    /// Whether a comma or colon stands before `open`.
    private func isLed(_ open: Int) -> Bool {
        let sign = text.sign(before: open)
        return sign == 0x2C || sign == UInt8(ascii: ":")
    }

    /// Whether what reads as the name of a work stands between the marks.
    private func isTitle(_ span: QuotationMarks.Span, _ inner: Range<Int>) -> Bool {
        let from = text.index(at: inner.lowerBound)
        let end = text.index(at: inner.upperBound)
        guard end - from < 12, let last = text.bytes[inner].last, from < end else { return false }
        if last == UInt8(ascii: "!") || last == UInt8(ascii: "?") { return false }
        var capitals = 0
        for index in from..<end {
            let word = text.words[index]
            if index > from, word.beginsSentence { return false }
            // "That's", "It's": a sentence.
            if word.isPossessive, word.has(Marks.noName) { return false }
            if word.isCapital || TextScanning.isDigit(text.bytes[word.start]) {
                capitals += 1
            } else if word.marks & Marks.minor == 0 {
                return false
            }
        }
        guard capitals > 1 || end - from == 1 else { return false }
        if text.words[from].beginsSentence, isFollowed(span) { return false }
        return end - from > 1 && !isAddressed(span)
    }

    /// Whether `by` and a name stand behind the span, as behind a headline.
    private func isSigned(_ span: QuotationMarks.Span) -> Bool {
        let by = text.index(at: span.outer.upperBound)
        guard by + 2 < text.words.count, text.words[by].has(Marks.by),
            text.words[by].start - span.outer.upperBound <= 3
        else { return false }
        let name = text.words[by + 1].has(Marks.article) ? by + 2 : by + 1
        return text.words[name].isCapital && text.words[name].joins
    }

    /// Whether a noun such as `the film` or `titled` stands before `open`.
    private func isWork(_ open: Int) -> Bool {
        if open - workEnd < 24, workEnd >= 0, text.sign(before: open) != UInt8(ascii: "."),
            !finder.isIntroduced(text, open: open, start: workEnd)
        {
            return true
        }
        let index = text.index(at: open)
        guard index > 0, text.words[index - 1].end > previousEnd else { return false }
        let sign = text.sign(before: open)
        guard sign != UInt8(ascii: "."), sign != UInt8(ascii: ":") else { return false }
        let before = text.words[index - 1]
        return before.has(Marks.work) || before.has(Marks.according) && before.end + 1 == open
            || index > 1 && before.has(Marks.conjunction) && text.words[index - 2].has(Marks.work)
    }

    /// Whether a short sentence is given to somebody right behind it.
    private func isFollowed(_ span: QuotationMarks.Span) -> Bool {
        speakerAfter(span) != nil || text.bytes[span.inner].last == 0x2C
    }

    /// Whether the first words behind the span say who said it: `," says Lund`.
    func isAddressed(_ span: QuotationMarks.Span) -> Bool {
        let inner = TextScanning.trimmed(text.bytes, span.inner)
        guard let last = text.bytes[inner].last,
            last == 0x2C || last == UInt8(ascii: "?") || last == UInt8(ascii: "!")
                || isComma(span.outer.upperBound)
        else { return false }
        let from = text.index(at: span.outer.upperBound)
        for index in from..<min(from + 5, text.words.count)
        where text.words[index].start < limit && !text.words[index].beginsSentence {
            if finder.isCue(text.words[index]) {
                return !text.words[index].has(Marks.participle) && speakerAfter(span) != nil
            }
        }
        return false
    }
}
