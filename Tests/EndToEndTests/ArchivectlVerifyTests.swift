import ArchiveProtocol
import Testing

/// `archivectl verify` against a daemon with canned answers.
@Suite(.serialized) struct ArchivectlVerifyTests {
    private func page(_ items: [JSON]) -> StubServer.Answer {
        .result(["items": .array(items), "revision": 7])
    }

    @Test func `verify exits with 1 where an original is damaged`() throws {
        let items: [JSON] = [
            ["digest": "sha256:aa", "ok": true],
            ["digest": "sha256:bb", "ok": false, "found": "sha256:cc"],
        ]
        let sound: JSON = ["items": [], "revision": 9, "rows": 7]
        let (run, _) = try run(
            ["originals.verify": [page(items)], "archive.verify": [.result(sound)]], ["verify"])
        #expect(run.exitCode == 1)
        #expect(
            run.output == """
                sha256:bb: damaged; found sha256:cc
                2 verified, 1 damaged
                7 rows of the database verified, 0 damages

                """)
    }

    @Test func `verify exits with 1 where the database is damaged, and looks at all of it`() throws
    {
        let pages: [JSON] = [
            ["items": [], "revision": 9, "rows": 1000, "nextCursor": "c"],
            [
                "items": [["kind": "record", "detail": "the record of k3x9 has another digest"]],
                "revision": 9, "rows": 4,
            ],
        ]
        let answers = [
            "originals.verify": [page([])],
            "archive.verify": pages.map { StubServer.Answer.result($0) },
        ]
        let (all, requests) = try run(answers, ["verify"])
        #expect(all.exitCode == 1)
        #expect(all.output.contains("database: damaged; the record of k3x9 has another digest\n"))
        #expect(all.output.contains("1004 rows of the database verified, 1 damages"))
        #expect(requests.last?.params["cursor"] == "c")
        let (one, asked) = try run(answers, ["verify", "sha256:aa"])
        #expect(one.exitCode == 0)
        #expect(!asked.contains { $0.method == "archive.verify" })
    }
}
