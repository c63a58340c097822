import ArchiveProtocol
import Glibc
import Testing

/// Runs the built program against a daemon with canned answers.
@Suite(.serialized) struct ArchivectlTests {
    private let hit: JSON = [
        "id": "k3x97qpm2d4f", "headline": "Ferry Returns to Harbor Point",
        "outlet": "Harbor Herald", "published": "2017-01-26T15:14-05:00", "version": 1,
        "snippet": "the \u{E000}ferry\u{E001} will sail",
    ]

    private func page(_ items: [JSON], next: String? = nil) -> StubServer.Answer {
        var members: [JSON.Member] = [.init("items", .array(items))]
        if let next { members.append(.init("nextCursor", .string(next))) }
        members.append(.init("revision", 7))
        return .result(.object(members))
    }

    // Exit codes.

    @Test(arguments: Failure.Code.allCases)
    func `each error of the daemon has its exit code and is told on standard error`(
        code: Failure.Code
    ) throws {
        let failure = Failure(code, "it did not work", hint: "try this")
        let (run, _) = try run(["articles.get": [.failure(failure)]], ["show", "k3x97qpm2d4f"])
        #expect(run.exitCode == code.exitCode)
        #expect(run.output == "")
        #expect(
            run.errors
                == "archivectl: error: it did not work\narchivectl: hint: try this\n")
    }

    @Test(arguments: [
        ["serch"], ["search", "--limt", "3"], ["show"], ["search", "-n", "0"],
        ["search", "--since", "2017-13"], ["search", "--since", "2017-02-29"],
        ["search", "--all", "-n", "3"], ["retry"], ["call", "ping", "{"], ["call", "ping", "[]"],
        ["version", "-o", "xml"], ["cat", "a", "--raw", "-o", "json"], ["wait", "--timeout", "0"],
        ["outlets", "check"], ["outlets", "list", "a.yaml"], ["outlets", "check", "a", "-n", "0"],
    ])
    func `a wrong command line exits with 2`(arguments: [String]) throws {
        let run = try ProgramRun(arguments)
        #expect(run.exitCode == 2)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("archivectl: error: "))
        #expect(run.errors.contains("\narchivectl: hint: ") || arguments[0] == "call")
    }

    @Test func `an unknown verb is answered with the one that was meant`() throws {
        let run = try ProgramRun(["serch", "ferry"])
        #expect(run.errors.contains("did you mean 'search'?"))
    }

    @Test func `a daemon that does not run exits with 3 and tells how to start it`() throws {
        let run = try ProgramRun(["status", "--socket", "/nonexistent/archived.sock"])
        #expect(run.exitCode == 3)
        #expect(run.errors.contains("systemctl start archived"))
    }

    @Test func `a daemon that hangs up exits with 3`() throws {
        let (run, _) = try run(["archive.status": [.hangUp]], ["status"])
        #expect(run.exitCode == 3)
    }

    @Test func `a socket that may not be opened exits with 5 and names the group`() throws {
        // Root may open everything.
        guard getuid() != 0 else { return }
        let server = try StubServer([:])
        defer { server.stop() }
        chmod(server.path, 0)
        let run = try ProgramRun(["status", "--socket", server.path])
        #expect(run.exitCode == 5)
        #expect(run.errors.contains("sudo adduser $USER archive"))
    }

    @Test func `a daemon that does not answer in time exits with 6`() throws {
        let (run, _) = try run(
            ["archive.status": [.silence]], ["status", "--timeout", "0.05"])
        #expect(run.exitCode == 6)
    }

    @Test func `a record of a withdrawn article exits with 7`() throws {
        let record: JSON = ["id": "k3x97qpm2d4f", "headline": "", "withdrawn": "by the court"]
        let (run, _) = try run(["articles.get": [.result(record)]], ["show", "k3x97qpm2d4f"])
        #expect(run.exitCode == 7)
        #expect(run.output == "")
    }

    @Test func `the help exits with 0 and begins with three examples`() throws {
        for verb in [
            [], ["search"], ["related"], ["searches"], ["add"], ["why"], ["monitor"], ["verify"],
        ] {
            let run = try ProgramRun(verb + ["--help"])
            #expect(run.exitCode == 0)
            let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[2] == "Examples:")
            for line in lines[3...5] { #expect(line.contains("archivectl")) }
            let told = lines.prefix { !$0.hasPrefix("USAGE") }
            #expect(told.filter { $0.count > 80 }.isEmpty)
        }
    }

    @Test func `the version needs no daemon`() throws {
        let run = try ProgramRun(["version", "--socket", "/nonexistent"])
        #expect(run.exitCode == 0)
        #expect(run.output.hasPrefix("archivectl "))
    }

    // Asking.

    @Test func `search prints a hit with its snippet, and the total on standard error`() throws {
        let answer: JSON = [
            "items": [hit], "total": ["value": 31, "relation": "eq"], "nextCursor": "c1",
        ]
        let (run, requests) = try run(
            ["articles.search": [.result(answer)]],
            [
                "search", "ferry", "by:moss", "--since", "2017", "-n", "1", "--sort", "newest",
                "--sync",
            ])
        #expect(run.exitCode == 0)
        #expect(
            run.output == """
                k3x97qpm2d4f  2017-01-26  Harbor Herald  Ferry Returns to Harbor Point
                              the ferry will sail

                """)
        #expect(run.errors == "1 shown of 31; more with --all, or --cursor c1\n")
        #expect(
            requests.first?.params == [
                "query": "ferry by:moss", "sort": "newest", "since": "2017", "sync": 30000,
                "limit": 1,
            ])
    }

    @Test func `found words are bold where colour is wanted`() throws {
        let (run, _) = try run(
            ["articles.search": [page([hit])]], ["search", "ferry", "--color", "always"])
        #expect(run.output.contains("the \u{1B}[1mferry\u{1B}[0m will sail"))
    }

    @Test func `all pages are followed, and no further`() throws {
        let (run, requests) = try run(
            ["articles.search": [page([hit, hit], next: "c1"), page([hit])]],
            ["search", "ferry", "--all", "-o", "json-lines"])
        #expect(run.output == String(repeating: hit.text + "\n", count: 3))
        #expect(requests.map { $0.params["cursor"]?.string } == [nil, "c1"])
    }

    @Test func `json is one document with the elements of every page`() throws {
        let (run, _) = try run(
            ["articles.search": [page([hit], next: "c1"), page([hit])]],
            ["search", "ferry", "--all", "-o", "json"])
        let document = try JSONParser.parse(run.output.utf8)
        #expect(document == ["items": [hit, hit], "revision": 7])
        #expect(run.output.hasPrefix("{\n  \"items\": [\n    {\n      \"id\": "))
    }

    @Test func `what an archive holds cannot steer the terminal`() throws {
        var record = Article()
        record.id = "k3x97qpm2d4f"
        record.headline = "A\u{1B}]0;owned\u{07}B\u{9B}2J\u{202E}C\u{200B}D\nE\u{E000}F"
        record.body = [Block(.paragraph, "a\u{8}b\u{FEFF}c")]
        let json = try JSONParser.parse(record.bytes)
        for arguments in [["show", "k3x9"], ["cat", "k3x9"]] {
            let (run, _) = try run(["articles.get": [.result(json)]], arguments)
            #expect(
                run.output.contains("A\\x1B]0;owned\\x07B\\x9B2J\\u{202E}CD E\\u{E000}F\n"))
            #expect(run.output.contains("\na\\x08bc\n"))
        }
    }

    @Test func `an error's text is sanitised too`() throws {
        let (run, _) = try run(
            ["articles.get": [.failure(Failure(.notFound, "no \u{1B}[2J"))]], ["show", "k3x9"])
        #expect(run.errors == "archivectl: error: no \\x1B[2J\n")
    }

    @Test func `an article is shown with head, body, pictures and related stories`() throws {
        var article = Article()
        article.id = "k3x97qpm2d4f"
        article.headline = "Ferry Returns"
        article.byline = "By Ana Moss"
        article.published = NewsDate(
            value: "2017-01-26T15:14", precision: .minute, source: "byline")
        article.outlet = "Harbor Herald"
        article.dateline = "HARBOR POINT"
        article.url = "https://herald.example/ferry"
        article.body = [Block(.paragraph, "It sailed."), Block(.quote, "At last.")]
        article.images = [Image(caption: "The ferry.", credit: "Herald/Ana Moss")]
        article.quotations = [
            Quotation(text: "At last.", speaker: "Jo Reed", paragraph: 1, range: 0..<8)
        ]
        article.related = [RelatedLink(label: "READ MORE", headline: "Pier Reopens")]
        article.embeds = [Embed(title: "Timetable", creator: "pier", provider: "Scribd")]
        let json = try JSONParser.parse(article.bytes)
        let (run, _) = try run(["articles.get": [.result(json)]], ["show", "k3x9", "--quotes"])
        #expect(
            run.output == """
                Ferry Returns
                By Ana Moss
                2017-01-26 15:14
                Harbor Herald — HARBOR POINT
                https://herald.example/ferry

                It sailed.

                    At last.

                Picture: The ferry. (Herald/Ana Moss)

                Quotations:
                  Jo Reed: “At last.”

                Document: Timetable (pier on Scribd)

                Related:
                  ► Pier Reopens


                """)
    }

    @Test func `one article of several that is missing does not stop the others`() throws {
        let record: JSON = ["id": "aaaa", "headline": "Found"]
        let (run, _) = try run(
            ["articles.get": [.failure(Failure(.notFound, "no article bbbb")), .result(record)]],
            ["show", "bbbb", "aaaa", "-o", "json-lines"])
        #expect(run.exitCode == 4)
        #expect(run.output == record.text + "\n")
    }

    @Test func `raw bytes come through the descriptor untouched`() throws {
        let bytes = Array("\u{1B}[31m<html>\0".utf8) + [0xFF, 0xFE]
        let (run, requests) = try run(
            ["articles.raw": [.file(["size": 12], bytes)]], ["cat", "k3x9", "--raw"])
        #expect(run.exitCode == 0)
        #expect(run.output == String(decoding: bytes, as: UTF8.self))
        #expect(requests.first?.params["descriptor"] == true)
    }

    @Test func `raw bytes come in pieces where no descriptor is given`() throws {
        let (run, requests) = try run(
            [
                "articles.raw": [
                    .result(["size": 5]), .result(["size": 5, "data": "aGVs"]),
                    .result(["size": 5, "data": "bG8="]),
                ]
            ], ["cat", "k3x9", "--raw"])
        #expect(run.output == "hello")
        #expect(requests.map { $0.params["offset"]?.int } == [nil, 0, 3])
    }

    @Test func `quotes are told with speaker and source`() throws {
        let quotation: JSON = [
            "id": "k3x9", "headline": "Ferry", "published": "2017-01-26", "text": "At last.",
            "speaker": "Jo Reed", "role": "captain", "paragraph": 1, "range": [0, 8],
        ]
        let (run, requests) = try run(
            ["quotes.search": [page([quotation])]], ["quotes", "--speaker", "reed", "--no-legend"])
        #expect(run.output == "Jo Reed, captain — “At last.” (k3x9, 2017-01-26)\n")
        #expect(run.errors == "")
        #expect(requests.first?.params == ["speaker": "reed", "limit": 20])
    }

    @Test(arguments: [
        (["k3x97qpm2d4f"], "articles.evidence"),
        (["k3x97qpm2d4f", "headline"], "articles.evidence"),
        (["page.html"], "inbox.explain"), (["--id", "page"], "articles.evidence"),
        (["--path", "k3x97qpm2d4f"], "inbox.explain"), (["notes"], "inbox.explain"),
    ])
    func `why tells an article from a file by its shape`(arguments: [String], method: String) throws
    {
        let (run, requests) = try run(
            ["articles.evidence": [.result([:])], "inbox.explain": [.result([:])]],
            ["why"] + arguments)
        #expect(run.exitCode == 0)
        #expect(requests.map(\.method) == [method])
    }

    // The inbox.

    @Test func `add hands over the open file on the administrators' socket`() throws {
        let (run, requests) = try run(
            ["inbox.add": [.result(["path": "story.txt"])]], ["add", "-", "--name", "story.txt"],
            input: Array("a story".utf8))
        #expect(run.exitCode == 0)
        #expect(run.output == "story.txt: added\n")
        #expect(requests.first?.file == Array("a story".utf8))
        #expect(requests.first?.isAdministration == true)
        #expect(requests.first?.params == ["name": "story.txt"])
    }

    @Test func `add --wait exits with 1 where the file was quarantined`() throws {
        let row: JSON = [
            "path": "a.zip", "state": "quarantined", "reason": "encrypted", "detail": "no key",
        ]
        let (run, requests) = try run(
            [
                "inbox.add": [.result(["path": "a.zip"])], "sync": [.result(["revision": 3])],
                "inbox.explain": [.result(row)],
            ], ["add", "-", "--wait"])
        #expect(run.exitCode == 1)
        #expect(run.output.hasPrefix("a.zip: quarantined; encrypted: no key\n    to do: decrypt"))
        #expect(requests.map(\.method) == ["inbox.add", "sync", "inbox.explain"])
    }

    @Test func `add refuses a directory and a missing file by name`() throws {
        let (run, requests) = try run([:], ["add", "/tmp", "/nonexistent/page"])
        #expect(run.exitCode == 1)
        #expect(run.errors.contains("cannot add /tmp: it is no regular file"))
        #expect(run.errors.contains("cannot read /nonexistent/page: No such file"))
        #expect(requests.isEmpty)
    }

    @Test func `failed files are listed with reason and remedy`() throws {
        let row: JSON = [
            "path": "b.warc", "state": "quarantined", "reason": "truncated",
            "detail": "the record ends early at byte 412", "since": "2026-01-02T03:04:05Z",
            "digest": "sha256:00",
        ]
        let (run, requests) = try run(["inbox.list": [page([row])]], ["list-failed"])
        #expect(run.exitCode == 0)
        #expect(run.output.contains("truncated: the record ends early at byte 412"))
        #expect(run.output.contains("to do:      get the file again"))
        #expect(requests.first?.params["state"] == "quarantined")
    }

    @Test func `monitor takes up again after a lag, and ends with 130 when interrupted`() throws {
        let event: JSON = [
            "revision": 4, "time": "t", "type": "article.added", "id": "k3x9", "headline": "Ferry",
        ]
        let (run, requests) = try run(
            [
                "events.subscribe": [
                    .stream(
                        ["revision": 4], [("event", event), ("lagged", ["from": 4, "to": 9])]),
                    .stream(["revision": 9], [("event", ["type": "file.stored", "path": "last"])]),
                ]
            ], ["monitor", "--since", "3", "-q"], interrupting: "last")
        #expect(run.exitCode == 130)
        #expect(run.output == "t  4  article.added  k3x9  Ferry\nfile.stored  last\n")
        #expect(requests.map { $0.params["since"]?.int } == [3, 4])
    }

    @Test(arguments: [
        ("retry --all", "inbox.retry"), ("retry a.zip", "inbox.retry"),
        ("discard sha256:00", "inbox.discard"), ("rescan", "inbox.rescan"),
        ("reload", "archive.reload"), ("call inbox.rescan", "inbox.rescan"),
    ])
    func `what changes the archive is asked on the administrators' socket`(
        words: String, method: String
    ) throws {
        let (run, requests) = try run(
            [method: [.result([:])]], words.split(separator: " ").map(String.init))
        #expect(run.exitCode == 0)
        #expect(requests.map(\.method) == [method])
        #expect(requests.map(\.isAdministration) == [true])
    }

    @Test func `no verb shows the status, and options may stand before a verb`() throws {
        let answers: [String: [StubServer.Answer]] = [
            "archive.status": [.result(["state": "degraded", "articles": 20000])],
            "inbox.status": [.result(["path": "/in", "quarantined": 2])],
        ]
        let (short, _) = try run(answers, [])
        #expect(short.exitCode == 1)
        #expect(short.output.contains("20,000 in 0 versions"))
        #expect(short.output.contains("2 in quarantine (see: archivectl list-failed)"))
        let (json, _) = try run(answers, ["-o", "json-lines", "status"])
        #expect(
            json.output
                == #"{"state":"degraded","articles":20000,"inbox":{"path":"/in","quarantined":2}}"#
                + "\n")
    }
}
