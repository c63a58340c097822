/// Who acts in a clause: the grammar that the cue beside a quotation is read with.
extension SpeakerFinder {
    /// The subject of the verb at `verb` in the sentence from `from` to `end`.
    func subject(
        ofVerb verb: Int, _ text: QuotationText, _ block: Int, _ from: Int, _ end: Int
    ) -> Speaker? {
        let words = text.words
        var stop = verb
        while stop > from, isAdverb(text, stop - 1), text.sign(after: stop - 1) != 0x2C {
            stop -= 1
        }
        guard stop > from else {
            // "Adding, …" goes on with what the sentence before told.
            if words[verb].has(Marks.participle), from > 0 {
                return main(text, block, sentence(text, endingAt: from, 0)..<from)
            }
            return noun(text, block, verb + 1, end)
        }
        // "In der Rede heißt es": the speech speaks.
        if verb + 1 < end, words[verb + 1].has(Marks.impersonal),
            words[from].has(Marks.preposition), from + 1 < stop
        {
            return noun(text, block, from + 1, stop, afterPreposition: true)
        }
        if verb + 1 < end, words[verb + 1].has(Marks.agent), stop < verb {
            return noun(text, block, verb + 2, end, afterPreposition: true)
        }
        // "Lund, who came late, told them", "Lund left, saying" and "Lund went on to say": the
        // sentence's own subject.
        let isApart =
            text.sign(after: stop - 1) == 0x2C
            || words[stop - 1].has(Marks.conjunction | Marks.preposition)
        if isApart {
            // "It was late, says Yao."
            if let name = mentions(block, in: (verb + 1)..<max(verb + 1, end)).first,
                name.words.lowerBound == verb + 1, name.words.upperBound == end, name.isSubject,
                !words[verb].has(Marks.addressing)
            {
                return .person(name.person)
            }
            if words[verb].has(Marks.participle),
                let said = (from..<stop).last(where: {
                    isCue(words[$0]) && !words[$0].has(Marks.participle | Marks.according)
                        && !($0 > from && words[$0 - 1].has(Marks.conjunction))
                })
            {
                return subject(ofVerb: said, text, block, from, stop)
            }
            // "Much came up when Lund, asked about it, had said": whom the commas interrupt.
            if text.sign(after: stop - 1) == 0x2C, !words[verb].has(Marks.participle) {
                let names = mentions(block, in: from..<stop).filter {
                    $0.isSubject && !self.names.persons[$0.person].isBody
                        && text.sign(after: $0.words.upperBound - 1) == 0x2C
                }
                let isLate = words[from].has(Marks.preposition | Marks.conjunction)
                if let name = isLate ? names.last : names.first { return .person(name.person) }
            }
            return main(text, block, from..<stop) ?? noun(text, block, verb + 1, end)
        }
        var start = stop - 1
        while start > from, !isBoundary(text, start) { start -= 1 }
        if words[verb].has(Marks.participle), words[start].has(Marks.preposition) {
            return subject(text, block, (start + 1)..<stop, oblique: true)
        }
        let here = agent(text, block, start..<stop)
        if language.verbSecond, !words[verb].has(Marks.participle) {
            return here ?? noun(text, block, verb + 1, end) ?? main(text, block, from..<start)
                ?? subject(text, block, start..<stop)
        }
        return here ?? bare(text, start..<stop) ?? main(text, block, from..<start)
            ?? noun(text, block, verb + 1, end)
    }

    /// The subject of a sentence's main clause: not in what leads up to it before a comma.
    func main(_ text: QuotationText, _ block: Int, _ range: Range<Int>) -> Speaker? {
        guard !range.isEmpty else { return nil }
        let words = text.words
        let first = words[range.lowerBound]
        if first.has(Marks.preposition | Marks.conjunction), !isPronoun(first) {
            var at = range.lowerBound
            while at < range.upperBound, text.sign(after: at) != 0x2C { at += 1 }
            // "In Harlow, Ohio, Lund said": a place goes on behind the comma.
            if at + 2 < range.upperBound, words[at + 1].isCapital, !words[at + 1].isPossessive,
                text.sign(after: at + 1) == 0x2C || text.sign(after: at + 1) == UInt8(ascii: ".")
            {
                at += 1
            }
            if at + 1 < range.upperBound,
                let speaker = agent(text, block, (at + 1)..<range.upperBound)
            {
                return speaker
            }
        }
        return subject(text, block, range)
    }

