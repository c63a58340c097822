internal import ArchiveProtocol

/// Where the story ran, in what language, and what was corrected in it.
extension HTMLDraft {
    /// Takes address, outlet, section and language.
    mutating func readRest() {
        readAddress()
        readSection()
        readOutlet()
        readLanguage()
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

    private mutating func readSection() {
        let keys = [
            "article:section", "parsely-section", "section", "og:article:section",
            "articlesection", "cxenseparse:section", "sailthru.section", "category",
        ]
        if let value = metadata.first(of: keys), value.text.utf8.count <= 100,
            !value.text.contains("://")
        {
            article.section = value.text
            note("section", "meta/\(value.key)", value.range)
        } else if let section = linked?.section {
            article.section = section.text
            note("section", "json-ld/articleSection", section.range)
        }
    }

    private mutating func readOutlet() {
        if let value = metadata.first("og:site_name") {
            article.outlet = value.text
            note("outlet", "meta/\(value.key)", value.range)
        } else if let publisher = linked?.publisher {
            article.outlet = publisher.text
            note("outlet", "json-ld/publisher", publisher.range)
        } else if let value = metadata.first("application-name", "dc.publisher", "publisher") {
            article.outlet = value.text
            note("outlet", "meta/\(value.key)", value.range)
        }
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
        for (text, rule, range) in values {
            guard let tag = Language.tag(written: text) else { continue }
            article.language = tag
            return note("language", rule, range)
        }
    }

    /// Takes the language that the text is in, where the page claims English and it is not: many
    /// pages are made from a template that nobody translated.
    mutating func settleLanguage() {
        guard let claimed = article.language, claimed.hasPrefix("en") else { return }
        let text = article.body.map { Array($0.text.utf8) }
        guard let told = Language.tag(of: text), told != "en" else { return }
        article.language = told
        evidence.removeAll { $0.field == "language" }
    }

    // MARK: Corrections

    /// Takes notices of corrections and editor's notes: those told to machines, and lines of the
    /// story that begin as such notices do.
    mutating func readCorrections() {
        for value in linked?.corrections ?? [] where !article.corrections.contains(value.text) {
            note("corrections[\(article.corrections.count)]", "json-ld/correction", value.range)
            article.corrections.append(value.text)
        }
        for (index, block) in article.body.enumerated() where article.corrections.count < 20 {
            guard block.kind != .heading, Correction.begins(block.text),
                !article.corrections.contains(block.text)
            else { continue }
            if let range = evidence.last(where: { $0.field == "body[\(index)]" })?.range {
                note("corrections[\(article.corrections.count)]", "html/body", range)
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
