import Testing

@testable import Archive

/// UTF-8 that was read as windows-1252 and saved again.
struct MojibakeTests {
    @Test(arguments: [
        ("â€œFaster,â€\u{9d} she said.", 2, 0..<7), ("The cafÃ© is open.", 1, 7..<11),
        ("Â£5 a head", 1, 0..<4), ("ðŸš² lane", 1, 0..<8), ("a Ã© and â€” and â€™", 3, 2..<6),
    ])
    func `letters that were saved twice are counted, and the first is told`(
        text: String, count: Int, first: Range<Int>
    ) throws {
        let mojibake = try #require(Mojibake(in: Array(text.utf8)))
        #expect(mojibake.count == count)
        #expect(mojibake.first == first)
    }

    @Test(arguments: [
        "", "Ã", "Â", "â€", "Zoë paid €5 at the Café… “yes”", "SÃO PAULO, À BIENTÔT, ÇA VA",
        "CAFÉ»",
        "Äpfel „süß“ — ÖPNV", "Ångström ÅÄÖ", "ÃO Â", "Đặng Thị Â",
    ])
    func `what languages print is none`(text: String) {
        #expect(Mojibake(in: Array(text.utf8)) == nil)
    }

    @Test func `every end of the text is held to`() {
        let text = Array("â€œ ðŸš² Ã©".utf8)
        for count in 0...text.count { _ = Mojibake(in: Array(text.prefix(count))) }
        for start in 0...text.count { _ = Mojibake(in: Array(text.suffix(start))) }
    }

    @Test func `an article tells of it, with its place in the capture`() throws {
        let story = String(repeating: "The ferry crossed the harbour on time. ", count: 12)
        let text =
            "\u{FEFF}The Ferry Crosses The Harbour\n\nBy Jane Roe | March 4, 2015\n\n"
            + "HARBOUR â€” \(story)\n"
        let reading = try Parser(styles: .none).read(
            Capture(name: Array("a.txt".utf8), bytes: Array(text.utf8)))
        let told = try #require(reading.evidence.first { $0.field == "document" })
        #expect(told.rule.hasPrefix("charset/mojibake: "))
        #expect(Array(text.utf8)[told.range].elementsEqual("â€”".utf8))
    }
}
