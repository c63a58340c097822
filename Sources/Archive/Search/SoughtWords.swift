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
    /// Which phrases, a bit each, begin with a word that can have a byte as its first or second.
    private var firstBytes = [UInt64](repeating: 0, count: 256)
    private var secondBytes = [UInt64](repeating: 0, count: 256)
    /// Those for which it can be any.
    private var anyFirst: UInt64 = 0
    private var anySecond: UInt64 = 0

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
        guard !phrase.words.isEmpty, phrases.count < Self.mostPhrases else { return }
        let own: UInt64 = 1 << UInt64(phrases.count)
        phrases.append(phrase)
        let start = phrase.start
        if start.isEmpty { anyFirst |= own } else { firstBytes[Int(start[0])] |= own }
        if start.count < 2 { anySecond |= own } else { secondBytes[Int(start[1])] |= own }
    }

    var isEmpty: Bool { phrases.isEmpty }

    /// The phrases, a bit each, that can begin with a word of these first two bytes.
    ///
    /// - Parameters:
    ///   - first: nil where it is not known.
    ///   - second: nil where it is not known, or there is none.
    @inline(__always)
    func phrases(from first: UInt8?, _ second: UInt8?) -> UInt64 {
        let all = phrases.count < 64 ? 1 << UInt64(phrases.count) &- 1 : UInt64.max
        return (first.map { firstBytes[Int($0)] | anyFirst } ?? all)
            & (second.map { secondBytes[Int($0)] | anySecond } ?? all)
    }

    /// How many words a phrase has where a word of a text may begin it; 0 where it does not.
    ///
    /// - Parameter room: place for 255 bytes and 8 more.
    func count(
        of number: Int, from word: UnsafeBufferPointer<UInt8>, at place: Int,
        in text: inout SplitText, _ room: UnsafeMutablePointer<UInt8>
    ) -> Int {
        // Nothing is copied, as an element of an array that is gone through would be.
        guard phrases[number].matches(word, 0),
            phrases[number].goesOn(behind: place, in: &text, room)
        else { return 0 }
        return phrases[number].words.count
    }
}

extension SoughtWords.Phrase {
    /// What all words begin with that the phrase can begin with.
    fileprivate var start: ArraySlice<UInt8> {
        guard words.count == 1 else { return words[0][...] }
        return switch last {
        case .whole, .beginning: words[0][...]
        case .similar: []
        case .forms(let forms): forms.start
        }
    }

    /// Whether the words behind a word of a text are the others of the phrase.
    fileprivate func goesOn(
        behind place: Int, in text: inout SplitText, _ room: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        for index in words.indices.dropFirst() {
            guard text.hasWord(place + index), matches(text.word(place + index, in: room), index)
            else { return false }
        }
        return true
    }

    fileprivate func matches(_ word: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let isLast = index == words.count - 1
        return switch isLast ? last : .whole {
        case .whole: word.count == words[index].count && word.elementsEqual(words[index])
        case .beginning: word.starts(with: words[index])
        case .similar(let similar): similar.matches(word)
        case .forms(let forms): forms.contains(word)
        }
    }
}
