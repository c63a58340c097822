/// Finds who says what stands between two quotation marks: the cue beside it, else its context.
struct SpeakerFinder {
    /// Who speaks.
    enum Speaker: Hashable {
        case person(Int)
        case pronoun(UInt32)
        /// A speaker without a name, as printed: `police`, `a spokesman for the union`.
        case other(String)
    }

    private typealias Word = QuotationText.Word
    private typealias Marks = QuotationLanguage

    let names: QuotationNames
    private static let reach = 30

    /// The speaker named after a quotation that ends at `close`, within words before `limit`.
    func after(_ text: QuotationText, _ block: Int, close: Int, limit: Int, ended: Bool) -> Speaker?
    {
        let words = text.words
        let from = text.index(at: close)
        guard from < words.count, words[from].start < limit, words[from].start - close <= 6 else {
            return nil
        }
        // After a full stop a new sentence begins: what it says is not said of this one.
        if ended, words[from].isCapital, !isNameThenVerb(words, from) { return nil }
        var end = from + 1
        while end < words.count, end - from < Self.reach, words[end].start < limit,
            !words[end].beginsSentence
        {
            end += 1
        }
        guard let verb = (from..<end).first(where: { isCue(words[$0]) }) else {
            return words[from].isCapital && text.bytes[words[from].start] == UInt8(ascii: "@")
                ? .other(string(text, from..<(from + 1))) : nil
        }
        if words[verb].has(Marks.according) {
            // "according to X" in two words, "laut X" in one.
            let length = words[verb].end - words[verb].start > 6 ? 2 : 1
            return noun(text, block, verb + length, end, afterPreposition: true)
        }
        if verb == from { return noun(text, block, verb + 1, end) }
        // French puts an auxiliary before the verb and the subject behind both: "a déclaré X".
        return subject(text, block, from..<verb) ?? noun(text, block, verb + 1, end)
    }

    /// The speaker named before a quotation that begins at `open`, in words from `start` on.
    func before(_ text: QuotationText, _ block: Int, open: Int, start: Int) -> Speaker? {
        let words = text.words
        let end = text.index(at: open)
        guard end > 0, words[end - 1].end > start else { return nil }
        var from = end - 1
        while from > 0, end - from < Self.reach + 10, !words[from].beginsSentence,
            words[from - 1].start >= start
        {
            from -= 1
        }
        let mark = lastMark(text, open)
        guard let verb = (from..<end).last(where: { isCue(words[$0]) }) else {
            return mark == UInt8(ascii: ":") ? first(text, block, from..<end) : nil
        }
        guard mark == UInt8(ascii: ":") || mark == 0x2C || end - verb <= 4 else { return nil }
        if words[verb].has(Marks.according) {
            return noun(text, block, verb + 2, end, afterPreposition: true)
        }
        // "…, wrote a visitor in the guest book:" has its subject behind the verb.
        if verb > from, verb + 1 < end, text.bytes[words[verb - 1].end] == 0x2C,
            words[verb + 1].has(Marks.article) || words[verb + 1].isCapital,
            mentions(block, in: from..<verb).isEmpty, let speaker = noun(text, block, verb + 1, end)
        {
            return speaker
        }
        return nearest(text, block, from..<verb) ?? noun(text, block, verb + 1, end)
    }

    /// The subject of the last statement of a block, for a quotation in the next.
    func subject(ofLastStatement text: QuotationText, _ block: Int) -> Speaker? {
        let words = text.words
        guard let verb = words.indices.suffix(120).last(where: { isCue(words[$0]) }) else {
            return nil
        }
        var from = verb
        while from > 0, verb - from < Self.reach, !words[from].beginsSentence { from -= 1 }
        return nearest(text, block, from..<verb)
    }

    /// Whether a comma or colon after a verb of saying leads into what begins at `open`.
    func isIntroduced(_ text: QuotationText, open: Int, start: Int) -> Bool {
        let mark = lastMark(text, open)
        if mark == UInt8(ascii: ":") { return true }
        let end = text.index(at: open)
        guard end > 0, words(text, end - 1, start) else { return false }
        if mark == 0x2C {
            return (max(0, end - 14)..<end).contains { isCue(text.words[$0]) }
        }
        return isCue(text.words[end - 1])
    }

    private func words(_ text: QuotationText, _ index: Int, _ start: Int) -> Bool {
        text.words[index].end > start
    }

    private func lastMark(_ text: QuotationText, _ open: Int) -> UInt8 {
        var at = open - 1
        while at >= 0, text.bytes[at] == 0x20 { at -= 1 }
        return at >= 0 ? text.bytes[at] : 0
    }

    private func isCue(_ word: Word) -> Bool {
        word.has(Marks.verb | Marks.according) && (!word.isCapital || word.beginsSentence)
    }

