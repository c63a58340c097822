internal import ArchiveProtocol

/// The article that a page describes to machines as JSON-LD (schema.org `NewsArticle`).
struct LinkedData {
    var headline: String?
    var alternativeHeadline: String?
    var authors: [String] = []
    var published: String?
    var modified: String?
    var section: String?
    var publisher: String?
    var url: String?
    var images: [Image] = []
    var body: String?
    /// The script that it was read from.
    var range: Range<Int>

    /// Values within values are followed to this depth.
    private static let depthLimit = 64
    /// Values of one page that are looked at.
    private static let valueLimit = 20_000

    /// Reads the best described article among the page's scripts.
    static func read(_ tree: HTMLTree, _ scripts: [HTMLSpan]) -> LinkedData? {
        var best: LinkedData?
        for script in scripts {
            guard let json = parse(Array(tree.source[script.range])),
                let found = LinkedData.best(in: json, range: script.range)?.data
            else { continue }
            if found.weight > best?.weight ?? 0 { best = found }
        }
        return best
    }

    /// The best described article in `json`, which stands at `range`, and the object it is.
    static func best(in json: JSON, range: Range<Int>) -> (data: LinkedData, object: JSON)? {
        var search = Search()
        search.look(json)
        var best: (data: LinkedData, object: JSON)?
        for object in search.articles {
            let found = LinkedData(object, search.byIdentifier, range: range)
            if found.weight > best?.data.weight ?? 0 { best = (found, object) }
        }
        return best
    }

    private var weight: Int {
        (headline == nil ? 0 : 4) + (authors.isEmpty ? 0 : 2) + (published == nil ? 0 : 2)
            + (body == nil ? 0 : 1)
    }

    private static func parse(_ text: [UInt8]) -> JSON? {
        if let json = try? JSONParser.parse(text, depthLimit: depthLimit) { return json }
        return try? JSONParser.parse(JSONRepair.repaired(text), depthLimit: depthLimit)
    }

    /// Finds articles in lists, `@graph` and values, without recursion.
    private struct Search {
        var articles: [JSON] = []
        var byIdentifier: [String: JSON] = [:]

        mutating func look(_ json: JSON) {
            var queue = [json]
            var index = 0
            while index < queue.count, index < LinkedData.valueLimit {
                let value = queue[index]
                index += 1
                if let array = value.array {
                    queue.append(contentsOf: array.prefix(LinkedData.valueLimit))
                } else if let members = value.members {
                    if let id = value["@id"]?.string, members.count > 1 { byIdentifier[id] = value }
                    if LinkedData.isArticle(value) { articles.append(value) }
                    for member in members where LinkedData.holders.contains(member.key) {
                        queue.append(member.value)
                    }
                }
            }
        }
    }

    private static let holders: Set<String> = [
        "@graph", "mainEntity", "mainEntityOfPage", "hasPart",
    ]

    private static func isArticle(_ json: JSON) -> Bool {
        guard let type = json["@type"] else { return false }
        let types = type.array?.compactMap(\.string) ?? [type.string].compactMap(\.self)
        return types.contains { type in
            type.hasSuffix("Article") || type.hasSuffix("BlogPosting") || type.hasSuffix("Report")
                || type.hasSuffix("NewsStory") || type.hasSuffix("Review")
        }
    }

    private init(_ json: JSON, _ byIdentifier: [String: JSON], range: Range<Int>) {
        self.range = range
        func text(_ keys: String...) -> String? {
            for key in keys {
                if let text = Self.text(json[key]) { return text }
            }
            return nil
        }
        headline = text("headline", "name")
        alternativeHeadline = text("alternativeHeadline")
        published = text("datePublished", "dateCreated")
        modified = text("dateModified")
        section = text("articleSection")
        url = text("url", "@id")
        body = text("articleBody")
        publisher = Self.names(json["publisher"], byIdentifier).first
        for key in ["author", "creator"] where authors.isEmpty {
            authors = Self.names(json[key], byIdentifier).filter { $0 != publisher }
        }
        images = Self.images(json["image"])
    }

    private static func text(_ json: JSON?) -> String? {
        guard let json else { return nil }
        let text = json.string ?? json.array?.lazy.compactMap(\.string).first
        guard let text else { return nil }
        return plain(text)
    }

    /// A text with the character references and white space that pages put into JSON.
    private static func plain(_ text: String) -> String? {
        var bytes: [UInt8] = []
        Array(text.utf8).withUnsafeBufferPointer {
            HTMLReferences.append($0, isAttribute: true, to: &bytes)
        }
        let folded = HTMLBytes.folded(bytes)
        return folded.isEmpty ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// The names of persons: of the persons alone, where organisations are named too.
    private static func names(_ json: JSON?, _ byIdentifier: [String: JSON]) -> [String] {
        guard let json else { return [] }
        var persons: [String] = []
        var others: [String] = []
        for value in json.array ?? [json] {
            var value = value
            if value["name"] == nil, let id = value["@id"]?.string {
                value = byIdentifier[id] ?? value
            }
            if let name = value.string.flatMap(plain) {
                persons.append(name)
                continue
            }
            let names = value["name"]?.array ?? [value["name"]].compactMap(\.self)
            for name in names.compactMap({ $0.string.flatMap(plain) }) {
                if value["@type"]?.string == "Person" {
                    persons.append(name)
                } else {
                    others.append(name)
                }
            }
        }
        return persons.isEmpty ? others : persons
    }

    private static func images(_ json: JSON?) -> [Image] {
        guard let json else { return [] }
        return (json.array ?? [json]).prefix(50).compactMap { value in
            guard let url = value.string ?? text(value["url"]) ?? text(value["contentUrl"]) else {
                return nil
            }
            return Image(
                caption: text(value["caption"]),
                credit: text(value["creditText"]) ?? names(value["creator"], [:]).first, url: url)
        }
    }
}

/// Makes JSON out of what pages take for it.
enum JSONRepair {
    /// The text without comments around it, control characters within texts, commas before a
    /// closing bracket, and semicolons at the end.
    static func repaired(_ text: [UInt8]) -> [UInt8] {
        let first = text.firstIndex { $0 == 0x7B || $0 == 0x5B } ?? text.count
        let last = text.lastIndex { $0 == 0x7D || $0 == 0x5D } ?? -1
        guard first < last else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isText = false
        var index = first
        while index <= last {
            let byte = text[index]
            if isText {
                if byte == 0x5C, index < last {
                    appendEscape(text[index + 1], &result)
                    index += 2
                    continue
                }
                if byte == 0x22 { isText = false }
                result.append(byte < 0x20 ? 0x20 : byte)
            } else {
                if byte == 0x22 { isText = true }
                if byte == 0x7D || byte == 0x5D { dropComma(&result) }
                result.append(byte)
            }
            index += 1
        }
        return result
    }

    private static func appendEscape(_ byte: UInt8, _ result: inout [UInt8]) {
        let known: [UInt8] = [0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74, 0x75]
        if known.contains(byte) { result.append(0x5C) }
        result.append(byte < 0x20 ? 0x20 : byte)
    }

    private static func dropComma(_ result: inout [UInt8]) {
        var end = result.count
        while end > 0, HTMLBytes.isSpace(result[end - 1]) { end -= 1 }
        if end > 0, result[end - 1] == 0x2C { result.removeLast(result.count - end + 1) }
    }
}
