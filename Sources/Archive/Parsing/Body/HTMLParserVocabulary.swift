/// The words by which pages name the parts that are no part of the story, and the story itself.
enum HTMLDiscard {
    /// Whether an element has no text that is read.
    static func isNeverText(_ tag: HTMLTag) -> Bool {
        switch tag {
        case .script, .style, .noscript, .template, .select, .textarea, .button, .svg, .iframe,
            .head, .title, .object, .canvas, .video, .audio, .datalist:
            true
        default: false
        }
    }

    /// Whether such an element stands beside the story by its nature.
    static func isAside(_ tag: HTMLTag) -> Bool {
        switch tag {
        case .nav, .aside, .footer, .dialog, .menu, .form, .fieldset, .label: true
        default: false
        }
    }

    /// How surely an element that names itself the story is it.
    enum Rank: CaseIterable {
        case articleBody, contentClass, article, main

        /// The part of the page's text in paragraphs that it must hold, in hundredths.
        var share: Int {
            switch self {
            case .articleBody: 30
            case .contentClass: 40
            case .article: 35
            case .main: 30
            }
        }
    }

    /// The rank of an element that names itself the story; nil for any other.
    static func rank(_ tree: HTMLTree, _ node: Int32) -> Rank? {
        let element = tree[node]
        if element.tag == .article { return isBody(tree, node) ? .articleBody : .article }
        if element.tag == .main { return isBody(tree, node) ? .articleBody : .main }
        guard element.attributeCount > 0 else { return nil }
        if isBody(tree, node) { return .articleBody }
        if element.tag.isInline || element.tag == .body || element.tag == .p { return nil }
        if HTMLWords.contains(tree, node, stories) { return .contentClass }
        if let role = tree.rawValue(node, .role),
            HTMLBytes.starts(tree.source[role.range], with: "main")
        {
            return .main
        }
        return nil
    }

    private static func isBody(_ tree: HTMLTree, _ node: Int32) -> Bool {
        guard let property = tree.value(node, .itemprop) else { return false }
        return property.split(separator: " ").contains { $0 == "articleBody" || $0 == "reviewBody" }
    }

    private static let stories = HTMLWords.set(
        """
        articlebody articlecontent articletext articlecontents storybody storycontent storytext \
        entrycontent postcontent postbody posttext bodytext bodycopy bodycontent storybodytext \
        articlebodytext fulltext articlemain contentbody articlebodycontent textcontent \
        singlecontent newsbody newscontent newstext contentarticle articledetail
        """)
}
