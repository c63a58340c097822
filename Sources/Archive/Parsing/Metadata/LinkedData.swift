internal import ArchiveProtocol

/// The article that a page describes to machines as JSON-LD (schema.org `NewsArticle`).
struct LinkedData {
    /// A text, and where it stands in the page.
    struct Value {
        var text: String
        var range: Range<Int>
    }

    /// Somebody named as a writer.
    struct Author {
        var name: String
        var isPerson: Bool
        var isOrganisation: Bool
        var range: Range<Int>
    }

    var headline: Value?
    var alternativeHeadline: Value?
    var authors: [Author] = []
    var published: Value?
    var modified: Value?
    var section: Value?
    var publisher: Value?
    var language: Value?
    var keywords: [Value] = []
    /// Those who had part in the story beside its writers.
    var contributors: [Author] = []
    var corrections: [Value] = []
    /// The names on the way from the site's first page to the story's, that of the first left out.
    var breadcrumbs: [Value] = []
    /// Whether it calls itself a ticker.
    var isLive = false
    var url: String?
    var images: [Image] = []
    /// The text of the story, a paragraph a line.
    var body: String?
    /// The object that it was read from.
    var range: Range<Int>
    /// How surely it is the story of this page.
    private var weight = 0

    /// What the page says of its story elsewhere, by which the object of this page is told.
    struct Signs {
        var titles: [Title] = []
        var url: String?
    }

    /// Reads the article that the page is about among all that its scripts describe.
    ///
    /// - Parameter source: the page, of which the scripts are runs.
    static func read(_ source: [UInt8], _ scripts: [HTMLSpan], signs: Signs) -> LinkedData? {
        guard !scripts.isEmpty else { return nil }
        var json = LinkedJSON(source)
        for script in scripts { LinkedJSONReader.read(script, into: &json) }
        let found = json.values.indices.lazy.map { Int32(truncatingIfNeeded: $0) }
            .filter { isArticle(json, $0) }
            .prefix(200).map { LinkedData(json, $0, signs: signs) }
        let articles = Array(found)
        guard var best = articles.first else { return nil }
        for article in articles.dropFirst() where article.weight > best.weight { best = article }
        for article in articles where article.isSameStory(as: best) { best.complete(by: article) }
        best.breadcrumbs = breadcrumbs(json)
        return best
    }

    private static let types: [StaticString] = [
        "article", "blogposting", "report", "newsstory", "review", "socialmediaposting",
    ]

    private static func isArticle(_ json: LinkedJSON, _ value: Int32) -> Bool {
        guard let type = json.member(value, "@type") else { return false }
        return json.elements(of: type).contains { type in
            let name = json.bytes[json[type].span.range]
            return name.count < 80
                && types.contains { word in
                    HTMLBytes.starts(name.suffix(word.utf8CodeUnitCount), with: word)
                }
        }
    }

    /// Where an object stands that is the page's own.
    private static let holders: [StaticString] = ["@graph", "mainEntity", "mainEntityOfPage"]

    /// Whether the value is no part of another thing, such as of a list of other stories.
    private static func isOwn(_ json: LinkedJSON, _ value: Int32) -> Bool {
        var value = value
        while value >= 0 {
            let key = json[value].key
            if !key.isEmpty, !holders.contains(where: { json.isKey(key, $0) }) { return false }
            value = json[value].parent
        }
        return true
    }

    private init(_ json: LinkedJSON, _ value: Int32, signs: Signs) {
        range = json[value].span.range
        func first(_ keys: StaticString...) -> Value? {
            for key in keys {
                guard let member = json.member(value, key) else { continue }
                for element in json.elements(of: member) {
                    if let text = json.text(element) {
                        return Value(text: text, range: json[element].span.range)
                    }
                }
            }
            return nil
        }
        headline = first("headline", "name")
        alternativeHeadline = first("alternativeHeadline", "alternateName")
        published = first("datePublished", "dateCreated", "dateIssued")
        modified = first("dateModified")
        section = first("articleSection")
        language = first("inLanguage")
        url = (first("url", "mainEntityOfPage", "@id"))?.text
        let names = LinkedNames(json: json)
        publisher = names.read(json.member(value, "publisher")).first.map {
            Value(text: $0.name, range: $0.range)
        }
        authors = names.read(json.member(value, "author"))
        if authors.isEmpty { authors = names.read(json.member(value, "creator")) }
        images = Self.images(json, json.member(value, "image"), names)
        corrections = Self.texts(json, json.member(value, "correction"))
        keywords = Self.texts(json, json.member(value, "keywords"))
        for role: StaticString in ["contributor", "editor", "translator"] {
            contributors += names.read(json.member(value, role))
        }
        body = json.passage(json.member(value, "articleBody"))
        isLive =
            json.member(value, "@type").map { type in
                json.elements(of: type).contains {
                    HTMLBytes.starts(json.bytes[json[$0].span.range], with: "liveblogposting")
                }
            } ?? false
        weight = Self.isOwn(json, value) ? 4 : 0
        weight += (headline == nil ? 0 : 2) + (authors.isEmpty ? 0 : 2) + (published == nil ? 0 : 2)
        if let headline, signs.titles.contains(where: { $0.agrees(with: Title(headline.text)) }) {
            weight += 8
        }
        if let url, let own = signs.url, CanonicalURL.canonical(url) == own { weight += 8 }
    }