    /// `Trump said` after a full stop within the marks.
    private func isNameThenVerb(_ words: [Word], _ from: Int) -> Bool {
        (from + 1..<min(from + 4, words.count)).contains {
            isCue(words[$0]) && (from..<$0).allSatisfy { words[$0].isCapital }
        } && words[from].joins == false
    }

    private func mentions(_ block: Int, in range: Range<Int>) -> ArraySlice<QuotationNames.Mention>
    {
        let all = names.mentions[block]
        var low = 0
        var high = all.count
        while low < high {
            let middle = (low + high) / 2
            if all[middle].words.lowerBound < range.lowerBound {
                low = middle + 1
            } else {
                high = middle
            }
        }
        var end = low
        while end < all.count, all[end].words.lowerBound < range.upperBound { end += 1 }
        return all[low..<end]
    }

    /// The subject of words that lie between a quotation and its verb.
    private func subject(_ text: QuotationText, _ block: Int, _ range: Range<Int>) -> Speaker? {
        let words = text.words
        if let pronoun = range.prefix(2).first(where: { isPronoun(words[$0]) }) {
            return .pronoun(words[pronoun].marks & Marks.pronoun)
        }
        let here = mentions(block, in: range)
        // "a spokesman for the mayor's office": somebody without a name speaks for a name.
        let lead = words[range.lowerBound]
        if lead.has(Marks.article), !lead.isPossessive,
            let named = here.first(where: { !$0.isObject && !$0.isPossessive })
        {
            return .person(named.person)
        }
        if lead.has(Marks.article) { return common(text, range) }
        if let mention = here.first(where: { !$0.isObject && !$0.isPossessive }) {
            return .person(mention.person)
        }
        if let pronoun = range.last(where: { isPronoun(words[$0]) }) {
            return .pronoun(words[pronoun].marks & Marks.pronoun)
        }
        return common(text, range)
    }

    /// The subject nearest before a verb.
    private func nearest(_ text: QuotationText, _ block: Int, _ range: Range<Int>) -> Speaker? {
        guard !range.isEmpty else { return nil }
        let mention = mentions(block, in: range).last { !$0.isObject && !$0.isPossessive }
        let pronoun = range.last { isPronoun(text.words[$0]) }
        if let pronoun, pronoun > mention?.words.lowerBound ?? -1 {
            return .pronoun(text.words[pronoun].marks & Marks.pronoun)
        }
        return mention.map { .person($0.person) } ?? common(text, range)
    }

    private func first(_ text: QuotationText, _ block: Int, _ range: Range<Int>) -> Speaker? {
        mentions(block, in: range).first { !$0.isObject && !$0.isPossessive }.map {
            .person($0.person)
        }
    }

    /// The noun that follows a verb: `said Bill de Blasio`, `said a spokesman`.
    private func noun(
        _ text: QuotationText, _ block: Int, _ from: Int, _ end: Int, afterPreposition: Bool = false
    ) -> Speaker? {
        let words = text.words
        guard from < end, !words[from].has(Marks.preposition) || words[from].isCapital else {
            return nil
        }
        if isPronoun(words[from]) { return .pronoun(words[from].marks & Marks.pronoun) }
        let near = from..<min(end, from + 10)
        if let mention = mentions(block, in: near).first(where: {
            (afterPreposition || !$0.isObject) && !$0.isPossessive
        }
        ) {
            return .person(mention.person)
        }
        var to = from
        while to < end, to - from < 6, to == from || words[to].joins, !words[to].has(Marks.verb) {
            to += 1
        }
        return common(text, from..<to)
    }

    private func isPronoun(_ word: Word) -> Bool {
        word.has(Marks.pronoun) && !word.has(Marks.title) && !word.has(Marks.article)
    }

    /// Somebody without a name; a person whose role it is, where one has it.
    private func common(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        let words = text.words
        guard !range.isEmpty else { return nil }
        var end = range.lowerBound + 1
        while end < range.upperBound, words[end].joins { end += 1 }
        let range = range.lowerBound..<end
        if let title = range.last(where: { words[$0].has(Marks.title) }),
            range.count <= 3,
            let person = names.person(withRole: words[title].hash)
        {
            return .person(person)
        }
        guard range.count <= 12,
            words[range.lowerBound].has(Marks.article | Marks.title)
                || words[range.lowerBound].isCapital || range.count <= 3
        else { return nil }
        let printed = string(text, range)
        return printed.utf8.count > 2 ? .other(printed) : nil
    }

    private func string(_ text: QuotationText, _ range: Range<Int>) -> String {
        TextScanning.string(
            text.bytes[text.words[range.lowerBound].start..<text.words[range.upperBound - 1].end])
    }
}
