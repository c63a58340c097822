import ArchiveProtocol
import Foundation

@testable import Archive

/// What a search should find, by looking at every word of every article.
struct SearchOracle {
    /// One article with the words of its fields, folded.
    struct Entry {
        var id: String
        var article: Article
        var columns: [String: [String]]
    }

    /// A condition, with the text that asks for it.
    indirect enum Wanted {
        case words(column: String?, [String], isPrefix: Bool)
        case near(column: String?, [String], within: Int)
        case fuzzy(column: String?, String, edits: Int)
        case all([Wanted])
        case any([Wanted])
        case not(Wanted)
        case published(from: String, to: String)
        case url(String)
        case has(Query.Feature)
        case language(String)
    }

    var entries: [Entry] = []

    private static let vocabulary = [
        "ferry", "Ferryman", "quay", "Café", "cafe", "naïve", "Ångström", "harbor", "HARBORS",
        "Straße", "10", "2017", "storm", "stormy", "O", "Neill", "bridge", "council", "NEAR",
        "NOT", "OR", "AND", "Zürich", "resumé", "Привет", "東京",
    ]

    init(count: Int, using random: inout Seeded) {
        for number in 0..<count {
            let article = Self.article(number, using: &random)
            let id = ArticleIdentity(article, capture: Digest(of: [])).id()
            entries.append(Entry(id: id, article: article, columns: Self.columns(of: article)))
        }
    }

    private static func text(_ count: ClosedRange<Int>, using random: inout Seeded) -> String {
        let marks = [" ", " ", " ", ", ", " — ", "-", "\u{2019}", " (", ". "]
        var text = ""
        for _ in 0..<Int.random(in: count, using: &random) {
            text += vocabulary.randomElement(using: &random) ?? ""
            text += marks.randomElement(using: &random) ?? ""
        }
        return text
    }

    private static func article(_ number: Int, using random: inout Seeded) -> Article {
        func maybe(_ value: String, using random: inout Seeded) -> String? {
            Bool.random(using: &random) ? value : nil
        }
        let month = Int.random(in: 1...12, using: &random)
        let date =
            "20\(Int.random(in: 14...17, using: &random))-\(month < 10 ? "0" : "")\(month)-11"
        var article = StoryAccession.article(
            text(1...4, using: &random), url: "https://news.example/Ab/\(number)",
            published: Int.random(in: 0...9, using: &random) == 0
                ? nil : maybe(date + "T08:15-05:00", using: &random) ?? date,
            body: (0..<Int.random(in: 0...3, using: &random)).map { _ in
                text(1...12, using: &random)
            })
        article.alternativeHeadline = maybe(text(1...3, using: &random), using: &random)
        article.byline = maybe(text(1...2, using: &random), using: &random)
        article.authors = article.byline == nil ? [] : [text(1...2, using: &random)]
        article.dateline = maybe(text(1...1, using: &random), using: &random)
        article.outlet = maybe(text(1...2, using: &random), using: &random)
        article.section = maybe(text(1...1, using: &random), using: &random)
        if Bool.random(using: &random) {
            article.images = [Image(caption: text(1...3, using: &random), credit: "storm")]
        }
        if Bool.random(using: &random) {
            article.quotations = [
                Quotation(
                    text: text(1...4, using: &random), speaker: text(1...2, using: &random),
                    paragraph: 0, range: 0..<1)
            ]
        }
        if Bool.random(using: &random) { article.corrections = ["It was so."] }
        article.language = ["en", "en-US", "pt-BR", nil].randomElement(using: &random) ?? nil
        return article
    }

    private static func columns(of article: Article) -> [String: [String]] {
        let images = article.images.flatMap { [$0.caption, $0.credit].compactMap(\.self) }
        let headlines = [article.headline, article.alternativeHeadline].compactMap(\.self)
        let names = [article.byline].compactMap(\.self) + article.authors
        return [
            "headline": headlines, "body": article.body.map(\.text) + images, "by": names,
            "in": [article.dateline].compactMap(\.self),
            "said": article.quotations.compactMap(\.speaker),
            "outlet": [article.outlet].compactMap(\.self),
            "section": [article.section].compactMap(\.self),
        ].mapValues { Self.words($0.joined(separator: "\n")) }
    }

