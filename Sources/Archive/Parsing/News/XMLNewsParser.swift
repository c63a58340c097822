internal import ArchiveProtocol

/// Reads the exchange forms of news that are XML, by their outermost element.
struct XMLNewsParser {
    private let styles: HouseStyles

    init(styles: HouseStyles) { self.styles = styles }

    /// Reads the one item of `page`.
    func read(_ page: Page) throws(Refusal) -> Reading {
        let tree = try XMLTreeBuilder.tree(of: page.text)
        guard let root = tree.root else {
            return Reading(
                form: Form.xml.rawValue, encoding: page.encoding,
                finding: .noArticle(.malformed, "XML without an element"))
        }
        var reading = try read(page, tree, root)
        if let fault = tree.fault { Self.tell(fault, of: tree, in: &reading) }
        return reading
    }

    private func read(_ page: Page, _ tree: XMLTree, _ root: Int32) throws(Refusal) -> Reading {
        func draft(_ form: Form) -> NewsDraft {
            NewsDraft(page: page, styles: styles, form: form.rawValue)
        }
        switch RecognitionXML.form(ofRoot: tree.name(root).lowercased()) {
        case .nitf:
            var draft = draft(.nitf)
            draft.takeNITF(tree, root)
            return draft.reading(orElse: "NITF without text")
        case .newsML:
            var draft = draft(.newsML)
            return try draft.newsItem(tree, root)
        case .newsMessage: return try message(draft(.newsML), tree, root)
        case .feed: return try feed(draft(.feed), tree, root)
        default:
            let name = tree.name(root)
            return draft(.xml).nothing(.unsupported, "XML of a kind that is not read: \(name)")
        }
    }

    private func message(_ draft: NewsDraft, _ tree: XMLTree, _ root: Int32) throws(Refusal)
        -> Reading
    {
        var draft = draft
        let old = tree.children(root, "NewsItem")
        let items = tree.child(root, "itemSet").map { tree.elements(of: $0) } ?? []
        guard let item = old.first ?? items.first else {
            return draft.nothing(.noArticle, "a news message without items")
        }
        guard old.count + items.count == 1 else { return Self.several(draft, old + items) }
        return old.isEmpty
            ? try draft.newsItem(tree, item) : try draft.newsItemOne(tree, item, of: root)
    }

    private func feed(_ draft: NewsDraft, _ tree: XMLTree, _ root: Int32) throws(Refusal)
        -> Reading
    {
        var draft = draft
        let parents = [root] + tree.children(root, "channel")
        let items = parents.flatMap {
            tree.children($0, "item") + tree.children($0, "entry")
        }
        guard let item = items.first else {
            return draft.nothing(.noArticle, "a feed without items")
        }
        guard items.count == 1 else { return Self.several(draft, items) }
        return try draft.feedItem(tree, item, of: root)
    }

    /// Items are told apart when a file is opened; here they come one at a time.
    private static func several(_ draft: NewsDraft, _ items: [Int32]) -> Reading {
        draft.nothing(.noArticle, "a document of \(items.count) items, which is no single page")
    }

    /// Tells where a document is no XML: beside an article, or as the reason that there is none.
    private static func tell(_ fault: Refusal, of tree: XMLTree, in reading: inout Reading) {
        let offset = min(fault.offset ?? 0, tree.source.count)
        let line = tree.source[..<offset].count { $0 == 0x0a } + 1
        let words = "\(fault.detail), line \(line), byte \(offset)"
        switch reading.finding {
        case .noArticle(.noArticle, let why):
            // What was cut may have had a story further on; what is merely untidy had none.
            let reason = fault.reason == .truncated ? fault.reason : .noArticle
            reading.finding = .noArticle(reason, "\(why); \(words)")
        case .noArticle: break
        case .article, .withdrawal:
            reading.evidence.append(
                Evidence(field: "document", rule: "xml/\(words)", range: offset..<offset))
        }
    }
}
