internal import Glibc

/// A query made ready for a snapshot: what each of its texts weighs, and its lists found.
struct QueryPlan {
    /// Words of which one list, or several, must be read in each segment.
    struct Leaf {
        enum Kind: Equatable {
            /// One word.
            case term
            /// Several words; they stand next to each other.
            case phrase
            /// Several words with at most so many words between them.
            case near(Int)
            /// Any of several words.
            case union
            /// The first words next to each other, and then any of the others.
            case phrasePrefix
        }

        var kind: Kind
        var field: WordField
        /// The terms that a phrase is made of; a union has none.
        var terms: [[UInt8]]
        /// For each segment the entries of all terms, one after the other; one without articles
        /// where a term is missing.
        var entries: [TermEntry] = []
        /// For each segment the entries of any forms of the last word.
        var forms: [[TermEntry]] = []
        /// What a full share of the score is, in 65,536ths.
        var weight: Float = 0
        /// How many articles have the term, over all segments.
        var articles = 0
        /// The part of the query that it is of.
        var asked: IndexQuery?

        /// The entries of its terms in a segment; nil where one is missing.
        func entries(in segment: Int) -> ArraySlice<TermEntry>? {
            let own = entries[segment * terms.count..<(segment + 1) * terms.count]
            guard forms.isEmpty || !forms[segment].isEmpty else { return nil }
            return own.allSatisfy { $0.articles > 0 } ? own : nil
        }
    }

    enum Node {
        case nothing, everything
        case leaf(Int)
        case all([Node])
        case any([Node])
        indirect case not(Node)
        case dated(UInt64, UInt64)
        case named(NameColumn.Kind, String)
        case having(UInt32)
        case rows([Int64])
        case until(Int64)
    }

    static let scoreScale = 65_536.0
    static let deepest = 64

    private(set) var leaves: [Leaf] = []
    private(set) var root = Node.nothing
    let segments: [Segment]
    /// How many lists a segment reads at most, those of phrases apart.
    private(set) var listCount = 0
    /// How many nodes there are.
    private(set) var nodeCount = 0

    init(_ query: IndexQuery, segments: [Segment]) throws {
        self.segments = segments
        root = try node(query, depth: 0)
        let total = Double(segments.reduce(0) { $0 + $1.count })
        for index in leaves.indices { try weigh(&leaves[index], total) }
    }

    private mutating func node(_ query: IndexQuery, depth: Int) throws -> Node {
        guard depth < Self.deepest else { throw IndexQuestionError.tooDeep }
        nodeCount += 1
        switch query {
        case .words, .near, .fuzzy, .stem:
            let node = try text(query)
            if case .leaf(let leaf) = node { leaves[leaf].asked = query }
            return node
        case .all(let parts):
            let nodes = try parts.map { try node($0, depth: depth + 1) }
            return nodes.isEmpty ? .everything : nodes.count == 1 ? nodes[0] : .all(nodes)
        case .any(let parts):
            let nodes = try parts.map { try node($0, depth: depth + 1) }
            return nodes.isEmpty ? .nothing : nodes.count == 1 ? nodes[0] : .any(nodes)
        case .not(let inner): return .not(try node(inner, depth: depth + 1))
        case .dated(let from, let before): return .dated(from, before)
        case .named(let column, let name): return .named(column, name)
        case .having(let bits): return .having(bits)
        case .rows(let rows):
            listCount += 1
            return .rows(rows)
        case .until(let row): return .until(row)
        }
    }

    private mutating func text(_ query: IndexQuery) throws -> Node {
        switch query {
        case .words(let field, let text, let isPrefix):
            return try words(field, WordSplitter.words(text), isPrefix, text)
        case .near(let field, let text, let distance):
            // A word that is asked for twice is one.
            var words: [[UInt8]] = []
            for word in WordSplitter.words(text) where !words.contains(word) { words.append(word) }
            return add(
                Leaf(
                    kind: words.count > 1 ? .near(max(0, distance)) : .term, field: field,
                    terms: words))
        case .fuzzy(let field, let text, let edits):
            return try fuzzy(field, WordSplitter.words(text), edits, text)
        case .stem(let field, let text, let languages):
            let words = WordSplitter.words(text)
            guard words.count == 1 else { return try self.words(field, words, false, text) }
            let search = StemSearch(field: field, word: words[0], languages: languages)
            return try forms(field, text, search.entries)
        case .all, .any, .not, .dated, .named, .having, .rows, .until: return .nothing
        }
    }