    // MARK: One story described twice

    private func isSameStory(as other: LinkedData) -> Bool {
        guard range != other.range else { return false }
        if let headline, let theirs = other.headline { return headline.text == theirs.text }
        guard let url, let theirs = other.url else { return false }
        return CanonicalURL.canonical(url) == CanonicalURL.canonical(theirs)
    }

    private mutating func complete(by other: LinkedData) {
        if authors.isEmpty { authors = other.authors }
        if images.isEmpty { images = other.images }
        if keywords.isEmpty { keywords = other.keywords }
        published = published ?? other.published
        modified = modified ?? other.modified
        section = section ?? other.section
        publisher = publisher ?? other.publisher
        language = language ?? other.language
        body = body ?? other.body
    }

    // MARK: Parts

    private static func images(
        _ json: LinkedJSON, _ value: Int32?, _ names: LinkedNames
    ) -> [Image] {
        guard let value else { return [] }
        return json.elements(of: value).prefix(50).compactMap { image in
            let url =
                json.text(image) ?? json.text(json.member(image, "url"))
                ?? json.text(json.member(image, "contentUrl"))
            guard let url else { return nil }
            return Image(
                caption: json.text(json.member(image, "caption")),
                credit: json.text(json.member(image, "creditText"))
                    ?? names.read(json.member(image, "creator")).first?.name, url: url)
        }
    }

    /// The texts of a list, or of objects with a `text` or a `name`.
    private static func texts(_ json: LinkedJSON, _ value: Int32?) -> [Value] {
        guard let value else { return [] }
        return json.elements(of: value).prefix(40).compactMap { element in
            let text =
                json.text(element) ?? json.text(json.member(element, "text"))
                ?? json.text(json.member(element, "name"))
            return text.map { Value(text: $0, range: json[element].span.range) }
        }
    }

    /// The names of the page's `BreadcrumbList` but the first, which is the site's first page.
    private static func breadcrumbs(_ json: LinkedJSON) -> [Value] {
        let list = json.values.indices.lazy.map { Int32(truncatingIfNeeded: $0) }.first { value in
            guard json[value].kind == .object, let type = json.member(value, "@type") else {
                return false
            }
            return json[type].span.count == 14
                && HTMLBytes.starts(json.bytes[json[type].span.range], with: "breadcrumblist")
        }
        guard let list, let items = json.member(list, "itemListElement") else { return [] }
        return json.elements(of: items).prefix(12).dropFirst().compactMap { item in
            guard
                let name = json.member(item, "name")
                    ?? json.member(item, "item").flatMap({ json.member($0, "name") }),
                let text = json.text(name)
            else { return nil }
            return Value(text: text, range: json[name].span.range)
        }
    }
}

/// Reads the persons and organisations that JSON-LD names.
struct LinkedNames {
    let json: LinkedJSON

    /// Whom `value` names: texts, objects, lists of them, and objects described elsewhere.
    func read(_ value: Int32?) -> [LinkedData.Author] {
        guard let value else { return [] }
        return json.elements(of: value).prefix(40).flatMap(one)
    }

    private func one(_ value: Int32) -> [LinkedData.Author] {
        if let name = json.text(value) {
            return [
                LinkedData.Author(
                    name: name, isPerson: false, isOrganisation: false,
                    range: json[value].span.range)
            ]
        }
        var object = value
        if named(object).isEmpty, let id = json.member(object, "@id"),
            let other = described(as: json[id].span)
        {
            object = other
        }
        let isPerson = isType(object, "person")
        return named(object).map { name, range in
            LinkedData.Author(
                name: name, isPerson: isPerson,
                isOrganisation: isType(object, "organization") || isType(object, "corporation"),
                range: range)
        }
    }

    /// The names of an object: `name`, one or a list, or the two parts of a person's.
    private func named(_ object: Int32) -> [(String, Range<Int>)] {
        if let name = json.member(object, "name") {
            return json.elements(of: name).compactMap { element in
                json.text(element).map { ($0, json[element].span.range) }
            }
        }
        let parts = [json.member(object, "givenName"), json.member(object, "familyName")]
            .compactMap(\.self)
        let name = parts.compactMap { json.text($0) }.joined(separator: " ")
        guard let part = parts.last, !name.isEmpty else { return [] }
        return [(name, json[part].span.range)]
    }

    private func isType(_ object: Int32, _ word: StaticString) -> Bool {
        guard let type = json.member(object, "@type") else { return false }
        return json.elements(of: type).contains { element in
            let name = json.bytes[json[element].span.range]
            return HTMLBytes.starts(name.suffix(word.utf8CodeUnitCount), with: word)
        }
    }

    /// The object with a name that is described under the identifier in `id`.
    private func described(as id: HTMLSpan) -> Int32? {
        let wanted = json.bytes[id.range]
        for (index, value) in json.values.enumerated()
        where value.kind == .text && value.parent >= 0 && json.isKey(value.key, "@id")
            && value.span != id && value.span.count == id.count
        {
            guard json.bytes[value.span.range].elementsEqual(wanted) else { continue }
            let object = json[Int32(truncatingIfNeeded: index)].parent
            if !named(object).isEmpty { return object }
        }
        return nil
    }
}
