internal import ArchiveProtocol

/// The methods that find articles, and what people said in them.
extension Service {
    private static let hit = Shape.object([
        "id": .string, "headline": .string, "outlet?": .string, "byline?": .string,
        "published?": .string, "dateline?": .string, "url?": .string, "version": .integer,
        "latestVersion?": .integer, "snippet": .string, "score?": .number,
        "explanation?": .array(
            .object([
                "text": .string, "field": .string, "occurrences": .integer, "score": .number,
            ])),
    ])

    private static let counts = Shape.array(.object(["value": .string, "count": .integer]))

    static let searchMethods: [Method] = [
        Method(
            "articles.search", .read, "Finds articles by words, fields and dates.",
            [
                Parameter(name: "query", kind: .string, meaning: "as archived-query(7) has it"),
                Parameter(
                    name: "sort", kind: .choice(Searcher.Sort.allCases.map(\.rawValue)),
                    meaning: "the order; relevance by default"),
                .since, .until,
                Parameter(
                    name: "at", kind: .integer(0...Int.max),
                    meaning: "a revision: articles that came later are not found, and the others "
                        + "are shown as they were then"),
                Parameter(
                    name: "facets", kind: .strings,
                    meaning: "what all articles found are counted by: "
                        + Searcher.Facet.allCases.map(\.rawValue).joined(separator: ", ")),
                Parameter(
                    name: "timeline", kind: .choice(Searcher.Timeline.allCases.map(\.rawValue)),
                    meaning: "the periods by which all articles found are counted"),
                Parameter(
                    name: "exact", kind: .boolean,
                    meaning: "count all articles found, however many"),
                Parameter(
                    name: "explain", kind: .boolean,
                    meaning: "tell how the query was understood and what gave each hit its score"),
                Parameter(
                    name: "limit", kind: .integer(0...1000),
                    meaning: "most items of the answer; 20 by default, 0 for counts alone"),
                .cursor, .sync,
            ],
            returns: .object([
                "items": .array(hit), "nextCursor?": .string, "revision": .integer,
                "total": .object(["value": .integer, "relation": .string]),
                "facets?": .array(
                    .object([
                        "field": .string, "values": counts, "others?": .integer,
                        "undated?": .integer,
                    ])),
                "timeline?": .object([
                    "unit": .string, "values": counts, "others?": .integer, "undated?": .integer,
                ]),
                "understood?": .string, "suggestion?": .string,
                "rebuilding?": .object(["done": .integer, "total": .integer]),
            ]), search),
        Method(
            "articles.related", .read, "Finds articles that are about the same as another.",
            [.id(), .limit, .sync],
            returns: .object([
                "id": .string, "words": .array(.string), "items": .array(hit),
                "revision": .integer,
                "rebuilding?": .object(["done": .integer, "total": .integer]),
            ]), related),
        Method(
            "quotes.search", .read, "Finds quotations by speaker and words.",
            [
                Parameter(name: "speaker", kind: .string, meaning: "words of the speaker's name"),
                Parameter(name: "query", kind: .string, meaning: "words of what was said"),
                .since, .until, .limit, .cursor, .sync,
            ],
            returns: .page(
                of: .object([
                    "id": .string, "headline": .string, "published?": .string, "text": .string,
                    "speaker?": .string, "role?": .string, "paragraph": .integer,
                    "range": .array(.integer),
                ])), quotations),
    ]

    private static func range(_ parameters: Parameters) throws(Failure) -> DateRange? {
        let (since, until) = (parameters.string("since"), parameters.string("until"))
        guard since != nil || until != nil else { return nil }
        guard let range = DateRange(since: since, until: until) else {
            throw Failure(
                .invalidParams, "since and until are dates",
                hint: "as 2017, 2017-01, 2017-01-26 or RFC 3339")
        }
        return range
    }

    private static func facets(_ parameters: Parameters) throws(Failure) -> [Searcher.Facet] {
        var facets: [Searcher.Facet] = []
        for name in parameters.strings("facets") ?? [] {
            guard let facet = Searcher.Facet(rawValue: name) else {
                let all = Searcher.Facet.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(
                    .invalidParams, "articles are not counted by \(name)",
                    hint: "they are by \(all)")
            }
            if !facets.contains(facet) { facets.append(facet) }
        }
        return facets
    }

    // MARK: Places

    private static func place(_ cursor: Cursor?) -> Searcher.Place? {
        guard let place = cursor?.place, let key = place["k"], let row = place["r"]?.int, row >= 0
        else {
            return nil
        }
        return Searcher.Place(key: key, row: Int64(row))
    }