    private mutating func add(_ leaf: Leaf) -> Node {
        guard !leaf.terms.isEmpty || leaf.kind == .union else { return .nothing }
        var leaf = leaf
        for term in leaf.terms.indices { leaf.terms[term].insert(leaf.field.rawValue, at: 0) }
        leaves.append(leaf)
        listCount += 1
        return .leaf(leaves.count - 1)
    }

    private mutating func words(
        _ field: WordField, _ words: [[UInt8]], _ isPrefix: Bool, _ text: String
    ) throws -> Node {
        guard isPrefix, let last = words.last else {
            return add(Leaf(kind: words.count > 1 ? .phrase : .term, field: field, terms: words))
        }
        var leaf = Leaf(
            kind: words.count > 1 ? .phrasePrefix : .union, field: field,
            terms: Array(words.dropLast()))
        let key = [field.rawValue] + last
        for segment in segments {
            let forms = try segment.dictionary.expansions(ofPrefix: key)
            guard let forms else { throw IndexQuestionError.tooManyWords(text) }
            leaf.forms.append(forms)
        }
        return add(leaf)
    }

    private mutating func fuzzy(
        _ field: WordField, _ words: [[UInt8]], _ edits: Int, _ text: String
    ) throws -> Node {
        guard words.count == 1, edits > 0 else {
            return try self.words(field, words, false, text)
        }
        let search = FuzzySearch(field: field, word: words[0], edits: min(2, edits))
        return try forms(field, text, search.entries)
    }

    /// Adds a word that stands wherever any of its forms does.
    private mutating func forms(
        _ field: WordField, _ text: String,
        _ entries: (TermDictionary) throws(IndexDamage) -> [TermEntry]?
    ) throws -> Node {
        var leaf = Leaf(kind: .union, field: field, terms: [])
        for segment in segments {
            guard let forms = try entries(segment.dictionary) else {
                throw IndexQuestionError.tooManyWords(text)
            }
            leaf.forms.append(forms)
        }
        return add(leaf)
    }

    /// Finds the lists of a leaf, and what it weighs by how few articles have its words.
    private func weigh(_ leaf: inout Leaf, _ total: Double) throws {
        var rarity = 0.0
        leaf.articles = segments.reduce(0) { $0 + $1.count }
        leaf.entries.reserveCapacity(segments.count * leaf.terms.count)
        for segment in segments {
            for term in leaf.terms {
                leaf.entries.append(try segment.dictionary.entry(of: term) ?? .none)
            }
        }
        for term in leaf.terms.indices {
            var articles = 0
            for segment in segments.indices {
                articles += leaf.entries[segment * leaf.terms.count + term].articles
            }
            leaf.articles = min(leaf.articles, articles)
            rarity += Self.rarity(articles, of: total)
        }
        if !leaf.forms.isEmpty {
            // The forms count as one word, which cannot be in more articles than there are.
            let sum = leaf.forms.joined().reduce(0) { $0 + $1.articles }
            leaf.articles = min(leaf.articles, sum, Int(total))
            rarity += Self.rarity(sum, of: total)
        }
        leaf.weight = Float(rarity * (Norms.saturation + 1) * Self.scoreScale)
    }

    /// Whether a segment can have nothing for the query, as far as its dictionary tells.
    func isEmpty(in segment: Int) -> Bool { isEmpty(root, in: segment) }

    private func isEmpty(_ node: Node, in segment: Int) -> Bool {
        switch node {
        case .nothing: true
        case .leaf(let leaf): leaves[leaf].entries(in: segment) == nil
        case .all(let parts): parts.contains { isEmpty($0, in: segment) }
        case .any(let parts): parts.allSatisfy { isEmpty($0, in: segment) }
        case .everything, .not, .dated, .named, .having, .rows, .until: false
        }
    }

    /// BM25's inverse document frequency, which is above 0 for every word.
    static func rarity(_ articles: Int, of total: Double) -> Double {
        let frequency = min(Double(articles), total)
        return log(1 + (total - frequency + 0.5) / (frequency + 0.5))
    }
}

extension TermDictionary {
    /// Most forms of one word that a question may stand for in a segment.
    static let mostExpansions = 100_000

    /// The entries of all terms that begin with `prefix`; nil where there are too many.
    func expansions(ofPrefix prefix: [UInt8]) throws(IndexDamage) -> [TermEntry]? {
        var found: [TermEntry] = []
        var cursor = try terms(from: prefix)
        while try cursor.next(), cursor.term.starts(with: prefix) {
            guard found.count < Self.mostExpansions else { return nil }
            found.append(cursor.entry)
        }
        return found
    }
}