    /// Whether a clause begins with the word at `index`.
    private func isBoundary(_ text: QuotationText, _ index: Int) -> Bool {
        let before = text.words[index - 1]
        if before.has(Marks.conjunction), !before.isCapital || before.beginsSentence { return true }
        switch text.sign(after: index - 1) {
        case 0x2C, UInt8(ascii: ":"), UInt8(ascii: ";"): return !text.words[index].joins
        case 0x20:
            // A dash with spaces around it.
            let gap = text.end(of: index - 1)..<text.words[index].start
            return gap.count > 2 && text.bytes[gap].contains { $0 == 0xE2 || $0 == 0x2D }
        default: return false
        }
    }

    private func isAdverb(_ text: QuotationText, _ index: Int) -> Bool {
        let word = text.words[index]
        if word.isCapital, !word.beginsSentence { return false }
        if word.has(Marks.adverb) { return !isPronoun(word) }
        return word.end - word.start > 4 && word.marks == 0
            && text.bytes[word.end - 2] == UInt8(ascii: "l")
            && text.bytes[word.end - 1] == UInt8(ascii: "y")
    }

    /// The first in `range` who can be a subject, or what all its words say.
    func subject(
        _ text: QuotationText, _ block: Int, _ range: Range<Int>, oblique: Bool = false
    ) -> Speaker? {
        agent(text, block, range, oblique: oblique) ?? bare(text, range)
    }

    /// A noun without an article: `police`, `officials in Salem`.
    private func bare(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        guard let first = range.first,
            !text.words[first].has(Marks.preposition | Marks.conjunction | Marks.verb)
        else { return nil }
        return phrase(text, range)
    }

    /// The first in `range` who can be a subject: a name, a pronoun, a noun with its article.
    func agent(
        _ text: QuotationText, _ block: Int, _ range: Range<Int>, oblique: Bool = false
    ) -> Speaker? {
        let words = text.words
        var here = mentions(block, in: range)
        var index = range.lowerBound
        while index < range.upperBound {
            while let mention = here.first, mention.words.lowerBound < index { here.removeFirst() }
            let word = words[index]
            if isPronoun(word), !word.isQuoted { return .pronoun(word.marks & Marks.pronoun) }
            if word.has(Marks.writer), !word.isQuoted { return .writer }
            if let mention = here.first, mention.words.lowerBound == index {
                if let speaker = speaker(mention, text, block, range.upperBound, oblique) {
                    return speaker
                }
                index = mention.words.upperBound
            } else if word.has(Marks.article), !word.isQuoted,
                let time = (index..<min(index + 4, range.upperBound)).first(where: {
                    words[$0].has(Marks.time)
                })
            {
                index = time + 1
            } else if word.has(Marks.article), !word.isQuoted {
                let end = phraseEnd(words, index, range.upperBound)
                let isObject =
                    index > range.lowerBound && words[index - 1].has(Marks.preposition)
                    || names.isGenitive(words, index)
                if oblique || !isObject && !word.has(Marks.oblique) {
                    return person(block, index..<end)
                        ?? holder(text, block, from: index, range.upperBound)
                        ?? phrase(text, index..<range.upperBound)
                }
                index = max(index + 1, end)
            } else {
                index += 1
            }
        }
        return nil
    }

    /// The name as who acts, or what it is only part of; nil where it is neither.
    private func speaker(
        _ mention: QuotationNames.Mention, _ text: QuotationText, _ block: Int, _ limit: Int,
        _ oblique: Bool
    ) -> Speaker? {
        if oblique || mention.isSubject { return .person(mention.person) }
        guard !mention.isObject, !mention.isQuoted else { return nil }
        let end = mention.words.upperBound
        if mention.isPossessive, end < limit, text.words[end].has(Marks.utterance) {
            return .person(mention.person)
        }
        if mention.isPossessive, end < limit,
            let name = mentions(block, in: end..<(end + 1)).first, name.isSubject
        {
            return .person(name.person)
        }
        return holder(text, block, from: mention.words.lowerBound, limit)
            ?? phrase(text, mention.words.lowerBound..<limit)
    }

