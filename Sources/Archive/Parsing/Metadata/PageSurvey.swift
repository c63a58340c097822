/// One walk over a page that gathers everything that may tell its title, writers and dates.
struct PageSurvey {
    /// A node that may tell something, and where the reader meets it.
    struct Mark {
        var node: Int32
        /// How many texts are printed before it.
        var place: Int
        /// What its words say of it, as bits of `MetadataWords`.
        var words: UInt32
        /// Whether the page says it in so many words: by `rel`, `itemprop` or `property`.
        var isDeclared = false
    }

    private(set) var metadata = PageMetadata()
    /// The headings that may be the title.
    private(set) var headings: [Mark] = []
    private(set) var bylines: [Mark] = []
    /// Links to a page of a writer's own.
    private(set) var authorLinks: [Mark] = []
    /// Short texts that begin with "By" or its like, where no byline is marked.
    private(set) var introductions: [Mark] = []
    /// Links that name what the story is about, by `rel=tag`.
    private(set) var tagLinks: [Int32] = []
    private(set) var dates: [Mark] = []
    /// Short texts with the digits of a date.
    private(set) var datedTexts: [Mark] = []
    /// How many texts are printed before the story's own element begins.
    private(set) var storyPlace = 0

    private let tree: HTMLTree
    private let protected: Set<Int32>
    private let story: Int32
    private var place = 0
    /// The first node after the part that stands apart, or after the byline at hand.
    private var apartUntil: Int32?
    private var isApart = false
    private var canReopen = false
    private var besideUntil: Int32?
    private var isBeside = false
    private var bylineUntil: Int32?
    private var isByline = false
    private var scopes: [(until: Int32?, isStory: Bool)] = []

    /// - Parameter story: the element that holds the story's text; nothing that holds it stands
    ///   apart.
    init(_ tree: HTMLTree, story: Int32) {
        self.tree = tree
        self.story = story
        var ancestors: Set<Int32> = []
        var node = story
        while node >= 0 {
            ancestors.insert(node)
            node = tree[node].parent
        }
        protected = ancestors
        var next: Int32? = HTMLTree.root
        while let node = next {
            let isLeaf = visit(node)
            next = tree.next(after: node, within: HTMLTree.root, skippingChildren: isLeaf)
        }
    }

    /// Looks at a node; whether its children are passed over.
    private mutating func visit(_ node: Int32) -> Bool {
        leave(node)
        let element = tree[node]
        if element.isText {
            visitText(node, element)
            return false
        }
        if node == story { storyPlace = place }
        switch element.tag {
        case .meta, .link, .title, .html, .script:
            metadata.take(tree, node, isOfStory: scopes.last?.isStory ?? true)
            return element.tag == .script
        case .style, .noscript, .template, .svg, .iframe, .select, .textarea, .object: return true
        case .h1:
            // What holds the first title of the page is the story's, or its head.
            if canReopen, headings.isEmpty { isApart = false }
            headings.append(mark(node, 0))
        default: break
        }
        if element.attributeCount > 0 { visitAttributes(node, element) }
        if isApart { return false }
        switch element.tag {
        case .nav, .footer, .figure, .dialog, .menu, .blockquote: setApart(node)
        case .aside: setBeside(node)
        case .article: setPartApart(node)
        default: break
        }
        return false
    }

    private func mark(_ node: Int32, _ words: UInt32, isDeclared: Bool = false) -> Mark {
        let region = (isApart ? MetadataWords.apart : 0) | (isBeside ? MetadataWords.beside : 0)
        return Mark(node: node, place: place, words: words | region, isDeclared: isDeclared)
    }

    private func end(of node: Int32) -> Int32? {
        tree.next(after: node, within: HTMLTree.root, skippingChildren: true)
    }

    private mutating func setApart(_ node: Int32) {
        guard !isApart, !protected.contains(node) else { return }
        isApart = true
        apartUntil = end(of: node)
    }

    /// Sets apart what is another story, or names itself furniture, unless it holds the title.
    private mutating func setPartApart(_ node: Int32) {
        guard !isApart else { return }
        setApart(node)
        canReopen = isApart
    }

    private mutating func setBeside(_ node: Int32) {
        guard !isBeside, !protected.contains(node) else { return }
        isBeside = true
        besideUntil = end(of: node)
    }

    /// Closes what ends before `node`.
    private mutating func leave(_ node: Int32) {
        if node == apartUntil {
            isApart = false
            canReopen = false
        }
        if isBeside, node == besideUntil { isBeside = false }
        if isByline, node == bylineUntil { isByline = false }
        while let last = scopes.last, last.until == node { scopes.removeLast() }
    }

    private mutating func visitText(_ node: Int32, _ text: HTMLTree.Node) {
        let span = text.content
        guard tree.source[span.range].contains(where: { !HTMLBytes.isSpace($0) }) else { return }
        place += 1
        if !isApart, !isByline, span.count <= 200, introductions.count < 60 {
            takeIntroduction(node, span)
        }
        guard !isApart, span.count <= 400, datedTexts.count < 400 else { return }
        var digits = 0
        for byte in tree.source[span.range] where TextScanning.isDigit(byte) { digits += 1 }
        if digits >= 3 { datedTexts.append(mark(node, 0)) }
    }

