import ArchiveProtocol
import GRDB

@testable import Archive

/// A query as SQL for `FTS5Oracle`: an FTS5 expression and conditions on the tables beside it.
struct SearchStatement {
    /// The FTS5 expression; nil where no word is asked for.
    private(set) var match: String?
    /// Conditions on `article` and `article_feature`, joined by AND.
    private(set) var conditions: [String] = []
    private(set) var arguments: [(any DatabaseValueConvertible)?] = []

    /// The columns of `article_index` that words without a field are looked for in.
    private static let anywhere = "{headline body byline place section}"

    init(_ query: Query, range: DateRange? = nil) throws(Failure) {
        guard case .all(let parts) = query else { return }
        var positive: [String] = []
        for part in parts {
            switch part {
            case .filter(let filter): try add(filter, negated: false)
            case .not(.filter(let filter)): try add(filter, negated: true)
            case .not(let inner):
                try Self.requireWords(inner)
                conditions.append(
                    """
                    article.seq NOT IN (SELECT rowid FROM article_index WHERE article_index MATCH ?)
                    """)
                arguments.append(Self.expression(inner))
            default:
                try Self.requireWords(part)
                positive.append(Self.expression(part))
            }
        }
        if !positive.isEmpty { match = positive.joined(separator: " AND ") }
        if let range { try add(.published(range), negated: false) }
    }

    /// Sees that FTS5 can look for a part: it knows words alone, nothing left out, none misspelt.
    private static func requireWords(_ part: Query) throws(Failure) {
        switch part {
        case .words, .near: return
        case .all(let parts), .any(let parts):
            for part in parts { try requireWords(part) }
        case .not, .fuzzy, .stem, .filter: throw unanswered(part)
        }
    }

    private static func unanswered(_ part: Query) -> Failure {
        Failure(
            .querySyntax, "\(part) cannot be searched for here yet",
            data: [.init("offset", 0), .init("expected", "another query")])
    }

    private mutating func add(_ filter: Query.Filter, negated: Bool) throws(Failure) {
        var parts: [String] = []
        switch filter {
        case .published(let range):
            if let from = range.from {
                parts.append("article.published >= ?")
                arguments.append(from)
            }
            if let to = range.to {
                parts.append("article.published < ?")
                arguments.append(to)
            }
        case .url(let url):
            parts.append("instr(article.url, ?) > 0")
            arguments.append(url)
        case .has(let feature): add(ArticleFeatures(feature), to: &parts)
        case .state(let state): add(ArticleFeatures(state), to: &parts)
        case .confidence(let field, let level):
            add(ArticleFeatures(FieldConfidences(field, level)), to: &parts)
        case .language: throw Self.unanswered(.filter(filter))
        }
        let condition = "(\(parts.joined(separator: " AND ")))"
        conditions.append(negated ? "\(condition) IS NOT TRUE" : condition)
    }

    private mutating func add(_ features: ArticleFeatures, to parts: inout [String]) {
        parts.append("(SELECT features FROM article_feature WHERE seq = article.seq) & ? != 0")
        arguments.append(features.rawValue)
    }

    /// The words as FTS5 writes them.
    ///
    /// Words hold letters and digits only, so quoting them is safe.
    static func expression(_ query: Query) -> String {
        switch query {
        case .words(let field, let words, let isPrefix):
            let phrase = "\"\(words.joined(separator: " "))\"" + (isPrefix ? " *" : "")
            return "\(column(field)) : \(phrase)"
        case .near(let field, let words, let distance):
            let text = words.map { "\"\($0)\"" }.joined(separator: " ")
            return "\(column(field)) : NEAR(\(text), \(distance))"
        case .any(let parts): return "(\(parts.map(expression).joined(separator: " OR ")))"
        case .all(let parts): return "(\(parts.map(expression).joined(separator: " AND ")))"
        case .not(let inner): return expression(inner)
        case .fuzzy, .stem, .filter: return "\"\""
        }
    }

    private static func column(_ field: Query.Field?) -> String {
        switch field {
        case nil: anywhere
        case .headline: "headline"
        case .by: "byline"
        case .in: "place"
        case .said: "said"
        case .outlet: "outlet"
        case .section: "section"
        }
    }
}