    /// The words of a text, without case and marks.
    static func words(_ text: String) -> [String] {
        let folded = text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars.filter {
            $0.properties.generalCategory != .nonspacingMark
        }
        return String(String.UnicodeScalarView(folded)).split {
            !($0.isLetter || $0.isNumber)
        }.map(String.init)
    }

    // MARK: Asking

    /// The ids of the articles that meet all conditions.
    func found(_ wanted: [Wanted]) -> Set<String> {
        Set(entries.filter { entry in wanted.allSatisfy { Self.holds($0, entry) } }.map(\.id))
    }

    private static func holds(_ wanted: Wanted, _ entry: Entry) -> Bool {
        func isSome(of column: String?, _ holds: ([String]) -> Bool) -> Bool {
            let names = column.map { [$0] } ?? ["headline", "body", "by", "in", "section"]
            return names.contains { holds(entry.columns[$0] ?? []) }
        }
        switch wanted {
        case .words(let column, let words, let isPrefix):
            return isSome(of: column) { stands(words, isPrefix, in: $0) }
        case .near(let column, let words, let distance):
            return isSome(of: column) { areNear(words, distance, in: $0) }
        case .fuzzy(let column, let word, let edits):
            return isSome(of: column) { $0.contains { isSimilar($0, word, edits) } }
        case .all(let parts): return parts.allSatisfy { holds($0, entry) }
        case .any(let parts): return parts.contains { holds($0, entry) }
        case .not(let inner): return !holds(inner, entry)
        case .published(let from, let to):
            guard let date = entry.article.published?.value else { return false }
            return date >= from && date.prefix(to.count) <= to
        case .url(let part): return entry.article.url?.contains(part) == true
        case .language(let tag):
            let own = entry.article.language?.lowercased()
            return own == tag || own?.hasPrefix(tag + "-") == true
        case .has(.quote): return !entry.article.quotations.isEmpty
        case .has(.image): return !entry.article.images.isEmpty
        case .has(.correction): return !entry.article.corrections.isEmpty
        case .has: return false
        }
    }

    private static func stands(_ phrase: [String], _ isPrefix: Bool, in words: [String]) -> Bool {
        guard words.count >= phrase.count else { return false }
        return (0...(words.count - phrase.count)).contains { start in
            zip(phrase.indices, phrase).allSatisfy { index, word in
                let here = words[start + index]
                return isPrefix && index == phrase.count - 1 ? here.hasPrefix(word) : here == word
            }
        }
    }

    /// Whether all of `wanted` stand in one stretch with at most so many words between its ends.
    private static func areNear(_ wanted: [String], _ distance: Int, in words: [String]) -> Bool {
        words.indices.contains { start in
            let stretch = words[start..<min(words.count, start + distance + 2)]
            return wanted.allSatisfy(stretch.contains)
        }
    }

    /// Whether one word becomes the other by so many letters changed, put in or left out.
    private static func isSimilar(_ word: String, _ wanted: String, _ edits: Int) -> Bool {
        func isSimilar(_ one: Substring, _ other: Substring, _ edits: Int) -> Bool {
            guard let first = one.first, let second = other.first else {
                return one.count + other.count <= edits
            }
            if first == second { return isSimilar(one.dropFirst(), other.dropFirst(), edits) }
            guard edits > 0 else { return false }
            return isSimilar(one.dropFirst(), other, edits - 1)
                || isSimilar(one, other.dropFirst(), edits - 1)
                || isSimilar(one.dropFirst(), other.dropFirst(), edits - 1)
        }
        return word.first == wanted.first && isSimilar(word[...], wanted[...], edits)
    }

