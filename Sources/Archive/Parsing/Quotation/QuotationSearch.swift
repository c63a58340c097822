internal import ArchiveProtocol

/// One search for the quotations of an article, block by block.
struct QuotationSearch {
    private let texts: [QuotationText]
    private let kinds: [Block.Kind]
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
    /// The pronouns that persons were called by.
    private var genders: [Int: UInt32] = [:]

    private var names: QuotationNames { finder.names }

    init(texts: [QuotationText], kinds: [Block.Kind], language: QuotationLanguage) {
        self.texts = texts
        self.kinds = kinds
        finder = SpeakerFinder(
            names: QuotationNames(texts, capitalizesNouns: language.capitalizesNouns),
            language: language)
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
        var judge = QuotationJudge(text: text, finder: finder)
        var joined: Int?
        focused = 0
        for (index, span) in text.spans.enumerated() {
            let inner = TextScanning.trimmed(text.bytes, span.inner)
            judge.limit = limit(text, after: index)
            judge.next =
                index + 1 < text.spans.count
                ? text.spans[index + 1].outer.lowerBound : text.bytes.count
            defer { focusOn(block, upTo: span.outer.upperBound) }
            if index == 0, span.outer.lowerBound == 0, let open = running, !inner.isEmpty {
                extend(open, block, span, inner)
                joined = open
                settleOpen(open, judge, span)
            } else if let part = joined, judge.isPart(span, inner) {
                var cue = cue(judge, span, afterOnly: true)
                if cue == nil, judge.hasTwoCues(before: span) {
                    cue = self.cue(judge, span, afterOnly: false)
                }
                if cue == nil || cue == speakers[part]
                    || judge.beginsSmall(inner) && !isOther(cue, than: speakers[part])
                {
                    extend(part, block, span, inner)
                } else {
                    joined = add(judge, span, inner)
                }
            } else if judge.isQuotation(span, inner) {
                joined = add(judge, span, inner)
            } else {
                noteSpeaker(judge, span)
                continue
            }
            running = span.isOpen ? joined : nil
            judge.previousEnd = span.outer.upperBound
            if found.count >= QuotationFinder.most { return }
        }
        if text.spans.last?.isOpen != true { running = nil }
        focusOn(block, upTo: text.bytes.count)
    }

    private func isOther(
        _ speaker: SpeakerFinder.Speaker?, than known: SpeakerFinder.Speaker?
    ) -> Bool {
        guard case .person(let one) = speaker, case .person(let other) = known else { return false }
        return one != other
    }

    /// Where the next span begins that is longer than a name or a word.
    private func limit(_ text: QuotationText, after index: Int) -> Int {
        for span in text.spans[(index + 1)...].prefix(4) where span.inner.count > 24 {
            return span.outer.lowerBound
        }
        return text.bytes.count
    }

    // MARK: Who said it

