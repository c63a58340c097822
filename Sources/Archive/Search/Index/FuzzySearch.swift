/// Finds the words of a dictionary that differ from one in a few letters.
///
/// It goes through the terms in order, and from one that is not similar right to the next that can
/// be: most blocks of the dictionary are never read.
struct FuzzySearch {
    static let mostForms = 1_000

    private let field: WordField
    private let word: SimilarWord

    init(field: WordField, word: [UInt8], edits: Int) {
        self.field = field
        self.word = SimilarWord(word, edits: edits)
    }

    /// A word that is similar.
    struct Form {
        var word: String
        /// How many letters differ.
        var edits: Int
        var entry: TermEntry
    }

    /// The entries of the words that are similar; nil where there are too many.
    func entries(in dictionary: TermDictionary) throws(IndexDamage) -> [TermEntry]? {
        try forms(in: dictionary)?.map(\.entry)
    }

    /// The words that are similar; nil where there are too many.
    func forms(in dictionary: TermDictionary) throws(IndexDamage) -> [Form]? {
        var found: [Form] = []
        var way = SimilarWord.Way()
        var next: [UInt8] = []
        var cursor = try dictionary.terms(from: [field.rawValue])
        while try cursor.next(), cursor.term.first == field.rawValue {
            let text = cursor.term.dropFirst()
            switch word.likeness(of: text, &way) {
            case .similar(let edits):
                guard found.count < Self.mostForms else { return nil }
                let word = String(decoding: text, as: UTF8.self)
                found.append(Form(word: word, edits: edits, entry: cursor.entry))
            case .beginning: continue
            case .none:
                next.removeAll(keepingCapacity: true)
                next.append(field.rawValue)
                guard word.appendNext(behind: way, to: &next) else { return found }
                try cursor.seek(next)
            }
        }
        return found
    }
}
