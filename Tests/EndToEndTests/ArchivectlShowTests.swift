import ArchiveProtocol
import Testing

/// `archivectl show` where it is asked how sure the archive is.
@Suite(.serialized) struct ArchivectlShowTests {
    @Test func `contributors, genre and keywords are shown`() throws {
        var article = Article()
        article.headline = "Ferry Returns"
        article.byline = "By Ana Moss"
        article.contributors = ["Additional reporting by Jo Reed", "Iris Vane"]
        article.genre = .live
        article.keywords = ["ferry", "harbor"]
        article.body = [Block(.paragraph, "It is back.")]
        let (run, requests) = try run(
            ["articles.get": [.result(try JSONParser.parse(article.bytes))]],
            ["show", "k3x9", "--at", "12"])
        #expect(
            run.output == """
                Ferry Returns
                By Ana Moss
                Contributors: Additional reporting by Jo Reed, Iris Vane
                Genre: live
                Keywords: ferry, harbor

                It is back.


                """)
        #expect(requests.first?.params["at"]?.int == 12)
        let both = try ProgramRun(["show", "k3x9", "--at", "12", "--version", "1"])
        #expect(both.exitCode == 2)
    }

    @Test func `fields of low confidence are marked where that is asked for`() throws {
        var article = Article()
        article.id = "k3x97qpm2d4f"
        article.headline = "Ferry Returns"
        article.authors = ["Ana Moss"]
        article.published = NewsDate(value: "2017-01-26", precision: .day, source: "url")
        article.section = "Harbor"
        let evidence: JSON = [
            "id": "k3x97qpm2d4f",
            "items": [
                ["field": "headline", "confidence": "high"],
                ["field": "authors", "confidence": "low"],
                ["field": "published", "confidence": "low"], ["field": "section"],
            ],
        ]
        let answers: [String: [StubServer.Answer]] = [
            "articles.get": [.result(try JSONParser.parse(article.bytes))],
            "articles.evidence": [.result(evidence)],
        ]
        let marked = try run(answers, ["show", "k3x9", "--confidence"])
        #expect(
            marked.run.output.hasPrefix(
                "Ferry Returns\nAna Moss (?)\n2017-01-26 (?)\nHarbor\n"))
        #expect(marked.run.errors.contains("(?) low confidence: authors, published; "))
        let plain = try run(answers, ["show", "k3x9"])
        #expect(!plain.run.output.contains("(?)"))
        #expect(plain.requests.map(\.method).contains("articles.evidence") == false)
        for more in [["--version", "1"], ["-o", "json"]] {
            #expect(try run(answers, ["show", "k3x9", "--confidence"] + more).run.exitCode == 2)
        }
    }
}
