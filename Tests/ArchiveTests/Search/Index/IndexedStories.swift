@testable import Archive

/// Makes articles and queries at random, from few words, so that everything meets everything.
struct IndexedStories {
    static let words = [
        "ferry", "Ferryman", "ferries", "quay", "Café", "naïve", "Ångström", "harbor", "HARBORS",
        "harbour", "Straße", "10", "2017", "storm", "stormy", "O'Neill", "bridge", "council",
        "near", "Zürich", "resumé", "Привет", "東京", "the", "of", "a", "in", "tide", "tides",
        "pilot", "dredge", "gull", "mooring", "pier", "peer", "lighthouse",
    ]
    static let authors = ["Odile Park", "Ada Quill", "José Núñez", "", "Iris Vane"]
    static let outlets = ["The Quay", "Harbor Post"]
    static let languages = [[], ["en"], ["pt-br", "pt"], ["pt"]]
    static let stemLanguages = [["en"], ["de", "en"], ["es", "fr"]]
    static let places = ["HARLOW", "Québec"]
    static let sections = ["News", "Sport", "Food", "Weather"]

    var random: Seeded
    /// Chooses small numbers more often, so that some words are common and some rare.
    private mutating func word() -> String {
        let first = Int.random(in: 0..<Self.words.count, using: &random)
        let second = Int.random(in: 0..<Self.words.count, using: &random)
        return Self.words[Self.words.count - 1 - max(first, second)]
    }

    init(seed: UInt64) { random = Seeded(state: seed) }

    mutating func text(_ count: ClosedRange<Int>) -> String {
        let marks = [" ", " ", " ", ", ", " — ", "-", " (", ". ", "\n"]
        var text = ""
        for _ in 0..<Int.random(in: count, using: &random) {
            text += word() + (marks.randomElement(using: &random) ?? " ")
        }
        return text
    }

    mutating func article(_ row: Int64, words: Int = 40) -> IndexedArticle {
        var article = IndexedArticle(row: row)
        let month = Int.random(in: 1...12, using: &random)
        let year = Int.random(in: 2013...2017, using: &random)
        let dates = [
            nil, "\(year)", "\(year)-\(month < 10 ? "0" : "")\(month)",
            "\(year)-\(month < 10 ? "0" : "")\(month)-11T08:15-05:00",
        ]
        article.date = DateKey.key(dates.randomElement(using: &random) ?? nil)
        article.headline = text(1...4)
        article.body = text(0...words)
        if Bool.random(using: &random) { article.byline = text(1...2) }
        if Bool.random(using: &random) { article.place = text(1...1) }
        if Bool.random(using: &random) { article.section = text(1...1) }
        if Bool.random(using: &random) { article.said = text(1...3) }
        if Bool.random(using: &random) { article.outlet = text(1...2) }
        article.authors = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            Self.authors.randomElement(using: &random) ?? ""
        }
        article.outletName = Bool.random(using: &random) ? Self.outlets[0] : Self.outlets[1]
        article.sectionName = (Self.sections + [nil]).randomElement(using: &random) ?? nil
        article.placeName = article.place.isEmpty ? nil : Self.places[article.place.utf8.count % 2]
        article.languages = Self.languages.randomElement(using: &random) ?? []
        article.features = UInt32.random(in: 0...31, using: &random) | UInt32(row & 1) << 24
        return article
    }

    private mutating func field() -> WordField {
        let fields: [WordField] = [.anywhere, .anywhere, .anywhere, .anywhere]
        return (fields + WordField.allCases).randomElement(using: &random) ?? .anywhere
    }

    /// A text to look for.
    mutating func leaf() -> IndexQuery {
        switch Int.random(in: 0..<21, using: &random) {
        case 0...8: return .words(field(), word())
        case 9...12: return .words(field(), word() + " " + word())
        case 13: return .words(.anywhere, word() + " " + word() + " " + word())
        case 14, 15:
            let word = word()
            let start = String(word.prefix(Int.random(in: 1...4, using: &random)))
            return .words(field(), start, isPrefix: true)
        case 16:
            let start = String(word().prefix(Int.random(in: 1...3, using: &random)))
            return .words(field(), word() + " " + start, isPrefix: true)
        case 17, 18:
            let text = Bool.random(using: &random) ? word() : word() + " " + word()
            return .near(
                field(), text + " " + word(), within: Int.random(in: 0...8, using: &random))
        case 19:
            let languages = Self.stemLanguages.randomElement(using: &random) ?? []
            return .stem(field(), word(), languages: languages)
        default:
            return .fuzzy(field(), word(), edits: Int.random(in: 1...2, using: &random))
        }
    }

    /// A condition that is no matter of words.
    private mutating func condition() -> IndexQuery {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            let year = Int.random(in: 2013...2017, using: &random)
            return .dated(from: DateKey.key("\(year)"), before: DateKey.after("\(year)-06"))
        case 1:
            return Bool.random(using: &random)
                ? .named(
                    .language, ["en", "pt", "pt-br", "fr"].randomElement(using: &random) ?? "")
                : .named(.author, Self.authors.randomElement(using: &random) ?? "")
        case 2:
            return Bool.random(using: &random)
                ? .named(.section, Self.sections.randomElement(using: &random) ?? "")
                : .named(.outlet, (Self.outlets + ["None"]).randomElement(using: &random) ?? "")
        case 4: return .until(Int64.random(in: 0...120, using: &random))
        case 3: return .having([1, 2, 4, 8, 16, 1 << 24].randomElement(using: &random) ?? 1)
        default:
            return .rows((0..<8).map { _ in Int64.random(in: 1...60, using: &random) })
        }
    }

    private mutating func parts(_ count: ClosedRange<Int>, _ depth: Int) -> [IndexQuery] {
        (0..<Int.random(in: count, using: &random)).map { _ in query(depth: depth + 1) }
    }

    mutating func query(depth: Int = 0) -> IndexQuery {
        let kinds = depth > 2 ? 4 : 13
        switch Int.random(in: 0..<kinds, using: &random) {
        case 0...3: return leaf()
        case 4, 5: return .all(parts(2...3, depth))
        case 6: return .any(parts(1...4, depth))
        case 7: return .any((0..<Int.random(in: 2...6, using: &random)).map { _ in leaf() })
        case 8: return .all([leaf(), .not(query(depth: depth + 1))])
        case 9: return .all([leaf(), leaf()])
        case 11: return .any([leaf(), condition(), .not(leaf()), .all([leaf(), condition()])])
        case 10:
            return .all([.any((0..<3).map { _ in leaf() }), condition(), .not(leaf())])
        default: return Bool.random(using: &random) ? .not(leaf()) : .all([leaf(), condition()])
        }
    }
}
