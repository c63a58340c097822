import Testing

@testable import Archive

/// What programs lay around the words of a page, taken off.
struct PageTextLayoutTests {
    private func plain(_ text: String) -> [String] {
        PageTextLayout.plain(TextLine.lines(of: Array(text.utf8))).map {
            TextScanning.string($0.text)
        }
    }

    @Test func `a paragraph broken at a column is one again, and a short line stays alone`() {
        let lines = [
            "The crane that stood for ninety years above the northern",
            "basin of the harbor was taken down on Monday, and nobody",
            "was hurt by it.", "Ida Roe",
            "A second paragraph goes on for a while as well, and then",
            "it ends at the same column as the first one did, as all",
            "of them do on this page.",
        ]
        #expect(
            plain(lines.joined(separator: "\n")) == [
                lines[0...2].joined(separator: " "), "Ida Roe",
                lines[4...6].joined(separator: " "),
            ])
    }

    @Test func `headlines below each other are not joined, however long they are`() {
        let lines = [
            "Harbor Bridge to Close for Eleven Weekends This Autumn",
            "Ferry Returns to the Northern Basin After Many Years",
            "Council Weighs What the Old Crane Would Cost to Keep",
            "Library Roof Garden Opens to the Neighbors on Monday",
        ]
        #expect(plain(lines.joined(separator: "\n")) == lines)
    }

    @Test func `link marks and the list that they refer to are left out`() {
        let text = """
               #[1]alternate

               [2]Home [3]News (BUTTON) Menu

            Crane Goes

               It went on [4]Monday.
                 __________________________________

            References

               Visible links:
               1. https://gull.example/feed
               2. https://gull.example/
               3. https://gull.example/news
               Hidden links:
               4. https://gull.example/monday
            """
        #expect(plain(text) == ["Home News Menu", "Crane Goes", "It went on Monday."])
        // Without such a list the same signs are the story's.
        #expect(plain("It went [1] on Monday.") == ["It went [1] on Monday."])
    }

    @Test func `the targets of links and marks of emphasis of a browser are left out`() {
        let text = """
            Home <https://gull.example/>
            News <https://gull.example/news>
            *Crane* goes /away/ <https://gull.example/crane> on 3/4 of the days.
            """
        #expect(plain(text) == ["Home", "News", "Crane goes away on 3/4 of the days."])
    }

    @Test(arguments: [
        ("\u{1B}[2J\u{1B}[31mCrane\u{1B}[0m goes", "Crane goes"),
        ("\u{1B}]52;c;aGk=\u{7}Crane \u{1B}]8;;https://gull.example\u{1B}\\goes", "Crane goes"),
        ("By \u{1B}[1;1HIda Roe", "By Ida Roe"), ("\u{9B}31mCrane", "Crane"),
        ("\u{1B}(BCrane\u{1B}", "Crane"), ("\u{1B}]0;never ended", "0;never ended"),
        ("\u{1B}[", ""),
    ])
    func `what steers a terminal is no text`(text: String, printed: String) {
        let lines = TextLine.lines(of: Array(text.utf8)).map { TextScanning.string($0.text) }
        #expect(lines.joined() == printed)
    }

    @Test(arguments: ["\u{1B}]", "\u{1B}[", "[1", "<http", "(BUTTON)", "a\n", "word ", "* "])
    func `a flood of marks takes time in proportion`(piece: String) {
        let clock = ContinuousClock()
        func time(_ count: Int) -> Duration {
            let bytes = Array(String(repeating: piece, count: count).utf8)
            return clock.measure { _ = PageTextLayout.plain(TextLine.lines(of: bytes)) }
        }
        _ = time(1000)
        #expect(time(80_000) < time(10_000) * 40 + .milliseconds(200))
    }
}
