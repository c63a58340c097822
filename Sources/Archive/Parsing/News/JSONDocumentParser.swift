internal import ArchiveProtocol

/// Reads articles that JSON documents describe in the words of schema.org and JSON Feed.
extension NewsDraft {
    /// What is in a schema.org document: an object, a `@graph`, or a list.
    mutating func linkedData(_ document: NewsObject) -> Reading {
        let whole = HTMLSpan(0, page.text.count)
        guard let data = LinkedData.read(page.text, [whole], signs: LinkedData.Signs()),
            let described = try? JSONRepair.parse(
                page.text[data.range], depthLimit: JSONNewsParser.depthLimit)
        else {
            let type = document.text("@type") ?? "no type"
            return nothing(.noArticle, "schema.org without an article: \(type.prefix(60))")
        }
        func place(_ value: LinkedData.Value?) -> Range<Int> { value?.range ?? data.range }
        let object = NewsObject(described)
        let names = data.authors.map(\.name)
        let writers = data.authors.first?.range ?? data.range
        takeHeadline(data.headline?.text, "headline", place(data.headline))
        takeAlternative(
            data.alternativeHeadline?.text, "alternativeHeadline", place(data.alternativeHeadline))
        takeAddress(data.url, "url", data.range)
        take("outlet", \.outlet, data.publisher?.text, "publisher", place(data.publisher))
        takeAuthors(names.flatMap(Byline.authors(in:)), "author", writers)
        takeAuthors(names, "author", writers)
        takeDate(
            "published", \.published, data.published?.text, "datePublished", place(data.published))
        takeDate("modified", \.modified, data.modified?.text, "dateModified", place(data.modified))
        take("section", \.section, data.section?.text, "articleSection", place(data.section))
        let id = object["identifier"].flatMap { $0.string ?? $0["value"]?.string }
        take("identifier", \.identifier, id, "identifier", data.range)
        take("dateline", \.dateline, object.text("dateline"), "dateline", data.range)
        takeLanguage(data.language?.text, "inLanguage", place(data.language))
        for correction in data.corrections {
            takeCorrection(correction.text, "correction", correction.range)
        }
        for image in data.images { takeImage(image, "image", data.range) }
        let body = object.text("articleBody")
        let isMarkup = HTMLBytes.find("<p", in: Array((body ?? "").utf8)) != nil
        do throws(Refusal) {
            try takeText(body, isMarkup: isMarkup, "articleBody", data.range)
        } catch {
            return nothing(error.reason, error.detail)
        }
        return reading(orElse: "an article described without its text")
    }

    /// What is in the one item of a JSON Feed's page (version 1.0 and 1.1).
    mutating func jsonFeedItem(_ feed: NewsObject) throws(Refusal) -> Reading {
        let place = feed.place("items")
        let items = feed.objects("items")
        guard let item = items.first else {
            return nothing(.noArticle, "a feed without items")
        }
        guard items.count == 1 else {
            return nothing(.noArticle, "a feed of \(items.count) items, which is no single page")
        }
        take("identifier", \.identifier, item.text("id"), "id", place)
        for key in ["url", "external_url"] { takeAddress(item.text(key), key, place) }
        take("outlet", \.outlet, feed.text("title"), "title", feed.place("title"))
        takeHeadline(item.text("title"), "title", place)
        for object in [item, feed] {
            let authors = object.objects("authors").compactMap { $0.text("name") }
            takeAuthors(authors, "authors", place)
            let author = object["author"].flatMap { NewsObject($0).text("name") }
            takeAuthors([author].compactMap(\.self), "author", place)
            takeLanguage(object.text("language"), "language", place)
        }
        takeDate("published", \.published, item.text("date_published"), "date_published", place)
        takeDate("modified", \.modified, item.text("date_modified"), "date_modified", place)
        take("section", \.section, item["tags"]?.array?.first?.string, "tags", place)
        var blocks = HTMLText()
        for key in ["content_html", "content_text", "summary"] where blocks.pieces.isEmpty {
            guard let text = item.text(key).map({ Array($0.utf8) }) else { continue }
            blocks =
                key == "content_html" ? try HTMLText.markup(text, base: base) : .plain(text)
        }
        let words = blocks.wordCount
        if Self.isCut(blocks), words < Self.cutWordLimit {
            return nothing(.noArticle, "a teaser of \(words) words")
        }
        guard words >= Self.wordLimit else {
            return nothing(.noArticle, "a feed's item of \(words) words")
        }
        takeBody(blocks.traced { _ in place }, "content")
        for key in ["image", "banner_image"] where article.images.isEmpty {
            guard let address = item.text(key) else { continue }
            takeImage(
                Image(url: CanonicalURL.resolved(address, base: base)), key, place)
        }
        return reading(orElse: "a feed's item without text")
    }
}
