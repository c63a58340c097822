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
    private(set) var language: String?
    /// The texts of the JSON-LD scripts.
    private(set) var linkedData: [HTMLSpan] = []
    /// The first address among `base`, `canonical` and `og:url`.
    var address: String? { first("og:url")?.text ?? canonical?.text }

    /// `meta` elements of one page beyond these are passed over.
    private static let propertyLimit = 1000

    init(_ tree: HTMLTree) {
        var firstTitle: Int32?
        for (index, node) in tree.nodes.enumerated() where !node.isText {
            let number = Int32(truncatingIfNeeded: index)
            switch node.tag {
            case .meta: readMeta(tree, number)
            case .link: readLink(tree, number)
            case .title:
                // A drawing in the page may have a title of its own.
                if firstTitle == nil { firstTitle = number }
            case .html: language = language ?? tree.value(number, .lang)
            case .script: readScript(tree, number)
            default: break
            }
        }
        if let firstTitle, tree[firstTitle].firstChild >= 0 {
            let text = tree.text(of: firstTitle)
            if !text.isEmpty {
                title = Value(
                    text: text, key: "title", range: tree[tree[firstTitle].firstChild].content.range
                )
            }
        }
    }

    /// The first value that one of `keys` has, the keys in order.
    func first(_ keys: String...) -> Value? {
        for key in keys {
            if let value = properties.first(where: { $0.key == key }) { return value }
        }
        return nil
    }

    /// All values of one name.
    func all(_ key: String) -> [Value] { properties.filter { $0.key == key } }

    private mutating func readMeta(_ tree: HTMLTree, _ node: Int32) {
        guard properties.count < Self.propertyLimit, let span = tree.rawValue(node, .content),
            let key = tree.value(node, .property) ?? tree.value(node, .name)
                ?? tree.value(node, .itemprop),
            key.utf8.count <= 100, let text = tree.text(span)
        else { return }
        properties.append(Value(text: text, key: key.lowercased(), range: span.range))
    }

    private mutating func readLink(_ tree: HTMLTree, _ node: Int32) {
        guard canonical == nil, let rel = tree.value(node, .rel), rel.lowercased() == "canonical",
            let span = tree.rawValue(node, .href), let text = tree.text(span)
        else { return }
        canonical = Value(text: text, key: "canonical", range: span.range)
    }

    private mutating func readScript(_ tree: HTMLTree, _ node: Int32) {
        let child = tree[node].firstChild
        guard child >= 0, linkedData.count < 64, let type = tree.rawValue(node, .type),
            HTMLBytes.find("ld+json", in: Array(tree.source[type.range].prefix(64))) != nil
        else { return }
        linkedData.append(tree[child].content)
    }
}
