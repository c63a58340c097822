import Glibc

@testable import Archive

/// What the index should answer, found by looking at every word of every article.
///
/// How rare a term is it takes from the snapshot, dead articles included, as ranking does; all
/// else it computes by itself.
struct IndexOracle {
    /// An article with the words of each field, as numbers.
    struct Entry {
        var article: IndexedArticle
        var words: [WordField: [[Int]]]
        var length: Int
    }

    /// A text to look for: for each of its words, which words of all will do.
    struct Text {
        var field: WordField
        var words: [[Bool]]
        /// How many words may stand between; nil for a phrase.
        var within: Int?
    }

    private(set) var entries: [Int64: Entry] = [:]
    private var vocabulary: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func add(_ article: IndexedArticle) {
        var words: [WordField: [[Int]]] = [:]
        for field in WordField.allCases where field != .anywhere {
            words[field] = [numbered(article.text(field))]
        }
        let parts = WordField.leading.map { numbered(article.text($0)) }
        words[.anywhere] = parts + [numbered(article.body)]
        let length = [WordField.anywhere, .said, .outlet].reduce(0) { sum, field in
            sum + (words[field] ?? []).reduce(0) { $0 + $1.count }
        }
        entries[article.row] = Entry(article: article, words: words, length: length)
    }

    mutating func remove(_ row: Int64) { entries[row] = nil }

    private mutating func numbered(_ text: String) -> [Int] {
        Self.words(text).map { word in
            if let number = numbers[word] { return number }
            vocabulary.append(word)
            numbers[word] = vocabulary.count - 1
            return vocabulary.count - 1
        }
    }

