import ArchiveProtocol
import Testing

@testable import Archive

/// Who speaks, by the grammar around a quotation.
struct QuotationSpeakerTests {
    private static let lead = "Mayor Ada Quill met Ben Ortiz, the harbor's chief, on Monday."
    private static let words = "\"We will open the gate at noon"

    private func speakers(_ body: [String], language: String = "en") -> [String?] {
        QuotationFinder.quotations(
            in: body.map { Block(.paragraph, $0) }, language: language
        ).map(\.speaker)
    }

    @Test(arguments: [
        ("\(words),\" Sen. Cora Lund (D-Ohio.) said Tuesday.", "Cora Lund"),
        ("\(words),\" said Cora Lund of the Harbor Trust, who keeps it.", "Cora Lund"),
        ("\(words),\" beamed Cora Lund.", "Cora Lund"),
        ("\(words),\" Cora Lund grumped, late as ever.", "Cora Lund"),
        ("\(words),\" Quill assured Ortiz, after Ortiz had asked.", "Ada Quill"),
        ("\(words),\" Quill spokesman Max Roe said.", "Max Roe"),
        ("\(words),\" said one man who knew Quill.", "one man"),
        ("\(words),\" said the former aide to Mayor Quill.", "the former aide to Mayor Quill"),
        ("\(words),\" a spokeswoman for the mayor said.", "a spokeswoman for the mayor"),
        ("\(words),\" police said.", "police"),
        ("\(words),\" Quill's office said.", "Quill's office"),
        ("\(words).\" — Cora Lund", "Cora Lund"),
        ("When Quill said no, Ortiz snapped back: \(words).\"", "Ben Ortiz"),
        ("Ortiz thanked Quill and said it was late, a man yelled: \(words).\"", "a man"),
        ("Ortiz, who had called Quill before, told them, \(words).\"", "Ben Ortiz"),
        ("Ortiz bristled at what Quill had done, saying, \(words).\"", "Ben Ortiz"),
        ("Ortiz joked that Quill was early, but went on to say, \(words).\"", "Ben Ortiz"),
        ("Quill and Roe will meet, Ortiz said, adding, \(words).\"", "Ben Ortiz"),
        ("Quill was asked by host Cora Lund, who knows her, \(words)?\"", "Cora Lund"),
        (
            "In a talk with clerk Max Roe last year, Ortiz said he came and added, \(words).\"",
            "Ben Ortiz"
        ),
        ("Quill left, with one of her aides asking, \(words)?\"", "one of her aides"),
        ("From the harbor's report: \(words).\"", "the harbor's report"),
        ("Ortiz's answer was: \(words).\"", "Ben Ortiz"),
        ("Here is Ortiz in 1992: \(words).\"", "Ben Ortiz"),
        ("Concerns rose in far states. \(words),\" said Cora Lund.", "Cora Lund"),
    ])
    func `the subject of the clause speaks`(sentence: String, speaker: String) {
        #expect(speakers([Self.lead, sentence]) == [speaker])
    }

    @Test(arguments: [
        ("It was late for a talk, but the world should wait, says Lund. \(words).\"", "Cora Lund"),
        ("The harbor may wait while the gate is shut, Ortiz said. \(words).\"", "Ben Ortiz"),
        ("There is a payoff for all of it: \(words),\" Ortiz said.", "Ben Ortiz"),
        ("\(words),\" exhorted Quill's neighbor, clerk Max Roe.", "Max Roe"),
        ("\(words),\" advises clerk Max Roe.", "Max Roe"),
        ("The following month they came back. \(words),\" Ortiz said.", "Ben Ortiz"),
        ("In Harlow, Ohio, Ortiz said: \(words).\"", "Ben Ortiz"),
        ("\(words),\" Ortiz, head of the harbor, a place of its own in Ohio said.", "Ben Ortiz"),
        ("\(words),\" Quill's neighbor in both Iowa and Ohio, Ben Ortiz, said.", "Ben Ortiz"),
    ])
    func `what stands around the subject does not speak`(sentence: String, speaker: String) {
        #expect(speakers([Self.lead + " Cora Lund came.", sentence]) == [speaker])
    }

    @Test func `who gave the line before is not who cries in it`() {
        let text = "\"There is a young man here,\" Quill said as the heckler yelled: \"You stink!\""
        #expect(speakers([Self.lead, text]) == ["Ada Quill", "the heckler"])
    }

    @Test func `two sentences with a speaker each are two quotations`() {
        let text = "\"The gate is old,\" Quill said. \"It squeaks.\" Ortiz added: \"It will go.\""
        #expect(speakers([Self.lead, text]) == ["Ada Quill", "Ben Ortiz"])
    }

