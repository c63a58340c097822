internal import ArchiveProtocol

/// Who wrote the story, when, and where it ran.
extension HTMLDraft {
    // MARK: Authors

    /// Takes the authors that the head names; else the byline of the page.
    mutating func readAuthors() {
        if let printed = printedByline() {
            let text = tree.text(of: printed)
            if let byline = Byline.read(text, style: style) {
                article.byline = byline.text
                note("byline", "html/byline", range(printed))
                let names = people(byline.authors)
                if linked?.authors.isEmpty ?? true, !names.isEmpty {
                    article.authors = names
                    note("authors", "html/byline", range(printed))
                }
            }
        }
        if let linked, article.authors.isEmpty {
            let names = people(linked.authors.flatMap(Byline.authors(in:)))
            if !names.isEmpty {
                article.authors = names
                return note("authors", "json-ld/author", linked.range)
            }
        }
        if article.authors.isEmpty { readAuthorsOfHead() }
        if article.authors.isEmpty { readAuthorLinks() }
    }

    private mutating func readAuthorsOfHead() {
        for key in [
            "author", "parsely-author", "article:author_name", "sailthru.author", "dc.creator",
            "dcterms.creator", "citation_author", "byl", "twitter:data1", "article:author",
        ] {
            let values = metadata.all(key)
            let names = people(values.prefix(20).flatMap { Byline.authors(in: $0.text) })
            guard let first = values.first, !names.isEmpty else { continue }
            if key == "twitter:data1",
                metadata.first("twitter:label1")?.text.lowercased() != "written by"
            {
                continue
            }
            article.authors = names
            return note("authors", "meta/\(key)", first.range)
        }
    }

    private mutating func readAuthorLinks() {
        var names: [String] = []
        var place: Range<Int>?
        for node in tree.descendants(of: HTMLTree.root) where !tree[node].isText {
            guard tree[node].attributeCount > 0, isAuthorMark(node) else { continue }
            let found = people(Byline.authors(in: tree.text(of: node)))
            guard !found.isEmpty else { continue }
            names += found.filter { !names.contains($0) }
            place = place ?? range(node)
            if names.count >= 8 { break }
        }
        guard let place else { return }
        article.authors = names
        note("authors", "html/author", place)
    }

    private func isAuthorMark(_ node: Int32) -> Bool {
        if tree[node].tag == .a, let rel = tree.value(node, .rel) {
            return rel.lowercased().split(separator: " ").contains("author")
        }
        guard let property = tree.value(node, .itemprop) else { return false }
        return property == "author"
    }

    /// The first short element that names itself a byline, outside of what links elsewhere.
    private func printedByline() -> Int32? {
        for node in tree.descendants(of: HTMLTree.root) where !tree[node].isText {
            guard tree[node].attributeCount > 0, tree[node].tag != .body, tree[node].tag != .html,
                HTMLWords.contains(tree, node, Self.bylineWords)
            else { continue }
            let text = tree.text(of: node)
            if text.utf8.count >= 5, text.utf8.count <= 200 { return node }
        }
        return nil
    }

    private static let bylineWords = HTMLWords.set("byline author authors authorname writer")

    /// The names that can be a writer's: no address, not the publisher, not the site.
    private func people(_ names: [String]) -> [String] {
        let own = [
            linked?.publisher, metadata.first("og:site_name")?.text,
            address.flatMap(CanonicalURL.host),
        ].compactMap { $0.map { Self.key($0) } }
        var result: [String] = []
        for name in names {
            let key = Self.key(name)
            guard key.count >= 3, name.utf8.count <= 80, !own.contains(key),
                !name.utf8.contains(0x2F), !name.utf8.contains(0x40), !result.contains(name)
            else { continue }
            result.append(name)
        }
        return result
    }

    private static func key(_ name: String) -> [UInt8] {
        var key = HTMLBytes.lowered(name.utf8).filter { $0 >= 0x61 || ($0 >= 0x30 && $0 <= 0x39) }
        if key.starts(with: "the".utf8), key.count > 6 { key.removeFirst(3) }
        return key
    }

    // MARK: Dates

    /// Takes the dates; where the page names several for the first publication, the day that
    /// most of them agree upon, as precisely as any of those tells it.
    mutating func readDates() {
        var candidates: [DateCandidate] = []
        func add(_ text: String?, _ source: String, _ range: Range<Int>, _ weight: Int) {
            guard let text, let date = NewsDateReader.read(text, source: source, style: style)
            else { return }
            candidates.append(DateCandidate(date: date, range: range, weight: weight))
        }
        if let linked { add(linked.published, "json-ld", linked.range, 3) }
        for key in Self.publishedKeys {
            if let value = metadata.first(key) { add(value.text, "meta", value.range, 2) }
        }
        for (text, range, weight) in printedDates() { add(text, "html", range, weight) }
        if let address { add(Self.day(inPathOf: address), "url", 0..<0, 2) }
        if let best = DateCandidate.agreed(candidates) {
            article.published = best.date
            note("published", "html/\(best.date.source)", best.range)
        }
        readModified()
    }

