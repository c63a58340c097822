import Glibc

@testable import Archive

/// What the index should answer, found by looking at every word of every article.
///
/// How rare a term is it takes from the snapshot, dead articles included, as ranking does; all
/// else it computes by itself.
struct IndexOracle {
    /// An article with the words of each field.
    struct Entry {
        var article: IndexedArticle
        var words: [WordField: [[String]]]
        var length: Int
    }

    private(set) var entries: [Int64: Entry] = [:]

    mutating func add(_ article: IndexedArticle) {
        var words: [WordField: [[String]]] = [:]
        for field in WordField.allCases where field != .anywhere {
            words[field] = [Self.words(article.text(field))]
        }
        let parts = WordField.leading.map { Self.words(article.text($0)) }
        words[.anywhere] = parts + [Self.words(article.body)]
        let length = [WordField.anywhere, .said, .outlet].reduce(0) { sum, field in
            sum + (words[field] ?? []).reduce(0) { $0 + $1.count }
        }
        entries[article.row] = Entry(article: article, words: words, length: length)
    }

    mutating func remove(_ row: Int64) { entries[row] = nil }

    static func words(_ text: String) -> [String] {
        WordSplitter.words(text).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: Matching

    /// Whether a query holds for an article.
    func holds(_ query: IndexQuery, _ entry: Entry) -> Bool {
        switch query {
        case .words, .near, .fuzzy: return count(query, entry) > 0
        case .all(let parts): return parts.allSatisfy { holds($0, entry) }
        case .any(let parts): return parts.contains { holds($0, entry) }
        case .not(let inner): return !holds(inner, entry)
        case .dated(let from, let before):
            return entry.article.date >= from && entry.article.date < before
        case .named(.author, let name): return entry.article.authors.contains(name)
        case .named(.outlet, let name): return entry.article.outletName == name
        case .named(.section, let name): return entry.article.sectionName == name
        case .having(let bits): return entry.article.features & bits != 0
        case .rows(let rows): return rows.contains(entry.article.row)
        }
    }

    /// How often a text stands in an article; under `anywhere`, by weight.
    func count(_ query: IndexQuery, _ entry: Entry) -> Int {
        let weights = WordField.leading.map(\.weight) + [1]
        func sum(_ field: WordField, _ inPart: ([String]) -> Int) -> Int {
            zip(entry.words[field] ?? [], field == .anywhere ? weights : [1])
                .reduce(0) { $0 + inPart($1.0) * $1.1 }
        }
        switch query {
        case .words(let field, let text, let isPrefix):
            let phrase = Self.words(text)
            guard !phrase.isEmpty else { return 0 }
            return sum(field) { Self.phrases(phrase, isPrefix, in: $0) }
        case .near(let field, let text, let within):
            let words = Set(Self.words(text))
            guard !words.isEmpty else { return 0 }
            return sum(field) { Self.clumps(words, within, in: $0) }
        case .fuzzy(let field, let text, let edits):
            let words = Self.words(text)
            guard words.count == 1 else {
                return count(.words(field, text, isPrefix: false), entry)
            }
            return sum(field) { $0.count { Self.isSimilar($0, words[0], edits) } }
        default: return 0
        }
    }

    private static func phrases(_ phrase: [String], _ isPrefix: Bool, in words: [String]) -> Int {
        guard words.count >= phrase.count else { return 0 }
        return (0...(words.count - phrase.count)).count { start in
            phrase.indices.allSatisfy { index in
                let word = words[start + index]
                return isPrefix && index == phrase.count - 1
                    ? word.hasPrefix(phrase[index]) : word == phrase[index]
            }
        }
    }

    /// The words, of those asked for, that have all others at most so far before them.
    private static func clumps(_ wanted: Set<String>, _ within: Int, in words: [String]) -> Int {
        words.indices.count { index in
            guard wanted.contains(words[index]) else { return false }
            guard wanted.count > 1 else { return true }
            return wanted.isSubset(of: words[max(0, index - within - 1)...index])
        }
    }

    private static func isSimilar(_ word: String, _ wanted: String, _ edits: Int) -> Bool {
        let (word, wanted) = (Array(word), Array(wanted))
        guard word.first == wanted.first else { return false }
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
        default: break
        }
        let rarity = frequencies.reduce(0.0) { sum, articles in
            sum + log(1 + (total - Double(articles) + 0.5) / (Double(articles) + 0.5))
        }
        return Float(rarity * (Norms.saturation + 1) * 65_536)
    }

    private static func field(_ text: IndexQuery) -> WordField {
        switch text {
        case .words(let field, _, _), .near(let field, _, _), .fuzzy(let field, _, _): field
        default: .anywhere
        }
    }

    /// What an article gets for the parts of a query that hold; nil where the query does not.
    private func score(
        _ query: IndexQuery, _ entry: Entry, _ weights: [IndexQuery: Float]
    ) -> Int? {
        switch query {
        case .words, .near, .fuzzy:
            let count = Float(count(query, entry))
            guard count > 0 else { return nil }
            let field = Self.field(query)
            let weighted = count * (field == .anywhere ? 1 : Float(field.weight))
            let length = Norms.length(ofNorm: Norms.norm(ofLength: entry.length))
            let share = Norms.lengthShare * Double(length) / Norms.usualLength
            let divisor = Float(Norms.saturation * (1 - Norms.lengthShare + share))
            return Int(Int32((weights[query] ?? 0) * (weighted / (weighted + divisor))))
        case .all(let parts):
            let scores = parts.map { score($0, entry, weights) }
            return scores.contains(nil) ? nil : scores.compactMap(\.self).reduce(0, +)
        case .any(let parts):
            let scores = parts.compactMap { score($0, entry, weights) }
            return scores.isEmpty ? nil : scores.reduce(0, +)
        case .not, .dated, .named, .having, .rows: return holds(query, entry) ? 0 : nil
        }
    }

    private static func texts(_ query: IndexQuery) -> [IndexQuery] {
        switch query {
        case .words, .near, .fuzzy: [query]
        case .all(let parts), .any(let parts): parts.flatMap(texts)
        case .not, .dated, .named, .having, .rows: []
        }
    }

    /// All hits of a query, scored, in no order.
    func hits(_ query: IndexQuery, _ snapshot: IndexSnapshot) throws -> [IndexHit] {
        var weights: [IndexQuery: Float] = [:]
        for text in Self.texts(query) { weights[text] = try Self.weight(text, snapshot) }
        return entries.values.compactMap { entry in
            score(query, entry, weights).map {
                IndexHit(row: entry.article.row, date: entry.article.date, score: $0)
            }
        }
    }
}