    private mutating func add(
        _ judge: QuotationJudge, _ span: QuotationMarks.Span, _ inner: Range<Int>
    ) -> Int {
        let block = judge.text.block
        focusOn(block, upTo: span.outer.lowerBound)
        let speaker = cue(judge, span, afterOnly: false) ?? context(judge, span)
        let quotation = Quotation(
            text: TextScanning.string(judge.text.bytes[inner]), paragraph: block,
            range: span.outer)
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
        case .pronoun, .writer: break
        }
    }

    /// A quotation that ran over several blocks may name its speaker only at its end.
    private mutating func settleOpen(
        _ index: Int, _ judge: QuotationJudge, _ span: QuotationMarks.Span
    ) {
        guard !span.isOpen, let cue = cue(judge, span, afterOnly: true) else { return }
        settle(index, cue, judge.text.block)
    }

    /// Who said a few words that are no quotation may say what follows in the same block.
    private mutating func noteSpeaker(_ judge: QuotationJudge, _ span: QuotationMarks.Span) {
        guard let cue = cue(judge, span, afterOnly: false) else { return }
        last = (cue, judge.text.block)
        if case .person(let person) = cue, focus.last != person { focus.append(person) }
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

    /// The speaker that a cue beside the span names.
    private mutating func cue(
        _ judge: QuotationJudge, _ span: QuotationMarks.Span, afterOnly: Bool
    ) -> SpeakerFinder.Speaker? {
        let after = span.isOpen ? nil : judge.speakerAfter(span)
        if afterOnly { return after.flatMap { resolved($0) } }
        let open = span.outer.lowerBound
        let before = finder.before(
            judge.text, open: open, start: judge.previousEnd)
        let introduced = finder.isIntroduced(judge.text, open: open, start: judge.previousEnd)
        // `And so it ends: "…," Lund says.` is hers, for nobody says anything before it.
        let isLed =
            introduced
            && !(judge.isAddressed(span)
                && !finder.hasCue(judge.text, before: open, start: judge.previousEnd))
        let isBefore =
            isLed || judge.isWithin(span)
            || finder.isClause(judge.text, open: open, start: judge.previousEnd)
        return (isBefore ? before ?? after : after ?? before).flatMap { resolved($0) }
    }

    /// Without a cue: who spoke last in this block or the one before, else in focus.
    private mutating func context(
        _ judge: QuotationJudge, _ span: QuotationMarks.Span
    ) -> SpeakerFinder.Speaker? {
        let block = judge.text.block
        let isAll = span.outer.upperBound >= judge.text.bytes.count && span.outer.lowerBound < 3
        if isAll, block + 1 < texts.count,
            let speaker = finder.signature(of: texts[block + 1])
        {
            return speaker
        }
        if let last, last.block == block { return last.speaker }
        if span.outer.lowerBound > 0,
            let subject = finder.subject(
                ofSentenceBefore: span.outer.lowerBound, judge.text, judge.previousEnd),
            let speaker = resolved(subject), !speaker.isLong
        {
            return speaker
        }
        if block > 0, span.outer.lowerBound < 3 {
            let before = texts[block - 1]
            let leads = before.bytes.last == UInt8(ascii: ":")
            if !leads, let last, last.block == block - 1 { return last.speaker }
            if leads,
                let speaker = finder.before(
                    before, open: before.bytes.count, start: 0)
            {
                return resolved(speaker)
            }
            if let subject = finder.subject(ofLastStatement: before) {
                return resolved(subject)
            }
        }
        return last?.speaker ?? focus.last.map { .person($0) }
    }

    private mutating func resolved(
        _ speaker: SpeakerFinder.Speaker
    ) -> SpeakerFinder.Speaker? {
        guard case .pronoun(let gender) = speaker else { return speaker }
        let both = QuotationLanguage.male | QuotationLanguage.female
        if gender & both == 0 { return nil }
        for person in focus.reversed().prefix(20) {
            let learnt = genders[person, default: 0]
            guard learnt == 0 ? names.persons[person].canBe(gender) : learnt & gender != 0 else {
                continue
            }
            genders[person, default: 0] |= gender & both
            return .person(person)
        }
        return nil
    }

    /// Whether a sentence begins at most three words before `index`, and no verb stands between.
    private func leads(_ words: [QuotationText.Word], _ index: Int) -> Bool {
        let near = words[max(0, index - 3)...index]
        guard let start = near.lastIndex(where: { $0.beginsSentence }) else { return false }
        return !words[start...index].contains { finder.isCue($0) }
    }

    /// Whether a title stands before the name, or a comma behind it.
    private func isIntroduced(_ mention: QuotationNames.Mention, _ text: QuotationText) -> Bool {
        let from = mention.words.lowerBound
        return names.persons[mention.person].role != nil
            && (from > 0 && text.words[from - 1].has(QuotationLanguage.title)
                || text.sign(after: mention.words.upperBound - 1) == 0x2C)
    }

    /// Whether the name follows a comma and a verb follows it: `When it rained, Lund went`.
    private func beginsClause(_ mention: QuotationNames.Mention, _ text: QuotationText) -> Bool {
        let (from, end) = (mention.words.lowerBound, mention.words.upperBound)
        guard from > 0, end < text.words.count, text.sign(after: from - 1) == 0x2C else {
            return false
        }
        let next = text.words[end]
        return next.joins && !next.isCapital
            && !next.has(QuotationLanguage.conjunction | QuotationLanguage.preposition)
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
            guard !person.isBody, mention.isSubject,
                mention.beginsSentence
                    || person.wordCount > 1 && leads(words, mention.words.lowerBound)
                    || isIntroduced(mention, texts[block]) || beginsClause(mention, texts[block])
            else { continue }
            if focus.last != mention.person { focus.append(mention.person) }
        }
    }
}
