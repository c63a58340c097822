import ArchiveProtocol
import Testing

@testable import Archive

/// Quotations and who said them.
struct QuotationTests {
    private func quotations(_ body: [String], language: String? = "en") -> [Quotation] {
        QuotationFinder.quotations(in: body.map { Block(.paragraph, $0) }, language: language)
    }

    private static let lead = "Mayor Ada Quill met Commissioner Ben Ortiz at the harbor on Monday."

    @Test(arguments: [
        ("\"We will open the gate at noon,\" Quill said.", "Ada Quill"),
        ("\"We will open the gate at noon,\" said Quill.", "Ada Quill"),
        ("Ortiz said, \"We will open the gate at noon.\"", "Ben Ortiz"),
        ("Ortiz told reporters: \"We will open the gate at noon.\"", "Ben Ortiz"),
        ("“We will open the gate at noon,\" Quill said.", "Ada Quill"),
        ("\"We will open the gate at noon,\" according to Ortiz.", "Ben Ortiz"),
        ("\"We will open the gate at noon,\" said Cora Lund, a baker.", "Cora Lund"),
        ("\"We will open the gate at noon,\" the mayor said.", "Ada Quill"),
        ("\"We will open the gate at noon,\" tweeted @harborgate.", "@harborgate"),
        (
            "\"We will open the gate at noon,\" Cora Lund, director of the Harbor Trust, said.",
            "Cora Lund"
        ),
    ])
    func `the cue names the speaker by the fullest name`(sentence: String, speaker: String) {
        let found = quotations([Self.lead, sentence])
        #expect(found.count == 1)
        #expect(found.first?.speaker == speaker)
    }

    @Test func `a split quotation is one, its parts joined by a space`() throws {
        let text = "\"We will open,\" Quill said. \"At noon, not before.\""
        let found = quotations([Self.lead, text])
        #expect(found.map(\.text) == ["We will open, At noon, not before."])
        #expect(found.first?.range == 0..<text.utf8.count)
        #expect(found.first?.paragraph == 1)
        #expect(found.first?.role == "Mayor")
    }

    @Test func `a fragment is no quotation`() {
        #expect(
            quotations(["Quill called it a \"dangerous\" plan, and listed \"aliens.\""]).isEmpty)
    }

    @Test func `a pronoun is the person in focus`() {
        let found = quotations([
            "Cora Lund has kept the gate since May.", "\"It sticks in the rain,\" she said.",
        ])
        #expect(found.map(\.speaker) == ["Cora Lund"])
    }

    @Test func `a paragraph of nothing but a quotation has the speaker before it`() {
        let found = quotations([
            Self.lead, "Ortiz said that the gate was old.", "\"It was my father's gate once.\"",
        ])
        #expect(found.map(\.speaker) == ["Ben Ortiz"])
    }

    @Test func `a quotation runs over paragraphs until its closing mark`() {
        let found = quotations([
            Self.lead, "\"The first winter was long. Nobody came.",
            "\"The second was longer,\" Quill said.",
        ])
        #expect(found.count == 1)
        #expect(
            found.first?.text == "The first winter was long. Nobody came. The second was longer,")
        #expect(found.first?.speaker == "Ada Quill")
    }

    @Test func `marks within marks stay in the text`() {
        let found = quotations([Self.lead, "“He said ‘no’ [and] left the room,” Quill said."])
        #expect(found.map(\.text) == ["He said ‘no’ [and] left the room,"])
    }

    @Test func `of two with one surname the one named last speaks`() {
        let found = quotations([
            "Vera Mills stood by the gate.", "Her father, Owen Mills, laughed.",
            "\"She never locks it,\" Mills said.",
        ])
        #expect(found.map(\.speaker) == ["Owen Mills"])
    }

    @Test(arguments: [
        ("„Wir öffnen das Tor am Mittag“, sagte Petra Lindholm.", "de", "Petra Lindholm"),
        ("« Nous ouvrons la porte à midi », a déclaré Élise Roux.", "fr", "Élise Roux"),
        ("«Abrimos la puerta al mediodía», dijo Ana Ruiz.", "es", "Ana Ruiz"),
    ])
    func `other languages have marks and verbs of their own`(
        text: String, language: String, speaker: String
    ) {
        #expect(quotations([text], language: language).map(\.speaker) == [speaker])
    }

    @Test func `a post is quoted with its writer`() {
        let body = [Block(.quote, "The gate is open again. — Cora Lund (@clund) May 4, 2016")]
        let found = QuotationFinder.quotations(in: body, language: "en")
        #expect(found.map(\.text) == ["The gate is open again."])
        #expect(found.map(\.speaker) == ["Cora Lund"])
    }

    @Test func `ranges are bytes of the block and hold the marks`() throws {
        let text = "Élise Roux said: “Où est la clé, my friend?”"
        let found = try #require(quotations([text]).first)
        let bytes = Array(text.utf8)
        #expect(
            String(decoding: bytes[found.range], as: UTF8.self) == "“Où est la clé, my friend?”")
    }

    @Test func `the marks of a line are each looked at once`() {
        for mark in ["\"", "“", "”", "«", "»", "„"] {
            let bytes = Array(String(repeating: mark, count: 50_000).utf8)
            #expect(QuotationMarks.spans(bytes).count <= 50_000)
        }
    }
}
