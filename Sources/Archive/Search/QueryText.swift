/// A query as it is written: `QueryParser` reads it to the same tree.
extension Query: CustomStringConvertible {
    var description: String {
        if case .all(let parts) = self { return parts.map(\.part).joined(separator: " ") }
        return part
    }

    /// The text of a part that others may stand beside.
    private var part: String {
        switch self {
        case .words(let field, let words, let isPrefix):
            let text = words.joined(separator: " ")
            return Self.name(field) + (words.count == 1 ? text : "\"\(text)\"")
                + (isPrefix ? "*" : "")
        case .near(let field, let words, let distance):
            return Self.name(field) + "\"\(words.joined(separator: " "))\"~\(distance)"
        case .fuzzy(let field, let word, let edits):
            return Self.name(field) + word + (edits == 1 ? "~" : "~\(edits)")
        case .stem(let field, let word): return Self.name(field) + "stem:" + word
        case .all: return "(\(self))"
        case .any(let parts): return parts.map(\.alternative).joined(separator: " OR ")
        case .not(.any(let parts)): return "-(\(Query.any(parts)))"
        case .not(.not(let inner)): return "-(\(Query.not(inner)))"
        case .not(let inner): return "-" + inner.part
        case .filter(let filter): return filter.description
        }
    }

    private var alternative: String {
        if case .any = self { "(\(self))" } else { part }
    }

    private static func name(_ field: Field?) -> String {
        field.map { "\($0.rawValue):" } ?? ""
    }
}

extension Query.Filter: CustomStringConvertible {
    var description: String {
        switch self {
        case .published(let range): "date:\(range)"
        case .url(let part): "url:\(Self.isPlain(part) ? part : "\"\(part)\"")"
        case .language(let tag): "lang:\(tag)"
        case .has(let feature): "has:\(feature.rawValue)"
        case .state(let state): "state:\(state.rawValue)"
        case .confidence(let field, let level):
            "\(field.rawValue).confidence:\(level.rawValue)"
        }
    }

    /// Whether a value can stand without quotation marks.
    private static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 > 0x20 && ![UInt8(ascii: "("), UInt8(ascii: ")")].contains($0) }
            && !value.hasPrefix("//")
    }
}
