/// Finds who says what stands between two quotation marks by the cue beside it.
struct SpeakerFinder {
    /// Who speaks.
    enum Speaker: Hashable {
        case person(Int)
        case pronoun(UInt32)
        /// Whoever wrote the article: `I said`.
        case writer
        /// A speaker without a name, as printed: `police`, `a spokesman for the union`.
        case other(String)

        /// Whether it is a description of more than three words, as a clause that was taken for
        /// one may be.
        var isLong: Bool {
            guard case .other(let words) = self else { return false }
            return words.utf8.filter { $0 == 0x20 }.count > 2
        }
    }

    typealias Word = QuotationText.Word
    typealias Marks = QuotationLanguage

    let names: QuotationNames
    let language: QuotationLanguage
    /// Words of a sentence that are looked at on each side.
    static let reach = 40
    /// Verbs of saying in a sentence that are tried.
    private static let tries = 4

    /// A place behind a quotation where its speaker may be named.
    struct Place {
        var text: QuotationText
        /// Where the quotation with its marks ends.
        var close: Int
        /// Where the next quotation begins, and where the next marks do.
        var limit: Int
        var next: Int
        /// The sign that the words end with.
        var last: UInt8

        /// Whether a full stop ended the sentence within the marks.
        var ended: Bool { last == UInt8(ascii: ".") }
    }

    // MARK: Behind a quotation

    /// The speaker named behind a quotation.
    func after(_ place: Place) -> Speaker? {
        let text = place.text
        let words = text.words
        let from = text.index(at: place.close)
        guard from < words.count, words[from].start < place.limit,
            words[from].start - place.close <= 8
        else { return nil }
        if let name = signature(place, from) { return name }
        guard words[from].start - place.close <= 6,
            !text.bytes[place.close..<words[from].start].contains(UInt8(ascii: "."))
        else { return nil }
        // After a full stop a new sentence begins: what it says is not said of this one.
        if place.ended, words[from].isCapital,
            !isNameThenVerb(words, from) || leadsOn(place, from)
        {
            return nil
        }
        var end = from + 1
        while end < words.count, end - from < Self.reach, words[end].start < place.limit,
            !words[end].beginsSentence
        {
            end += 1
        }
        // "…," Cora Lund, head of a trust, a harbor's own, said: whatever the commas tell of her.
        if let name = mentions(text, in: from..<(from + 1)).first, name.isSubject,
            text.sign(after: name.words.upperBound - 1) == 0x2C,
            (from..<end).contains(where: { isCue(words[$0]) && !words[$0].has(Marks.according) })
        {
            return .person(name.person)
        }
        for verb in (from..<end).lazy.filter({ isCue(words[$0]) }).prefix(Self.tries) {
            if let speaker = after(text, verb: verb, from, end) { return speaker }
        }
        return unknownVerb(place, from, end)
    }

    private func after(
        _ text: QuotationText, verb: Int, _ from: Int, _ end: Int
    ) -> Speaker? {
        let words = text.words
        if words[verb].has(Marks.according) { return source(text, verb, from, end) }
        // French puts an auxiliary before the verb and the subject behind both: "a déclaré X".
        if (from..<verb).allSatisfy({ words[$0].has(Marks.adverb) && !words[$0].isCapital }) {
            return noun(text, verb + 1, end)
        }
        return subject(ofVerb: verb, text, from, end)
    }

    /// Whether the sentence from `from` on leads into the next quotation: `"…." Lund added: "…"`.
    private func leadsOn(_ place: Place, _ from: Int) -> Bool {
        guard place.next < place.text.bytes.count else { return false }
        let sign = place.text.sign(before: place.next)
        guard sign == UInt8(ascii: ":") || sign == 0x2C else { return false }
        let end = place.text.index(at: place.next)
        return !place.text.words[(from + 1)..<max(from + 1, end)].prefix(Self.reach).contains {
            $0.beginsSentence
        }
    }

    /// A speaker with a verb that is not in the table: `Lund beamed`, `beamed Lund`.
    private func unknownVerb(_ place: Place, _ from: Int, _ end: Int) -> Speaker? {
        let text = place.text
        let words = text.words
        if text.bytes[words[from].start] == UInt8(ascii: "@") {
            return .other(string(text, from..<(from + 1)))
        }
        guard !place.ended, place.last != 0, words[from].start - place.close <= 2 else {
            return nil
        }
        let near = mentions(text, in: from..<min(end, from + 3)).first { $0.isSubject }
        if let near, near.words.lowerBound == from || words[from].has(Marks.title),
            near.words.upperBound < end, isVerbLike(text, near.words.upperBound)
        {
            return .person(near.person)
        }
        if isPronoun(words[from]), from + 1 < end, isVerbLike(text, from + 1) {
            return .pronoun(words[from].marks & Marks.pronoun)
        }
        guard isVerbLike(text, from), from + 1 < end else { return nil }
        let next = words[from + 1]
        return next.has(Marks.article | Marks.title) || next.isCapital
            ? noun(text, from + 1, end) : nil
    }

