internal import ArchiveProtocol

/// An article while its page is read: what the head says is weighed against what the page shows.
struct HTMLDraft {
    let page: Page
    let tree: HTMLTree
    let survey: PageSurvey
    let linked: LinkedData?
    let container: HTMLContainer
    let style: HouseStyle?
    /// The page's address, against which its links are read.
    let address: String?
    let siteNames: SiteNames
    /// The printed titles, best first.
    let printedTitles: [PrintedTitle]
    var article = Article()
    var evidence: [Evidence] = []
    /// Names far from the title, which may be those of this story's writers.
    var farCredit: Credit?
    /// A single word in the byline that may be a name.
    var word: String?

    var metadata: PageMetadata { survey.metadata }

    init(page: Page, tree: HTMLTree, styles: HouseStyles) {
        self.page = page
        self.tree = tree
        container = HTMLContainer(tree)
        survey = PageSurvey(tree, story: container.root)
        printedTitles = PrintedTitle.titles(tree, survey)
        let metadata = survey.metadata
        let known = page.capture.url ?? metadata.address
        let heads = [metadata.first(of: PageMetadata.titleKeys)?.text, metadata.title?.text]
        let signs = LinkedData.Signs(
            titles: heads.compactMap { $0.map(Title.init) } + printedTitles.prefix(2).map(\.title),
            url: (metadata.canonical?.text ?? known).flatMap(CanonicalURL.canonical))
        linked = LinkedData.read(tree.source, metadata.linkedData, signs: signs)
        address = (known ?? linked?.url).map(CanonicalURL.withoutArchive)
        let host = address.flatMap(CanonicalURL.host)
        style = host.flatMap(styles.style(forHost:)) ?? styles.style(forText: page.text)
        siteNames = SiteNames(
            metadata, publisher: linked?.publisher?.text, style: style, address: address)
    }

    mutating func note(
        _ field: String, _ rule: String, _ range: Range<Int>,
        _ confidence: Evidence.Confidence? = nil
    ) {
        evidence.append(
            Evidence(field: field, rule: rule, range: range, confidence: confidence))
    }

    /// Where a node's own text stands.
    func range(_ node: Int32) -> Range<Int> { tree.textRange(of: node) }
}

extension HTMLTree {
    /// All the text within `node`, white space folded; nil where it is longer than `limit` bytes
    /// or spread over hundreds of nodes, which are left unread.
    func shortText(of node: Int32, limit: Int) -> String? {
        var bytes: [UInt8] = []
        var next: Int32? = node
        var left = 400
        while let inner = next {
            left -= 1
            if self[inner].isText { append(inner, to: &bytes) }
            guard left > 0, bytes.count <= limit * 8 else { return nil }
            next = self.next(after: inner, within: node)
        }
        let text = HTMLBytes.folded(bytes)
        return text.count <= limit ? String(decoding: text, as: UTF8.self) : nil
    }

    /// From the first byte of a node's text to the last.
    func textRange(of node: Int32) -> Range<Int> {
        var start: Int?
        var end = 0
        for inner in descendants(of: node) where self[inner].isText {
            let range = self[inner].content.range
            start = start ?? range.lowerBound
            end = max(end, range.upperBound)
        }
        guard let start else { return self[node].content.range }
        return start..<max(end, start)
    }
}
