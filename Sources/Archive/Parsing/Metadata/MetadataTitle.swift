/// A title as the page prints it.
struct PrintedTitle {
    let node: Int32
    /// How many texts are printed before it.
    let place: Int
    let title: Title
    /// The title with the kicker that stands above it; the same, where none does.
    let whole: Title
    /// Its parts, where the page sets a kicker or a second line apart.
    let parts: [Title]
    /// Whether all of it leads to the site's first page, as the site's name does.
    let leadsHome: Bool

    /// Headings of one page beyond these are passed over.
    private static let limit = 50

    /// The first-order headings, the marked ones first, then those before the story, the one with
    /// most letters first.
    static func titles(_ tree: HTMLTree, _ survey: PageSurvey) -> [PrintedTitle] {
        let read = survey.headings.prefix(limit).compactMap { mark -> (PrintedTitle, Int)? in
            guard let title = PrintedTitle(tree, mark) else { return nil }
            let isApart = mark.words & MetadataWords.apart != 0 || title.leadsHome
            let rank = (mark.isDeclared ? 2000 : 0) - (isApart ? 1000 : 0) + title.title.key.count
            return (title, rank)
        }
        return read.enumerated().sorted {
            ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
        }.map(\.element.0)
    }

    private init?(_ tree: HTMLTree, _ mark: PageSurvey.Mark) {
        node = mark.node
        place = mark.place
        let all = TextRun.runs(tree, within: mark.node, limit: 30)
        let plain = TextRun.runs(tree, within: mark.node, limit: 30, passing: MetadataWords.kicker)
        // A kicker stands above its title: what stands below one is the title itself.
        let isBelow = plain.last?.range == all.last?.range
        let runs = plain.isEmpty || !isBelow ? all : plain
        title = Self.title(runs)
        whole = runs.count == all.count ? title : Self.title(all)
        guard !title.isEmpty, title.text.utf8.count <= 400 else { return nil }
        parts = runs.count > 1 ? runs.map { Self.title([$0]) } : []
        leadsHome = Self.leadsHome(tree, mark.node)
    }

    private static func title(_ runs: [TextRun]) -> Title {
        Title(Title.trimmed(TextRun.joined(runs)))
    }

    /// Whether the first link within a heading leads to `/`.
    private static func leadsHome(_ tree: HTMLTree, _ heading: Int32) -> Bool {
        let link = tree.descendants(of: heading).prefix(6).first { tree[$0].tag == .a }
        guard let link, let address = tree.value(link, .href), address.utf8.count <= 100 else {
            return false
        }
        guard address.contains("://") else { return address == "/" || address == "./" }
        return address.utf8.split(separator: 0x2F).count == 2
    }
}

/// A run of text that the page does not set apart within itself.
struct TextRun {
    var text: [UInt8]
    var range: Range<Int>
    /// The text that it begins with.
    var node: Int32
    /// Whether white space stands before it.
    var isSpaced: Bool

    /// The runs within `root`: marks upon words, such as `em` and `a`, part nothing; elements
    /// with one of `words` are passed over.
    static func runs(
        _ tree: HTMLTree, within root: Int32, limit: Int, linksPart: Bool = false,
        passing words: UInt32 = 0
    ) -> [TextRun] {
        var runs: [TextRun] = []
        var isParted = true
        var isSpaced = false
        var next: Int32? = root
        var left = 2000
        while let node = next, runs.count < limit, left > 0 {
            left -= 1
            let element = tree[node]
            var isPassed = false
            if element.isText {
                if append(tree, node, isParted: isParted, isSpaced: &isSpaced, to: &runs) {
                    isParted = false
                }
            } else if node != root {
                isPassed =
                    HTMLDiscard.isNeverText(element.tag) || HTMLWords.isHidden(tree, node)
                    || words != 0 && MetadataWords.marks(tree, node) & words != 0
                isParted = isParted || parts(element.tag, linksPart)
            }
            let following = tree.next(after: node, within: root, skippingChildren: isPassed)
            // Leaving an element parts as entering it does.
            if let following, !isParted {
                var left = node
                while left != root, left != tree[following].parent {
                    if !tree[left].isText, parts(tree[left].tag, linksPart) { isParted = true }
                    left = tree[left].parent
                }
            }
            next = following
        }
        return runs
    }

    private static func parts(_ tag: HTMLTag, _ linksPart: Bool) -> Bool {
        switch tag {
        case .em, .i, .b, .strong, .u, .q, .sup, .sub, .abbr, .font, .mark, .wbr, .s, .cite, .bdi:
            false
        case .a: linksPart
        default: true
        }
    }

    /// Appends a text to the last run, or as a run of its own; whether it is more than space.
    private static func append(
        _ tree: HTMLTree, _ node: Int32, isParted: Bool, isSpaced: inout Bool,
        to runs: inout [TextRun]
    ) -> Bool {
        var bytes: [UInt8] = []
        tree.append(node, to: &bytes)
        let text = HTMLBytes.folded(bytes)
        isSpaced = isSpaced || bytes.first.map(HTMLBytes.isSpace) ?? false
        guard !text.isEmpty else { return false }
        let range = tree[node].content.range
        if !isParted, let last = runs.indices.last {
            if isSpaced { runs[last].text.append(0x20) }
            runs[last].text += text
            let start = runs[last].range.lowerBound
            runs[last].range = start..<max(range.upperBound, start)
        } else {
            runs.append(TextRun(text: text, range: range, node: node, isSpaced: isSpaced))
        }
        isSpaced = bytes.last.map(HTMLBytes.isSpace) ?? false
        return true
    }

    /// The runs as one text; a letter set apart at the beginning of a word stays in it.
    static func joined(_ runs: [TextRun]) -> String {
        var text: [UInt8] = []
        for run in runs {
            let isMark = run.text.first == 0x2C || run.text.first == 0x3A
            let isOneWord =
                !run.isSpaced
                && (isMark || text.count == 1 && TextScanning.isSmall(run.text, 0))
            if let last = text.last, last != 0x20, !isOneWord { text.append(0x20) }
            text += run.text
        }
        return String(decoding: HTMLBytes.folded(text), as: UTF8.self)
    }
}
