import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct SearchMethodsTests {
    /// Stories of 25 writers, two outlets and some years; each tenth has no date.
    private static func story(_ number: Int) -> Accession {
        var article = StoryAccession.article(
            "Story \(number)", url: "https://news.example/\(number)", published: date(number),
            body: ["ferry number \(number)"])
        article.authors = [writer(number)]
        article.dateline = number.isMultiple(of: 3) ? "HARLOW" : nil
        article.outlet = number.isMultiple(of: 2) ? "Quay" : "Harbor Post"
        return StoryAccession.page(article, file: "\(number).md")
    }

    private static func writer(_ number: Int) -> String { "Writer \(number % 25)" }

    private static func date(_ number: Int) -> String? {
        number.isMultiple(of: 10) ? nil : "201\(5 + number % 3)-0\(1 + number % 9)-11"
    }

    private static func counter(_ numbers: Range<Int>) throws -> Counter {
        let counter = try Counter()
        try store(numbers, in: counter)
        return counter
    }

    private static func store(_ numbers: Range<Int>, in counter: Counter) throws {
        try counter.holdings.repository.store(numbers.map(story))
    }

    private static func headlines(_ page: JSON) -> [String] {
        (page["items"]?.array ?? []).compactMap { $0["headline"]?.string }
    }

    private static func counts(_ json: JSON?) -> [String] {
        (json?["values"]?.array ?? []).map { value in
            "\(value["value"]?.string ?? "?") \(value["count"]?.int ?? 0)"
        }
    }

    private static func takeBack(_ number: Int, in counter: Counter) throws {
        let notice = WithdrawalNotice(
            status: .canceled, url: "https://news.example/\(number)", identifier: nil,
            outlet: nil, headline: nil, issued: nil, words: "no")
        try counter.holdings.repository.store([
            StoryAccession.notice(notice, file: "kill \(number).xml")
        ])
    }

    // MARK: Counts

    @Test func `the articles found are counted by what they have in common`() async throws {
        let counter = try Self.counter(0..<60)
        let page = try await counter.ask(
            "articles.search",
            [
                "query": "ferry", "facets": ["author", "outlet", "year", "section", "place"],
                "limit": 3,
            ])
        let facets = try #require(page["facets"]?.array)
        #expect(
            facets.map { $0["field"]?.string } == ["author", "outlet", "year", "section", "place"])
        var writers: [String: Int] = [:]
        for number in 0..<60 { writers[Self.writer(number), default: 0] += 1 }
        let most = writers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        #expect(Self.counts(facets[0]) == most.prefix(20).map { "\($0.key) \($0.value)" })
        #expect(facets[0]["others"]?.int == 5)
        #expect(Self.counts(facets[1]) == ["Harbor Post 30", "Quay 30"])
        #expect(facets[1]["others"] == nil && facets[1]["undated"] == nil)
        let years = ["2015", "2016", "2017"].map { year in
            "\(year) \((0..<60).count { Self.date($0)?.hasPrefix(year) == true })"
        }
        #expect(Set(Self.counts(facets[2])) == Set(years) && facets[2]["undated"]?.int == 6)
        #expect(Self.counts(facets[3]).isEmpty)
        #expect(Self.counts(facets[4]) == ["HARLOW 20"])
        #expect(page["total"]?["value"]?.int == 60)
    }

    @Test func `months come in the order of time`() async throws {
        let counter = try Self.counter(0..<60)
        let page = try await counter.ask(
            "articles.search", ["query": "ferry", "timeline": "month", "limit": 0])
        var months: [String: Int] = [:]
        for number in 0..<60 {
            if let date = Self.date(number) { months[String(date.prefix(7)), default: 0] += 1 }
        }
        #expect(
            Self.counts(page["timeline"])
                == months.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
        #expect(page["timeline"]?["unit"]?.string == "month")
        #expect(page["timeline"]?["undated"]?.int == 6)
        #expect(page["items"] == [] && page["nextCursor"] == nil && page["facets"] == nil)
    }

    @Test func `what is counted is told with the first page alone`() async throws {
        let counter = try Self.counter(0..<30)
        var question: [JSON.Member] = [
            .init("query", "ferry"), .init("facets", ["year"]), .init("timeline", "year"),
            .init("limit", 20),
        ]
        let first = try await counter.ask("articles.search", .object(question))
        #expect(first["facets"] != nil && first["timeline"] != nil)
        question.append(.init("cursor", try #require(first["nextCursor"])))
        let second = try await counter.ask("articles.search", .object(question))
        #expect(second["facets"] == nil && second["timeline"] == nil)
        #expect(Self.headlines(second).count == 10)
    }

    @Test func `what nothing is counted by is refused`() async throws {
        let counter = try Counter()
        let failure = await counter.failure("articles.search", ["facets": ["colour"]])
        #expect(failure.code == .invalidParams && failure.hint?.contains("author") == true)
    }

    // MARK: Explanations

    @Test func `what gave a hit its score is told by word and field`() async throws {
        let counter = try Counter()
        var article = StoryAccession.article(
            "Harbor ferry", url: "https://a.example/1", body: ["A ferry and a ferry in fog."])
        article.byline = "By Jo Moss"
        try counter.holdings.repository.store([StoryAccession.page(article, file: "1")])
        let page = try await counter.ask(
            "articles.search",
            [
                "query": "(ferry fog OR storm)  by:MOSS -tram", "explain": true,
                "since": "1990",
            ])
        // Nothing is found of the undated; the query is told all the same.
        #expect(page["understood"]?.string == "ferry fog OR storm by:moss -tram date:1990..")
        let found = try await counter.ask(
            "articles.search", ["query": "ferry (fog OR storm) by:moss -tram", "explain": true])
        let hit = try #require(found["items"]?.array?.first)
        let shares = try #require(hit["explanation"]?.array)
        let lines = shares.map { share in
            "\(share["text"]?.string ?? "") \(share["field"]?.string ?? "") "
                + "\(share["occurrences"]?.int ?? 0)"
        }
        #expect(
            lines == [
                "ferry headline 1", "ferry body 2", "fog body 1", "by:moss byline 1",
            ])
        let sum = shares.reduce(0) { $0 + ($1["score"]?.double ?? 0) }
        #expect(sum == hit["score"]?.double && sum > 0)
        let plain = try await counter.ask("articles.search", ["query": "ferry"])
        #expect(plain["understood"] == nil && plain["items"]?.array?[0]["explanation"] == nil)
    }

    // MARK: Suggestions

    @Test(arguments: [
        ("fery", "ferry"), ("gerry", "ferry"), ("xferry", "ferry"), ("erry", "ferry"),
        ("feryr numbr", "ferry number"),
        ("headline:stroy ferry", "headline:story ferry"),
        ("headline:stori ferry", "headline:story ferry"), ("ferry OR harbuor", nil),
        ("\"ferry nunber\" -tram", "\"ferry number\" -tram"), ("ferry", nil), ("2031", nil),
        ("xylophone", nil), ("-fery", nil), ("fe", nil), ("ferry OR numbr", "ferry OR number"),
        ("lantern", nil), ("outlet:quai fery", "outlet:quay ferry"), ("fery~", nil),
        ("lantren", nil),
    ])
    func `a query that finds nothing is told what it may have meant`(
        _ text: String, _ suggestion: String?
    ) async throws {
        let counter = try Self.counter(1..<9)
        let page = try await counter.ask("articles.search", ["query": .string(text)])
        #expect(page["suggestion"]?.string == suggestion)
        guard let suggestion else { return }
        let other = try await counter.ask("articles.search", ["query": .string(suggestion)])
        #expect(!Self.headlines(other).isEmpty && other["suggestion"] == nil)
    }

    @Test func `of many words that stand nowhere some are looked for`() async throws {
        let counter = try Self.counter(1..<5)
        let words = (0..<40).map { "numbe\(String(repeating: "e", count: $0 % 2))x OR fery\($0)" }
        let text = (["fery"] + words).joined(separator: " OR ")
        let page = try await counter.ask("articles.search", ["query": .string(text)])
        let suggestion = try #require(page["suggestion"]?.string)
        #expect(suggestion.hasPrefix("ferry OR "))
    }

    @Test func `only what finds something is suggested`() async throws {
        let counter = try Counter()
        try counter.holdings.repository.store(
            ["lantern", "harbor"].map { word in
                StoryAccession.page(
                    StoryAccession.article(word, url: "https://a.example/\(word)"), file: word)
            })
        for (text, suggestion) in [
            ("lantrn harbor", nil), ("lantrn", "lantern"), ("lantern harbor", nil),
        ] {
            let page = try await counter.ask("articles.search", ["query": .string(text)])
            #expect(page["suggestion"]?.string == suggestion, "\(text)")
        }
    }

    // MARK: Related articles

    @Test func `articles about the same are found by their telling words`() async throws {
        let counter = try Counter()
        let texts = [
            "The dredger lifted mud out of the lagoon while herons watched.",
            "Herons left the lagoon when the dredger came, the keeper said.",
            "The council voted on the budget of the school.",
            "The budget of the council has no room for the school.",
            "The weather stays as it was, the office said.",
        ]
        try counter.holdings.repository.store(
            texts.enumerated().map { number, text in
                StoryAccession.page(
                    StoryAccession.article(
                        "Report", url: "https://a.example/\(number)", body: [text]),
                    file: "\(number)")
            })
        let ids = try texts.indices.map { number in
            try #require(try counter.holdings.found("url:a.example/\(number)").first)
        }
        for (number, other) in [(0, 1), (1, 0), (2, 3), (3, 2)] {
            let page = try await counter.ask(
                "articles.related", ["id": .string(String(ids[number].prefix(9)))])
            let found = (page["items"]?.array ?? []).compactMap { $0["id"]?.string }
            #expect(page["id"]?.string == ids[number])
            #expect(found.first == ids[other] && !found.contains(ids[number]), "\(number)")
        }
        let page = try await counter.ask(
            "articles.related", ["id": .string(ids[0]), "limit": 1])
        #expect(page["items"]?.array?.count == 1)
        let words = (page["words"]?.array ?? []).compactMap(\.string)
        #expect(Set(words.prefix(3)) == ["dredger", "lagoon", "herons"])
        #expect(!words.contains("mud"))
    }

    @Test func `of what is not there nothing is related`() async throws {
        let counter = try Self.counter(0..<3)
        let id = JSON.string(try #require(try counter.holdings.found("url:example/1").first))
        try Self.takeBack(1, in: counter)
        #expect(await counter.failure("articles.related", ["id": id]).code == .withdrawn)
        let missing = await counter.failure("articles.related", ["id": "zzzzzzzzzzzz"])
        #expect(missing.code == .notFound)
    }

    // MARK: Revisions

    @Test(arguments: Searcher.Sort.allCases)
    func `later pages are of the revision of the first`(_ sort: Searcher.Sort) async throws {
        let counter = try Self.counter(0..<40)
        var question: [JSON.Member] = [
            .init("query", "ferry"), .init("sort", .string(sort.rawValue)), .init("limit", 7),
        ]
        let before = try await counter.ask(
            "articles.search", .object(question.dropLast() + [.init("limit", 1000)]))
        var paged: [String] = []
        var added = 40
        while true {
            let page = try await counter.ask("articles.search", .object(question))
            paged += Self.headlines(page)
            #expect(page["total"]?["value"]?.int == 40)
            #expect(page["revision"] == before["revision"])
            guard let cursor = page["nextCursor"], paged.count < 100 else { break }
            question.removeAll { $0.key == "cursor" }
            question.append(.init("cursor", cursor))
            try Self.store(added..<(added + 5), in: counter)
            added += 5
        }
        #expect(Set(paged) == Set(Self.headlines(before)) && paged.count == 40)
        if sort != .relevance { #expect(paged == Self.headlines(before)) }
    }

    @Test func `an earlier revision finds what there was then`() async throws {
        let counter = try Self.counter(0..<12)
        let then = JSON.integer(try counter.holdings.repository.revision())
        try Self.store(12..<30, in: counter)
        let old = try await counter.ask(
            "articles.search", ["query": "ferry", "at": then, "sort": "oldest", "limit": 5])
        #expect(old["total"]?["value"]?.int == 12 && old["revision"] == then)
        let rest = try await counter.ask(
            "articles.search",
            [
                "query": "ferry", "at": then, "sort": "oldest",
                "cursor": try #require(old["nextCursor"]),
            ])
        let found = Self.headlines(old) + Self.headlines(rest)
        #expect(Set(found) == Set((0..<12).map { "Story \($0)" }) && found.count == 12)
        #expect(
            try await counter.ask("articles.search", ["at": 0])["total"]?["value"]?.int == 0)
        let now = JSON.integer(try counter.holdings.repository.revision())
        let all = try await counter.ask("articles.search", ["at": now])
        #expect(all["total"]?["value"]?.int == 30)
        let failure = await counter.failure(
            "articles.search", ["at": .integer(try counter.holdings.repository.revision() + 1)])
        #expect(failure.code == .invalidParams)
        // What is taken back is in no answer, whatever the revision.
        try Self.takeBack(3, in: counter)
        let after = try await counter.ask("articles.search", ["query": "ferry", "at": then])
        #expect(after["total"]?["value"]?.int == 11)
        #expect(!Self.headlines(after).contains("Story 3"))
    }

    @Test func `an article that changed since is shown as it was`() async throws {
        let counter = try Counter()
        let repository = counter.holdings.repository
        func store(_ headline: String, _ body: String) throws -> JSON {
            var article = StoryAccession.article(
                headline, url: "https://news.example/1", published: "2016-05-04", body: [body])
            article.byline = "By \(body.utf8.count)"
            try repository.store([StoryAccession.page(article, file: headline)])
            return .integer(try repository.revision())
        }
        let first = try store("Ferry", "The ferry sank.")
        let second = try store("Ferry, changed", "The ferry did not sink at all.")
        try repository.store([Self.story(2)])
        let hit = try #require(
            try await counter.ask("articles.search", ["query": "ferry", "at": first])["items"]?
                .array?.first)
        #expect(hit["version"] == 1 && hit["latestVersion"] == 2)
        #expect(hit["headline"] == "Ferry" && hit["byline"] == "By 15")
        #expect(hit["published"] == "2016-05-04" && hit["url"] == "https://news.example/1")
        #expect(hit["snippet"] == "The \u{E000}ferry\u{E001} sank.")
        let now = try await counter.ask("articles.search", ["query": "ferry", "at": second])
        #expect(now["items"]?.array?.count == 1)
        #expect(now["items"]?.array?[0]["version"] == 2)
        #expect(now["items"]?.array?[0]["latestVersion"] == nil)
        // The words are those of the latest version.
        let old = try await counter.ask("articles.search", ["query": "sank", "at": first])
        #expect(old["items"] == [])
        let id = try #require(hit["id"])
        for (revision, version) in [(first, 1), (second, 2)] {
            let record = try await counter.ask("articles.get", ["id": id, "at": revision])
            #expect(record["version"]?.int == version)
        }
        let early = await counter.failure("articles.get", ["id": id, "at": 0])
        #expect(early.code == .notFound && early.message.contains("after revision 0"))
        let both = await counter.failure("articles.get", ["id": id, "at": 1, "version": 1])
        #expect(both.code == .invalidParams)
    }
}
