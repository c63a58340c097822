internal import ArchiveProtocol

/// One search for the quotations of an article, block by block.
struct QuotationSearch {
    private let texts: [QuotationText]
    private let kinds: [Block.Kind]
    private let names: QuotationNames
    private let finder: SpeakerFinder
    private(set) var found: [QuotationFinder.Found] = []
    /// The speaker of each quotation found.
    private var speakers: [Int: SpeakerFinder.Speaker] = [:]

    /// Persons in the order they came into focus, the last one last: who "he" may be.
    private var focus: [Int] = []
    /// The speaker of the last quotation, with its block.
    private var last: (speaker: SpeakerFinder.Speaker, block: Int)?
    /// The quotation that is open at the end of a block.
    private var running: Int?
    private var focused = 0

    init(texts: [QuotationText], kinds: [Block.Kind], language: QuotationLanguage) {
        self.texts = texts
        self.kinds = kinds
        names = QuotationNames(texts, capitalizesNouns: language.capitalizesNouns)
        finder = SpeakerFinder(names: names)
    }

    /// Searches all blocks.
    mutating func run() {
        for block in texts.indices {
            switch kinds[block] {
            case .heading, .caption: running = nil
            case .quote where readPost(block): running = nil
            case .paragraph, .listItem, .quote: readBlock(block)
            }
            if found.count >= QuotationFinder.most { return }
        }
    }

    private mutating func readPost(_ block: Int) -> Bool {
        let text = texts[block]
        guard let (start, name) = QuotationFinder.tweetTail(text.bytes) else { return false }
        let range = TextScanning.trimmed(text.bytes, 0..<start)
        guard !range.isEmpty else { return false }
        let quotation = Quotation(
            text: TextScanning.string(text.bytes[range]),
            speaker: TextScanning.string(text.bytes[name]), paragraph: block, range: range)
        found.append(QuotationFinder.Found(quotation: quotation, parts: [(block, range)]))
        return true
    }

    private mutating func readBlock(_ block: Int) {
        let text = texts[block]
        let spans = QuotationMarks.spans(text.bytes)
        var previousEnd = 0
        var joined: Int?
        focused = 0
        for (index, span) in spans.enumerated() {
            let inner = TextScanning.trimmed(text.bytes, span.inner)
            let limit =
                index + 1 < spans.count ? spans[index + 1].outer.lowerBound : text.bytes.count
            if index == 0, span.outer.lowerBound == 0, let open = running, !inner.isEmpty {
                extend(open, block, span, inner)
                joined = open
                settleOpen(open, block, span, limit)
            } else if let part = joined, isPart(text, span, inner, previousEnd) {
                let cue = speaker(block, span, limit, previousEnd, afterOnly: true)
                if cue == nil || cue == speakers[part] || lowerStart(text, inner) {
                    extend(part, block, span, inner)
                } else {
                    joined = add(block, span, inner, limit, previousEnd)
                }
            } else if isWhole(text, span, inner, previousEnd, limit) {
                joined = add(block, span, inner, limit, previousEnd)
            } else {
                focusOn(block, upTo: span.outer.upperBound)
                continue
            }
            running = span.isOpen ? joined : nil
            focusOn(block, upTo: span.outer.upperBound)
            previousEnd = span.outer.upperBound
            if found.count >= QuotationFinder.most { return }
        }
        if spans.last?.isOpen != true { running = nil }
        focusOn(block, upTo: text.bytes.count)
    }

    private func lowerStart(_ text: QuotationText, _ inner: Range<Int>) -> Bool {
        TextScanning.isSmall(text.bytes, inner.lowerBound)
    }

    // MARK: What is a quotation

    /// Whether the span goes on with the quotation before it: at most one sentence ends between.
    private func isPart(
        _ text: QuotationText, _ span: QuotationMarks.Span, _ inner: Range<Int>, _ from: Int
    ) -> Bool {
        guard inner.count > 1, span.outer.lowerBound - from < 300 else { return false }
        let start = text.index(at: from)
        let end = text.index(at: span.outer.lowerBound)
        for index in start..<max(start, end) where index > start && text.words[index].beginsSentence
        {
            return false
        }
        if lowerStart(text, inner), inner.count < 20,
            !TextScanning.endsSentence(Array(text.bytes[inner]))
        {
            return false
        }
        return isSentence(text, inner) || inner.count > 30
    }

    private func isSentence(_ text: QuotationText, _ inner: Range<Int>) -> Bool {
        guard let last = text.bytes[inner].last else { return false }
        return last == 0x2C || last == UInt8(ascii: "-")
            || TextScanning.endsSentence(Array(text.bytes[inner].suffix(12)))
            || text.bytes[inner].suffix(3).elementsEqual("—".utf8)
    }

    /// Whether a span is a whole sentence, not a word or a title between marks.
    private func isWhole(
        _ text: QuotationText, _ span: QuotationMarks.Span, _ inner: Range<Int>, _ from: Int,
        _ limit: Int
    ) -> Bool {
        guard inner.count > 1 else { return false }
        let words = text.index(at: inner.upperBound) - text.index(at: inner.lowerBound)
        guard words > 0 else { return false }
        let small = lowerStart(text, inner)
        // German and French print the comma, and German the full stop, behind the closing mark.
        let close = span.outer.upperBound
        let sentence =
            isSentence(text, inner)
            || close < text.bytes.count && text.bytes[close] == 0x2C && words >= 3
        let open = span.outer.lowerBound
        let index = text.index(at: open)
        let begins = text.words[index].beginsSentence || open == 0
        if span.isOpen {
            return begins && words >= 3
                || finder.isIntroduced(text, open: open, start: from) && words >= 3
        }
        if begins { return sentence && (words >= 3 || followed(text, span, limit)) || words >= 8 }
        if finder.isIntroduced(text, open: open, start: from) {
            return words >= 3 && (!small || words >= 5) || sentence && !small
        }
        if small { return sentence && words >= 8 && comma(text, open) }
        return sentence && words >= (comma(text, open) ? 3 : 6)
    }

