/// Finds the forms of an English word: `run`, `runs`, `running`.
///
/// The index holds whole words alone, and every other question stays exact. A form begins as its
/// stem does but for the last letter (`happi` of `happy`), so that few terms are looked at; the
/// three that do not, `dying`, `lying` and `tying`, are not found by `die`, `lie` and `tie`.
struct StemSearch {
    private let field: WordField
    private let word: [UInt8]

    init(field: WordField, word: [UInt8]) {
        self.field = field
        self.word = word
    }

    /// The entries of the word and of those with its stem; nil where there are too many.
    func entries(in dictionary: TermDictionary) throws(IndexDamage) -> [TermEntry]? {
        let own = try dictionary.entry(of: [field.rawValue] + word)
        var found = own.map { [$0] } ?? []
        guard let stemmer = Stemmer() else { return found }
        let stem = stemmer.stem(word)
        let start = [field.rawValue] + (stem.count > 2 ? stem.dropLast() : stem)
        var left = TermDictionary.mostExpansions
        var cursor = try dictionary.terms(from: start)
        while try cursor.next(), cursor.term.starts(with: start) {
            left -= 1
            guard left > 0 else { return nil }
            let other = Array(cursor.term.dropFirst())
            if other != word, stemmer.stem(other) == stem { found.append(cursor.entry) }
        }
        return found
    }
}
