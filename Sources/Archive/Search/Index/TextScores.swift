/// What one text of a query gives the score of an article.
struct TextScore: Sendable, Hashable {
    /// The text: words, words near each other, or a misspelt one.
    var text: IndexQuery
    /// In 65,536ths, as the score of a hit is.
    var score: Int
}

extension IndexSnapshot {
    /// What the texts of a query give each of some articles, in the order of the query.
    ///
    /// Together they are the score. Rows that are no hits are left out.
    func contributions(to rows: [Int64], of query: IndexQuery) throws -> [Int64: [TextScore]] {
        let plan = try QueryPlan(query, segments: sources.map(\.segment))
        var found: [Int64: [TextScore]] = [:]
        for (number, source) in sources.enumerated() {
            let columns = source.segment.columns
            // Lists are read forwards.
            let articles = rows.compactMap(columns.article(row:))
                .filter { !source.dead.contains($0) }.sorted()
            if articles.isEmpty { continue }
            let search = try SegmentSearch(plan, number, dead: source.dead, scored: true, Scratch())
            defer { withExtendedLifetime(search) {} }
            for article in articles {
                guard let parts = try search.contributions(search.root, to: article) else {
                    continue
                }
                found[columns.row(article)] = parts.sorted { $0.leaf < $1.leaf }.compactMap {
                    part in
                    plan.leaves[part.leaf].asked.map { TextScore(text: $0, score: part.score) }
                }
            }
        }
        return found
    }
}

extension SegmentSearch {
    /// What the leaves within a part give an article; nil where the part does not hold for it.
    func contributions(_ node: Int, to article: UInt32) throws(IndexDamage)
        -> [(leaf: Int, score: Int)]?
    {
        let own = nodes[node]
        switch own.kind {
        case .list, .phrase:
            let score = try score(node, of: article)
            guard score >= 0 else { return nil }
            let leaf = own.kind == .phrase ? phraseLeaves[own.first] : listLeaves[own.first]
            return leaf < 0 ? [] : [(leaf, score)]
        case .all:
            var found: [(leaf: Int, score: Int)] = []
            for child in parts(node) {
                guard let part = try contributions(child, to: article) else { return nil }
                found += part
            }
            return found
        case .any:
            var found: [(leaf: Int, score: Int)]?
            for child in parts(node) {
                guard let part = try contributions(child, to: article) else { continue }
                found = (found ?? []) + part
            }
            return found
        case .nothing, .everything, .not, .range, .named, .having, .until:
            return try score(node, of: article) < 0 ? nil : []
        }
    }

    /// How often the text of a list or phrase stands in an article, as it counts.
    func occurrences(_ node: Int, in article: UInt32) throws(IndexDamage) -> Int {
        let own = nodes[node]
        switch own.kind {
        case .list:
            guard try lists[own.first].seek(article) == article else { return 0 }
            return Int(try lists[own.first].loadCounts()[lists[own.first].index])
        case .phrase:
            guard try phrases[own.first].seek(article) == article else { return 0 }
            return Int(try phrases[own.first].countHere(article))
        default: return 0
        }
    }
}
