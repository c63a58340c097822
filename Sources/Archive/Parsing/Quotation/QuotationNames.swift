/// The persons and bodies that an article names, and where.
struct QuotationNames: Sendable {
    private(set) var persons: [Person] = []
    /// The mentions of each block, in order.
    private(set) var mentions: [[Mention]] = []
    private var bySurname: [UInt64: Int] = [:]
    private var byFullName: [UInt64: Int] = [:]
    /// Who alone has a word in the role, and who has it as the whole role.
    private var byRole: [UInt64: Int] = [:]
    private var byWholeRole: [UInt64: Int] = [:]
    private var byFirst: [UInt64: Int] = [:]
    /// Words that have a capital within a sentence: not only because one begins with them.
    private var capitals: Set<UInt64> = []

    private let capitalizesNouns: Bool

    init(_ texts: [QuotationText], capitalizesNouns: Bool) {
        self.capitalizesNouns = capitalizesNouns
        var found: [[Mention]] = []
        for (block, text) in texts.enumerated() { found.append(scan(text, block)) }
        // A surname may stand before the full name does: it is known only now.
        // Of two with one surname it names the one that was named last.
        var latest: [UInt64: Int] = [:]
        for (block, text) in texts.enumerated() {
            for index in found[block].indices {
                let mention = found[block][index]
                guard mention.person < 0 else {
                    if let surname = surname(text.words[mention.words]) {
                        latest[surname] = mention.person
                    }
                    continue
                }
                let word = text.words[mention.words.lowerBound].hash
                let isTitle = text.words[mention.words.lowerBound].has(QuotationLanguage.title)
                if capitalizesNouns || isTitle ? !isKnown(word) : isChance(mention, text) {
                    continue
                }
                let person = short(text, mention, latest: latest[word])
                found[block][index].person = person
                if persons[person].hasParticle {
                    found[block][index] = withParticles(found[block][index], text)
                }
            }
            found[block].removeAll { $0.person < 0 }
        }
        mentions = found
    }

    /// Where a name begins behind a noun that tells what somebody is: `Geologin Dora Lind`.
    private func afterNoun(_ words: [QuotationText.Word], _ from: Int, _ end: Int) -> Int {
        guard end - from > 2 else { return from }
        let known = QuotationLanguage.maleName | QuotationLanguage.femaleName
        if let first = (from..<(end - 1)).first(where: { words[$0].has(known) }) { return first }
        return words[from].has(QuotationLanguage.tradeNoun) ? from + 1 : from
    }

    /// The mention of a surname with the `von der` before it, which is no preposition then.
    private func withParticles(_ mention: Mention, _ text: QuotationText) -> Mention {
        var from = mention.words.lowerBound
        while from > 0, text.words[from].joins, text.words[from - 1].has(QuotationLanguage.particle)
        {
            from -= 1
        }
        guard from < mention.words.lowerBound else { return mention }
        var mention = mention
        mention.words = from..<mention.words.upperBound
        mention.isObject = isObject(text.words, from)
        mention.beginsSentence = text.words[from].beginsSentence
        return mention
    }

    private mutating func scan(_ text: QuotationText, _ block: Int) -> [Mention] {
        var mentions: [Mention] = []
        var index = 0
        let words = text.words
        while index < words.count {
            guard words[index].isCapital, !isNoName(words[index]) else {
                index += 1
                continue
            }
            let end = runEnd(text, index)
            for at in index..<end where !begins(words, at) { capitals.insert(words[at].hash) }
            var from = index
            for at in index..<end where words[at].has(QuotationLanguage.title) && at + 1 < end {
                from = at + 1
            }
            while from < end, words[from].has(QuotationLanguage.title) { from += 1 }
            if capitalizesNouns { from = afterNoun(words, from, end) }
            // "Baker said" may be somebody of that name.
            if from == end, end == index + 1 { from = index }
            if from < end, !TextScanning.isDigit(text.bytes[words[from].start]),
                !endsInOffice(text, from..<end)
            {
                let mention = Mention(
                    words: from..<end, block: block, person: -1,
                    isPossessive: words[end - 1].isPossessive,
                    isObject: isObject(words, index) || isCoordinate(words, index, mentions.last),
                    isAttribute: isAttribute(words, end), isQuoted: words[index].isQuoted,
                    beginsSentence: words[index].beginsSentence)
                mentions.append(add(mention, text, runStart: index))
            }
            index = end
        }
        return mentions
    }

    /// Who "the mayor" is: the first whose whole role it is, else the only one with the word.
    func person(withRole word: UInt64) -> Int? {
        if let person = byWholeRole[word] { return person }
        return byRole[word].flatMap { $0 < 0 ? nil : $0 }
    }

    private func begins(_ words: [QuotationText.Word], _ index: Int) -> Bool {
        words[index].beginsSentence
            || words[index].isQuoted && (index == 0 || !words[index - 1].isQuoted)
    }

