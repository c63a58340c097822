import ArchiveProtocol
import Glibc
import Testing

/// What `archivectl search` tells beside hits, against a daemon with canned answers.
@Suite(.serialized) struct ArchivectlSearchTests {
    private let hit: JSON = [
        "id": "k3x97qpm2d4f", "headline": "Ferry Returns", "published": "2017-01-26",
        "version": 1, "snippet": "", "score": .number("4.75"),
        "explanation": [
            ["text": "ferry", "field": "headline", "occurrences": 1, "score": .number("3.5")],
            ["text": "ferry", "field": "body", "occurrences": 2, "score": .number("1.25")],
        ],
    ]

    private func counted(_ months: [(String, Int)]) -> JSON {
        [
            "items": [], "total": ["value": 31, "relation": "eq"], "revision": 7,
            "facets": [
                [
                    "field": "author",
                    "values": [
                        ["value": "Ada Quill", "count": 12], ["value": "Jo Reed", "count": 3],
                    ], "others": 4,
                ]
            ],
            "timeline": [
                "unit": "month",
                "values": .array(
                    months.map { ["value": .string($0.0), "count": .integer($0.1)] }),
                "undated": 2,
            ],
        ]
    }

    @Test func `counts are told without hits`() throws {
        let answer = counted([("2016-11", 4), ("2017-02", 10)])
        let (run, requests) = try run(
            ["articles.search": [.result(answer)]],
            ["search", "ferry", "--count", "--facet", "author", "--facet", "year", "--timeline"])
        #expect(
            run.output == """
                31
                author  12  Ada Quill
                author   3  Jo Reed
                2016-11   4
                2016-12   0
                2017-01   0
                2017-02  10

                """)
        #expect(
            run.errors
                == "author: and 4 others\ntimeline: 2 without a date\n")
        #expect(
            requests.first?.params == [
                "query": "ferry", "facets": ["author", "year"], "timeline": "month",
                "exact": true, "limit": 0,
            ])
    }

    @Test func `many months are told as years, and gaps are filled`() throws {
        let answer = counted([("2010-11", 4), ("2010-12", 2), ("2013", 1), ("2014-02", 10)])
        let (run, _) = try run(
            ["articles.search": [.result(answer)]], ["search", "--count", "--timeline"])
        #expect(run.output.hasSuffix("\n2010   6\n2011   0\n2012   0\n2013   1\n2014  10\n"))
    }

    @Test func `counts as json are the answer without items`() throws {
        let (run, _) = try run(
            ["articles.search": [.result(counted([]))]],
            ["search", "--count", "-o", "json-lines"])
        let json = try JSONParser.parse(run.output.utf8)
        #expect(json["items"] == nil && json["facets"] == counted([])["facets"])
    }

    @Test func `what the first page alone told stands in the document`() throws {
        let first: JSON = [
            "items": [hit], "nextCursor": "c", "revision": 7, "suggestion": "tram",
            "facets": [],
        ]
        let (run, _) = try run(
            ["articles.search": [.result(first), .result(["items": [hit], "revision": 7])]],
            ["search", "x", "--all", "-o", "json"])
        #expect(
            try JSONParser.parse(run.output.utf8)
                == ["items": [hit, hit], "revision": 7, "suggestion": "tram", "facets": []])
    }

    @Test func `an explanation follows its hit`() throws {
        let answer: JSON = [
            "items": [hit], "revision": 7, "understood": "ferry by:moss",
            "total": ["value": 1, "relation": "eq"],
        ]
        let (run, requests) = try run(
            ["articles.search": [.result(answer)]], ["search", "FERRY by:Moss", "--explain"])
        #expect(
            run.output == """
                query: ferry by:moss
                k3x97qpm2d4f  2017-01-26  Ferry Returns
                                  4.75  score
                                  3.50  ferry in headline, once
                                  1.25  ferry in body, 2 times

                """)
        #expect(requests.first?.params["explain"] == true)
    }

    @Test func `what may have been meant is told on standard error`() throws {
        let answer: JSON = [
            "items": [], "revision": 7, "suggestion": "ferry",
            "total": ["value": 0, "relation": "eq"],
        ]
        let (run, _) = try run(["articles.search": [.result(answer)]], ["search", "fery"])
        #expect(run.exitCode == 0 && run.output == "")
        #expect(run.errors == "0 shown of 0\nDid you mean: ferry\n")
    }

    @Test func `a revision is passed on`() throws {
        let (_, requests) = try run(
            ["articles.search": [.result(["items": []])]], ["search", "x", "--at", "12"])
        #expect(requests.first?.params["at"]?.int == 12)
    }

    @Test func `a hit that changed since the revision is told as an older version`() throws {
        let hit: JSON = [
            "id": "k3x97qpm2d4f", "headline": "Ferry", "version": 1, "latestVersion": 3,
        ]
        let (run, _) = try run(
            ["articles.search": [.result(["items": [hit], "revision": 12])]],
            ["search", "x", "--at", "12"])
        #expect(run.output == "k3x97qpm2d4f  Ferry  (version 1 of 3)\n")
        #expect(
            run.errors.hasSuffix(
                "1 shown as then, in an older version; the words were looked "
                    + "for in the newest\n"))
    }

    @Test func `related articles are printed with the words that found them`() throws {
        let answer: JSON = [
            "id": "k3x97qpm2d4f", "words": ["ferry", "quay"], "revision": 7,
            "items": [["id": "abcd97qpm2d4", "headline": "Quay"]],
        ]
        let (run, requests) = try run(
            ["articles.related": [.result(answer)]], ["related", "k3x9", "-n", "5"])
        #expect(run.output == "abcd97qpm2d4  Quay\n")
        #expect(run.errors == "1 shown; by ferry quay\n")
        #expect(requests.first?.params == ["id": "k3x9", "limit": 5])
    }

    @Test(arguments: [
        ["search", "--facet", "colour"], ["search", "x", "--save", "a b"], ["related"],
        ["search", "x", "--save", "a", "--since", "2017"], ["search", "--at", "-1"],
    ])
    func `what cannot be asked exits with 2`(arguments: [String]) throws {
        let run = try ProgramRun(arguments)
        #expect(run.exitCode == 2 && run.output == "")
        #expect(run.errors.hasPrefix("archivectl: error: "))
    }

    // Saved searches.

    private func withHome(_ test: (String) throws -> Void) throws {
        var template = Array("/tmp/archivectl-home.XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let home = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            for name in ["/.config/archived/searches.json"] { unlink(home + name) }
            for name in ["/.config/archived", "/.config", ""] { rmdir(home + name) }
        }
        try test(home)
    }

    private let nothing: [String: [StubServer.Answer]] = [
        "articles.search": [.result(["items": [], "revision": 7])]
    ]

    @Test func `a search is kept, asked again, listed and removed`() throws {
        try withHome { home in
            let environment = ["HOME=\(home)"]
            let (kept, _) = try run(
                nothing,
                ["search", "ferry OR \"late boat\"", "--sort", "newest", "--save", "boats"],
                environment: environment)
            #expect(kept.exitCode == 0)
            let (_, requests) = try run(
                nothing, ["search", "@boats", "by:moss"], environment: environment)
            #expect(requests.first?.params["query"]?.string == "ferry OR \"late boat\" by:moss")
            #expect(requests.first?.params["sort"]?.string == "newest")
            let list = try ProgramRun(["searches"], environment: environment)
            #expect(list.output == "@boats  ferry OR \"late boat\"  newest\n")
            let json = try ProgramRun(["searches", "-o", "json"], environment: environment)
            #expect(
                try JSONParser.parse(json.output.utf8)
                    == ["boats": ["query": "ferry OR \"late boat\"", "sort": "newest"]])
            let gone = try ProgramRun(
                ["searches", "--remove", "boats"], environment: environment)
            #expect(gone.output == "boats: removed\n")
            let unknown = try ProgramRun(
                ["searches", "--remove", "boats"], environment: environment)
            #expect(unknown.exitCode == 2 && unknown.errors.contains("no search is saved"))
        }
    }

    @Test func `a query that the daemon refuses is not kept`() throws {
        try withHome { home in
            let environment = ["HOME=\(home)"]
            let (run, _) = try run(
                ["articles.search": [.failure(Failure(.querySyntax, "no"))]],
                ["search", "(", "--save", "x"], environment: environment)
            #expect(run.exitCode == 2)
            let list = try ProgramRun(
                ["searches", "--no-legend"], environment: environment)
            #expect(list.exitCode == 0 && list.output == "" && list.errors == "")
        }
    }

    @Test func `a file that cannot be read is told, and left alone`() throws {
        try withHome { home in
            for directory in ["/.config", "/.config/archived"] { mkdir(home + directory, 0o700) }
            let path = home + "/.config/archived/searches.json"
            let file = try #require(fopen(path, "w"))
            fputs("{ not json", file)
            fclose(file)
            let (run, _) = try run(
                nothing, ["search", "x", "--save", "y"], environment: ["HOME=\(home)"])
            #expect(run.exitCode == 1 && run.errors.contains("searches.json cannot be read"))
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_size == 10)
        }
    }
}
