/// Finds words that differ from one in a few letters.
///
/// It goes through the terms that begin with the same letter, keeping one row of Levenshtein's
/// table for each letter of the term at hand: of the next term only what differs is computed.
/// Where the first letter is another, nothing else may differ, so that these terms are looked up.
struct FuzzySearch {
    static let mostForms = 1_000
    /// Other first letters that are tried: all of the scripts that are written with few.
    static let mostLetters = 256

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
        return found + (try otherwiseBegun(in: dictionary))
    }

    /// The words that differ in the first letter: it is another, or one was put before it, or it
    /// was left out.
    private func otherwiseBegun(in dictionary: TermDictionary) throws(IndexDamage) -> [Form] {
        let rest = word.dropFirst()
        var found: [Form] = []
        func lookUp(_ word: [Unicode.Scalar]) throws(IndexDamage) {
            let text = String(String.UnicodeScalarView(word))
            if !word.isEmpty, word.first != self.word.first,
                let entry = try dictionary.entry(of: [field.rawValue] + Array(text.utf8))
            {
                found.append(Form(word: text, edits: 1, entry: entry))
            }
        }
        try lookUp(Array(rest))
        for letter in try firstLetters(of: dictionary) {
            try lookUp([letter] + rest)
            try lookUp([letter] + word)
        }
        return found
    }

    /// The letters that words of the field begin with.
    private func firstLetters(of dictionary: TermDictionary) throws(IndexDamage)
        -> [Unicode.Scalar]
    {
        var letters: [Unicode.Scalar] = []
        var next: UInt32 = 0
        while letters.count < Self.mostLetters, let from = Unicode.Scalar(next) {
            var cursor = try dictionary.terms(from: [field.rawValue] + Array(String(from).utf8))
            guard try cursor.next(), cursor.term.first == field.rawValue,
                let letter = String(decoding: cursor.term.dropFirst(), as: UTF8.self)
                    .unicodeScalars.first, letter.value >= next
            else { break }
            letters.append(letter)
            // Behind U+D7FF come the halves of pairs, which are no letters.
            next = letter.value == 0xD7FF ? 0xE000 : letter.value + 1
        }
        return letters
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