    /// Whether a single word has its capital only because a sentence begins with it.
    private func isChance(_ mention: Mention, _ text: QuotationText) -> Bool {
        let words = text.words
        let index = mention.words.lowerBound
        guard words[index].beginsSentence, !capitals.contains(words[index].hash),
            text.bytes[words[index].start] != UInt8(ascii: "@"), !isKnown(words[index].hash)
        else { return false }
        return index + 1 == words.count || !words[index + 1].has(QuotationLanguage.verb)
    }

    /// `Pennsylvania Gov.` and `the Harlow Democrat` are nobody's names.
    private func endsInOffice(_ text: QuotationText, _ name: Range<Int>) -> Bool {
        let last = text.words[name.upperBound - 1]
        guard last.has(QuotationLanguage.title), name.count > 1 else { return false }
        if last.end - last.start < 5, text.sign(after: name.upperBound - 1) == UInt8(ascii: ".") {
            return true
        }
        return name.lowerBound > 0
            && text.words[name.lowerBound - 1].has(QuotationLanguage.article)
            && !text.words[name.lowerBound].has(
                QuotationLanguage.maleName | QuotationLanguage.femaleName)
    }

    /// Whether `and` joins the name to one that is no subject: `in Ohio and Harlow`.
    private func isCoordinate(
        _ words: [QuotationText.Word], _ index: Int, _ last: Mention?
    ) -> Bool {
        guard let last, last.isObject, index > 0 else { return false }
        return last.words.upperBound == index - 1
            && words[index - 1].has(QuotationLanguage.conjunction)
    }

    /// Whether the article at `index` follows a noun, whose owner it begins: German `der Rat der
    /// Stadt`.
    func isGenitive(_ words: [QuotationText.Word], _ index: Int) -> Bool {
        guard capitalizesNouns, index > 0, words[index].joins,
            words[index].has(QuotationLanguage.article)
        else { return false }
        return words[index - 1].isCapital && !words[index - 1].beginsSentence
    }

    private func isAttribute(_ words: [QuotationText.Word], _ end: Int) -> Bool {
        for at in end..<min(end + 3, words.count) {
            guard words[at].joins, !words[at].isCapital else { return false }
            if words[at].has(QuotationLanguage.head | QuotationLanguage.title) { return true }
            if words[at].marks != 0 { return false }
        }
        return false
    }

    private func isKnown(_ word: UInt64) -> Bool {
        bySurname[word].map { persons[$0].wordCount > 1 } ?? false
    }

    /// Whether a single word between marks stands within a name: `Owen "Bob" Mills`.
    private func isNickname(_ text: QuotationText, _ index: Int) -> Bool {
        let words = text.words
        guard words[index].isQuoted, words[index].isCapital, !words[index - 1].isQuoted,
            index + 1 < words.count, words[index + 1].isCapital, !words[index + 1].isQuoted
        else { return false }
        return words[index].start - words[index - 1].end <= 4
            && words[index + 1].start - words[index].end <= 4
    }

    private func isSurname(_ word: QuotationText.Word, behind first: QuotationText.Word) -> Bool {
        !word.has(QuotationLanguage.noName)
            && first.has(QuotationLanguage.maleName | QuotationLanguage.femaleName)
    }

    private func isNoName(_ word: QuotationText.Word) -> Bool {
        word.has(QuotationLanguage.noName)
            || word.has(QuotationLanguage.verb) && !word.has(QuotationLanguage.title)
    }

    private func runEnd(_ text: QuotationText, _ from: Int) -> Int {
        let words = text.words
        var end = from + 1
        while end < words.count, end - from < 12, !words[end - 1].isPossessive {
            if isNickname(text, end) {
                end += 2
                continue
            }
            guard words[end].joins else { break }
            if words[end].isCapital {
                // "Ian Read" is somebody, "Quill Says" a headline.
                if isNoName(words[end]), !isSurname(words[end], behind: words[end - 1]) { break }
                end += 1
            } else if words[end].has(QuotationLanguage.particle) {
                var next = end + 1
                while next < words.count, next - end < 3, words[next].joins,
                    words[next].has(QuotationLanguage.particle), !words[next].isCapital
                {
                    next += 1
                }
                // "Smith of the Bronx" is no name; "Bill de Blasio" and "Ursula von der Leyen" are.
                let isOpen = words[end].has(
                    QuotationLanguage.preposition | QuotationLanguage.article)
                let isFirst = words[end - 1].has(
                    QuotationLanguage.maleName | QuotationLanguage.femaleName)
                guard next < words.count, words[next].joins, words[next].isCapital,
                    !isOpen || isFirst
                else { break }
                end = next + 1
            } else {
                break
            }
        }
        return end
    }

