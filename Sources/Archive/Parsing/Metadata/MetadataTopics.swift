internal import ArchiveProtocol

/// Where in the site the story ran, and what the page says it is about.
extension HTMLDraft {
    private typealias Told = (text: String, rule: String, range: Range<Int>)

    // MARK: Section

    private static let sectionKeys = [
        "article:section", "parsely-section", "section", "og:article:section", "og:section",
        "articlesection", "cxenseparse:section", "sailthru.section", "prism.section",
        "primary_section", "mrf:sections", "category",
    ]

    /// Takes the section of the head, else that of the JSON-LD, else the last step of the way to
    /// the story that the page tells machines.
    mutating func readSection() {
        var told: [Told] = []
        for key in Self.sectionKeys {
            guard let value = metadata.first(key), let name = section(value.text) else { continue }
            told.append((name, "meta/\(key)", value.range))
            break
        }
        if let value = linked?.section, let name = section(value.text) {
            told.append((name, "json-ld/articleSection", value.range))
        }
        let headline = Title(article.headline)
        let crumb = linked?.breadcrumbs.last { crumb in
            // The last step is the story itself, by its title or the first words of it.
            let title = Title(crumb.text)
            return section(crumb.text) != nil && title.key.count <= 40
                && title.key != headline.key
                && !(title.wordCount >= 3 && title.agrees(with: headline))
        }
        if let crumb, let name = section(crumb.text) {
            told.append((name, "json-ld/breadcrumb", crumb.range))
        }
        guard let (name, items) = chosen("section", of: told, by: { Title.key(of: $0) }) else {
            return
        }
        article.section = name
        evidence += items
    }

    /// The name of a section in a value, the first of a list or of a path; nil where it is the
    /// site's own or says what kind of page it is.
    private func section(_ value: String) -> String? {
        var name = Substring(value)
        if name.hasPrefix("/") || !name.contains(" ") && name.contains("/") {
            name = name.split(separator: "/").first ?? ""
        }
        let marks: [UInt8] = [0x2C, 0x3B, 0x7C]
        if name.utf8.count(where: { marks.contains($0) }) > 1 {
            name = Substring(name.utf8.prefix { !marks.contains($0) })
        }
        let text = String(name.drop { $0 == " " })
        let key = Title.key(of: text)
        guard !key.isEmpty, text.utf8.count <= 100, !value.contains("://"), !text.contains("{"),
            !Self.kinds.contains(String(decoding: key, as: UTF8.self)), !isSite(text),
            text.contains(where: \.isLetter)
        else { return nil }
        return text
    }

    private static let kinds: Set<String> = [
        "tag", "tags", "article", "articles", "artikel", "post", "posts", "page", "story",
        "default", "home", "homepage", "front page", "frontpage", "startseite", "index",
        "uncategorized", "uncategorised", "null", "none", "undefined", "blog", "archive",
        "accueil", "inicio", "portada",
    ]

    // MARK: Keywords

    /// The names under which heads tell what a story is about, the most careful first.
    private static let keywordKeys = [
        "article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags",
        "keywords",
    ]

    /// Words of one story beyond these are passed over.
    private static let keywordLimit = 30

    /// Takes the words of the first carrier that has some; those of a bare `keywords`, which many
    /// sites fill with the same words on every page, only where the story has one of them.
    mutating func readKeywords() {
        var chosen: (words: [String], rule: String, range: Range<Int>)?
        for rule in ["json-ld"] + Self.keywordKeys + ["rel-tag"] {
            let values = keywordValues(rule)
            guard let first = values.first else { continue }
            let words = keywords(values.map(\.text))
            if let chosen {
                // One that agrees is enough to know.
                guard isShared(words, chosen.words) else { continue }
                article.keywords = chosen.words
                return note("keywords", chosen.rule, chosen.range, .high)
            }
            if !words.isEmpty, rule != "keywords" || isOfStory(words) {
                chosen = (words, values[0].rule, first.range)
            }
        }
        guard let chosen else { return }
        article.keywords = chosen.words
        let isBare = chosen.rule == "meta/keywords"
        note("keywords", chosen.rule, chosen.range, isBare ? .low : .medium)
    }

    /// The values of one carrier of keywords.
    private func keywordValues(_ carrier: String) -> [Told] {
        switch carrier {
        case "json-ld":
            return (linked?.keywords ?? []).map { ($0.text, "json-ld/keywords", $0.range) }
        case "rel-tag":
            return survey.tagLinks.compactMap { node in
                tree.shortText(of: node, limit: 60).map { ($0, "html/rel-tag", range(node)) }
            }
        default:
            return metadata.properties.lazy.filter { $0.key == carrier }.prefix(40)
                .map { ($0.text, "meta/\(carrier)", $0.range) }
        }
    }

    /// Whether half of the second words are among the first.
    private func isShared(_ words: [String], _ others: [String]) -> Bool {
        let keys = Set(words.map { Title.key(of: $0) })
        return others.count { keys.contains(Title.key(of: $0)) } * 2 >= others.count
    }

    /// The words of values, each one or a list with commas; neither what machines tell each other
    /// nor the site's own name.
    private func keywords(_ values: [String]) -> [String] {
        var words: [String] = []
        var keys: Set<[UInt8]> = []
        for value in values {
            let parts = value.utf8.prefix(4000).split { [0x2C, 0x3B, 0x7C].contains($0) }
            for part in parts where words.count < Self.keywordLimit {
                guard let word = keyword(part), keys.insert(Title.key(of: word)).inserted else {
                    continue
                }
                words.append(word)
            }
        }
        return words
    }

    private func keyword(_ part: Substring.UTF8View) -> String? {
        let edges: [UInt8] = [0x20, 0x22, 0x23, 0x27]
        let rest = part.drop { edges.contains($0) }
        guard (2...64).contains(rest.count),
            let last = rest.lastIndex(where: { !edges.contains($0) })
        else { return nil }
        let bytes = Array(rest[...last])
        guard bytes.count >= 2, bytes[0] != 0x5F, !isMachine(bytes),
            bytes.contains(where: { $0 >= 0x80 || TextScanning.isASCIILetter($0) })
        else { return nil }
        let word = TextScanning.string(bytes)
        return isSite(word) ? nil : word
    }

    /// Whether a word is a name and its value, as in `type:article`, or an address, or markup.
    private func isMachine(_ word: [UInt8]) -> Bool {
        if word.contains(where: { "={}<>".utf8.contains($0) }) { return true }
        guard let colon = word.firstIndex(of: 0x3A) else { return false }
        return colon + 1 == word.count || word[colon + 1] != 0x20
    }

    private static func has(_ wanted: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = wanted.first, text.count >= wanted.count else { return false }
        return (0...text.count - wanted.count).contains { index in
            text[index] == first && text[index..<index + wanted.count].elementsEqual(wanted)
        }
    }

    /// Whether headline or text of the story has one of its first words.
    private func isOfStory(_ words: [String]) -> Bool {
        let text =
            HTMLBytes.lowered(article.headline.utf8)
            + article.body.prefix(40).flatMap { [0x20] + HTMLBytes.lowered($0.text.utf8) }
        return words.prefix(12).contains { word in
            let wanted = HTMLBytes.lowered(word.utf8)
            return wanted.count >= 3 && Self.has(wanted, in: text)
        }
    }
}
