/// The words that a query looks for, as snippets mark them.
///
/// What must not stand in an article is not among them. A phrase is marked where it stands whole.
struct SoughtWords: Sendable {
    /// Words next to each other, folded.
    struct Phrase: Sendable {
        var words: [[UInt8]]
        /// Whether the last may go on.
        var isPrefix = false
        /// In how many letters the only word may differ, the first being right.
        var edits = 0
        /// Whether the only word is the stem of all that are looked for.
        var isStem = false
    }

    /// Phrases of one query that are marked, at most.
    static let mostPhrases = 64

    private(set) var phrases: [Phrase] = []

    init(_ query: IndexQuery) {
        // Without recursion: how deep a query may be is for the index to say.
        var pending = [query]
        while let query = pending.popLast(), phrases.count < Self.mostPhrases {
            switch query {
            case .words(_, let text, let isPrefix):
                append(Phrase(words: WordSplitter.words(text), isPrefix: isPrefix))
            case .near(_, let text, _):
                for word in WordSplitter.words(text) { append(Phrase(words: [word])) }
            case .fuzzy(_, let text, let edits):
                append(Phrase(words: WordSplitter.words(text), edits: edits))
            case .stem(_, let text):
                guard let stemmer = Stemmer() else { continue }
                for word in WordSplitter.words(text) {
                    append(Phrase(words: [stemmer.stem(word)], isStem: true))
                }
            case .all(let parts), .any(let parts): pending += parts.reversed()
            case .not, .dated, .named, .having, .rows, .until: continue
            }
        }
    }

    private mutating func append(_ phrase: Phrase) {
        if !phrase.words.isEmpty, phrases.count < Self.mostPhrases { phrases.append(phrase) }
    }

    var isEmpty: Bool { phrases.isEmpty }
}

extension SoughtWords.Phrase {
    /// Whether the phrase begins at a word of a text.
    func stands(at place: Int, in text: SplitText) -> Bool {
        guard place + words.count <= text.count else { return false }
        for index in words.indices {
            let word = text.word(place + index)
            let isLast = index == words.count - 1
            if !matches(word, words[index], isLast: isLast) { return false }
        }
        return true
    }

    private func matches(_ word: ArraySlice<UInt8>, _ sought: [UInt8], isLast: Bool) -> Bool {
        if isStem { return word.first == sought.first && Stemmer()?.stem(Array(word)) == sought }
        if isPrefix, isLast { return word.starts(with: sought) }
        return edits > 0 ? Self.isSimilar(word, sought, edits) : word.elementsEqual(sought)
    }

    /// Whether two words differ in at most `edits` letters, the first being the same.
    private static func isSimilar(_ left: ArraySlice<UInt8>, _ right: [UInt8], _ edits: Int)
        -> Bool
    {
        guard left.first == right.first, left.count <= 4 * (right.count + edits) else {
            return false
        }
        let left = Array(String(decoding: left, as: UTF8.self).unicodeScalars)
        let right = Array(String(decoding: right, as: UTF8.self).unicodeScalars)
        guard abs(left.count - right.count) <= edits else { return false }
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var corner = row[0]
            row[0] = index + 1
            for place in right.indices {
                let kept = corner + (right[place] == letter ? 0 : 1)
                corner = row[place + 1]
                row[place + 1] = min(kept, corner + 1, row[place] + 1)
            }
        }
        return row[right.count] <= edits
    }
}
