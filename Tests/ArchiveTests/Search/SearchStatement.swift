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

    init(_ query: Query, range: DateRange? = nil) {
        guard case .all(let parts) = query else { return }
        var positive: [String] = []
        for part in parts {
            switch part {
            case .filter(let filter): add(filter, negated: false)
            case .not(.filter(let filter)): add(filter, negated: true)
            case .not(let inner):
                conditions.append(
                    """
                    article.seq NOT IN (SELECT rowid FROM article_index WHERE article_index MATCH ?)
                    """)
                arguments.append(Self.expression(inner))
            default: positive.append(Self.expression(part))
            }
        }
        if !positive.isEmpty { match = positive.joined(separator: " AND ") }
        if let range { add(.published(range), negated: false) }
    }

    private mutating func add(_ filter: Query.Filter, negated: Bool) {
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
        case .has(let feature):
            parts.append(
                "(SELECT features FROM article_feature WHERE seq = article.seq) & ? != 0")
            arguments.append(feature.bit)
        }
        let condition = "(\(parts.joined(separator: " AND ")))"
        conditions.append(negated ? "\(condition) IS NOT TRUE" : condition)
    }

    /// The words as FTS5 writes them.
    ///
    /// Words hold letters and digits only, so quoting them is safe.
    static func expression(_ query: Query) -> String {
        switch query {
        case .words(let field, let words, let isPrefix):
            let phrase = "\"\(words.joined(separator: " "))\"" + (isPrefix ? " *" : "")
            return "\(column(field)) : \(phrase)"
        case .any(let parts): return "(\(parts.map(expression).joined(separator: " OR ")))"
        case .all(let parts): return "(\(parts.map(expression).joined(separator: " AND ")))"
        case .not(let inner): return expression(inner)
        case .filter: return "\"\""
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