    private func comma(_ text: QuotationText, _ open: Int) -> Bool {
        open > 1 && (text.bytes[open - 2] == 0x2C || text.bytes[open - 2] == 0x3A)
    }

    private func followed(_ text: QuotationText, _ span: QuotationMarks.Span, _ limit: Int) -> Bool
    {
        finder.after(text, 0, close: span.outer.upperBound, limit: limit, ended: true) != nil
            || text.bytes[span.inner].last == 0x2C
    }

    // MARK: Who said it

    private mutating func add(
        _ block: Int, _ span: QuotationMarks.Span, _ inner: Range<Int>, _ limit: Int, _ from: Int
    ) -> Int {
        let text = texts[block]
        focusOn(block, upTo: span.outer.lowerBound)
        let speaker = speaker(block, span, limit, from, afterOnly: false) ?? context(block, span)
        let quotation = Quotation(
            text: TextScanning.string(text.bytes[inner]), paragraph: block, range: span.outer)
        found.append(
            QuotationFinder.Found(quotation: quotation, parts: [(block, span.outer)]))
        settle(found.count - 1, speaker, block)
        return found.count - 1
    }

    private mutating func settle(_ index: Int, _ speaker: SpeakerFinder.Speaker?, _ block: Int) {
        guard let speaker else { return }
        last = (speaker, block)
        speakers[index] = speaker
        switch speaker {
        case .person(let person):
            found[index].quotation.speaker = names.persons[person].name
            found[index].quotation.role = names.persons[person].role
            if focus.last != person { focus.append(person) }
        case .other(let name): found[index].quotation.speaker = name
        case .pronoun: break
        }
    }

    /// A quotation that ran over several blocks may name its speaker only at its end.
    private mutating func settleOpen(
        _ index: Int, _ block: Int, _ span: QuotationMarks.Span, _ limit: Int
    ) {
        guard !span.isOpen, let cue = speaker(block, span, limit, 0, afterOnly: true) else {
            return
        }
        settle(index, cue, block)
    }

    private mutating func extend(
        _ index: Int, _ block: Int, _ span: QuotationMarks.Span, _ inner: Range<Int>
    ) {
        found[index].parts.append((block, span.outer))
        found[index].quotation.text += " " + TextScanning.string(texts[block].bytes[inner])
        if block == found[index].quotation.paragraph {
            let from = found[index].quotation.range.lowerBound
            found[index].quotation.range = from..<span.outer.upperBound
        }
    }

    private func speaker(
        _ block: Int, _ span: QuotationMarks.Span, _ limit: Int, _ from: Int, afterOnly: Bool
    ) -> SpeakerFinder.Speaker? {
        let text = texts[block]
        let ended = text.bytes[span.inner].last == UInt8(ascii: ".")
        let after =
            span.isOpen
            ? nil
            : finder.after(text, block, close: span.outer.upperBound, limit: limit, ended: ended)
        if afterOnly { return after.flatMap(resolved) }
        let before = finder.before(text, block, open: span.outer.lowerBound, start: from)
        let introduced = finder.isIntroduced(text, open: span.outer.lowerBound, start: from)
        return (introduced ? before ?? after : after ?? before).flatMap(resolved)
    }

    /// Without a cue: who spoke last in this block or the one before, else in focus.
    private func context(_ block: Int, _ span: QuotationMarks.Span) -> SpeakerFinder.Speaker? {
        if let last, last.block == block { return last.speaker }
        let text = texts[block]
        if span.outer.lowerBound > 0,
            let subject = finder.before(text, block, open: span.outer.lowerBound, start: 0)
        {
            return resolved(subject)
        }
        if block > 0, span.outer.lowerBound < 3 {
            if let last, last.block == block - 1 { return last.speaker }
            if let subject = finder.subject(ofLastStatement: texts[block - 1], block - 1) {
                return resolved(subject)
            }
        }
        return last?.speaker ?? focus.last.map { .person($0) }
    }

    private func resolved(_ speaker: SpeakerFinder.Speaker) -> SpeakerFinder.Speaker? {
        guard case .pronoun(let gender) = speaker else { return speaker }
        let both = QuotationLanguage.male | QuotationLanguage.female
        if gender & both == 0 { return nil }
        for person in focus.reversed().prefix(20) {
            let known = names.persons[person].gender & both
            if known == 0 || known & gender != 0 || known == both { return .person(person) }
        }
        return nil
    }

    /// Whether a sentence begins at most three words before `index`.
    private func leads(_ words: [QuotationText.Word], _ index: Int) -> Bool {
        words[max(0, index - 3)...index].contains { $0.beginsSentence }
    }

    /// Brings into focus the persons that sentences of the block begin with.
    private mutating func focusOn(_ block: Int, upTo byte: Int) {
        let mentions = names.mentions[block]
        let words = texts[block].words
        while focused < mentions.count {
            let mention = mentions[focused]
            guard words[mention.words.lowerBound].start < byte else { return }
            focused += 1
            let person = names.persons[mention.person]
            guard !person.isBody, !mention.isObject, !mention.isPossessive,
                mention.beginsSentence
                    || person.wordCount > 1
                        && (person.role != nil || leads(words, mention.words.lowerBound))
            else { continue }
            if focus.last != mention.person { focus.append(mention.person) }
        }
    }
}