    /// A query of parts within parts at random, with the text that asks for it.
    func question(depth: Int = 0, using random: inout Seeded) -> (Wanted, String) {
        switch Int.random(in: 0...(depth > 2 ? 4 : 9), using: &random) {
        case 0: return near(using: &random)
        case 1:
            let word = Self.vocabulary.randomElement(using: &random) ?? ""
            let edits = Int.random(in: 1...2, using: &random)
            let column = [nil, "headline", "by"].randomElement(using: &random) ?? nil
            return (
                .fuzzy(column: column, Self.words(word)[0], edits: edits),
                "\(column.map { "\($0):" } ?? "")\(word)~\(edits)"
            )
        case 2:
            let tag = ["en", "en-US", "PT", "fr"].randomElement(using: &random) ?? ""
            return (.language(tag.lowercased()), "lang:\(tag)")
        case 3, 4:
            let (wanted, text) = condition(using: &random)
            return (wanted, "(\(text))")
        case 5, 6:
            let parts = parts(depth, using: &random)
            let glue = Bool.random(using: &random) ? " " : " AND "
            return (.all(parts.map(\.0)), "(\(parts.map(\.1).joined(separator: glue)))")
        case 7, 8:
            let parts = parts(depth, using: &random)
            return (.any(parts.map(\.0)), "(\(parts.map(\.1).joined(separator: " OR ")))")
        default:
            let (wanted, text) = question(depth: depth + 1, using: &random)
            return (.not(wanted), Bool.random(using: &random) ? "-(\(text))" : "NOT \(text)")
        }
    }

    /// A condition at random, with the text that asks for it.
    func condition(using random: inout Seeded) -> (Wanted, String) {
        switch Int.random(in: 0...9, using: &random) {
        case 0:
            let (first, firstText) = words(using: &random)
            let (second, secondText) = words(using: &random)
            return (.any([first, second]), "\(firstText) OR \(secondText)")
        case 1, 2:
            let (inner, text) = words(using: &random)
            return (.not(inner), "-\(text)")
        case 3: return (.published(from: "2015-03", to: "2016"), "date:2015-03..2016")
        case 4: return (.url("/Ab/1"), "url:/Ab/1")
        case 5:
            let feature = [Query.Feature.quote, .image, .correction].randomElement(using: &random)
            return (.has(feature ?? .quote), "has:\(feature?.rawValue ?? "quote")")
        case 6: return (.not(.has(.image)), "-has:image")
        default: return words(using: &random)
        }
    }

    private func parts(_ depth: Int, using random: inout Seeded) -> [(Wanted, String)] {
        (0..<Int.random(in: 2...3, using: &random)).map { _ in
            question(depth: depth + 1, using: &random)
        }
    }

    private func near(using random: inout Seeded) -> (Wanted, String) {
        let words = (0..<Int.random(in: 2...3, using: &random)).map { _ in
            Self.vocabulary.randomElement(using: &random) ?? ""
        }
        let distance = Int.random(in: 0...4, using: &random)
        let text = words.joined(separator: " ")
        return (
            .near(column: nil, words.flatMap(Self.words), within: distance),
            Bool.random(using: &random) ? "NEAR(\(text), \(distance))" : "\"\(text)\"~\(distance)"
        )
    }

    private func words(using random: inout Seeded) -> (Wanted, String) {
        let columns = [nil, nil, "headline", "by", "in", "said", "outlet", "section"]
        let column = columns.randomElement(using: &random) ?? nil
        let field = column.map { "\($0):" } ?? ""
        let word = Self.vocabulary.randomElement(using: &random) ?? ""
        let folded = Self.words(word)
        // The capital of ß is two letters, which are others.
        let capitals = word.contains("ß") ? word : word.uppercased()
        switch Int.random(in: 0...3, using: &random) {
        case 0:
            let source = entries.randomElement(using: &random)?.columns[column ?? "body"] ?? []
            let phrase = Array(source.dropFirst(source.count / 3).prefix(2))
            guard !phrase.isEmpty else { fallthrough }
            return (
                .words(column: column, phrase, isPrefix: false),
                "\(field)\"\(phrase.joined(separator: " "))\""
            )
        case 1:
            let start = String(word.prefix(max(1, word.count - 2)))
            return (
                .words(column: column, Self.words(start), isPrefix: true), "\(field)\(start)*"
            )
        default:
            return (
                .words(column: column, folded, isPrefix: false), "\(field)\"\(capitals)\""
            )
        }
    }
}
