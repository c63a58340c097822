import Testing

@testable import Archive

@Suite struct IndexAnswersTests {
    /// An index with its oracle, after articles came, were replaced and went, with segments in
    /// memory and in files, merged here and there.
    private static func index(
        _ stories: inout IndexedStories, articles: Int, words: Int, in place: IndexPlace
    ) throws -> (ArticleIndex, IndexOracle) {
        let index = try ArticleIndex(directory: place.path)
        var oracle = IndexOracle()
        var row: Int64 = 0
        while row < articles {
            var batch: [IndexedArticle] = []
            for _ in 0..<Int.random(in: 1...max(2, articles / 8), using: &stories.random) {
                row += 1
                batch.append(stories.article(row, words: words))
            }
            var gone: [Int64] = []
            if row > 4 {
                let earlier = 1...(row - Int64(batch.count) + 1)
                batch.append(
                    stories.article(Int64.random(in: earlier, using: &stories.random), words: words)
                )
                gone.append(Int64.random(in: earlier, using: &stories.random))
            }
            try index.add(batch, removing: gone, revision: Int(row))
            for row in gone { oracle.remove(row) }
            for article in batch { oracle.add(article) }
            switch Int.random(in: 0..<6, using: &stories.random) {
            case 0: try index.flush()
            case 1: try index.mergeAll()
            case 2, 3: _ = try index.snapshot()
            default: break
            }
        }
        return (index, oracle)
    }

    private static func check(
        _ query: IndexQuery, _ snapshot: IndexSnapshot, _ oracle: IndexOracle,
        _ random: inout Seeded
    ) throws -> Int {
        let order = IndexQuestion.Order.allCases.randomElement(using: &random) ?? .relevance
        var expected = try oracle.hits(query, snapshot)
        if order != .relevance {
            for index in expected.indices { expected[index].score = 0 }
        }
        expected.sort { TopArticles.isBefore($0, $1, order) }
        var question = IndexQuestion(
            query: query, order: order, limit: [1, 3, 10][Int.random(in: 0..<3, using: &random)])
        question.countLimit = [0, 5, Int.max].randomElement(using: &random) ?? 0
        if Int.random(in: 0..<4, using: &random) == 0 {
            question.facets = [.named(.author), .named(.section), .named(.place), .year, .month]
        }
        if Bool.random(using: &random), expected.count > 2 {
            question.after = expected[Int.random(in: 0..<(expected.count / 2), using: &random)]
        }
        let answer = try snapshot.answer(question)
        let rest = expected.drop { hit in
            question.after.map { !TopArticles.isBefore($0, hit, order) } ?? false
        }
        #expect(answer.hits == Array(rest.prefix(question.limit)), "\(question)")
        #expect(answer.hasMore == (rest.count > question.limit), "\(question)")
        if question.countLimit > 0 {
            #expect(answer.total == min(expected.count, question.countLimit), "\(question)")
            #expect(answer.isTotalExact == (expected.count <= question.countLimit), "\(question)")
        }
        if !question.facets.isEmpty { checkFacets(answer, expected, oracle) }
        return expected.count
    }

    private static func checkFacets(
        _ answer: IndexAnswer, _ hits: [IndexHit], _ oracle: IndexOracle
    ) {
        var authors: [String: Int] = [:]
        var sections: [String: Int] = [:]
        var places: [String: Int] = [:]
        var months: [String: Int] = [:]
        for hit in hits {
            guard let article = oracle.entries[hit.row]?.article else { continue }
            for author in Set(article.authors) { authors[author, default: 0] += 1 }
            if let section = article.sectionName { sections[section, default: 0] += 1 }
            if let place = article.placeName { places[place, default: 0] += 1 }
            let month = DateKey.year(hit.date) * 100 + DateKey.month(hit.date)
            months[hit.date == 0 ? "" : String(month), default: 0] += 1
        }
        #expect(answer.facets[.named(.author)] == authors)
        #expect(answer.facets[.named(.section)] == sections)
        #expect(answer.facets[.named(.place)] == places)
        #expect(answer.facets[.month] == months)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `answers are those of a look at every word`(_ seed: UInt64) throws {
        let place = try IndexPlace()
        var stories = IndexedStories(seed: seed)
        let (index, oracle) = try Self.index(
            &stories, articles: Int(10 * seed), words: 30, in: place)
        let snapshot = try index.snapshot()
        #expect(snapshot.count == oracle.entries.count)
        var found = 0
        for _ in 0..<500 {
            let query = stories.query()
            found += try Self.check(query, snapshot, oracle, &stories.random) > 0 ? 1 : 0
        }
        #expect(found > 150)
    }

