internal import ArchiveProtocol

/// Why an article has its score: which words, in which field, how often, gave how much.
///
/// What a text gives as a whole comes from the index. Where it may stand anywhere, that is shared
/// out by how much its occurrences in each part count, so that the shares sum up to the score.
struct Explanation: Sendable {
    /// One line of it.
    struct Share: Sendable, Hashable {
        /// The words as a query has them.
        var text: String
        /// The part of the article, by its name in the record.
        var field: String
        var occurrences: Int
        /// In 65,536ths.
        var score: Int
    }

    private(set) var shares: [Share] = []

    init(_ contributions: [TextScore], in article: IndexedArticle) throws {
        let parts = try ArticleParts(article)
        for contribution in contributions {
            let text = contribution.text.sought?.description ?? ""
            let found = try parts.occurrences(of: contribution.text)
            let total = found.reduce(0) { $0 + $1.weight }
            guard total > 0 else {
                // The index has another version by now than the database showed.
                shares.append(
                    Share(text: text, field: "", occurrences: 0, score: contribution.score))
                continue
            }
            var left = contribution.score
            for (index, part) in found.enumerated() {
                let isLast = index == found.count - 1
                let own = isLast ? left : contribution.score * part.weight / total
                left -= own
                shares.append(
                    Share(text: text, field: part.name, occurrences: part.count, score: own))
            }
        }
    }

    /// As answers tell it.
    var json: JSON {
        .array(
            shares.map { share in
                [
                    "text": .string(share.text), "field": .string(share.field),
                    "occurrences": .integer(share.occurrences),
                    "score": .score(share.score),
                ]
            })
    }
}

extension JSON {
    /// A score of the index.
    static func score(_ score: Int) -> JSON {
        .number(String(Double(score) / QueryPlan.scoreScale))
    }
}

/// The parts of one article, each an article of an index of its own: so a text stands in a part
/// where the index says it does.
struct ArticleParts {
    /// How often a text stands in one part.
    struct Occurrences {
        var name: String
        var count: Int
        /// How much they count together.
        var weight: Int
    }

    private let segment: Segment
    private static let fields = WordField.leading + [.anywhere, .said, .outlet]

    init(_ article: IndexedArticle) throws {
        var buffer = ArticleBuffer()
        for field in Self.fields {
            var part = IndexedArticle(row: Int64(field.rawValue))
            switch field {
            case .headline: part.headline = article.headline
            case .byline: part.byline = article.byline
            case .place: part.place = article.place
            case .section: part.section = article.section
            case .anywhere: part.body = article.body
            case .said: part.said = article.said
            case .outlet: part.outlet = article.outlet
            }
            buffer.add(part)
        }
        segment = try buffer.seal(name: "memory")
    }

    /// In which parts a text of a query stands.
    func occurrences(of text: IndexQuery) throws -> [Occurrences] {
        let plan = try QueryPlan(text, segments: [segment])
        var found: [Occurrences] = []
        for field in Self.fields {
            guard let article = segment.columns.article(row: Int64(field.rawValue)) else {
                continue
            }
            let search = try SegmentSearch(
                plan, 0, dead: Tombstones(), scored: false, Scratch())
            defer { withExtendedLifetime(search) {} }
            let weight = try search.occurrences(search.root, in: article)
            guard weight > 0 else { continue }
            let isAnywhere = plan.leaves.first?.field == .anywhere
            found.append(
                Occurrences(
                    name: field.recordName, count: isAnywhere ? weight / field.weight : weight,
                    weight: weight))
        }
        return found
    }
}

extension WordField {
    /// The name that the part has in the record; the body's, where it is nowhere else.
    fileprivate var recordName: String {
        switch self {
        case .anywhere: "body"
        case .headline: "headline"
        case .byline: "byline"
        case .place: "dateline"
        case .section: "section"
        case .said: "speaker"
        case .outlet: "outlet"
        }
    }

    /// The field of the search language; nil for anywhere.
    fileprivate var queryField: Query.Field? {
        switch self {
        case .anywhere: nil
        case .headline: .headline
        case .byline: .by
        case .place: .in
        case .section: .section
        case .said: .said
        case .outlet: .outlet
        }
    }
}

extension IndexQuery {
    /// A text as a part of the search language; nil where it is no text.
    fileprivate var sought: Query? {
        func words(_ text: String) -> [String] {
            WordSplitter.words(text).map { String(decoding: $0, as: UTF8.self) }
        }
        return switch self {
        case .words(let field, let text, let isPrefix):
            .words(field.queryField, words(text), isPrefix: isPrefix)
        case .near(let field, let text, let distance):
            .near(field.queryField, words(text), within: distance)
        case .fuzzy(let field, let text, let edits):
            .fuzzy(field.queryField, text, edits: edits)
        case .stem(let field, let text, _): .stem(field.queryField, text)
        case .all, .any, .not, .dated, .named, .having, .rows, .until: nil
        }
    }
}
