import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct SnippetTests {
    private static func snippet(_ text: String, _ query: String) throws -> String {
        let query = IndexQuery(try QueryParser.query(query)) { _ in [] }
        return Snippet(of: text, marking: SoughtWords(query)).text
            .replacing("\u{E000}", with: "[").replacing("\u{E001}", with: "]")
    }

    /// Words without meaning, numbered.
    private static func words(_ numbers: Range<Int>) -> String {
        numbers.map { "w\($0)" }.joined(separator: " ")
    }

    @Test func `a short text is shown whole`() throws {
        #expect(
            try Self.snippet("(The ferry sank; the Fërry!)", "ferry")
                == "(The [ferry] sank; the [Fërry]!)")
        #expect(try Self.snippet("The ferry sank.", "tram") == "The ferry sank.")
    }

    @Test func `the stretch with the most different words is shown`() throws {
        let middle = ". The harbor saw a ferry. "
        let text = "ferry ferry ferry \(Self.words(0..<60))\(middle)\(Self.words(60..<99))"
        let snippet = try Self.snippet(text, "ferry harbor")
        #expect(snippet.hasPrefix("…The [harbor] saw a [ferry]. w60 w61"))
        #expect(snippet.hasSuffix("…") && snippet.split(separator: " ").count == 24)
    }

    @Test func `where no sentence begins near, some words before are shown`() throws {
        let text = "\(Self.words(0..<50)) ferry \(Self.words(50..<99))"
        let snippet = try Self.snippet(text, "ferry")
        #expect(snippet.hasPrefix("…w46 w47 w48 w49 [ferry] w50"))
    }

    @Test func `at the end of a text the words before it fill the snippet`() throws {
        let snippet = try Self.snippet("\(Self.words(0..<50)) ferry.", "ferry")
        #expect(snippet.hasPrefix("…w27 ") && snippet.hasSuffix(" w49 [ferry]."))
    }

    @Test func `all forms of a word are marked where its stem is looked for`() throws {
        #expect(
            try Self.snippet("She votes; he voted, not the vote's voter.", "stem:voting")
                == "She [votes]; he [voted], not the [vote]'s voter.")
    }

    @Test func `a phrase is marked whole, and its words alone are not`() throws {
        #expect(
            try Self.snippet("A new ferry in New York, a new day", "\"new york\"")
                == "A new ferry in [New York], a new day")
        #expect(
            try Self.snippet("O\u{2019}Neill met Neill", "o'neill") == "[O\u{2019}Neill] met Neill")
        #expect(try Self.snippet("ab b c b c d", "\"b c\" \"c d\"") == "ab [b c] [b c d]")
    }

    @Test func `beginnings are marked where they go on`() throws {
        #expect(
            try Self.snippet("Ferries, a ferryman and a fern", "ferr*")
                == "[Ferries], a [ferryman] and a fern")
        #expect(
            try Self.snippet("big ferries big fern", "\"big ferr*\"*") == "[big ferries] big fern")
    }

    @Test func `what must not stand is not marked, and a negative query marks nothing`() throws {
        #expect(try Self.snippet("ferry and tram", "ferry -tram") == "[ferry] and tram")
        #expect(try Self.snippet("ferry and tram", "-bus") == "ferry and tram")
    }

    @Test func `misspelt words are marked as they are found`() {
        let sought = SoughtWords(.fuzzy(.anywhere, "sanctuary", edits: 2))
        let text = Snippet(of: "A sanctuery, the santury, a sanatorium", marking: sought).text
        #expect(
            text == "A \u{E000}sanctuery\u{E001}, the \u{E000}santury\u{E001}, a sanatorium")
        let near = SoughtWords(.near(.anywhere, "ferry sank", within: 3))
        #expect(
            Snippet(of: "The ferry, they say, sank", marking: near).text
                == "The \u{E000}ferry\u{E001}, they say, \u{E000}sank\u{E001}")
    }

    @Test func `marks that stand in a story are taken out`() throws {
        let text = "a \u{E000}false\u{E001} mark, a ferry"
        #expect(try Self.snippet(text, "ferry") == "a false mark, a [ferry]")
        #expect(try Self.snippet(text, "tram") == "a false mark, a ferry")
    }

    @Test func `a text without the words begins at its beginning and is cut`() throws {
        let text = (0..<200).map { "word\($0)" }.joined(separator: " ")
        let snippet = try Self.snippet(text, "ferry")
        #expect(snippet.hasPrefix("word0 word1 ") && snippet.hasSuffix(" …"))
        #expect(snippet.utf8.count < 220)
    }

    @Test func `the longest texts and queries take bounded work`() throws {
        let text = String(repeating: "ferry é ", count: 200_000)
        let query = Array(repeating: "ferry", count: 200).joined(separator: " ")
        let clock = ContinuousClock.now
        let snippet = try Self.snippet(text, query)
        #expect(snippet.hasPrefix("[ferry] é [ferry]") && snippet.utf8.count < 400)
        #expect(clock.duration(to: .now) < .seconds(20))
        // What is cut within a letter is no letter.
        let cut = String(repeating: "a", count: SplitText.mostBytes - 1) + "é"
        #expect(SplitText(cut).count == 1)
        #expect(SplitText("").count == 0)
    }

    @Test func `words of snippets are those of the index`() {
        var random = Seeded(state: 31)
        let letters = [
            "a", "É", "ß", "\u{301}", " ", "-", "’", "1", "東", "🎈", "Ⅻ", "ﬁ", "\n", "\u{E000}",
        ]
        for _ in 0..<300 {
            let text = (0..<30).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
            let split = SplitText(text)
            let words = (0..<split.count).map { Array(split.word($0)) }
            #expect(words == WordSplitter.words(text), "\(text)")
            let whole =
                (0..<split.count).map { split.before($0) + split.original($0) }.joined()
                + split.before(split.count)
            #expect(whole == text)
        }
    }

    @Test func `the text of a record is its paragraphs and captions`() {
        var article = StoryAccession.article("Headline", body: ["One \"two\"", "Three\n\\é"])
        article.images = [Image(caption: "caption", credit: "credit"), Image()]
        article.corrections = ["correction"]
        #expect(
            RecordText.body(of: article.contentBytes)
                == "One \"two\"\nThree\n\\é\ncaption\ncredit")
        #expect(RecordText.body(of: Array("[1".utf8)) == "")
    }
}
