import ArchiveProtocol
import Testing

@testable import Archive

/// What the daemon believes of what a worker says.
@Suite struct WorkerFramesTests {
    private static let capture = Capture(name: [0x61], bytes: Array("The ferry is back\n".utf8))

    private static func member(
        document: (PreparedArticle) -> [UInt8] = { $0.document },
        evidence: (PreparedArticle) -> [UInt8] = { $0.evidence }
    ) -> AccessionMember {
        var article = Article()
        article.headline = "The ferry is back"
        article.body = [Block(.paragraph, "It runs again.")]
        let reading = Reading(
            form: "page-text", encoding: "utf-8", finding: .article(article),
            evidence: [Evidence(field: "headline", rule: "page-text/first", range: 0..<17)])
        let made = PreparedArticle(article, reading: reading, capture: capture)
        let told = PreparedArticle(
            made.article, document: document(made), evidence: evidence(made),
            confidences: made.confidences, encoding: made.encoding,
            encodingNote: made.encodingNote, captured: nil, capture: capture.digest)
        var member = AccessionMember(ordinal: 2, path: [0x61], content: .article(told))
        member.digest = capture.digest
        return member
    }

    private static func read(_ member: AccessionMember) throws(FrameReader.Broken) -> WorkerAnswer {
        var reader = FrameReader(Array(WorkerAnswer.member(member).frame.dropFirst(4)))
        return try WorkerAnswer(&reader)
    }

    @Test func `an article is read as it was told`() throws {
        let member = Self.member()
        #expect(try Self.read(member).frame == WorkerAnswer.member(member).frame)
    }

    @Test(arguments: [
        (0, " "), (0, "\n"), (1, "\n"), (1, "\"zz\":0,"), (1, "\"version\":9,"),
    ])
    func `a document in any other text is not believed`(place: Int, addition: String) {
        let member = Self.member(document: { made in
            var document = made.document
            document.insert(contentsOf: addition.utf8, at: place == 0 ? document.count : 1)
            return document
        })
        #expect(throws: FrameReader.Broken.self) { try Self.read(member) }
    }

    @Test(arguments: ["", "[", "[]]", "[\"\u{1}\"]"])
    func `evidence that is no JSON is not believed`(evidence: String) {
        let member = Self.member(evidence: { _ in Array(evidence.utf8) })
        #expect(throws: FrameReader.Broken.self) { try Self.read(member) }
    }

    @Test func `no part of a frame is taken for the whole`() {
        let frame = WorkerAnswer.member(Self.member()).frame.dropFirst(4)
        for count in 0..<frame.count {
            var reader = FrameReader(Array(frame.prefix(count)))
            #expect(throws: FrameReader.Broken.self) { try WorkerAnswer(&reader) }
        }
    }
}