    @Test func `a line with a dash and a name signs the one before`() {
        #expect(
            speakers(["\"I never locked it.\"", "- Cora Lund.", "It rained."]) == ["Cora Lund"])
    }

    @Test func `the writer of the article has no name`() {
        #expect(speakers([Self.lead, "\"I am not shy,\" I said to them."]) == [nil])
    }

    @Test func `an article tells whether somebody known is meant`() {
        #expect(speakers([Self.lead, "\(Self.words),\" the mayor said."]) == ["Ada Quill"])
        #expect(speakers([Self.lead, "\(Self.words),\" a mayor said."]) == ["a mayor"])
    }

    @Test(arguments: [("he", "Owen Mills"), ("she", "Petra Lindholm")])
    func `a pronoun agrees with the first name`(pronoun: String, speaker: String) {
        let body = ["Petra Lindholm stood there. Owen Mills came."]
        let other = ["Owen Mills stood there. Petra Lindholm came."]
        let text = "\"It sticks in the rain,\" \(pronoun) said."
        #expect(speakers(body + [text]) == [speaker])
        #expect(speakers(other + [text]) == [speaker])
    }

    @Test func `the article's own pronouns overrule`() {
        let body = [
            "\"It is mine,\" Kim Roe said. She laughed.", "Owen Mills came late.",
            "\"It sticks,\" she said.", "\"It is old,\" Mills said.", "\"It was,\" she said.",
        ]
        #expect(speakers(body).last == "Kim Roe")
    }

    @Test func `a nickname between marks is part of the name`() {
        let found = QuotationFinder.quotations(
            in: [Block(.paragraph, "\"Never again,\" said Owen \"Bob\" Mills, the baker.")],
            language: "en")
        #expect(found.map(\.speaker) == ["Owen \"Bob\" Mills"])
        #expect(found.map(\.role) == ["baker"])
    }

    @Test(arguments: [
        ("\"It sticks,\" said Police Commissioner Max Roe.", "Police Commissioner"),
        (
            "\"It sticks,\" said Max Roe, the director of the Harbor Trust.",
            "director of the Harbor Trust"
        ),
        ("The mayor of Harlow, Max Roe, said: \"It sticks in rain.\"", "mayor of Harlow"),
    ])
    func `the role stands beside the name`(sentence: String, role: String) {
        let found = QuotationFinder.quotations(
            in: [Block(.paragraph, sentence)], language: "en")
        #expect(found.map(\.speaker) == ["Max Roe"])
        #expect(found.map(\.role) == [role])
    }

    @Test(arguments: [
        ("Zum Tor sagte Innenminister Max Roth: „Es klemmt bei Regen.“", "Max Roth"),
        (
            "„Es klemmt bei Regen“, sagte der Vorsitzende der Hafengesellschaft, Max Roth.",
            "Max Roth"
        ),
        ("„Es klemmt bei Regen“, so Max Roth.", "Max Roth"),
        ("„Es klemmt bei Regen“, heißt es in dem Bericht.", "dem Bericht"),
        (
            "In der Mitteilung des Hafens heißt es: „Es klemmt bei Regen.“",
            "der Mitteilung des Hafens"
        ),
        ("Das Tor ist laut einem Zeugen „bei Regen viel zu schwer“.", "einem Zeugen"),
        (
            "Ministerin Ursula von der Mühl sprach. „Es klemmt“, sagte von der Mühl.",
            "Ursula von der Mühl"
        ),
        (
            "Max Roth (HP) sagte der Zeitung, er finde, das Tor sei „bei Regen viel zu schwer“.",
            "Max Roth"
        ),
    ])
    func `German names the subject behind the verb, or in reported speech`(
        text: String, speaker: String
    ) {
        #expect(speakers([text], language: "de") == [speaker])
    }

    @Test(arguments: [
        ("« Il coince sous la pluie », a déclaré M. Roux.", "fr", "Max Roux"),
        ("Selon M. Roux, « il coince toujours sous la pluie ».", "fr", "Max Roux"),
        ("«Se atasca con la lluvia», dijo el alcalde.", "es", "Max Roux"),
        ("Según Roux, “se atasca siempre con la lluvia”.", "es", "Max Roux"),
    ])
    func `French and Spanish have verbs and titles of their own`(
        text: String, language: String, speaker: String
    ) {
        let lead =
            language == "fr"
            ? "Le maire de Harlow, Max Roux, est venu." : "El alcalde Max Roux llegó."
        #expect(speakers([lead, text], language: language) == [speaker])
    }
}
