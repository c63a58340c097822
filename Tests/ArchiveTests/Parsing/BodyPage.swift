import ArchiveProtocol

@testable import Archive

/// A page with a story of some length, for the tests of bodies.
enum BodyPage {
    /// Two paragraphs.
    static let story = """
        <p>The harbour master of Port Elsin said on Monday that the old crane, which has stood at
        the north pier since 1911, would be taken down before winter.</p>
        <p>Its foundations, she said, have moved by eleven centimetres, and nobody knows how long
        they will hold; the town has set money aside for the work.</p>
        """

    /// As much text again in other words.
    static let more = story.replacing("Monday", with: "Tuesday").replacing("eleven", with: "twelve")

    /// The article of a page with such a body.
    static func article(_ html: String, head: String = "") throws -> Article {
        let page = "<html><head><title>Old crane to go</title>\(head)</head><body>\(html)"
        return try ArchiveTests.article(try readPage(page))
    }
}
