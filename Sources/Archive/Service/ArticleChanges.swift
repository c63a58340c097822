internal import ArchiveProtocol

/// What is different between two readings of an article, field by field.
struct ArticleChanges {
    /// A field with what it says in each reading; nil where it says nothing.
    struct Change: Hashable {
        var field: String
        var before: String?
        var after: String?

        var json: JSON {
            var members: [JSON.Member] = [.init("field", .string(field))]
            if let before { members.append(.init("before", .string(before))) }
            if let after { members.append(.init("after", .string(after))) }
            return .object(members)
        }
    }

    private(set) var list: [Change] = []

    /// More changes of an article are not told.
    private static let most = 40
    /// Of longer lists only so much is compared: finding what moved costs the square of it.
    private static let mostItems = 400
    private static let mostCharacters = 240

    /// What the story does not say itself, or what follows from the rest.
    private static let passedOver: Set<String> = [
        "id", "captures", "version", "supersedes", "wordCount", "withdrawn",
    ]

    /// Compares two documents of an article.
    init(from before: [UInt8], to after: [UInt8]) {
        let old = (try? JSONParser.parse(before))?.members ?? []
        let new = (try? JSONParser.parse(after))?.members ?? []
        let keys = old.map(\.key) + new.map(\.key).filter { key in !old.contains { $0.key == key } }
        for key in keys where !Self.passedOver.contains(key) {
            compare(
                key, old.first { $0.key == key }?.value ?? .null,
                new.first { $0.key == key }?.value ?? .null)
        }
        list = Array(list.prefix(Self.most))
    }

    private mutating func compare(_ key: String, _ old: JSON, _ new: JSON) {
        guard old != new else { return }
        if old.array != nil || new.array != nil {
            return compareLists(
                key, (old.array ?? []).map(Self.words), (new.array ?? []).map(Self.words))
        }
        let (before, after) = (Self.words(old), Self.words(new))
        guard before != after else { return }
        add(Change(field: key, before: Self.shown(before), after: Self.shown(after)))
    }

    private mutating func compareLists(_ key: String, _ old: [String], _ new: [String]) {
        let moves = Array(new.prefix(Self.mostItems)).difference(
            from: Array(old.prefix(Self.mostItems)))
        for move in moves {
            switch move {
            case .remove(let place, let words, _):
                add(Change(field: "\(key)[\(place)]", before: Self.shown(words)))
            case .insert(let place, let words, _):
                // What changes in its place is one change.
                let field = "\(key)[\(place)]"
                if let index = list.lastIndex(where: { $0.field == field && $0.after == nil }) {
                    list[index].after = Self.shown(words)
                } else {
                    add(Change(field: field, after: Self.shown(words)))
                }
            }
        }
    }

    private mutating func add(_ change: Change) { list.append(change) }

    private static func shown(_ words: String) -> String? {
        guard !words.isEmpty else { return nil }
        return words.count > mostCharacters ? words.prefix(mostCharacters) + "…" : words
    }

    /// What a value says, in words: of an object its texts, places in the article left out.
    private static func words(_ value: JSON) -> String {
        switch value {
        case .string(let text), .number(let text): return text
        case .bool(let value): return value ? "true" : "false"
        case .object(let members):
            if let date = value["value"]?.string { return date }
            return members.compactMap(\.value.string).filter { !$0.isEmpty }
                .joined(separator: " | ")
        case .array(let items): return items.map(words).joined(separator: ", ")
        case .null: return ""
        }
    }
}