    /// Whether a word looks like a verb: `beamed`, `beams`.
    private func isVerbLike(_ text: QuotationText, _ index: Int) -> Bool {
        let word = text.words[index]
        guard !word.isCapital, word.end - word.start > 3, word.marks == 0 else { return false }
        let last = text.bytes[word.end - 1]
        return last == UInt8(ascii: "s")
            || last == UInt8(ascii: "d") && text.bytes[word.end - 2] == UInt8(ascii: "e")
    }

    /// Who something is according to: behind the word, and in German before `zufolge` too.
    private func source(
        _ text: QuotationText, _ cue: Int, _ from: Int, _ end: Int
    ) -> Speaker? {
        // "according to X" in two words, "laut X" in one.
        let words = text.words
        let isTwo = cue + 1 < end && words[cue + 1].has(Marks.preposition)
        if let speaker = noun(text, cue + (isTwo ? 2 : 1), end, afterPreposition: true) {
            return speaker
        }
        // "einem Zeugen zufolge": right before the word, where it is one that follows.
        guard words[cue].end - words[cue].start > 5, !isTwo else { return nil }
        let near = max(from, cue - 6)..<cue
        if let mention = mentions(text, in: near).last { return .person(mention.person) }
        guard let first = near.last(where: { words[$0].has(Marks.article) }) else { return nil }
        return common(text, first..<cue)
    }

    // MARK: Before a quotation

    /// The speaker named before a quotation that begins at `open`, in words from `start` on.
    func before(_ text: QuotationText, open: Int, start: Int) -> Speaker? {
        let words = text.words
        let end = text.index(at: open)
        guard end > 0, words[end - 1].end > start else { return nil }
        let from = sentence(text, endingAt: end, start)
        let mark = text.sign(before: open)
        guard mark != UInt8(ascii: ".") else { return nil }
        let isLed = mark == UInt8(ascii: ":") || mark == 0x2C || language.keepsParts
        for verb in (from..<end).reversed().lazy.filter({ isCue(words[$0]) }).prefix(Self.tries) {
            guard isLed || end - verb <= 5 else { return nil }
            if let speaker = before(text, verb: verb, from, end) { return speaker }
        }
        return mark == UInt8(ascii: ":") ? introduced(text, from..<end) : nil
    }

    private func before(
        _ text: QuotationText, verb: Int, _ from: Int, _ end: Int
    ) -> Speaker? {
        let words = text.words
        if words[verb].has(Marks.according) { return source(text, verb, from, end) }
        if let speaker = lastCandidate(text, verb, end) { return speaker }
        // "…, wrote a visitor in the guest book:" has its subject behind the verb.
        if verb > from, verb + 1 < end, text.sign(after: verb - 1) == 0x2C,
            words[verb + 1].has(Marks.article) || words[verb + 1].isCapital,
            mentions(text, in: from..<verb).isEmpty, let speaker = noun(text, verb + 1, end)
        {
            return speaker
        }
        return subject(ofVerb: verb, text, from, end)
    }

    /// Who acts in the last part of a sentence whose verb of saying stands in an earlier one:
    /// `When Ortiz said no, Lund snapped:`.
    private func lastCandidate(_ text: QuotationText, _ verb: Int, _ end: Int)
        -> Speaker?
    {
        guard text.sign(after: end - 1) == UInt8(ascii: ":"),
            let comma = (verb..<(end - 1)).last(where: { text.sign(after: $0) == 0x2C }),
            end - comma > 2
        else { return nil }
        if isPronoun(text.words[comma + 1]) {
            return .pronoun(text.words[comma + 1].marks & Marks.pronoun)
        }
        return mentions(text, in: (comma + 1)..<end).first {
            $0.isSubject && $0.words.lowerBound == comma + 1 && $0.words.upperBound < end
        }.map { .person($0.person) }
    }

    /// The first word of the sentence that the word before `end` is in.
    func sentence(_ text: QuotationText, endingAt end: Int, _ start: Int) -> Int {
        let words = text.words
        var from = end - 1
        var closed = false
        while from > 0, end - from < Self.reach + 10, !words[from].beginsSentence,
            words[from - 1].start >= start
        {
            // Within brackets a sentence of its own begins with them.
            let gap = text.bytes[words[from - 1].end..<words[from].start]
            if gap.contains(UInt8(ascii: "(")), !closed { break }
            if gap.contains(UInt8(ascii: "(")) { closed = false }
            if gap.contains(UInt8(ascii: ")")) { closed = true }
            from -= 1
        }
        return from
    }

