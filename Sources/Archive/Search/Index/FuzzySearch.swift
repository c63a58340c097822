/// Finds words that differ from one in a few letters.
///
/// It goes through the terms that begin with the same letter, keeping one row of Levenshtein's
/// table for each letter of the term at hand: of the next term only what differs is computed.
struct FuzzySearch {
    static let mostForms = 1_000

    private let field: WordField
    private let word: [Unicode.Scalar]
    private let edits: Int

    init(field: WordField, word: [UInt8], edits: Int) {
        self.field = field
        self.word = Array(String(decoding: word, as: UTF8.self).unicodeScalars)
        self.edits = edits
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
        guard let first = word.first else { return [] }
        let start = [field.rawValue] + Array(String(first).utf8)
        var found: [Form] = []
        var rows = [Array(0...word.count)]
        var letters: [Unicode.Scalar] = []
        var cursor = try dictionary.terms(from: start)
        while try cursor.next(), cursor.term.starts(with: start) {
            let term = String(decoding: cursor.term.dropFirst(), as: UTF8.self).unicodeScalars
            guard abs(term.count - word.count) <= edits else { continue }
            let distance = distance(Array(term), &letters, &rows)
            if distance <= edits {
                guard found.count < Self.mostForms else { return nil }
                found.append(Form(word: String(term), edits: distance, entry: cursor.entry))
            }
        }
        return found
    }

    /// How many letters must be changed, put in or left out; above `edits`, some number above.
    private func distance(
        _ term: [Unicode.Scalar], _ letters: inout [Unicode.Scalar], _ rows: inout [[Int]]
    ) -> Int {
        var kept = 0
        while kept < min(letters.count, term.count), letters[kept] == term[kept] { kept += 1 }
        letters.removeLast(letters.count - kept)
        rows.removeLast(rows.count - 1 - kept)
        for letter in term[kept...] {
            let above = rows[rows.count - 1]
            var row = [above[0] + 1]
            for (index, own) in word.enumerated() {
                row.append(
                    min(
                        above[index] + (own == letter ? 0 : 1), above[index + 1] + 1, row[index] + 1
                    ))
            }
            letters.append(letter)
            rows.append(row)
            if row.min() ?? 0 > edits { return edits + 1 }
        }
        return rows[rows.count - 1][word.count]
    }
}
