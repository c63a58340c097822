internal import ArchiveProtocol

/// Where the story stands, in what language, and what was corrected in it.
extension HTMLDraft {
    /// Takes address, section, outlet and language.
    mutating func readRest() {
        readAddress()
        readSection()
        readOutlet()
        readLanguage()
    }

    /// Takes the first of what several carriers say of a field: high where another says the same,
    /// low where all others say something else.
    ///
    /// - Parameter key: what two values have in common that say the same.
    func chosen(
        _ field: String, of values: [(text: String, rule: String, range: Range<Int>)],
        by key: (String) -> [UInt8]
    ) -> (text: String, evidence: [Evidence])? {
        guard let first = values.first else { return nil }
        let own = key(first.text)
        let others = values.dropFirst().filter { key($0.text) != own }
        let agreeing = values.count - others.count
        let confidence: Evidence.Confidence =
            agreeing > 1 ? .high : others.isEmpty ? .medium : .low
        var items = [
            Evidence(
                field: field, rule: first.rule, range: first.range, confidence: confidence)
        ]
        var seen = [own]
        for other in others where !seen.contains(key(other.text)) {
            seen.append(key(other.text))
            items.append(
                Evidence(field: field, rule: other.rule, range: other.range, confidence: .rival))
        }
        return (first.text, items)
    }

    private mutating func readAddress() {
        let values = [metadata.canonical, metadata.first("og:url")].compactMap(\.self)
        // A canonical address without a path is the site's, not the story's.
        let told = values.compactMap { value -> (text: String, rule: String, range: Range<Int>)? in
            guard let resolved = CanonicalURL.resolved(value.text, base: page.capture.url),
                let url = CanonicalURL.canonical(resolved),
                url.utf8.count(where: { $0 == 0x2F }) >= 3
            else { return nil }
            return (url, "html/\(value.key)", value.range)
        }
        let own = address.flatMap(CanonicalURL.canonical)
        guard var chosen = chosen("url", of: told, by: { Array($0.utf8) }) else {
            article.url = own
            return
        }
        if chosen.text == own, page.capture.url != nil { chosen.evidence[0].confidence = .high }
        article.url = chosen.text
        evidence += chosen.evidence
    }

    private mutating func readOutlet() {
        var values: [(text: String, rule: String, range: Range<Int>)] = []
        if let name = metadata.first("og:site_name") {
            values.append((name.text, "meta/\(name.key)", name.range))
        }
        if let publisher = linked?.publisher {
            values.append((publisher.text, "json-ld/publisher", publisher.range))
        }
        if let name = metadata.first("application-name", "dc.publisher", "publisher") {
            values.append((name.text, "meta/\(name.key)", name.range))
        }
        let chosen = chosen("outlet", of: values) { SiteNames.plain(Title.key(of: $0)) }
        guard var chosen else { return }
        // A name that the page's host has too is the site's.
        if chosen.evidence[0].confidence != .high, SiteNames.isOfHost(chosen.text, address) {
            chosen.evidence[0].confidence = chosen.evidence.count > 1 ? .medium : .high
        }
        article.outlet = chosen.text
        evidence += chosen.evidence
    }

    // MARK: Language

    private mutating func readLanguage() {
        let values = [
            metadata.language.map { ($0.text, "html/lang", $0.range) },
            linked?.language.map { ($0.text, "json-ld/inLanguage", $0.range) },
            metadata.first("og:locale", "content-language", "dc.language", "language").map {
                ($0.text, "meta/\($0.key)", $0.range)
            },
        ].compactMap(\.self)
        let tags = values.compactMap { text, rule, range in
            Language.tag(written: text).map { (text: $0, rule: rule, range: range) }
        }
        let told = chosen("language", of: tags) { Array($0.utf8.prefix { $0 != 0x2D }) }
        guard let told else { return }
        article.language = told.text
        evidence += told.evidence
    }

    /// Takes the language that the text is in, where the page claims English and it is not: many
    /// pages are made from a template that nobody translated.
    mutating func settleLanguage() {
        guard let claimed = article.language, claimed.hasPrefix("en") else { return }
        let text = article.body.map { Array($0.text.utf8) }
        guard let told = Language.tag(of: text), told != "en" else { return }
        article.language = told
        var rivals = evidence.filter { $0.field == "language" }
        for index in rivals.indices { rivals[index].confidence = .rival }
        evidence.removeAll { $0.field == "language" }
        if let first = evidence.first(where: { $0.field == "body[0]" }) {
            note("language", "text/language", first.range, .medium)
        }
        evidence += rivals
    }

    /// Where dateline and language come from that the story's text alone tells.
    func told(byText article: Article) -> [Evidence] {
        var items: [Evidence] = []
        func note(_ field: String, _ block: Int) {
            guard let item = evidence.last(where: { $0.field == "body[\(block)]" }) else { return }
            items.append(
                Evidence(
                    field: field, rule: "text/\(field)", range: item.range, confidence: .medium))
        }
        if article.dateline != nil, self.article.dateline == nil,
            let first = article.body.firstIndex(where: { $0.kind == .paragraph })
        {
            note("dateline", first)
        }
        if article.language != nil, self.article.language == nil { note("language", 0) }
        return items
    }

    // MARK: Corrections

    /// Takes notices of corrections and editor's notes: those told to machines, and lines of the
    /// story that begin as such notices do.
    mutating func readCorrections() {
        for value in linked?.corrections ?? [] where !article.corrections.contains(value.text) {
            note(
                "corrections[\(article.corrections.count)]", "json-ld/correction", value.range,
                .medium)
            article.corrections.append(value.text)
        }
        for (index, block) in article.body.enumerated() where article.corrections.count < 20 {
            guard block.kind != .heading, Correction.begins(block.text),
                !article.corrections.contains(block.text)
            else { continue }
            if let range = evidence.last(where: { $0.field == "body[\(index)]" })?.range {
                note("corrections[\(article.corrections.count)]", "html/body", range, .medium)
            }
            article.corrections.append(block.text)
        }
    }
}

/// The words that notices of corrections and editor's notes begin with.
enum Correction {
    private static let beginnings: [[UInt8]] = [
        "correction:", "corrections:", "correction (", "corrected:", "clarification:",
        "editor's note:", "editor’s note:", "editors' note:", "editors’ note:",
        "editor's note -", "an earlier version of this", "a previous version of this",
        "this story has been corrected", "this article has been corrected",
        "this story was corrected", "this article was corrected", "this article was amended",
        "this story has been updated to correct", "this article has been updated to correct",
        "korrektur:", "berichtigung:", "anmerkung der redaktion:", "anm. d. red.:",
        "hinweis der redaktion:", "richtigstellung:", "in einer früheren version",
        "note de la rédaction", "rectificatif:", "rectificatif :", "correctif:",
        "nota de la redacción", "nota del editor", "fe de errores", "fe de erratas",
        "corrección:", "nota della redazione", "errata corrige", "nota da redação", "correção:",
        "noot van de redactie", "correctie:", "rectificatie:", "rättelse:", "rettelse:",
    ].map { Array($0.utf8) }

    /// Whether a line begins as such a notice.
    static func begins(_ text: String) -> Bool {
        let bytes = Array(text.utf8.prefix(120)).drop { !TextScanning.isWordByte($0) }
        return beginnings.contains { TextScanning.has($0, at: 0, in: Array(bytes)) }
    }
}
