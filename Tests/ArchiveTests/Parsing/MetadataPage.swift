import ArchiveProtocol
import Testing

@testable import Archive

/// A small page of a paper that does not exist, with what a test puts into its head and above its
/// story.
struct MetadataPage {
    var head = ""
    /// What stands between the title and the story.
    var top = ""
    var headline = "<h1>Old crane at the north pier to go</h1>"
    /// What stands behind the story.
    var bottom = ""
    var url: String? = "https://gull.example/harbour/crane"
    var language = "en"
    var captured: String?

    /// Two paragraphs of some length.
    static let prose = """
        <p>The harbour master of Port Elsin said on Monday that the old crane, which has stood at
        the north pier since 1911, would be taken down before winter.</p>
        <p>Its foundations, she said, have moved by eleven centimetres, and nobody knows how long
        they will hold; the town has set money aside for the work.</p>
        """

    var text: String {
        """
        <!doctype html><html lang="\(language)"><head><meta charset="utf-8">\(head)</head><body>
        <nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
        <main>\(headline)\(top)<div class="story-body">\(Self.prose)</div>\(bottom)</main>
        <footer><p>The Elsin Gull, 4 Quay Street, Port Elsin, since 1902.</p></footer></body></html>
        """
    }

    /// A script of JSON-LD.
    static func linked(_ json: String) -> String {
        "<script type=\"application/ld+json\">\(json)</script>"
    }

    func reading() throws -> Reading {
        let bytes = Array(text.utf8)
        let capture = Capture(
            name: [], bytes: bytes, digest: Digest(of: bytes), url: url, captured: captured)
        return try HTMLParser(styles: .none).read(
            Page(capture: capture, text: bytes, encoding: "utf-8", origin: 0, checkpoints: []))
    }

    func article() throws -> Article {
        let reading = try reading()
        guard case .article(let article) = reading.finding else {
            throw Refusal(.noArticle, "\(reading.finding)")
        }
        return article
    }

    /// The evidence of a field, with the bytes that it points at.
    func evidence(_ field: String) throws -> [(item: Evidence, bytes: String)] {
        let bytes = Array(text.utf8)
        return try reading().evidence.filter { $0.field == field }
            .map { ($0, String(decoding: bytes[$0.range], as: UTF8.self)) }
    }
}