    static func words(_ text: String) -> [String] {
        WordSplitter.words(text).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Matching

    /// The text that a part of a query looks for; nil where it is a part of another kind.
    private func text(_ query: IndexQuery) -> Text? {
        func exactly(_ words: [String]) -> [[Bool]] {
            words.map { word in vocabulary.map { $0 == word } }
        }
        switch query {
        case .words(let field, let text, let isPrefix):
            var words = Self.words(text)
            guard isPrefix, let last = words.popLast() else {
                return Text(field: field, words: exactly(words))
            }
            return Text(
                field: field, words: exactly(words) + [vocabulary.map { $0.hasPrefix(last) }])
        case .near(let field, let text, let within):
            let words = exactly(Set(Self.words(text)).sorted())
            return Text(field: field, words: words, within: words.count > 1 ? within : nil)
        case .fuzzy(let field, let text, let edits):
            let words = Self.words(text)
            guard words.count == 1 else { return Text(field: field, words: exactly(words)) }
            return Text(
                field: field, words: [vocabulary.map { Self.isSimilar($0, words[0], edits) }])
        case .stem(let field, let text, let languages):
            let words = Self.words(text)
            guard words.count == 1 else { return Text(field: field, words: exactly(words)) }
            let forms = vocabulary.map { Self.isForm($0, of: words[0], languages) }
            return Text(field: field, words: [forms])
        default: return nil
        }
    }

    private static func isForm(_ word: String, of other: String, _ languages: [String]) -> Bool {
        languages.compactMap(Stemmer.init).contains { stemmer in
            Array(word.utf8).withUnsafeBufferPointer(stemmer.stem)
                == Array(other.utf8).withUnsafeBufferPointer(stemmer.stem)
        }
    }

    /// How often a text stands in an article; under `anywhere`, by weight.
    private static func count(_ text: Text, _ entry: Entry) -> Int {
        guard !text.words.isEmpty else { return 0 }
        let weights = text.field == .anywhere ? WordField.leading.map(\.weight) + [1] : [1]
        return zip(entry.words[text.field] ?? [], weights).reduce(0) { sum, part in
            sum + part.1
                * (text.within.map { clumps(text.words, $0, in: part.0) }
                    ?? phrases(text.words, in: part.0))
        }
    }

    private static func phrases(_ phrase: [[Bool]], in words: [Int]) -> Int {
        guard words.count >= phrase.count else { return 0 }
        return (0...(words.count - phrase.count)).count { start in
            phrase.indices.allSatisfy { phrase[$0][words[start + $0]] }
        }
    }

    /// The words, of those asked for, that have all others at most so far before them.
    private static func clumps(_ wanted: [[Bool]], _ within: Int, in words: [Int]) -> Int {
        words.indices.count { index in
            guard wanted.contains(where: { $0[words[index]] }) else { return false }
            let stretch = words[max(0, index - within - 1)...index]
            return wanted.allSatisfy { word in stretch.contains { word[$0] } }
        }
    }

    private static func isSimilar(_ word: String, _ wanted: String, _ edits: Int) -> Bool {
        let (word, wanted) = (Array(word), Array(wanted))
        let edits = word.first == wanted.first ? edits : 1
        var row = Array(0...wanted.count)
        for (index, letter) in word.enumerated() {
            var next = [index + 1]
            for column in wanted.indices {
                next.append(
                    min(
                        row[column] + (letter == wanted[column] ? 0 : 1), row[column + 1] + 1,
                        next[column] + 1))
            }
            row = next
        }
        return row[wanted.count] <= edits
    }

    /// Whether a condition that is no matter of words holds for an article.
    private static func holds(_ query: IndexQuery, _ article: IndexedArticle) -> Bool {
        switch query {
        case .dated(let from, let before): article.date >= from && article.date < before
        case .named(.author, let name): article.authors.contains(name)
        case .named(.outlet, let name): article.outletName == name
        case .named(.section, let name): article.sectionName == name
        case .named(.place, let name): article.placeName == name
        case .named(.language, let name): article.languages.contains(name)
        case .having(let bits): article.features & bits != 0
        case .rows(let rows): rows.contains(article.row)
        case .until(let row): article.row <= row
        case .words, .near, .fuzzy, .stem, .all, .any, .not: false
        }
    }

    // MARK: Scoring

    /// What a text weighs in a snapshot.
    private static func weight(_ text: IndexQuery, _ snapshot: IndexSnapshot) throws -> Float {
        let total = Double(snapshot.sources.reduce(0) { $0 + $1.segment.count })
        var frequencies: [Int] = []
        func add(_ field: WordField, _ word: String) throws {
            frequencies.append(
                try snapshot.sources.reduce(0) { sum, source in
                    sum
                        + (try source.segment.dictionary.entry(
                            of: [field.rawValue] + word.utf8)?.articles ?? 0)
                })
        }
        func addAll(_ field: WordField, where holds: (String) -> Bool) throws {
            var sum = 0
            for source in snapshot.sources {
                var terms = try source.segment.dictionary.terms(from: [field.rawValue])
                while try terms.next(), terms.term[0] == field.rawValue {
                    let word = String(decoding: terms.term.dropFirst(), as: UTF8.self)
                    if holds(word) { sum += terms.entry.articles }
                }
            }
            frequencies.append(min(sum, Int(total)))
        }
        switch text {
        case .words(let field, let text, let isPrefix):
            let words = words(text)
            for word in isPrefix ? Array(words.dropLast()) : words { try add(field, word) }
            if isPrefix, let last = words.last {
                try addAll(field) { $0.hasPrefix(last) }
            }
        case .near(let field, let text, _):
            for word in Set(words(text)) { try add(field, word) }
        case .fuzzy(let field, let text, let edits):
            let words = words(text)
            if words.count == 1 {
                try addAll(field) { isSimilar($0, words[0], edits) }
            } else {
                for word in words { try add(field, word) }
            }
        case .stem(let field, let text, let languages):
            let words = words(text)
            if words.count == 1 {
                try addAll(field) { isForm($0, of: words[0], languages) }
            } else {
                for word in words { try add(field, word) }
            }
        default: break
        }
        let rarity = frequencies.reduce(0.0) { sum, articles in
            sum + log(1 + (total - Double(articles) + 0.5) / (Double(articles) + 0.5))
        }
        return Float(rarity * (Norms.saturation + 1) * 65_536)
    }

    /// What an article gets for the parts of a query that hold; nil where the query does not.
    private static func score(
        _ query: IndexQuery, _ entry: Entry, _ texts: [IndexQuery: (text: Text, weight: Float)]
    ) -> Int? {
        switch query {
        case .words, .near, .fuzzy, .stem:
            guard let (text, weight) = texts[query] else { return nil }
            let count = Float(count(text, entry))
            guard count > 0 else { return nil }
            let weighted = count * (text.field == .anywhere ? 1 : Float(text.field.weight))
            let length = Norms.length(ofNorm: Norms.norm(ofLength: entry.length))
            let share = Norms.lengthShare * Double(length) / Norms.usualLength
            let divisor = Float(Norms.saturation * (1 - Norms.lengthShare + share))
            return Int(Int32(weight * (weighted / (weighted + divisor))))
        case .all(let parts):
            let scores = parts.map { score($0, entry, texts) }
            return scores.contains(nil) ? nil : scores.compactMap(\.self).reduce(0, +)
        case .any(let parts):
            let scores = parts.compactMap { score($0, entry, texts) }
            return scores.isEmpty ? nil : scores.reduce(0, +)
        case .not(let inner): return score(inner, entry, texts) == nil ? 0 : nil
        case .dated, .named, .having, .rows, .until: return holds(query, entry.article) ? 0 : nil
        }
    }

    private static func leaves(_ query: IndexQuery) -> [IndexQuery] {
        switch query {
        case .words, .near, .fuzzy, .stem: [query]
        case .all(let parts), .any(let parts): parts.flatMap(leaves)
        case .not(let inner): leaves(inner)
        case .dated, .named, .having, .rows, .until: []
        }
    }

    /// All hits of a query, scored, in no order.
    func hits(_ query: IndexQuery, _ snapshot: IndexSnapshot) throws -> [IndexHit] {
        var texts: [IndexQuery: (text: Text, weight: Float)] = [:]
        for leaf in Self.leaves(query) where texts[leaf] == nil {
            if let text = text(leaf) { texts[leaf] = (text, try Self.weight(leaf, snapshot)) }
        }
        return entries.values.compactMap { entry in
            Self.score(query, entry, texts).map {
                IndexHit(row: entry.article.row, date: entry.article.date, score: $0)
            }
        }
    }
}
