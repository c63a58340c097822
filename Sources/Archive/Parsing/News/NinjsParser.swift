internal import ArchiveProtocol

/// Reads an item of ninjs (IPTC, 1.0 to 3.x).
extension NewsDraft {
    /// What is in `item`.
    mutating func ninjs(_ item: NewsObject) throws(Refusal) -> Reading {
        withdrawal = Self.status(item.text("pubstatus"))
        takeNinjsNames(item)
        takeNinjsHead(item)
        takeNinjsDates(item)
        try takeNinjsBody(item)
        if let kind = Self.otherKind(item), withdrawal == nil { return nothing(.noArticle, kind) }
        takeAssociations(item)
        var reading = reading(orElse: "ninjs without text")
        if case .article(var article) = reading.finding, article.dateline == nil,
            let located = item.text("located")
        {
            // Where the text itself names no place.
            article.dateline = Self.line(located)
            reading.finding = .article(article)
            reading.evidence.append(
                Evidence(
                    field: "dateline", rule: "\(form)/located", range: item.place("located")))
        }
        return reading
    }

    private static func otherKind(_ item: NewsObject) -> String? {
        switch item.text("type")?.lowercased() {
        case "picture", "photo", "image": "a picture"
        case "graphic": "a graphic"
        case "video": "a film"
        case "audio": "a sound recording"
        case "event": "an event"
        case "planning", "coverage": "planned coverage"
        case "composite", "package":
            ["bodies", "body_text", "body_xhtml", "body_html"].contains { item[$0] != nil }
                ? nil : "a package of \(item.objects("associations").count) items"
        case nil
        where item["startdate"] != nil || item["eventdetails"] != nil
            || item["dates"] != nil:
            "an event"
        default: nil
        }
    }

    // MARK: Fields

    private mutating func takeNinjsNames(_ item: NewsObject) {
        for key in ["uri", "guid"] {
            take("identifier", \.identifier, item.text(key), key, item.place(key))
        }
        for link in item.objects("links") {
            let rel = link.text("rel")?.lowercased()
            if rel == "canonical" || rel == "alternate" {
                takeAddress(link.text("href"), "links", item.place("links"))
            }
        }
        for key in ["url", "uri"] {
            guard let address = item.text(key), CanonicalURL.host(address) != nil else { continue }
            takeAddress(address, key, item.place(key))
        }
        for key in ["provider", "source"] {
            take("outlet", \.outlet, item.text(key), key, item.place(key))
        }
        for source in item.objects("infosources") {
            take("outlet", \.outlet, source.text("name"), "infosources", item.place("infosources"))
        }
        take(
            "outlet", \.outlet, item.text("copyrightholder"), "copyrightholder",
            item.place("copyrightholder"))
        takeLanguage(item.text("language"), "language", item.place("language"))
        for key in ["subject", "subjects", "service"] {
            let name = item.objects(key).lazy.compactMap { $0.text("name") }.first
            take("section", \.section, name, key, item.place(key))
        }
    }

    private mutating func takeNinjsHead(_ item: NewsObject) {
        takeHeadline(item.text("headline"), "headline", item.place("headline"))
        let headlines = item.objects("headlines")
        let main = headlines.first { ["main", nil].contains($0.text("role")?.lowercased()) }
        let place = item.place("headlines")
        takeHeadline((main ?? headlines.first)?.text("value"), "headlines", place)
        for other in headlines {
            guard let text = Self.line(other.text("value")), text != article.headline else {
                continue
            }
            takeAlternative(text, "headlines", place)
        }
        for key in ["title", "name"] { takeHeadline(item.text(key), key, item.place(key)) }
        for (key, roles) in [("authors", nil), ("people", ["author", "creator", "writer"])]
            as [(String, [String]?)]
        {
            let names = item.objects(key).filter { person in
                let role = (person.text("rel") ?? person.text("role"))?.lowercased()
                return roles?.contains(role ?? "") ?? true
            }.compactMap { $0.text("name") }
            takeAuthors(names, key, item.place(key))
        }
        for key in ["byline", "by"] { takeByline(item.text(key), key, item.place(key)) }
        take("dateline", \.dateline, item.text("dateline"), "dateline", item.place("dateline"))
        takeCorrection(item.text("ednote"), "ednote", item.place("ednote"))
    }

