/// The forms of a word in some languages: `run`, `runs`, `running`.
///
/// A form has the same stem under the rules of one of them, and begins as word and stem both do:
/// so few terms are looked at. Where the word begins with the whole stem, its last letter may be
/// another (`voting` of `vote`, `study` of `studies`). The English `dying`, `lying` and `tying` are
/// for that not found by `die`, `lie` and `tie`.
struct WordForms {
    /// A language's view of the word.
    private struct Stem {
        var stemmer: Stemmer
        var stem: [UInt8]
        /// What its forms begin with.
        var start: ArraySlice<UInt8>
    }

    private let word: [UInt8]
    private let stems: [Stem]

    init(_ word: [UInt8], languages: [String]) {
        self.word = word
        stems = languages.compactMap(Stemmer.init).map { stemmer in
            let stem = word.withUnsafeBufferPointer(stemmer.stem)
            let start = Self.start(of: word, stem)
            return Stem(stemmer: stemmer, stem: stem, start: start)
        }
    }

    /// What a word and its stem have in common, a whole stem without its last letter.
    private static func start(of word: [UInt8], _ stem: [UInt8]) -> ArraySlice<UInt8> {
        let common = zip(word, stem).prefix { $0 == $1 }.count
        var end = max(common, 1)
        if end > 2, common == stem.count { end -= 1 }
        // Not within a letter.
        while end > 1, end < word.count, word[end] & 0xC0 == 0x80 { end -= 1 }
        return word[..<min(end, word.count)]
    }

    /// What all forms in all languages begin with.
    var start: ArraySlice<UInt8> {
        stems.map(\.start).min { $0.count < $1.count } ?? word[...]
    }

    func contains(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        other.elementsEqual(word)
            || stems.contains {
                other.starts(with: $0.start) && $0.stemmer.stem(of: other, is: $0.stem)
            }
    }
}