    @Test(arguments: [(21, 1500), (22, 1500), (23, 12_000), (24, 12_000)] as [(UInt64, Int)])
    func `answers are right where lists have many blocks`(_ seed: UInt64, _ articles: Int) throws {
        let place = try IndexPlace()
        var stories = IndexedStories(seed: seed)
        let (index, oracle) = try Self.index(
            &stories, articles: articles, words: 30_000 / articles, in: place)
        if seed.isMultiple(of: 2) { try index.mergeAll() }
        let snapshot = try index.snapshot()
        for _ in 0..<(400_000 / articles) {
            let query = stories.query()
            _ = try Self.check(query, snapshot, oracle, &stories.random)
        }
    }

    @Test func `pages hold each hit once`() throws {
        let place = try IndexPlace()
        var stories = IndexedStories(seed: 31)
        let (index, oracle) = try Self.index(&stories, articles: 300, words: 20, in: place)
        let snapshot = try index.snapshot()
        for order in IndexQuestion.Order.allCases {
            var question = IndexQuestion(
                query: .any([.words(.anywhere, "ferry"), .words(.anywhere, "tide")]), order: order,
                limit: 7)
            var rows: [Int64] = []
            while true {
                let answer = try snapshot.answer(question)
                rows += answer.hits.map(\.row)
                guard answer.hasMore else { break }
                question.after = answer.hits.last
            }
            #expect(Set(rows).count == rows.count)
            #expect(rows.count == (try oracle.hits(question.query, snapshot)).count)
        }
    }

    @Test func `a score is the same for the hit alone`() throws {
        let place = try IndexPlace()
        var stories = IndexedStories(seed: 41)
        let (index, _) = try Self.index(&stories, articles: 200, words: 20, in: place)
        let snapshot = try index.snapshot()
        for _ in 0..<50 {
            let query = stories.query()
            for hit in try snapshot.answer(IndexQuestion(query: query)).hits {
                #expect(try snapshot.hit(row: hit.row, for: query) == hit)
            }
        }
        #expect(try snapshot.hit(row: 100_000, for: .words(.anywhere, "ferry")) == nil)
    }

    @Test(arguments: [51, 52, 53] as [UInt64])
    func `what each text gives sums up to the score`(_ seed: UInt64) throws {
        let place = try IndexPlace()
        var stories = IndexedStories(seed: seed)
        let (index, oracle) = try Self.index(&stories, articles: 150, words: 30, in: place)
        let snapshot = try index.snapshot()
        var several = 0
        for _ in 0..<300 {
            let query = stories.query()
            let hits = try snapshot.answer(IndexQuestion(query: query, limit: 1000)).hits
            let rows = Array(1...Int64(160))
            let found = try snapshot.contributions(to: rows, of: query)
            #expect(Set(found.keys) == Set(hits.map(\.row)), "\(query)")
            for hit in hits {
                let parts = found[hit.row] ?? []
                #expect(parts.reduce(0) { $0 + $1.score } == hit.score, "\(query)")
                several += parts.count > 1 ? 1 : 0
                let article = try #require(oracle.entries[hit.row]?.article)
                let reason = try Explanation(parts, in: article)
                #expect(reason.shares.reduce(0) { $0 + $1.score } == hit.score, "\(query)")
                #expect(reason.shares.allSatisfy { $0.occurrences > 0 && !$0.text.isEmpty })
            }
        }
        #expect(several > 400)
    }

    @Test func `questions that ask too much are refused`() throws {
        let place = try IndexPlace()
        let index = try ArticleIndex(directory: place.path)
        var query = IndexQuery.words(.anywhere, "ferry")
        for _ in 0..<QueryPlan.deepest { query = .not(query) }
        let snapshot = try index.snapshot()
        #expect(throws: IndexQuestionError.tooDeep) {
            try snapshot.answer(IndexQuestion(query: query))
        }
        #expect(try snapshot.answer(IndexQuestion(query: .words(.anywhere, "a"))).hits == [])
    }
}
