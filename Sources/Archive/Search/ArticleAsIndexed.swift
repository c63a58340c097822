internal import ArchiveProtocol

extension IndexedArticle {
    /// An article of the archive as the index takes it.
    init(_ article: Article, row: Int64) {
        self.init(row: row)
        date = DateKey.key(article.published?.value)
        headline = Self.lines([article.headline, article.alternativeHeadline])
        byline = Self.lines([article.byline] + article.authors)
        place = article.dateline ?? ""
        section = article.section ?? ""
        body = Self.lines(
            article.body.map(\.text) + article.images.flatMap { [$0.caption, $0.credit] })
        said = Self.lines(article.quotations.map(\.speaker))
        outlet = article.outlet ?? ""
        authors = article.authors
        outletName = article.outlet
        sectionName = article.section
        features = Self.features(of: article)
    }

    private static func features(of article: Article) -> UInt8 {
        var bits = 0
        if !article.quotations.isEmpty { bits |= Query.Feature.quote.bit }
        if !article.images.isEmpty { bits |= Query.Feature.image.bit }
        if !article.embeds.isEmpty { bits |= Query.Feature.embed.bit }
        if !article.related.isEmpty { bits |= Query.Feature.related.bit }
        if !article.corrections.isEmpty { bits |= Query.Feature.correction.bit }
        return UInt8(truncatingIfNeeded: bits)
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
    /// - Parameter rows: the articles whose address holds a text, which the index does not know.
    init(_ query: Query, range: DateRange? = nil, rows: (String) throws -> [Int64]) rethrows {
        let asked = try Self.translated(query, rows)
        guard let range else {
            self = asked
            return
        }
        self = .all([asked, Self.dated(range)])
    }

    private static func translated(_ query: Query, _ rows: (String) throws -> [Int64]) rethrows
        -> IndexQuery
    {
        switch query {
        case .words(let field, let words, let isPrefix):
            .words(
                WordField(field), words.joined(separator: " "), isPrefix: isPrefix)
        case .all(let parts): .all(try parts.map { try translated($0, rows) })
        case .any(let parts): .any(try parts.map { try translated($0, rows) })
        case .not(let inner): .not(try translated(inner, rows))
        case .filter(.published(let range)): dated(range)
        case .filter(.url(let part)): .rows(try rows(part))
        case .filter(.has(let feature)): .having(UInt8(feature.bit))
        }
    }

    /// Undated articles are in no span of dates, even in one that is open to the past.
    private static func dated(_ range: DateRange) -> IndexQuery {
        let from = range.from.map { DateKey.key($0) } ?? 1
        // `DateRange` writes the end as the least text after all that begin as it does.
        let before = range.to.map { DateKey.after(String($0.prefix { $0 != "~" })) } ?? .max
        return .dated(from: from, before: before)
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