    private func isObject(_ words: [QuotationText.Word], _ index: Int) -> Bool {
        var at = index - 1
        var steps = 0
        while at >= 0, steps < 3, words[at + 1].joins {
            if words[at].has(QuotationLanguage.preposition) { return true }
            if isGenitive(words, at) { return true }
            guard words[at].has(QuotationLanguage.article | QuotationLanguage.title) else {
                return false
            }
            at -= 1
            steps += 1
        }
        return false
    }

    private mutating func add(_ mention: Mention, _ text: QuotationText, runStart: Int) -> Mention {
        var mention = mention
        let words = text.words[mention.words]
        guard words.count > 1, let first = words.first, let last = surname(words) else {
            return mention
        }
        let full = first.hash &* 31 ^ last
        let known = byFullName[full] ?? longer(words, last)
        let person: Int
        if let known {
            person = known
            if words.count > persons[known].wordCount {
                persons[known].name = name(text, mention.words)
                persons[known].wordCount = words.count
            }
        } else {
            person = persons.count
            persons.append(
                Person(name: name(text, mention.words), wordCount: words.count, first: first.hash))
            persons[person].isBody =
                (words.last?.has(QuotationLanguage.body) ?? false)
                || words.count == 2 && first.has(QuotationLanguage.body)
            persons[person].likely = first.marks
            persons[person].hasParticle =
                words.dropLast().last.map {
                    !$0.isCapital && $0.has(QuotationLanguage.particle)
                } ?? false
            bySurname[last] = person
            byFullName[full] = person
            if byFirst[first.hash] == nil { byFirst[first.hash] = person }
        }
        // "His daughter, Irena Thale," tells who she is before the comma.
        if runStart > 0, text.bytes[text.words[runStart - 1].end] == 0x2C {
            persons[person].gender |= gender(text.words[runStart - 1])
        }
        note(QuotationRole.words(text, runStart, mention.words), of: person, text)
        mention.person = person
        return mention
    }

    /// Whom a surname with its particle names: `Al Saud` behind `Abu Anas Al Saud`.
    private func longer(_ words: ArraySlice<QuotationText.Word>, _ last: UInt64) -> Int? {
        guard words.count == 2, words.first?.has(QuotationLanguage.particle) ?? false,
            let person = bySurname[last], persons[person].wordCount > 2
        else { return nil }
        return person
    }

    private mutating func short(
        _ text: QuotationText, _ mention: Mention, latest: Int?
    ) -> Int {
        let word = text.words[mention.words.lowerBound]
        if let person = latest ?? bySurname[word.hash] ?? byFirst[word.hash] {
            if mention.words.lowerBound > 0 {
                persons[person].gender |= gender(text.words[mention.words.lowerBound - 1])
            }
            return person
        }
        let person = persons.count
        persons.append(
            Person(name: name(text, mention.words), wordCount: 1, first: word.hash))
        persons[person].isBody = word.has(QuotationLanguage.body)
        bySurname[word.hash] = person
        return person
    }

    private func surname(_ words: ArraySlice<QuotationText.Word>) -> UInt64? {
        words.last { !$0.has(QuotationLanguage.suffix) }?.hash
    }

    private func name(_ text: QuotationText, _ words: Range<Int>) -> String {
        TextScanning.string(
            text.bytes[text.words[words.lowerBound].start..<text.words[words.upperBound - 1].end])
    }

    private func gender(_ word: QuotationText.Word) -> UInt32 {
        word.has(QuotationLanguage.title)
            ? word.marks & (QuotationLanguage.male | QuotationLanguage.female) : 0
    }

    private mutating func note(_ role: Range<Int>?, of person: Int, _ text: QuotationText) {
        guard let role else { return }
        for word in text.words[role] { persons[person].gender |= gender(word) }
        let honorifics =
            role.count == 1
            && text.words[role.lowerBound].end
                - text.words[role.lowerBound].start <= 3
            && gender(text.words[role.lowerBound]) != 0
        guard persons[person].role == nil, !honorifics else { return }
        let words = text.words[role]
        guard let first = words.first, let last = words.last else { return }
        // "Lt." keeps its full stop; that of a sentence is not the role's.
        let dot =
            last.end + 1 < text.bytes.count && text.bytes[last.end] == UInt8(ascii: ".")
            && last.isCapital && last.end - last.start <= 4
        persons[person].role = TextScanning.string(
            text.bytes[first.start..<(last.end + (dot ? 1 : 0))])
        guard !persons[person].isBody else { return }
        if words.count == 1, byWholeRole[first.hash] == nil { byWholeRole[first.hash] = person }
        // "The president" is not who is called a vice president.
        for (before, word) in zip([nil] + words.map(Optional.some), words)
        where word.has(QuotationLanguage.title)
            && !(before?.has(QuotationLanguage.title) ?? false)
        {
            byRole[word.hash] = byRole[word.hash] == nil ? person : -1
        }
    }
}
