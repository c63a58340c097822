/// The words that a query looks for, as snippets mark them.
///
/// What must not stand in an article is not among them. A phrase is marked where it stands whole.
struct SoughtWords {
    /// Words next to each other, folded.
    struct Phrase {
        var words: [[UInt8]]
        /// What the last word may be beside itself.
        var last = Last.whole
    }

    /// Which words will do for one.
    enum Last {
        case whole
        /// Those that begin so.
        case beginning
        /// Those that are spelt nearly so.
        case similar(SimilarWord)
        /// Its forms.
        case forms(WordForms)
    }

    /// Phrases of one query that are marked, at most.
    static let mostPhrases = 64

    private(set) var phrases: [Phrase] = []
    /// With which bytes the words can begin that a phrase begins with.
    private var firstBytes = [Bool](repeating: false, count: 256)

    init(_ query: IndexQuery) {
        // Without recursion: how deep a query may be is for the index to say.
        var pending = [query]
        while let query = pending.popLast(), phrases.count < Self.mostPhrases {
            switch query {
            case .words(_, let text, let isPrefix):
                append(
                    Phrase(words: WordSplitter.words(text), last: isPrefix ? .beginning : .whole))
            case .near(_, let text, _):
                for word in WordSplitter.words(text) { append(Phrase(words: [word])) }
            case .fuzzy(_, let text, let edits):
                append(text) {
                    edits > 0 ? .similar(SimilarWord($0, edits: min(2, edits))) : .whole
                }
            case .stem(_, let text, let languages):
                append(text) { .forms(WordForms($0, languages: languages)) }
            case .all(let parts), .any(let parts): pending += parts.reversed()
            case .not, .dated, .named, .having, .rows, .until: continue
            }
        }
    }

    /// Appends a word of which others will do, too; several are a phrase.
    private mutating func append(_ text: String, _ last: ([UInt8]) -> Last) {
        let words = WordSplitter.words(text)
        append(Phrase(words: words, last: words.count == 1 ? last(words[0]) : .whole))
    }

    private mutating func append(_ phrase: Phrase) {
        guard let first = phrase.words.first?.first, phrases.count < Self.mostPhrases else {
            return
        }
        phrases.append(phrase)
        if case .similar = phrase.last {
            firstBytes = firstBytes.map { _ in true }
        } else {
            firstBytes[Int(first)] = true
        }
    }

    var isEmpty: Bool { phrases.isEmpty }

    /// Whether a word that begins so can be the first of a phrase; nil where that is not known.
    @inline(__always)
    func mayBegin(with byte: UInt8?) -> Bool { byte.map { firstBytes[Int($0)] } ?? true }
}

extension SoughtWords.Phrase {
    /// Whether a word is the first of the phrase.
    func begins(with word: UnsafeBufferPointer<UInt8>) -> Bool { matches(word, 0) }

    /// Whether the words behind a word of a text are the others of the phrase.
    ///
    /// - Parameter room: place for 255 bytes and 8 more.
    func goesOn(
        behind place: Int, in text: inout SplitText, _ room: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        for index in words.indices.dropFirst() {
            guard text.hasWord(place + index), matches(text.word(place + index, in: room), index)
            else { return false }
        }
        return true
    }

    private func matches(_ word: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard index == words.count - 1 else { return word.elementsEqual(words[index]) }
        return switch last {
        case .whole: word.elementsEqual(words[index])
        case .beginning: word.starts(with: words[index])
        case .similar(let similar): similar.matches(word)
        case .forms(let forms): forms.contains(word)
        }
    }
}
