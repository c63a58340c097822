internal import ArchiveProtocol

/// Reads the exchange forms of news that are JSON: ninjs, schema.org, an item of a JSON Feed.
struct JSONNewsParser {
    private let styles: HouseStyles
    /// Values within values are followed to this depth.
    static let depthLimit = 64

    init(styles: HouseStyles) { self.styles = styles }

    /// Reads the one item of `page`.
    func read(_ page: Page) throws(Refusal) -> Reading {
        let json: JSON
        do {
            json = try JSONRepair.parse(page.text, depthLimit: Self.depthLimit)
        } catch {
            return Self.nothing(page, .malformed, "no JSON: \(error)")
        }
        let start = page.text.firstIndex { !HTMLBytes.isSpace($0) } ?? 0
        let members = JSONSlices.members(page.text, in: start..<page.text.count) ?? []
        let object = NewsObject(json, members: members, text: page.text)
        func draft(_ form: String) -> NewsDraft {
            NewsDraft(page: page, styles: styles, form: form)
        }
        if Self.isFeed(object) {
            var draft = draft("feed")
            return try draft.jsonFeedItem(object)
        }
        if Self.isLinkedData(json) {
            var draft = draft("schema.org")
            return draft.linkedData(object)
        }
        if Self.isNinjs(object) {
            var draft = draft("ninjs")
            return try draft.ninjs(object)
        }
        return Self.nothing(page, .unsupported, Self.words(json))
    }

    private static func nothing(_ page: Page, _ reason: Reason, _ why: String) -> Reading {
        Reading(
            form: Form.json.rawValue, encoding: page.encoding, finding: .noArticle(reason, why))
    }

    private static func words(_ json: JSON) -> String {
        guard let members = json.members else { return "JSON without an item of news" }
        let keys = members.prefix(5).map { $0.key.prefix(40) }.joined(separator: ", ")
        return "JSON of a kind that is not read, with the keys \(keys)"
    }

    // MARK: Forms

    private static func isFeed(_ object: NewsObject) -> Bool {
        (object.text("version")?.contains("jsonfeed.org") ?? false) && object["items"] != nil
    }

    private static func isLinkedData(_ json: JSON) -> Bool {
        let first = json.array?.first ?? json
        if first["@graph"] != nil || first["@type"] != nil { return true }
        guard let context = first["@context"] else { return false }
        return context.text.contains("schema.org")
    }

    /// Keys of ninjs that other JSON seldom has, and at least one that says what is told.
    private static func isNinjs(_ object: NewsObject) -> Bool {
        let names = ["uri", "guid", "versioncreated", "pubstatus", "standard"]
        let told = [
            "headline", "headlines", "title", "titles", "body_text", "body_xhtml", "body_html",
            "bodies", "description_text", "descriptions", "name", "names", "type",
        ]
        return object["$schema"] == nil && names.contains { object[$0] != nil }
            && told.contains { object[$0] != nil }
    }
}

/// An object of JSON whose keys are asked for without regard to capitals and underscores, because
/// `versioncreated` of one ninjs is `versionCreated` of another.
struct NewsObject {
    let json: JSON
    private var values: [String: JSON] = [:]
    private var places: [String: Range<Int>] = [:]

    init(_ json: JSON, members: [JSONSlices.Member] = [], text: [UInt8] = []) {
        self.json = json
        for member in json.members ?? [] where values.count < 1000 {
            values[Self.key(member.key)] = member.value
        }
        for member in members.prefix(1000) {
            let key = Self.key(String(decoding: text[member.key], as: UTF8.self))
            places[key] = member.value
        }
    }

    subscript(_ key: String) -> JSON? {
        values[Self.key(key)].flatMap { $0 == .null ? nil : $0 }
    }

    /// Where the value of a key stands; known of the outermost object alone.
    func place(_ key: String) -> Range<Int> { places[Self.key(key)] ?? 0..<0 }

    /// A text; of a list of texts by role, the main one.
    func text(_ key: String) -> String? {
        guard let value = self[key] else { return nil }
        if let text = value.string { return text.isEmpty ? nil : text }
        if case .number(let text) = value { return text }
        return nil
    }

    /// The objects of a list, or of an object whose members are objects.
    func objects(_ key: String) -> [NewsObject] {
        guard let value = self[key] else { return [] }
        let list = value.array ?? value.members?.map(\.value) ?? []
        return list.prefix(500).filter { $0.members != nil }.map { NewsObject($0) }
    }

    private static func key(_ key: String) -> String {
        key.lowercased().filter { $0 != "_" && $0 != "-" }
    }
}