    /// The speaker that a colon alone introduces: `Lund in 1992:`, `From the report:`.
    private func introduced(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        let words = text.words
        let last = mentions(text, in: range).last
        if let last, range.upperBound - last.words.upperBound <= 1, !last.isPossessive,
            !last.isObject || words[range.lowerBound].has(Marks.preposition) && range.count < 6
        {
            // "David Kaye and Jim Hart:" are two; the first is named.
            let pair = mentions(text, in: range).last {
                $0.words.upperBound + 1 == last.words.lowerBound
                    && words[$0.words.upperBound].has(Marks.conjunction)
            }
            return .person((pair ?? last).person)
        }
        if let speaker = main(text, range) { return speaker }
        guard let last = range.last(where: { words[$0].has(Marks.article) }),
            range.upperBound - last <= 4
        else { return nil }
        return common(text, last..<range.upperBound)
    }

    /// Who acts in the last statement of a block before `end`, at most some sentences back.
    func subject(ofLastStatement text: QuotationText, before end: Int? = nil)
        -> Speaker?
    {
        let words = text.words
        var end = end ?? words.count
        let start = max(0, end - 120)
        while end > start {
            let from = sentence(text, endingAt: end, 0)
            if let verb = statement(text, from..<end),
                let speaker = subject(ofVerb: verb, text, from, end)
            {
                return speaker
            }
            end = from
        }
        return nil
    }

    /// The verb by which a sentence states something: the one it ends with, else its first.
    private func statement(_ text: QuotationText, _ sentence: Range<Int>) -> Int? {
        let verbs = sentence.filter {
            isCue(text.words[$0]) && !text.words[$0].has(Marks.according | Marks.weak)
        }
        guard let last = verbs.last else { return nil }
        return sentence.upperBound - last <= 4 ? last : verbs.first
    }

    /// Who acts in the sentence that ends right before `open`, or who is reported there.
    func subject(ofSentenceBefore open: Int, _ text: QuotationText, _ start: Int)
        -> Speaker?
    {
        let end = text.index(at: open)
        guard end > 0, text.words[end - 1].end > start else { return nil }
        let from = sentence(text, endingAt: end, start)
        if (from..<end).contains(where: { text.words[$0].has(Marks.reported) }) {
            return subject(ofLastStatement: text, before: from)
        }
        if let verb = statement(text, from..<end),
            let speaker = subject(ofVerb: verb, text, from, end)
        {
            return speaker
        }
        return subject(text, from..<end)
    }

    /// Whether a colon, or a comma after a verb of saying, leads into what begins at `open`.
    func isIntroduced(_ text: QuotationText, open: Int, start: Int) -> Bool {
        let mark = text.sign(before: open)
        if mark == UInt8(ascii: ":") { return true }
        let end = text.index(at: open)
        guard end > 0, text.words[end - 1].end > start, mark != UInt8(ascii: ".") else {
            return false
        }
        if mark == 0x2C {
            return (max(0, end - 14)..<end).contains {
                isCue(text.words[$0]) && text.words[$0].end > start
            }
        }
        let last = text.words[end - 1]
        // "Recalling “…,” the report said": the report does.
        return isCue(last) && !(last.has(Marks.participle) && last.beginsSentence)
    }

    /// Whether a verb of saying stands in the words that lead into what begins at `open`.
    func hasCue(_ text: QuotationText, before open: Int, start: Int) -> Bool {
        let end = text.index(at: open)
        guard end > 0, text.words[end - 1].end > start else { return false }
        return (sentence(text, endingAt: end, start)..<end).contains { isCue(text.words[$0]) }
    }

    /// Whether what begins at `open` goes on with a clause: `Ortiz claimed that “…”` is his,
    /// whoever is named behind it.
    func isClause(_ text: QuotationText, open: Int, start: Int) -> Bool {
        let end = text.index(at: open)
        guard end > 0, text.words[end - 1].has(Marks.conjunction) else { return false }
        return (max(0, end - 8)..<end).contains {
            isCue(text.words[$0]) && text.words[$0].end > start
        }
    }

    func isCue(_ word: Word) -> Bool {
        word.has(Marks.verb | Marks.according) && !word.isQuoted
            && (!word.isCapital || word.beginsSentence
                || language.capitalizesNouns && word.has(Marks.according))
    }

    /// `Lund said.` after a full stop within the marks: no more than that.
    private func isNameThenVerb(_ words: [Word], _ from: Int) -> Bool {
        guard !words[from].joins, !words[from].has(Marks.noName),
            let verb = (from + 1..<min(from + 4, words.count)).first(where: { isCue(words[$0]) }),
            (from..<verb).allSatisfy({ words[$0].isCapital })
        else { return false }
        return verb + 3 >= words.count
            || words[(verb + 1)..<(verb + 4)].contains { $0.beginsSentence }
    }
}
