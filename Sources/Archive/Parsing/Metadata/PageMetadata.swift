/// What a page's head says about it: `meta`, `link`, `title`, and its JSON-LD.
struct PageMetadata {
    /// A value of the head, and where it stands in the page.
    struct Value {
        var text: String
        /// The property or name that it was given by, such as `og:title`.
        var key: String
        var range: Range<Int>
    }

    /// All `meta` elements with a name, in order, the names in lower case.
    private(set) var properties: [Value] = []
    private(set) var canonical: Value?
    private(set) var title: Value?
    private(set) var language: Value?
    /// The texts of the JSON-LD scripts.
    private(set) var linkedData: [HTMLSpan] = []
    /// The first address among `base`, `canonical` and `og:url`.
    var address: String? { first("og:url")?.text ?? canonical?.text }

    /// `meta` elements of one page beyond these are passed over.
    private static let propertyLimit = 1000

    /// The first value that one of `keys` has, the keys in order.
    func first(_ keys: String...) -> Value? { first(of: keys) }

    func first(of keys: [String]) -> Value? {
        for key in keys {
            if let value = properties.first(where: { $0.key == key }) { return value }
        }
        return nil
    }

    // MARK: What the survey meets

    /// Takes an element of the head; what the page says within a thing that is not its story,
    /// such as the `meta itemprop=author` of a picture, is left to others.
    mutating func take(_ tree: HTMLTree, _ node: Int32, isOfStory: Bool) {
        switch tree[node].tag {
        case .meta: takeMeta(tree, node, isOfStory: isOfStory)
        case .link: takeLink(tree, node)
        case .title: takeTitle(tree, node)
        case .html: takeLanguage(tree, node)
        case .script: takeScript(tree, node)
        default: break
        }
    }

    private mutating func takeMeta(_ tree: HTMLTree, _ node: Int32, isOfStory: Bool) {
        guard properties.count < Self.propertyLimit,
            let span = tree.rawValue(node, .content) ?? tree.rawValue(node, .value)
        else { return }
        var key = tree.value(node, .property) ?? tree.value(node, .name)
        if key == nil, isOfStory { key = tree.value(node, .itemprop) }
        guard let key, key.utf8.count <= 100, let text = tree.text(span) else { return }
        properties.append(Value(text: text, key: key.lowercased(), range: span.range))
    }

    private mutating func takeLink(_ tree: HTMLTree, _ node: Int32) {
        guard canonical == nil, let rel = tree.value(node, .rel), rel.lowercased() == "canonical",
            let span = tree.rawValue(node, .href), let text = tree.text(span)
        else { return }
        canonical = Value(text: text, key: "canonical", range: span.range)
    }

    /// Takes the first title: a drawing in the page may have one of its own.
    private mutating func takeTitle(_ tree: HTMLTree, _ node: Int32) {
        guard title == nil, tree[node].firstChild >= 0 else { return }
        let text = tree.text(of: node)
        guard !text.isEmpty else { return }
        title = Value(
            text: text, key: "title", range: tree[tree[node].firstChild].content.range)
    }

    private mutating func takeLanguage(_ tree: HTMLTree, _ node: Int32) {
        guard language == nil, let span = tree.rawValue(node, .lang), let text = tree.text(span)
        else { return }
        language = Value(text: text, key: "lang", range: span.range)
    }

    private mutating func takeScript(_ tree: HTMLTree, _ node: Int32) {
        let child = tree[node].firstChild
        guard child >= 0, linkedData.count < 64, let type = tree.rawValue(node, .type),
            HTMLBytes.find("ld+json", in: Array(tree.source[type.range].prefix(64))) != nil
        else { return }
        linkedData.append(tree[child].content)
    }
}
