/// Nouns that speak: a name behind a verb, a role, somebody without a name.
extension SpeakerFinder {
    /// The noun that follows a verb: `said Bill de Blasio`, `said a spokesman`.
    func noun(
        _ text: QuotationText, _ from: Int, _ end: Int, afterPreposition: Bool = false
    ) -> Speaker? {
        let words = text.words
        var from = from
        while from < end, words[from].has(Marks.adverb),
            !words[from].has(Marks.pronoun | Marks.article),
            !words[from].isCapital
        {
            from += 1
        }
        var afterPreposition = afterPreposition
        // "heißt es in der Rede": the speech speaks.
        if from + 2 < end, words[from].has(Marks.impersonal),
            words[from + 1].has(Marks.preposition)
        {
            from += 2
            afterPreposition = true
        }
        guard from < end else { return nil }
        if let mention = mentions(text, in: from..<(from + 1)).first, mention.isSubject {
            return .person(mention.person)
        }
        guard !words[from].has(Marks.preposition) || words[from].isCapital,
            !words[from].has(Marks.oblique) || afterPreposition
        else { return nil }
        if isPronoun(words[from]) {
            return .pronoun(words[from].marks & Marks.pronoun)
        }
        if words[from].has(Marks.writer) { return .writer }
        var to = from + 1
        while to < end, to - from < 12, words[to].joins || isApposition(text, from, to),
            !words[to].has(Marks.preposition | Marks.conjunction | Marks.verb)
                || words[to].isCapital || words[to].has(Marks.title)
        {
            to += 1
        }
        if let mention = mentions(text, in: from..<to).first(where: {
            !$0.isPossessive && !$0.isAttribute && !$0.isQuoted
                && (afterPreposition || !$0.isObject)
        }) {
            return .person(mention.person)
        }
        return phrase(text, from..<end)
    }

    /// A comma within `the mayor, Ada Quill`: the name behind a role.
    private func isApposition(_ text: QuotationText, _ from: Int, _ index: Int) -> Bool {
        (text.words[index].isCapital && !text.words[index].has(Marks.noName)
            || text.words[index].has(Marks.title)) && text.sign(after: index - 1) == 0x2C
            && (text.words[from].has(Marks.article | Marks.title) || text.words[from].isPossessive)
            && !(from..<index).contains {
                text.words[$0].isCapital && !text.words[$0].isPossessive
                    && !language.capitalizesNouns
                    && !text.words[$0].has(Marks.title)
            }
    }

    private static let phraseStops =
        Marks.verb | Marks.conjunction | Marks.reported | Marks.adverb

    /// Somebody without a name; a person whose role it is, where one has it.
    func phrase(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        let words = text.words
        guard !range.isEmpty else { return nil }
        var end = range.lowerBound + 1
        while end < range.upperBound, end - range.lowerBound < 12,
            words[end].joins || words[end].isQuoted,
            !words[end].has(Self.phraseStops) || words[end].isCapital
                || words[end].has(Marks.title),
            !words[end].has(Marks.article) || words[end].isCapital
                || words[end - 1].has(Marks.preposition) || names.isGenitive(words, end)
        {
            end += 1
        }
        while end > range.lowerBound + 1,
            words[end - 1].has(Marks.article | Marks.adverb | Marks.preposition),
            !words[end - 1].isCapital
        {
            end -= 1
        }
        return common(text, range.lowerBound..<end)
    }

    /// The words of a phrase as a speaker.
    func common(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        let words = text.words
        if let title = range.last(where: { words[$0].has(Marks.title) }),
            title == range.upperBound - 1, range.count == 2,
            words[range.lowerBound].has(Marks.definite),
            let person = names.person(withRole: words[title].hash)
        {
            return .person(person)
        }
        let first = words[range.lowerBound]
        guard !first.has(Marks.verb) || first.has(Marks.title | Marks.article) else { return nil }
        guard
            words[range.lowerBound].has(Marks.article | Marks.title)
                || words[range.lowerBound].isCapital || range.count <= 3
        else { return nil }
        guard range.count > 1 || isSpeakingNoun(text, range.lowerBound) else { return nil }
        let printed = string(text, range)
        return printed.utf8.count > 2 ? .other(printed) : nil
    }

    /// Whether a noun alone can be who speaks: a capital one, a plural, `police`.
    private func isSpeakingNoun(_ text: QuotationText, _ index: Int) -> Bool {
        let word = text.words[index]
        if word.has(Marks.head | Marks.title) { return true }
        guard word.marks & (Marks.noName | Marks.adverb | Marks.verb) == 0 else { return false }
        return word.isCapital || text.bytes[word.end - 1] == UInt8(ascii: "s")
    }
}