    /// Takes a text that begins with "By" or its like, or that names what follows the writer.
    private mutating func takeIntroduction(_ node: Int32, _ span: HTMLSpan) {
        let text = tree.source[span.range].drop(while: HTMLBytes.isSpace).prefix(28)
        guard let first = text.first, TextScanning.isASCIILetter(first) else { return }
        // Told by the first word alone for most texts of a page, before anything is copied.
        let end = text.firstIndex { !TextScanning.isASCIILetter($0) } ?? text.endIndex
        guard BylineWords.begins(tree.source, text.startIndex..<end) else { return }
        let words = HTMLBytes.folded(Array(text))
        let label = words.prefix { $0 != 0x3A }
        let isLabel =
            (label.count < words.count || text.count < 28)
            && BylineWords.labels.contains(HTMLBytes.lowered(HTMLBytes.trimmed(label)))
        let line = words.filter { $0 != 0x3A } + [0x20]
        guard isLabel || BylineNames.introduction(line) > 0 else { return }
        introductions.append(mark(node, MetadataWords.byline, isDeclared: isLabel))
    }

    private mutating func visitAttributes(_ node: Int32, _ element: HTMLTree.Node) {
        var words = MetadataWords.marks(tree, node)
        let property = declared(node)
        openScope(node)
        if words & MetadataWords.apart != 0, words & MetadataWords.byline == 0,
            element.tag != .body, element.tag != .html
        {
            setPartApart(node)
        }
        if property == "headline" || property == "name headline", element.tag.isHeading {
            headings.append(mark(node, words, isDeclared: true))
        }
        if element.tag == .time { words |= MetadataWords.date }
        let rel = element.tag == .a ? tree.rawValue(node, .rel) : nil
        let isAuthor = property == "author" || property == "creator" || has("author", rel)
        if isAuthor { words |= MetadataWords.byline }
        if words & MetadataWords.byline != 0, element.tag != .body, element.tag != .html,
            !protected.contains(node), !isByline, bylines.count < 200
        {
            bylines.append(mark(node, words, isDeclared: isAuthor))
            isByline = true
            bylineUntil = end(of: node)
        }
        if tagLinks.count < 40, has("tag", rel) { tagLinks.append(node) }
        if element.tag == .a, !isApart, !isByline, authorLinks.count < 40, leadsToAuthor(node) {
            authorLinks.append(mark(node, words))
        }
        let isDate = property == "datepublished" || property == "datecreated"
        if property == "datemodified" { words |= MetadataWords.modified | MetadataWords.date }
        if isDate || words & (MetadataWords.date | MetadataWords.modified) != 0, dates.count < 300 {
            dates.append(mark(node, words, isDeclared: isDate))
        }
    }

    /// What `itemprop` or `property` makes of the element, in small letters; nil within a thing
    /// that is not the story.
    private func declared(_ node: Int32) -> String? {
        guard scopes.last?.isStory ?? true,
            let name = tree.value(node, .itemprop) ?? tree.value(node, .property)
        else { return nil }
        let word = name.lowercased()
        return word.split(separator: ":").last.map(String.init)
    }

    private mutating func openScope(_ node: Int32) {
        guard tree.rawValue(node, .itemscope) != nil, scopes.count < 64 else { return }
        let type = tree.value(node, .itemtype)?.lowercased() ?? ""
        let isStory =
            type.hasSuffix("article") || type.hasSuffix("posting") || type.hasSuffix("blog")
            || type.hasSuffix("page") || type.hasSuffix("creativework") || type.isEmpty
            || type.hasSuffix("review") || type.hasSuffix("report")
        scopes.append((end(of: node), isStory))
    }

    /// Whether `word` is one of the words of a `rel`.
    private func has(_ word: StaticString, _ rel: HTMLSpan?) -> Bool {
        guard let rel, rel.count >= word.utf8CodeUnitCount, rel.count <= 200 else { return false }
        return tree.source[rel.range].split(separator: 0x20).contains {
            $0.count == word.utf8CodeUnitCount && HTMLBytes.starts($0, with: word)
        }
    }

    /// Whether a link leads to `/author/…` or the like: one of the four steps before the last.
    private func leadsToAuthor(_ node: Int32) -> Bool {
        guard let address = tree.rawValue(node, .href), address.count <= 400 else { return false }
        // On the bytes: pages have hundreds of links, and few of them lead to a writer.
        let range = address.range
        var end = range.upperBound
        var steps = 0
        while end > range.lowerBound, steps <= 4 {
            var start = end
            while start > range.lowerBound, tree.source[start - 1] != 0x2F { start -= 1 }
            if start < end {
                if steps > 0, MetadataWords.isAuthorPath(tree.source, start..<end) { return true }
                steps += 1
            }
            end = start - 1
        }
        return false
    }
}
