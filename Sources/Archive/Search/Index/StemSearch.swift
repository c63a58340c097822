/// Finds the forms of a word: `run`, `runs`, `running`.
///
/// The index holds whole words alone, and every other question stays exact.
struct StemSearch {
    private let field: WordField
    private let forms: WordForms

    init(field: WordField, word: [UInt8], languages: [String]) {
        self.field = field
        forms = WordForms(word, languages: languages)
    }

    /// The entries of the forms; nil where there are too many terms to look at.
    func entries(in dictionary: TermDictionary) throws(IndexDamage) -> [TermEntry]? {
        let start = [field.rawValue] + forms.start
        var found: [TermEntry] = []
        var left = TermDictionary.mostExpansions
        var cursor = try dictionary.terms(from: start)
        while try cursor.next(), cursor.term.starts(with: start) {
            left -= 1
            guard left > 0 else { return nil }
            let isForm = cursor.term.withUnsafeBufferPointer { term in
                forms.contains(UnsafeBufferPointer(rebasing: term.dropFirst()))
            }
            if isForm { found.append(cursor.entry) }
        }
        return found
    }
}
