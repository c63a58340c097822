/// Finds words that differ from one in a few letters.
///
/// It goes through the terms that begin with the same letter, keeping one row of Levenshtein's
/// table for each letter of the term at hand: of the next term only what differs is computed, and
/// nothing where it begins as one did that was given up. Where the first letter is another, nothing
/// else may differ, so that these terms are looked up.
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

    /// The letters of the term at hand, and for each, and for none, how much the term up to there
    /// differs from each beginning of the word.
    private struct Table {
        var letters: [Unicode.Scalar] = []
        var rows: [Int]

        init(_ word: [Unicode.Scalar]) { rows = Array(0...word.count) }
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
        var table = Table(word)
        var letters: [Unicode.Scalar] = []
        // The bytes of a beginning of the last term with which none is similar.
        var givenUp = Int.max
        var cursor = try dictionary.terms(from: start)
        while try cursor.next() {
            if cursor.shared >= givenUp { continue }
            guard cursor.term.starts(with: start) else { break }
            givenUp = .max
            Self.read(cursor.term, into: &letters)
            guard abs(letters.count - word.count) <= edits else { continue }
            guard let distance = distance(letters, &table) else {
                givenUp = table.letters.reduce(1) { $0 + UTF8.width($1) }
                continue
            }
            guard distance <= edits else { continue }
            guard found.count < Self.mostForms else { return nil }
            let text = String(decoding: cursor.term.dropFirst(), as: UTF8.self)
            found.append(Form(word: text, edits: distance, entry: cursor.entry))
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

    /// Reads the letters of a term behind the byte of its field.
    private static func read(_ term: [UInt8], into letters: inout [Unicode.Scalar]) {
        letters.removeAll(keepingCapacity: true)
        for byte in term.dropFirst() {
            guard byte < 0x80 else {
                letters = Array(
                    String(decoding: term.dropFirst(), as: UTF8.self).unicodeScalars)
                return
            }
            letters.append(Unicode.Scalar(byte))
        }
    }

    /// How many letters must be changed, put in or left out; nil where they are too many whatever
    /// follows the letters that the table holds then.
    private func distance(_ term: [Unicode.Scalar], _ table: inout Table) -> Int? {
        let width = word.count + 1
        var kept = 0
        let most = min(table.letters.count, term.count)
        while kept < most, table.letters[kept] == term[kept] { kept += 1 }
        table.letters.removeLast(table.letters.count - kept)
        table.rows.removeLast(table.rows.count - width * (kept + 1))
        for letter in term[kept...] {
            let above = table.rows.count - width
            var last = table.rows[above] + 1
            var least = last
            table.rows.append(last)
            for (index, own) in word.enumerated() {
                let changed = table.rows[above + index] + (own == letter ? 0 : 1)
                last = min(changed, table.rows[above + index + 1] + 1, last + 1)
                least = min(least, last)
                table.rows.append(last)
            }
            table.letters.append(letter)
            if least > edits { return nil }
        }
        return table.rows[table.rows.count - 1]
    }
}