    private mutating func readModified() {
        if let linked, let text = linked.modified,
            let date = NewsDateReader.read(text, source: "json-ld", style: style)
        {
            article.modified = date
            return note("modified", "json-ld/dateModified", linked.range)
        }
        for key in ["article:modified_time", "og:updated_time", "datemodified", "lastmod"] {
            guard let value = metadata.first(key),
                let date = NewsDateReader.read(value.text, source: "meta", style: style)
            else { continue }
            article.modified = date
            return note("modified", "meta/\(key)", value.range)
        }
    }

    private static let publishedKeys = [
        "article:published_time", "article:published", "datepublished", "parsely-pub-date",
        "sailthru.date", "pubdate", "publishdate", "date", "dc.date.issued", "dc.date",
        "dcterms.created", "dcterms.date", "publication_date", "og:published_time",
        "article.published", "cxenseparse:recs:publishtime", "citation_publication_date",
        "originalpublicationdate", "publish-date",
    ]

    /// The texts of `time` elements, and of short elements that name themselves a date.
    private func printedDates() -> [(String, Range<Int>, Int)] {
        var found: [(String, Range<Int>, Int)] = []
        for node in tree.descendants(of: HTMLTree.root) where !tree[node].isText {
            guard found.count < 12 else { break }
            guard !container.leftOut[Int(node)] || found.count < 2 else { continue }
            let element = tree[node]
            if element.tag == .time {
                if let span = tree.rawValue(node, .datetime), let text = tree.text(span) {
                    found.append((text, span.range, found.isEmpty ? 2 : 1))
                } else {
                    found.append((tree.text(of: node), range(node), 1))
                }
            } else if element.attributeCount > 0, isDateMark(node) {
                let text = tree.value(node, .content) ?? tree.text(of: node)
                if text.utf8.count <= 120 { found.append((text, range(node), 1)) }
            }
        }
        return found
    }

    private func isDateMark(_ node: Int32) -> Bool {
        if let property = tree.value(node, .itemprop) {
            return property == "datePublished" || property == "dateCreated"
        }
        return HTMLWords.contains(tree, node, Self.dateWords)
    }

    private static let dateWords = HTMLWords.set(
        "date dateline timestamp pubdate published publishdate publisheddate postdate articledate "
            + "entrydate datetime datum")

    /// The day that an address names, as in `/2016/11/22/`.
    private static func day(inPathOf address: String) -> String? {
        let numbers = address.utf8.split { $0 == 0x2F || $0 == 0x2D || $0 == 0x3F }
            .prefix(64).map { part in
                part.count <= 4 ? Int(String(part) ?? "") : nil
            }
        var index = 0
        while index + 2 < numbers.count {
            if let year = numbers[index], let month = numbers[index + 1],
                let day = numbers[index + 2], (1990...2100).contains(year),
                (1...12).contains(month), (1...31).contains(day)
            {
                return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
            }
            index += 1
        }
        return nil
    }

    // MARK: Where it ran

    /// Takes address, outlet, section and language.
    mutating func readRest() {
        readAddress()
        if let value = metadata.first("article:section", "parsely-section", "section") {
            article.section = value.text
            note("section", "meta/\(value.key)", value.range)
        } else if let linked, let section = linked.section {
            article.section = section
            note("section", "json-ld/articleSection", linked.range)
        }
        if let value = metadata.first("og:site_name", "application-name", "dc.publisher") {
            article.outlet = value.text
            note("outlet", "meta/\(value.key)", value.range)
        } else if let linked, let publisher = linked.publisher {
            article.outlet = publisher
            note("outlet", "json-ld/publisher", linked.range)
        }
        article.language = metadata.language ?? metadata.first("og:locale")?.text
    }

    private mutating func readAddress() {
        let values = [metadata.canonical, metadata.first("og:url")].compactMap(\.self)
        for value in values {
            let resolved = CanonicalURL.resolved(value.text, base: page.capture.url)
            // A canonical address without a path is the site's, not the story's.
            guard let resolved, let url = CanonicalURL.canonical(resolved),
                url.utf8.count(where: { $0 == 0x2F }) >= 3
            else { continue }
            article.url = url
            return note("url", "html/\(value.key)", value.range)
        }
        article.url = address.flatMap(CanonicalURL.canonical)
    }
}

/// A date that a page gives for a story's first publication.
struct DateCandidate {
    var date: NewsDate
    var range: Range<Int>
    /// How far it is believed.
    var weight: Int

    /// The most precise candidate of the day that has most weight; the earlier ones win a tie.
    static func agreed(_ candidates: [DateCandidate]) -> DateCandidate? {
        var best: DateCandidate?
        var bestWeight = 0
        for candidate in candidates {
            let day = candidate.date.value.prefix(10)
            let same = candidates.filter { $0.date.value.prefix(10) == day }
            let weight = same.reduce(0) { $0 + $1.weight }
            guard weight > bestWeight else { continue }
            bestWeight = weight
            best = same.max { $0.date.value.utf8.count < $1.date.value.utf8.count }
        }
        return best
    }
}
