import ArchiveProtocol
import Testing

@testable import Archive

/// Which words between marks are quotations, and where they stand.
struct QuotationMarksTests {
    private func texts(_ body: String..., language: String = "en") -> [String] {
        QuotationFinder.quotations(
            in: body.map { Block(.paragraph, $0) }, language: language
        ).map(\.text)
    }

    @Test(arguments: [
        "“We open the gate at noon,” Lund said.",
        "\"We open the gate at noon,\" Lund said.",
        "“We open the gate at noon,\" Lund said.",
        "“We open the gate at noon,“ Lund said.",
        "”We open the gate at noon,” Lund said.",
        "''We open the gate at noon,'' Lund said.",
        "``We open the gate at noon,'' Lund said.",
        "‘We open the gate at noon,’ Lund said.",
        "'We open the gate at noon,' Lund said.",
        "« We open the gate at noon, » Lund said.",
        "»We open the gate at noon,« Lund said.",
        "„We open the gate at noon,“ Lund said.",
    ])
    func `every pair of marks is known`(sentence: String) {
        #expect(texts(sentence) == ["We open the gate at noon,"])
    }

    @Test func `apostrophes are no marks where single ones quote`() {
        #expect(
            texts("‘It’s the workers’ gate,’ Lund said. ‘They don’t lock it.’")
                == ["It’s the workers’ gate, They don’t lock it."])
        #expect(
            texts("Lund's gate wasn't the farmers' gate in the '90s, said Ortiz's sister.").isEmpty)
    }

    @Test(arguments: [
        "\"We open at noon,\" Lund said.\u{A0}\"Not before.\"",
        "\"We open at noon,\"\u{A0}Lund\u{A0}said. \"Not before.\"",
        "\"We open at noon,\" Lund said.\"Not before.\"",
    ])
    func `a space that does not break, or none, parts as a space does`(sentence: String) {
        #expect(texts(sentence) == ["We open at noon, Not before."])
    }

    @Test func `feet and inches close nothing`() {
        #expect(
            texts("\"The gate is 6'2\" tall and heavy,\" Lund said.")
                == ["The gate is 6'2\" tall and heavy,"])
    }

    @Test(arguments: [
        "Lund spoke to Ortiz on \"Good Morning Harbor.\" They laughed.",
        "Lund, who wrote the book \"A long winter at the gate,\" said little.",
        "She has seen \"Gates of Iron,\" \"The Lock\" and \"Return of the Lock,\" she said.",
        "Lund told \"Harbor and Friends\" about it.",
        "He said the gate was \"ugly\" and \"far too big.\"",
        "\"Harbor gate to close at the end of May,\" by the Times' Ben Ortiz: an end.",
        "\"Harbor gate to close at the end of May,\" by Ben Ortiz in the Times.",
        "The so-called \"gate tax\" is gone, Lund said.",
    ])
    func `titles of works and single words are no quotations`(sentence: String) {
        #expect(texts("Cora Lund and Ben Ortiz met.", sentence).isEmpty)
    }

    @Test(arguments: [
        ("\"Never,\" said Lund.", "Never,"),
        ("\"why would anyone lock it?\" asked Lund.", "why would anyone lock it?"),
        ("Some were angry (\"I want my key back,\" wrote Lund).", "I want my key back,"),
        ("\"'House of Locks,'\" Lund said.", "'House of Locks,'"),
        ("\"That's Cora Lund and Ben Ortiz.\" Nobody laughed.", "That's Cora Lund and Ben Ortiz."),
        ("The crowd was chanting, \"Open the Gate!\"", "Open the Gate!"),
    ])
    func `short sentences given to somebody are quotations`(sentence: String, text: String) {
        #expect(texts(sentence) == [text])
    }

    @Test func `a part of a sentence counts in German where the rest reports it`() {
        #expect(
            texts("Lund sagte, das Tor sei „in diesem Winter zu schwer“ gewesen.", language: "de")
                == ["in diesem Winter zu schwer"])
        #expect(texts("Das Tor steht „in diesem Winter“ offen.", language: "de").isEmpty)
        #expect(
            texts("Das berichtete die Zeitung „Hafen am Morgen“ gestern.", language: "de").isEmpty)
        #expect(texts("Lund said the gate was \"too heavy in this winter\".").isEmpty)
    }

    @Test func `what stands at a range is what was said`() {
        var seed: UInt64 = 11
        func next(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: seed >> 33) % count
        }
        let pieces = [
            "\"", "“", "”", "‘", "’", "'", "''", "„", "«", "»", " ", ", ", ". ", "? ", ": ", "— ",
            "(", ")", "said ", "Lund ", "Ben Ortiz ", "he ", "the gate was old ", "é", "\u{A0}",
            "according to ", "sagte ", "Über ", "I ", "told her that ", "Mr. ", "D.C. ", "9/11 ",
        ]
        for round in 0..<400 {
            let body = (0..<3).map { _ in
                Block(
                    .paragraph,
                    (0..<(4 + next(40))).map { _ in pieces[next(pieces.count)] }.joined())
            }
            let language = ["en", "de", "fr", "es"][round % 4]
            for found in QuotationFinder.find(in: body, language: language) {
                check(found, in: body)
            }
        }
    }

    /// Each part without its marks is the next piece of the text, in order and to the end.
    private func check(_ found: QuotationFinder.Found, in body: [Block]) {
        let marks = Set("\"“”‘’'„«»` \u{A0}")
        var rest = found.quotation.text.filter { !marks.contains($0) }[...]
        for part in found.parts {
            let bytes = Array(body[part.block].text.utf8)
            let piece = String(decoding: bytes[part.range], as: UTF8.self)
                .filter { !marks.contains($0) }
            #expect(rest.hasPrefix(piece))
            rest = rest.dropFirst(piece.count)
        }
        #expect(rest.isEmpty)
        #expect(found.parts.first?.block == found.quotation.paragraph)
        #expect(found.parts.first?.range.lowerBound == found.quotation.range.lowerBound)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "\"", "“", "«", "„", "''", "\"a\" ", "\"Ab cd ef,\" said ", "said ", "Ab, ", "the ",
            "“Ab cd ef,” he said. ", "(\"", "\"ab cd ef\" — Ab ", "„ab cd“ sei ",
        ])
    func `a flood of marks or cues is read once`(unit: String) {
        let text = String(repeating: unit, count: (1 << 15) / unit.utf8.count)
        for language in ["en", "de"] {
            let found = QuotationFinder.quotations(
                in: [Block(.paragraph, text)], language: language)
            #expect(found.count <= QuotationFinder.most)
        }
    }
}