    /// Who has the role that stands before the name: `Quill spokesman Max Roe`, `the mayor of
    /// Harlow, Max Roe,`.
    private func holder(
        _ text: QuotationText, _ block: Int, from: Int, _ limit: Int
    ) -> Speaker? {
        let words = text.words
        var end = from + 1
        while end < limit, end - from < 12, words[end].joins {
            if words[end - 1].has(Marks.title), !words[end - 1].isCapital,
                let name = mentions(block, in: end..<(end + 1)).first, name.isSubject
            {
                return .person(name.person)
            }
            end += 1
        }
        guard end < limit, text.sign(after: end - 1) == 0x2C,
            let name = mentions(block, in: end..<(end + 1)).first, !name.isQuoted,
            text.sign(after: name.words.upperBound - 1) == 0x2C,
            (from..<end).contains(where: { words[$0].has(Marks.title) })
        else { return nil }
        return .person(name.person)
    }

    /// The person named in a phrase such as `the mayor, Ada Quill` or `a baker named Lund`.
    private func person(_ block: Int, _ phrase: Range<Int>) -> Speaker? {
        mentions(block, in: phrase).first { $0.isSubject }.map { .person($0.person) }
    }

    /// Where a phrase ends that begins with an article: before what tells more of it.
    private func phraseEnd(_ words: [Word], _ from: Int, _ limit: Int) -> Int {
        var end = from + 1
        while end < limit, end - from < 14,
            !words[end].has(Marks.preposition | Marks.verb | Marks.conjunction)
                || words[end].isCapital || words[end].has(Marks.title)
        {
            end += 1
        }
        return end
    }

    /// The noun that follows a verb: `said Bill de Blasio`, `said a spokesman`.
    func noun(
        _ text: QuotationText, _ block: Int, _ from: Int, _ end: Int, afterPreposition: Bool = false
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
        if let mention = mentions(block, in: from..<(from + 1)).first, mention.isSubject {
            return .person(mention.person)
        }
        guard !words[from].has(Marks.preposition) || words[from].isCapital,
            !words[from].has(Marks.oblique) || afterPreposition
        else { return nil }
        if isPronoun(words[from]), !isDeterminer(words, from, end) {
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
        if let mention = mentions(block, in: from..<to).first(where: {
            !$0.isPossessive && !$0.isAttribute && !$0.isQuoted
                && (afterPreposition || !$0.isObject)
        }) {
            return .person(mention.person)
        }
        return phrase(text, from..<end)
    }

    /// A comma within `the mayor, Ada Quill`: the name behind a role.
    private func isApposition(_ text: QuotationText, _ from: Int, _ index: Int) -> Bool {
        text.words[index].isCapital && text.sign(after: index - 1) == 0x2C
            && !text.words[index].has(Marks.noName)
            && (text.words[from].has(Marks.article) || text.words[from].has(Marks.title))
            && !(from..<index).contains {
                text.words[$0].isCapital && !language.capitalizesNouns
                    && !text.words[$0].has(Marks.title)
            }
    }

    /// German `sie` and `ihr` before a noun tell whose it is.
    private func isDeterminer(_ words: [Word], _ index: Int, _ end: Int) -> Bool {
        words[index].has(Marks.article) && index + 1 < end && words[index + 1].joins
    }

    func isPronoun(_ word: Word) -> Bool {
        word.has(Marks.pronoun) && !word.has(Marks.title) && !word.has(Marks.article)
    }

    private static let phraseStops =
        Marks.verb | Marks.conjunction | Marks.reported | Marks.adverb

    /// Somebody without a name; a person whose role it is, where one has it.
    private func phrase(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        let words = text.words
        guard !range.isEmpty else { return nil }
        var end = range.lowerBound + 1
        while end < range.upperBound, end - range.lowerBound < 12,
            words[end].joins || text.sign(after: end - 1) == 0x22 || words[end].isQuoted,
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

    /// The mentions of `block` that begin in `range`.
    func mentions(_ block: Int, in range: Range<Int>) -> ArraySlice<QuotationNames.Mention> {
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

    func string(_ text: QuotationText, _ range: Range<Int>) -> String {
        TextScanning.string(
            text.bytes[text.words[range.lowerBound].start..<text.words[range.upperBound - 1].end])
    }
}
