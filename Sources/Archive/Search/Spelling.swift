/// Looks for what a query may have meant, among the words of the archive.
///
/// A word that stands in no article makes way for the nearest that does; where all stand, each in
/// turn for one that is nearly the same. Only a query that finds something is told.
struct Spelling {
    /// A word of a query, where it is looked for.
    struct Word: Hashable {
        var field: Query.Field?
        var text: String
    }

    /// Words that are tried in the place of one.
    static let mostChoices = 3
    /// Words for which others are looked for: each takes as long as a search for similar words.
    static let mostWords = 8
    /// Queries that are tried.
    static let mostTries = 24

    let snapshot: IndexSnapshot

    /// The query with other words.
    ///
    /// - Parameters:
    ///   - isFound: whether the query finds something as it is.
    ///   - finds: whether another does.
    /// - Returns: nil where there is nothing to put right, or nothing better.
    func suggestion(
        for query: Query, isFound: Bool, finds: (Query) throws -> Bool
    ) throws -> Query? {
        let words = query.wholeWords
        let unknown = try words.filter { try frequency(of: $0) == 0 }
        if isFound, unknown.isEmpty { return nil }
        var choices: [Word: [String]] = [:]
        var wrong: [Word] = []
        for word in (unknown.isEmpty ? words : unknown).prefix(Self.mostWords) {
            let near = try nearest(to: word)
            if near.isEmpty { continue }
            choices[word] = near
            wrong.append(word)
        }
        for replacements in Self.tries(wrong, choices, together: !unknown.isEmpty)
            .prefix(Self.mostTries)
        {
            let other = query.replacingWords { replacements[$0] ?? $0.text }
            if try finds(other) { return other }
        }
        return nil
    }

    /// Which words are replaced by which, the likeliest first: all by the best, and then one of
    /// them by the next; or each alone.
    private static func tries(_ words: [Word], _ choices: [Word: [String]], together: Bool)
        -> [[Word: String]]
    {
        guard !words.isEmpty else { return [] }
        let best = together ? choices.compactMapValues(\.first) : [:]
        var tries = together ? [best] : []
        for rank in (together ? 1 : 0)..<mostChoices {
            for word in words {
                guard let list = choices[word], rank < list.count else { continue }
                tries.append(best.merging([word: list[rank]]) { $1 })
            }
        }
        return tries
    }

    /// How many articles have a word.
    private func frequency(of word: Word) throws -> Int {
        let term = [WordField(word.field).rawValue] + Array(word.text.utf8)
        return try snapshot.sources.reduce(0) { sum, source in
            sum + (try source.segment.dictionary.entry(of: term)?.articles ?? 0)
        }
    }

    /// The words that differ least from one, of these those in most articles first.
    private func nearest(to word: Word) throws -> [String] {
        let letters = word.text.unicodeScalars
        // Of a short word everything is a neighbour, and no number is meant for another.
        guard letters.count > 2, !letters.contains(where: { $0.properties.numericType != nil })
        else { return [] }
        let search = FuzzySearch(
            field: WordField(word.field), word: Array(word.text.utf8),
            edits: letters.count > 4 ? 2 : 1)
        var found: [String: (edits: Int, articles: Int)] = [:]
        for source in snapshot.sources {
            for form in try search.forms(in: source.segment.dictionary) ?? [] where form.edits > 0 {
                let articles = found[form.word]?.articles ?? 0
                found[form.word] = (form.edits, articles + form.entry.articles)
            }
        }
        return found.sorted { left, right in
            (left.value.edits, -left.value.articles, left.key)
                < (right.value.edits, -right.value.articles, right.key)
        }.prefix(Self.mostChoices).map(\.key)
    }
}

extension Query {
    /// The query with other words in the place of those that are whole and must stand.
    func replacingWords(_ other: (Spelling.Word) -> String) -> Query {
        switch self {
        case .words(let field, let words, let isPrefix):
            let whole = isPrefix ? words.dropLast() : words[...]
            return .words(
                field,
                whole.map { other(Spelling.Word(field: field, text: $0)) }
                    + words[whole.endIndex...], isPrefix: isPrefix)
        case .near(let field, let words, let distance):
            return .near(
                field, words.map { other(Spelling.Word(field: field, text: $0)) },
                within: distance)
        case .all(let parts): return .all(parts.map { $0.replacingWords(other) })
        case .any(let parts): return .any(parts.map { $0.replacingWords(other) })
        case .fuzzy, .stem, .not, .filter: return self
        }
    }

    /// The words that are whole and must stand, each once.
    var wholeWords: [Spelling.Word] {
        var words: [Spelling.Word] = []
        _ = replacingWords { word in
            if !words.contains(word) { words.append(word) }
            return word.text
        }
        return words
    }
}