    private mutating func takeNinjsDates(_ item: NewsObject) {
        for key in ["contentcreated", "firstcreated", "firstpublished", "versioncreated"] {
            takeDate("published", \.published, item.text(key), key, item.place(key))
        }
        for key in ["contentmodified", "versioncreated"] where article.modified == nil {
            let date = Self.date(item.text(key), source: form)
            guard date?.value != article.published?.value else { continue }
            takeDate("modified", \.modified, item.text(key), key, item.place(key))
        }
        if let text = item.text("versioncreated") {
            versions = [(text, "versioncreated", item.place("versioncreated"))]
        }
    }

    // MARK: Text

    private mutating func takeNinjsBody(_ item: NewsObject) throws(Refusal) {
        for key in ["body_xhtml", "body_html"] where article.body.isEmpty {
            guard let text = item.text(key) else { continue }
            try takeText(text, isMarkup: true, key, item.place(key))
        }
        let bodies = item.objects("bodies")
        let isMarked = { (body: NewsObject) in
            (body.text("contenttype") ?? body.text("role"))?.lowercased().contains("html") ?? false
        }
        for body in bodies.filter(isMarked) where article.body.isEmpty {
            try takeText(body.text("value"), isMarkup: true, "bodies", item.place("bodies"))
        }
        for body in bodies where article.body.isEmpty {
            let type = body.text("contenttype")?.lowercased() ?? "text/plain"
            guard type.hasPrefix("text/") else { continue }
            try takeText(body.text("value"), isMarkup: false, "bodies", item.place("bodies"))
        }
        if article.body.isEmpty {
            try takeText(
                item.text("body_text"), isMarkup: false, "body_text", item.place("body_text"))
        }
        try takeNinjsSummary(item)
    }

    /// Takes a description of enough words where there is no body.
    private mutating func takeNinjsSummary(_ item: NewsObject) throws(Refusal) {
        guard article.body.isEmpty else { return }
        let texts =
            [item.text("description_text")] + item.objects("descriptions").map { $0.text("value") }
        for case let text? in texts where article.body.isEmpty {
            let blocks = HTMLText.plain(Array(text.utf8))
            guard blocks.wordCount >= Self.wordLimit else { continue }
            let key = item["descriptions"] == nil ? "description_text" : "descriptions"
            try takeText(text, isMarkup: false, key, item.place(key))
        }
    }

    /// Takes a text of JSON, whose blocks are traced to the whole of its value.
    mutating func takeText(
        _ text: String?, isMarkup: Bool, _ rule: String, _ place: Range<Int>
    ) throws(Refusal) {
        guard let text else { return }
        let bytes = Array(text.utf8)
        let blocks =
            isMarkup ? try HTMLText.markup(bytes, base: base) : HTMLText.plain(bytes)
        takeBody(blocks.traced { _ in place }, rule)
    }

    // MARK: What belongs to it

    private mutating func takeAssociations(_ item: NewsObject) {
        let place = item.place("associations")
        for other in item.objects("associations") {
            let headline =
                other.text("headline") ?? other.objects("headlines").first?.text("value")
            let url = Self.rendition(other)
            switch other.text("type")?.lowercased() {
            case "picture", "photo", "image", "graphic":
                let caption =
                    other.text("description_text") ?? other.text("caption")
                    ?? other.objects("descriptions").first?.text("value") ?? headline
                let words = Self.words(
                    caption,
                    other.text("byline") ?? other.text("by") ?? other.text("copyrightholder"))
                takeImage(
                    Image(caption: words.caption, credit: words.credit, url: url),
                    "associations", place)
            case "video", "audio":
                note("embeds[\(article.embeds.count)]", "associations", place)
                article.embeds.append(
                    Embed(title: Self.line(headline), creator: other.text("byline"), url: url))
            default:
                guard let headline = Self.line(headline) else { continue }
                let address = other.text("uri").flatMap { CanonicalURL.host($0) == nil ? nil : $0 }
                takeRelated(RelatedLink(headline: headline, url: address), "associations", place)
            }
        }
    }

    /// The widest rendition that has an address.
    private static func rendition(_ item: NewsObject) -> String? {
        let renditions = item.objects("renditions").filter { $0.text("href") != nil }
        let best = renditions.max { ($0["width"]?.int ?? 0) < ($1["width"]?.int ?? 0) }
        return best?.text("href")
    }
}
