/// The article as its JSON document, both ways. Absent fields are left out, empty lists are not,
/// but for those of contributors and keywords, which few pages have.

extension Article {
    /// Writes the document.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writeContent(to: &writer)
            writer.members("captures", captures) { $0.write(to: &$1) }
            writer.member("version", version)
            if let supersedes { writer.member("supersedes", supersedes) }
            writer.member("withdrawn", ifPresent: withdrawn)
        }
    }

    /// The document without what the archive adds to it: `captures`, `version`, `supersedes` and
    /// `withdrawn`.
    ///
    /// Two captures of one text have the same content, byte for byte.
    public var contentBytes: [UInt8] {
        let text = body.reduce(0) { $0 + $1.text.utf8.count }
        var writer = JSONWriter(capacity: max(8192, text + text / 8))
        writer.object { writeContent(to: &$0) }
        return writer.bytes
    }

    private func writeContent(to writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("url", ifPresent: url)
        writer.member("identifier", ifPresent: identifier)
        writer.member("outlet", ifPresent: outlet)
        writer.member("headline", headline)
        writer.member("alternativeHeadline", ifPresent: alternativeHeadline)
        writer.member("byline", ifPresent: byline)
        writer.member("authors", authors)
        if !contributors.isEmpty { writer.member("contributors", contributors) }
        writer.member("published", ifPresent: published) { $0.write(to: &$1) }
        writer.member("modified", ifPresent: modified) { $0.write(to: &$1) }
        writer.member("dateline", ifPresent: dateline)
        writer.member("section", ifPresent: section)
        if !keywords.isEmpty { writer.member("keywords", keywords) }
        writer.members("images", images) { $0.write(to: &$1) }
        writer.members("body", body) { $0.write(to: &$1) }
        writer.members("quotations", quotations) { $0.write(to: &$1) }
        writer.members("related", related) { $0.write(to: &$1) }
        writer.members("embeds", embeds) { $0.write(to: &$1) }
        writer.member("corrections", corrections)
        writer.member("genre", ifPresent: genre?.rawValue)
        writer.member("language", ifPresent: language)
        writer.member("wordCount", wordCount)
    }

    /// The document in one line.
    public var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        write(to: &writer)
        return writer.bytes
    }

    /// Reads a document; nil where `json` is no article.
    ///
    /// Unknown keys are passed over.
    public init?(_ json: JSON) {
        guard let id = json["id"]?.string, let headline = json["headline"]?.string else {
            return nil
        }
        self.id = id
        self.headline = headline
        url = json["url"]?.string
        identifier = json["identifier"]?.string
        outlet = json["outlet"]?.string
        alternativeHeadline = json["alternativeHeadline"]?.string
        byline = json["byline"]?.string
        authors = json.strings("authors")
        contributors = json.strings("contributors")
        published = json["published"].flatMap(NewsDate.init)
        modified = json["modified"].flatMap(NewsDate.init)
        dateline = json["dateline"]?.string
        section = json["section"]?.string
        keywords = json.strings("keywords")
        images = json.list("images", Image.init)
        body = json.list("body", Block.init)
        quotations = json.list("quotations", Quotation.init)
        related = json.list("related", RelatedLink.init)
        embeds = json.list("embeds", Embed.init)
        corrections = json.strings("corrections")
        genre = json["genre"]?.string.flatMap(Genre.init)
        language = json["language"]?.string
        wordCount = json["wordCount"]?.int ?? 0
        captures = json.list("captures", CaptureNote.init)
        version = json["version"]?.int ?? 1
        supersedes = json["supersedes"]?.int
        withdrawn = json["withdrawn"]?.string
    }
}

extension NewsDate {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("value", value)
            writer.member("precision", precision.rawValue)
            writer.member("source", source)
        }
    }

    init?(_ json: JSON) {
        guard let value = json["value"]?.string, let source = json["source"]?.string,
            let precision = json["precision"]?.string.flatMap(Precision.init)
        else { return nil }
        self.init(value: value, precision: precision, source: source)
    }
}

extension Image {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("caption", ifPresent: caption)
            writer.member("credit", ifPresent: credit)
            writer.member("alt", ifPresent: alt)
            writer.member("url", ifPresent: url)
        }
    }

    init?(_ json: JSON) {
        self.init(
            caption: json["caption"]?.string, credit: json["credit"]?.string,
            alt: json["alt"]?.string, url: json["url"]?.string)
    }
}

extension Block {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("kind", kind.rawValue)
            writer.member("text", text)
        }
    }

    init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let text = json["text"]?.string
        else { return nil }
        self.init(kind, text)
    }
}

extension Quotation {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("text", text)
            writer.member("speaker", ifPresent: speaker)
            writer.member("role", ifPresent: role)
            writer.member("paragraph", paragraph)
            writer.key("range")
            writer.array { writer in
                writer.integer(range.lowerBound)
                writer.integer(range.upperBound)
            }
        }
    }

    init?(_ json: JSON) {
        guard let text = json["text"]?.string, let paragraph = json["paragraph"]?.int,
            let bounds = json["range"]?.array?.compactMap(\.int), bounds.count == 2,
            bounds[0] <= bounds[1]
        else { return nil }
        self.init(
            text: text, speaker: json["speaker"]?.string, role: json["role"]?.string,
            paragraph: paragraph, range: bounds[0]..<bounds[1])
    }
}

extension RelatedLink {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("label", ifPresent: label)
            writer.member("headline", headline)
            writer.member("url", ifPresent: url)
        }
    }

    init?(_ json: JSON) {
        guard let headline = json["headline"]?.string else { return nil }
        self.init(label: json["label"]?.string, headline: headline, url: json["url"]?.string)
    }
}

extension Embed {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("title", ifPresent: title)
            writer.member("creator", ifPresent: creator)
            writer.member("provider", ifPresent: provider)
            writer.member("url", ifPresent: url)
        }
    }

    init?(_ json: JSON) {
        self.init(
            title: json["title"]?.string, creator: json["creator"]?.string,
            provider: json["provider"]?.string, url: json["url"]?.string)
    }
}

extension CaptureNote {
    /// Writes the note as it stands in `captures`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("original", original)
            writer.member("file", file)
            writer.member("member", ifPresent: member)
            writer.member("captured", ifPresent: captured)
            writer.member("accessioned", accessioned)
        }
    }

    init?(_ json: JSON) {
        guard let original = json["original"]?.string, let file = json["file"]?.string,
            let accessioned = json["accessioned"]?.string
        else { return nil }
        self.init(
            original: original, file: file, member: json["member"]?.string,
            captured: json["captured"]?.string, accessioned: accessioned)
    }
}

extension JSONWriter {
    fileprivate mutating func member<T>(
        _ name: String, ifPresent value: T?, _ write: (T, inout JSONWriter) -> Void
    ) {
        guard let value else { return }
        key(name)
        write(value, &self)
    }

    /// Writes a member whose value is an array of what `write` writes.
    public mutating func members<T>(
        _ name: String, _ values: [T], _ write: (T, inout JSONWriter) -> Void
    ) {
        key(name)
        array { writer in for value in values { write(value, &writer) } }
    }
}

extension JSON {
    fileprivate func strings(_ key: String) -> [String] {
        self[key]?.array?.compactMap(\.string) ?? []
    }

    fileprivate func list<T>(_ key: String, _ read: (JSON) -> T?) -> [T] {
        self[key]?.array?.compactMap(read) ?? []
    }
}
