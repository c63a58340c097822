internal import ArchiveProtocol

extension IndexedArticle {
    /// An article of the archive as it is shown.
    init(_ shown: ShownArticle, row: Int64) {
        var features = ArticleFeatures(shown.confidences)
        if shown.isUpdated { features.insert(.updated) }
        self.init(shown.article, row: row, features: features)
    }

    /// An article of the archive as the index takes it.
    ///
    /// - Parameter features: what is known beside the article: how sure its fields are, and
    ///   whether it was updated.
    init(_ article: Article, row: Int64, features: ArticleFeatures = []) {
        self.init(row: row)
        date = DateKey.key(article.published?.value)
        headline = Self.lines([article.headline, article.alternativeHeadline])
        byline = Self.lines([article.byline] + article.authors + article.contributors)
        place = article.dateline ?? ""
        section = Self.lines([article.section] + article.keywords)
        body = Self.lines(
            article.body.map(\.text) + article.images.flatMap { [$0.caption, $0.credit] })
        said = Self.lines(article.quotations.map(\.speaker))
        outlet = article.outlet ?? ""
        authors = article.authors
        outletName = article.outlet
        sectionName = article.section
        placeName = article.dateline
        languages = Self.languages(article.language)
        self.features = ArticleFeatures(of: article).union(features).rawValue
    }

    /// A tag and the language that it begins with: who looks for `pt` finds `pt-BR`.
    private static func languages(_ tag: String?) -> [String] {
        guard let tag = tag?.lowercased(), let language = tag.split(separator: "-").first else {
            return []
        }
        return language == tag ? [tag] : [tag, String(language)]
    }

    /// Texts that are there, each on a line, so that no phrase reaches from one into the next
    /// without a mark between them.
    private static func lines(_ texts: [String?]) -> String {
        texts.compactMap(\.self).joined(separator: "\n")
    }
}

extension IndexQuery {
    /// A query of the search language as the index takes it.
    ///
    /// - Parameters:
    ///   - languages: those in which forms of words are looked for.
    ///   - rows: the articles whose address holds a text, which the index does not know.
    init(
        _ query: Query, range: DateRange? = nil, languages: () -> [String] = { ["en"] },
        rows: (String) throws -> [Int64]
    ) rethrows {
        let asked = try Self.translated(query, languages, rows)
        guard let range else {
            self = asked
            return
        }
        self = .all([asked, Self.dated(range)])
    }

    private static func translated(
        _ query: Query, _ languages: () -> [String], _ rows: (String) throws -> [Int64]
    ) rethrows -> IndexQuery {
        switch query {
        case .words(let field, let words, let isPrefix):
            .words(
                WordField(field), words.joined(separator: " "), isPrefix: isPrefix)
        case .near(let field, let words, let distance):
            .near(WordField(field), words.joined(separator: " "), within: distance)
        case .fuzzy(let field, let word, let edits):
            .fuzzy(WordField(field), word, edits: edits)
        case .stem(let field, let word): .stem(WordField(field), word, languages: languages())
        case .all(let parts): .all(try parts.map { try translated($0, languages, rows) })
        case .any(let parts): .any(try parts.map { try translated($0, languages, rows) })
        case .not(let inner): .not(try translated(inner, languages, rows))
        case .filter(.published(let range)): dated(range)
        case .filter(.url(let part)): .rows(try rows(part))
        case .filter(.language(let tag)): .named(.language, tag)
        case .filter(.has(let feature)): .having(ArticleFeatures(feature).rawValue)
        case .filter(.state(let state)): .having(ArticleFeatures(state).rawValue)
        case .filter(.confidence(let field, let level)):
            .having(ArticleFeatures(FieldConfidences(field, level)).rawValue)
        }
    }

    private static func dated(_ range: DateRange) -> IndexQuery {
        let keys = range.keys
        return .dated(from: keys.from, before: keys.before)
    }
}

extension WordField {
    /// The place of a field of the search language.
    init(_ field: Query.Field?) {
        self =
            switch field {
            case nil: .anywhere
            case .headline: .headline
            case .by: .byline
            case .in: .place
            case .said: .said
            case .outlet: .outlet
            case .section: .section
            }
    }
}
