/// Who acts in a clause: the grammar that the cue beside a quotation is read with.
extension SpeakerFinder {
    /// The subject of the verb at `verb` in the sentence from `from` to `end`.
    func subject(
        ofVerb verb: Int, _ text: QuotationText, _ from: Int, _ end: Int
    ) -> Speaker? {
        let words = text.words
        var stop = verb
        while stop > from, isAdverb(text, stop - 1), text.sign(after: stop - 1) != 0x2C {
            stop -= 1
        }
        guard stop > from else {
            // "Adding, …" goes on with what the sentence before told.
            if words[verb].has(Marks.participle), from > 0 {
                return main(text, sentence(text, endingAt: from, 0)..<from)
            }
            return noun(text, verb + 1, end)
        }
        // "In der Rede heißt es": the speech speaks.
        if verb + 1 < end, words[verb + 1].has(Marks.impersonal),
            words[from].has(Marks.preposition), from + 1 < stop
        {
            return noun(text, from + 1, stop, afterPreposition: true)
        }
        if verb + 1 < end, words[verb + 1].has(Marks.by), stop < verb {
            return noun(text, verb + 2, end, afterPreposition: true)
        }
        // "Lund, who came late, told them", "Lund left, saying" and "Lund went on to say": the
        // sentence's own subject.
        if text.sign(after: stop - 1) == 0x2C
            || words[stop - 1].has(Marks.conjunction | Marks.preposition)
        {
            return subject(apartFrom: verb, text, from..<stop, end)
        }
        var start = stop - 1
        while start > from, !isBoundary(text, start) { start -= 1 }
        if words[verb].has(Marks.participle), words[start].has(Marks.preposition) {
            return subject(text, (start + 1)..<stop, oblique: true)
        }
        let here = candidate(text, start..<stop)
        if language.verbSecond, !words[verb].has(Marks.participle) {
            return here ?? noun(text, verb + 1, end) ?? main(text, from..<start)
                ?? subject(text, start..<stop)
        }
        return here ?? bare(text, start..<stop) ?? main(text, from..<start)
            ?? noun(text, verb + 1, end)
    }

    /// The subject of a verb that a comma or a word such as `and` parts from what stands in
    /// `before` it.
    private func subject(
        apartFrom verb: Int, _ text: QuotationText, _ before: Range<Int>, _ end: Int
    ) -> Speaker? {
        let words = text.words
        // "It was late, says Yao."
        if let name = mentions(text, in: (verb + 1)..<max(verb + 1, end)).first,
            name.words.lowerBound == verb + 1, name.isSubject,
            name.words.upperBound == end || text.sign(after: name.words.upperBound - 1) == 0x2C,
            !words[verb].has(Marks.addressing)
        {
            return .person(name.person)
        }
        if words[verb].has(Marks.participle) {
            // "Lund said yes, adding": no participle itself, so that this goes one step deep.
            let said = before.last {
                isCue(words[$0]) && !words[$0].has(Marks.participle | Marks.according)
                    && !($0 > before.lowerBound && words[$0 - 1].has(Marks.conjunction))
            }
            if let said {
                return subject(ofVerb: said, text, before.lowerBound, before.upperBound)
            }
        } else if text.sign(after: before.upperBound - 1) == 0x2C {
            // "Much came up when Lund, asked about it, had said": whom the commas interrupt.
            let interrupted = mentions(text, in: before).filter {
                $0.isSubject && !names.persons[$0.person].isBody
                    && text.sign(after: $0.words.upperBound - 1) == 0x2C
            }
            let isLate = words[before.lowerBound].has(Marks.preposition | Marks.conjunction)
            if let name = isLate ? interrupted.last : interrupted.first {
                return .person(name.person)
            }
        }
        return main(text, before) ?? noun(text, verb + 1, end)
    }

    /// The subject of a sentence's main clause: not in what leads up to it before a comma.
    func main(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
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
                let speaker = candidate(text, (at + 1)..<range.upperBound)
            {
                return speaker
            }
        }
        return subject(text, range)
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
        _ text: QuotationText, _ range: Range<Int>, oblique: Bool = false
    ) -> Speaker? {
        candidate(text, range, oblique: oblique) ?? bare(text, range)
    }

    /// A noun without an article: `police`, `officials in Salem`.
    private func bare(_ text: QuotationText, _ range: Range<Int>) -> Speaker? {
        guard let first = range.first,
            !text.words[first].has(Marks.preposition | Marks.conjunction | Marks.verb)
        else { return nil }
        return phrase(text, range)
    }

    /// The first in `range` who can be a subject: a name, a pronoun, a noun with its article.
    func candidate(
        _ text: QuotationText, _ range: Range<Int>, oblique: Bool = false
    ) -> Speaker? {
        let words = text.words
        var here = mentions(text, in: range)
        var index = range.lowerBound
        while index < range.upperBound {
            while let mention = here.first, mention.words.lowerBound < index { here.removeFirst() }
            let word = words[index]
            if isPronoun(word), !word.isQuoted { return .pronoun(word.marks & Marks.pronoun) }
            if word.has(Marks.writer), !word.isQuoted { return .writer }
            if let mention = here.first, mention.words.lowerBound == index {
                if let speaker = speaker(mention, text, range.upperBound, oblique) {
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
                    return person(text, index..<end)
                        ?? holder(text, from: index, range.upperBound)
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
        _ mention: QuotationNames.Mention, _ text: QuotationText, _ limit: Int,
        _ oblique: Bool
    ) -> Speaker? {
        if oblique || mention.isSubject { return .person(mention.person) }
        guard !mention.isObject, !mention.isQuoted else { return nil }
        let end = mention.words.upperBound
        if mention.isPossessive, end < limit, text.words[end].has(Marks.utterance) {
            return .person(mention.person)
        }
        if mention.isPossessive, end < limit,
            let name = mentions(text, in: end..<(end + 1)).first, name.isSubject
        {
            return .person(name.person)
        }
        return holder(text, from: mention.words.lowerBound, limit)
            ?? phrase(text, mention.words.lowerBound..<limit)
    }

    /// Who has the role that stands before the name: `Quill spokesman Max Roe`, `the mayor of
    /// Harlow, Max Roe,`.
    private func holder(
        _ text: QuotationText, from: Int, _ limit: Int
    ) -> Speaker? {
        let words = text.words
        var end = from + 1
        while end < limit, end - from < 12, words[end].joins {
            if words[end - 1].has(Marks.title), !words[end - 1].isCapital,
                let name = mentions(text, in: end..<(end + 1)).first, name.isSubject
            {
                return .person(name.person)
            }
            end += 1
        }
        guard end < limit, text.sign(after: end - 1) == 0x2C,
            let name = mentions(text, in: end..<(end + 1)).first, !name.isQuoted,
            text.sign(after: name.words.upperBound - 1) == 0x2C,
            (from..<end).contains(where: { words[$0].has(Marks.title) })
        else { return nil }
        return .person(name.person)
    }

    /// The person named in a phrase such as `the mayor, Ada Quill` or `a baker named Lund`.
    private func person(_ text: QuotationText, _ phrase: Range<Int>) -> Speaker? {
        mentions(text, in: phrase).first { $0.isSubject }.map { .person($0.person) }
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

    func isPronoun(_ word: Word) -> Bool {
        word.has(Marks.pronoun) && !word.has(Marks.title) && !word.has(Marks.article)
    }

    /// The mentions of `text` that begin in `range`.
    func mentions(_ text: QuotationText, in range: Range<Int>) -> ArraySlice<QuotationNames.Mention>
    {
        let all = names.mentions[text.block]
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