    /// The revision of the first page.
    private static func pin(_ cursor: Cursor?) -> RevisionPin? {
        guard let pin = cursor?.place["at"]?.array, pin.count == 3, let revision = pin[0].int,
            let article = pin[1].int, let version = pin[2].int
        else { return nil }
        return RevisionPin(
            revision: revision, article: Int64(article), version: Int64(version))
    }

    private static func json(_ place: Searcher.Place?, _ pin: RevisionPin? = nil) -> JSON? {
        place.map { place in
            var members: [JSON.Member] = [
                .init("k", place.key), .init("r", .integer(place.row)),
            ]
            if let pin {
                let rows: [JSON] = [.integer(pin.article), .integer(pin.version)]
                members.append(.init("at", .array([.integer(pin.revision)] + rows)))
            }
            return .object(members)
        }
    }

    // MARK: Answers

    private static func search(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let cursor = try Cursor(parameters, method: "articles.search")
        var question = Searcher.Question(
            query: try QueryParser.query(parameters.string("query") ?? ""),
            range: try range(parameters),
            sort: parameters.string("sort").flatMap(Searcher.Sort.init) ?? .relevance,
            limit: parameters.int("limit") ?? 20, after: place(cursor))
        question.at = parameters.int("at")
        question.pin = pin(cursor)
        question.countsAll = parameters.bool("exact")
        question.facets = try facets(parameters)
        question.timeline = parameters.string("timeline").flatMap(Searcher.Timeline.init)
        question.explains = parameters.bool("explain")
        let page = try service.searcher.articles(question)
        return Self.page(
            page.items, next: json(page.next, page.pin), revision: page.revision, parameters,
            method: "articles.search", further: page.further)
    }

    private static func related(_ service: Service, _ parameters: Parameters, _ request: Request)
        async throws -> Answer
    {
        let page = try service.searcher.related(
            to: parameters.string("id") ?? "", limit: parameters.int("limit") ?? 20)
        var members: [JSON.Member] = [
            .init("id", .string(page.id)), .init("words", .array(page.words.map { .string($0) })),
            .init("items", .array(page.items)), .init("revision", .integer(page.revision)),
        ]
        if let rebuilding = page.rebuilding { members.append(.init("rebuilding", rebuilding.json)) }
        return Answer(.object(members))
    }

    private static func quotations(
        _ service: Service, _ parameters: Parameters, _ request: Request
    ) async throws -> Answer {
        let cursor = try Cursor(parameters, method: "quotes.search")
        let page = try service.searcher.quotations(
            Searcher.QuotationQuestion(
                speaker: try parameters.string("speaker").map(words),
                query: try parameters.string("query").map(words), range: try range(parameters),
                limit: parameters.int("limit") ?? 20, after: place(cursor)))
        return Self.page(
            page.items, next: json(page.next), revision: page.revision, parameters,
            method: "quotes.search")
    }

    /// A query of words alone: quotations have no fields.
    private static func words(_ text: String) throws(Failure) -> Query {
        let query = try QueryParser.query(text)
        guard case .all(let parts) = query else { return query }
        var hasWanted = parts.isEmpty
        for part in parts {
            switch part {
            case .words(nil, _, _): hasWanted = true
            case .any(let others) where others.allSatisfy(\.isPlain): hasWanted = true
            case .not(.words(nil, _, _)): continue
            default:
                throw Failure(
                    .querySyntax, "quotations are searched by words and phrases alone",
                    hint: "use since and until for dates, and articles.search for fields",
                    data: [.init("offset", 0), .init("expected", "words")])
            }
        }
        guard hasWanted else {
            throw Failure(
                .querySyntax, "at least one word is to be found",
                data: [.init("offset", 0), .init("expected", "a word")])
        }
        return query
    }
}

extension Searcher.Page {
    /// What an answer tells beside the hits.
    fileprivate var further: [JSON.Member] {
        var members: [JSON.Member] = [
            .init(
                "total",
                ["value": .integer(total), "relation": isTotalExact ? "eq" : "gte"])
        ]
        if let facets { members.append(.init("facets", facets)) }
        if let timeline { members.append(.init("timeline", timeline)) }
        if let understood { members.append(.init("understood", .string(understood.description))) }
        if let suggestion { members.append(.init("suggestion", .string(suggestion.description))) }
        if let rebuilding { members.append(.init("rebuilding", rebuilding.json)) }
        return members
    }
}
