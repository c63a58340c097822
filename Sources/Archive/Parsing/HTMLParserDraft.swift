internal import ArchiveProtocol

/// An article while its page is read: what the head says is weighed against what the page shows.
struct HTMLDraft {
    let page: Page
    let tree: HTMLTree
    let metadata: PageMetadata
    let linked: LinkedData?
    let container: HTMLContainer
    let style: HouseStyle?
    /// The page's address, against which its links are read.
    let address: String?
    var article = Article()
    var evidence: [Evidence] = []

    init(page: Page, tree: HTMLTree, styles: HouseStyles) {
        self.page = page
        self.tree = tree
        metadata = PageMetadata(tree)
        linked = LinkedData.read(tree, metadata.linkedData)
        container = HTMLContainer(tree)
        address = (page.capture.url ?? metadata.address ?? linked?.url)
            .map(CanonicalURL.withoutArchive)
        let host = address.flatMap(CanonicalURL.host)
        style = host.flatMap(styles.style(forHost:)) ?? styles.style(forText: page.text)
    }

    mutating func note(_ field: String, _ rule: String, _ range: Range<Int>) {
        evidence.append(Evidence(field: field, rule: rule, range: range))
    }

    /// Where a node's own text stands.
    func range(_ node: Int32) -> Range<Int> {
        var start: Int?
        var end = 0
        for inner in tree.descendants(of: node) where tree[inner].isText {
            let range = tree[inner].content.range
            start = start ?? range.lowerBound
            end = max(end, range.upperBound)
        }
        guard let start else { return tree[node].content.range }
        return start..<max(end, start)
    }

    // MARK: Headline

    /// Takes the title as printed; where there is none, the one of the head.
    mutating func readHeadline() {
        let printed = printedHeadline()
        var candidates: [(text: String, rule: String, range: Range<Int>)] = []
        if let linked, let headline = linked.headline {
            candidates.append((headline, "json-ld/headline", linked.range))
        }
        if let value = metadata.first("og:title", "twitter:title", "dc.title", "parsely-title") {
            candidates.append((withoutSite(value.text), value.key, value.range))
        }
        if let title = metadata.title {
            candidates.append((withoutSite(title.text), "title", title.range))
        }
        if let printed {
            let text = tree.text(of: printed)
            // A page's only heading may be the site's name: then no other title speaks of it.
            let isKnown = candidates.isEmpty || candidates.contains { Self.agree($0.text, text) }
            if isKnown { candidates.insert((text, "h1", range(printed)), at: 0) }
        }
        guard let best = candidates.first(where: { !$0.text.isEmpty }) else { return }
        article.headline = best.text
        note("headline", best.rule, best.range)
        if let other = linked?.alternativeHeadline, other != best.text, let linked {
            article.alternativeHeadline = other
            note("alternativeHeadline", "json-ld/alternativeHeadline", linked.range)
        }
    }

    /// The first-order heading: the marked one, or the only one, or the one with most letters.
    private func printedHeadline() -> Int32? {
        var best: Int32?
        var length = 0
        var count = 0
        for node in tree.descendants(of: HTMLTree.root) {
            let element = tree[node]
            guard !element.isText else { continue }
            let isMarked =
                element.tag.isHeading
                && tree.value(node, .itemprop).map { $0 == "headline" } == true
            guard element.tag == .h1 || isMarked else { continue }
            count += 1
            if count > 50 { break }
            let text = tree.text(of: node)
            if isMarked, !text.isEmpty { return node }
            if text.utf8.count > length, text.utf8.count <= 300 {
                best = node
                length = text.utf8.count
            }
        }
        return best
    }

    /// Whether two titles are of the same story: half of the shorter's words are the other's.
    private static func agree(_ one: String, _ other: String) -> Bool {
        let first = Set(words(one))
        let second = Set(words(other))
        guard !first.isEmpty, !second.isEmpty else { return false }
        return first.intersection(second).count * 2 >= min(first.count, second.count)
    }

    private static func words(_ text: String) -> [[UInt8]] {
        HTMLBytes.lowered(text.utf8).prefix(600).split { byte in
            byte < 0x80 && !(byte >= 0x61 && byte <= 0x7A) && !(byte >= 0x30 && byte <= 0x39)
        }.map(Array.init)
    }

    /// A title without the site's name at its end: ` - The Herald`, ` | News | The Herald`.
    private func withoutSite(_ title: String) -> String {
        var bytes = Array(title.utf8)
        let site = metadata.first("og:site_name", "application-name")?.text ?? linked?.publisher
        while let mark = Self.lastMark(bytes) {
            let tail = String(decoding: bytes[mark.upperBound...], as: UTF8.self)
            let isSite = site.map { $0.lowercased() == tail.lowercased() } ?? false
            let isBar = bytes[mark].contains(0x7C) || bytes[mark].contains(0xC2)
            guard
                isSite || (isBar && mark.lowerBound >= 12 && tail.utf8.count <= 50)
                    || (mark.lowerBound >= 20 && tail.utf8.count <= 30)
            else { break }
            bytes.removeSubrange(mark.lowerBound...)
            if isSite { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where the last of the marks that set a site's name apart stands, its spaces included.
    private static func lastMark(_ title: [UInt8]) -> Range<Int>? {
        var index = title.count - 3
        while index > 0 {
            for mark in [[0x7C], [0x2D], [0xE2, 0x80, 0x93], [0xE2, 0x80, 0x94], [0xC2, 0xBB]]
                as [[UInt8]]
            where title[index] == 0x20 && title[(index + 1)...].starts(with: mark) {
                let end = index + 1 + mark.count
                if end < title.count, title[end] == 0x20 { return index..<end + 1 }
            }
            index -= 1
        }
        return nil
    }
}
