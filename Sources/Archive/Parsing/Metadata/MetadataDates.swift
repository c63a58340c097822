internal import ArchiveProtocol

/// When the story was published, and when it was changed.
extension HTMLDraft {
    /// Takes the dates; where the page names several for the first publication, the day that
    /// most of them agree upon, as precisely as any of those tells it.
    mutating func readDates() {
        var pool = DatePool(
            style: style, monthFirst: printsMonthFirst, captured: page.capture.captured)
        readDeclaredDates(&pool)
        readMarkedDates(&pool)
        readDatedTexts(&pool)
        if let address, let date = PageAddress(address).date {
            pool.add(date, rule: "url/day", range: 0..<0, weight: 3, isGuess: true)
        }
        pool.settle()
        if pool.published.isEmpty { readFarTexts(&pool) }
        if let best = pool.best {
            article.published = best.date
            note("published", best.rule, best.range, pool.confidence(of: best))
            for rival in pool.rivals(of: best) {
                note("published", rival.rule, rival.range, .rival)
            }
        }
        guard let changed = pool.modified.first else { return }
        article.modified = changed.date
        note("modified", changed.rule, changed.range, pool.confidenceOfChange)
        if let rival = pool.rivalOfChange { note("modified", rival.rule, rival.range, .rival) }
        if article.published == nil {
            // The last change is the one day that is known: the story is not younger.
            article.published = changed.date
            note("published", changed.rule, changed.range, .low)
        }
    }

    // MARK: Carriers for machines

    private func readDeclaredDates(_ pool: inout DatePool) {
        if let value = linked?.published {
            pool.add(value.text, rule: "json-ld/datePublished", range: value.range, weight: 3)
        }
        for key in Self.publishedKeys {
            guard let value = metadata.first(key) else { continue }
            // A bare date is as often that of the page.
            let weight = Self.vagueKeys.contains(key) ? 1 : 2
            pool.add(value.text, rule: "meta/\(key)", range: value.range, weight: weight)
        }
        if let value = linked?.modified {
            pool.addModified(value.text, rule: "json-ld/dateModified", range: value.range)
        }
        for key in Self.modifiedKeys {
            guard let value = metadata.first(key) else { continue }
            pool.addModified(value.text, rule: "meta/\(key)", range: value.range)
        }
    }

    private static let vagueKeys = ["date", "dc.date", "dcterms.date", "timestamp", "created"]

    private static let publishedKeys = [
        "article:published_time", "article:published", "datepublished", "parsely-pub-date",
        "sailthru.date", "pubdate", "publishdate", "date", "dc.date.issued", "dc.date",
        "dcterms.created", "dcterms.date", "dcterms.issued", "publication_date",
        "og:published_time", "og:article:published_time", "article.published",
        "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "citation_publication_date",
        "citation_date", "originalpublicationdate", "publish-date", "published",
        "published_time", "publication-date", "date.created", "datecreated", "dc.date.created",
        "article_date_original", "article:publish_date", "timestamp", "bt:pubdate", "ptime",
        "analyticsattributes.articledate", "publish_date", "created", "displaydate",
        "prism.publicationdate",
    ]

    private static let modifiedKeys = [
        "article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
        "dcterms.modified", "dc.date.modified", "modified", "og:article:modified_time", "revised",
        "article:modified", "date.updated",
    ]

    // MARK: Marked elements

    /// The place of the title among the page's texts.
    private var titlePlace: Int { printedTitles.first?.place ?? survey.storyPlace }

    /// Adds what `time` elements and elements that name themselves a date say, the nearest to the
    /// title first.
    private func readMarkedDates(_ pool: inout DatePool) {
        let title = titlePlace
        let marks = survey.dates.filter { $0.words & MetadataWords.apart == 0 }
            .map { mark in
                let beside = mark.words & MetadataWords.beside != 0 ? 30 : 0
                return (mark, Self.distance(mark.place - title) + beside)
            }
            .sorted { ($0.1, $0.0.place) < ($1.1, $1.0.place) }.prefix(40)
        var count = 0
        for (mark, distance) in marks where count < 12 && (distance <= 60 || mark.isDeclared) {
            guard let (text, range) = dateText(mark.node) else { continue }
            if mark.words & MetadataWords.modified != 0, !mark.isDeclared,
                mark.words & MetadataWords.date == 0 || tree[mark.node].tag == .time
            {
                pool.addModified(text, rule: "html/modified", range: range)
                continue
            }
            let isNear = count == 0 && (tree[mark.node].tag == .time || distance <= 10)
            let weight = mark.isDeclared || isNear ? 2 : 1
            let isRead = pool.add(
                text, rule: "html/date", range: range, weight: weight, isGuess: !mark.isDeclared)
            if isRead { count += 1 }
        }
    }

    /// How far from the title a place is; what stands above it counts for more.
    private static func distance(_ offset: Int) -> Int { offset < 0 ? -3 * offset : offset }

    private func dateText(_ node: Int32) -> (String, Range<Int>)? {
        // What hovers over "two hours ago" is the date.
        for name in [HTMLName.datetime, .content, .title] {
            if let span = tree.rawValue(node, name), let text = tree.text(span),
                NewsDateReader.read(text, source: "", style: style) != nil
            {
                return (text, span.range)
            }
        }
        if let text = tree.shortText(of: node, limit: 160), !text.isEmpty {
            return (text, range(node))
        }
        return nil
    }

    // MARK: Print

    /// Adds dates in short texts around the title.
    private func readDatedTexts(_ pool: inout DatePool) {
        let title = titlePlace
        var count = 0
        for mark in survey.datedTexts where (-12...30).contains(mark.place - title) && count < 6 {
            if mark.words & MetadataWords.beside != 0, !(0...12).contains(mark.place - title) {
                continue
            }
            var bytes: [UInt8] = []
            tree.append(mark.node, to: &bytes)
            let text = HTMLBytes.folded(bytes)
            guard !text.isEmpty, !isOfTitle(mark.node) else { continue }
            if pool.addPrinted(text, rule: "html/text", range: tree[mark.node].content.range) {
                count += 1
            }
        }
    }

    /// Adds the first date of a short text anywhere, where none stands by the title.
    private func readFarTexts(_ pool: inout DatePool) {
        for mark in survey.datedTexts.prefix(200)
        where tree[mark.node].content.count <= 120 && mark.words & MetadataWords.beside == 0 {
            var bytes: [UInt8] = []
            tree.append(mark.node, to: &bytes)
            let range = tree[mark.node].content.range
            if !isOfTitle(mark.node),
                pool.addPrinted(HTMLBytes.folded(bytes), rule: "html/far-text", range: range)
            {
                break
            }
        }
    }

    private func isOfTitle(_ node: Int32) -> Bool {
        printedTitles.first.map { tree.isNode(node, within: $0.node) } ?? false
    }

    // MARK: 3/4/2016

    /// Whether the page writes the month before the day: by its locale, else by its host.
    private var printsMonthFirst: Bool? {
        if let order = style?.printsMonthFirst { return order }
        let locales = [metadata.first("og:locale")?.text, metadata.language?.text]
            .compactMap { $0?.lowercased() }
        for locale in locales where locale.utf8.count >= 5 {
            return locale.hasSuffix("us") || locale.hasSuffix("ph")
        }
        if let locale = locales.first, !locale.hasPrefix("en") { return false }
        guard let ending = address.flatMap(CanonicalURL.host)?.split(separator: ".").last else {
            return nil
        }
        if ["us", "com", "gov", "edu", "org", "net"].contains(ending) { return true }
        return ending.utf8.count == 2 ? false : nil
    }
}
