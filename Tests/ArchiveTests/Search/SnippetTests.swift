import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct SnippetTests {
    private static func snippet(_ text: String, _ query: String) throws -> String {
        snippet(text, SoughtWords(IndexQuery(try QueryParser.query(query)) { _ in [] }))
    }

    private static func snippet(_ text: String, _ sought: SoughtWords) -> String {
        Snippet(of: Array(text.utf8), marking: sought).text
            .replacing("\u{E000}", with: "[").replacing("\u{E001}", with: "]")
    }

    /// A text split to its end.
    private static func split(_ text: String) -> SplitText {
        var split = SplitText(Array(text.utf8))
        while split.hasWord(split.count) {}
        return split
    }

    /// The words of a split text, folded.
    private static func words(of text: String) -> [[UInt8]] {
        let split = split(text)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 263) { room in
            guard let room = room.baseAddress else { return [] }
            return (0..<split.count).map { Array(split.word($0, in: room)) }
        }
    }

    private static func text(_ record: [UInt8]) -> String {
        String(decoding: record.withUnsafeBytes(RecordText.body), as: UTF8.self)
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
        #expect(
            Self.snippet("A sanctuery, the santury, a sanatorium, fanctuary, fanctuery", sought)
                == "A [sanctuery], the [santury], a sanatorium, [fanctuary], fanctuery")
        let near = SoughtWords(.near(.anywhere, "ferry sank", within: 3))
        #expect(Self.snippet("The ferry, they say, sank", near) == "The [ferry], they say, [sank]")
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
        #expect(Self.words(of: cut).count == 1)
        #expect(Self.words(of: "").isEmpty)
    }

    @Test func `what is marked is what the index finds, and nothing else`() {
        var stories = IndexedStories(seed: 7)
        var marked = 0
        for _ in 0..<500 {
            let text = stories.text(0...120)
            let sought = WordSplitter.words(stories.text(1...3))
            let query = IndexQuery.any(
                sought.map { .words(.anywhere, String(decoding: $0, as: UTF8.self)) })
            let snippet = Snippet(of: Array(text.utf8), marking: SoughtWords(query)).text
            let parts = snippet.split(
                omittingEmptySubsequences: false,
                whereSeparator: { "\u{E000}\u{E001}".contains($0) })
            let plain = parts.joined().split(separator: "…").first ?? ""
            let isFound = WordSplitter.words(text).contains(where: sought.contains)
            #expect((parts.count > 1) == isFound, "\(text)")
            if !isFound { continue }
            #expect(text.contains(plain))
            for (number, part) in parts.enumerated() {
                let words = WordSplitter.words(String(part))
                if number % 2 == 1 {
                    #expect(words.count == 1 && sought.contains(words[0]), "\(snippet)")
                    marked += 1
                } else if number > 0 {
                    #expect(!words.contains(where: sought.contains), "\(snippet)")
                }
            }
        }
        #expect(marked > 500)
    }

    @Test func `words of snippets are those of the index`() {
        var random = Seeded(state: 31)
        let letters = [
            "a", "É", "ß", "\u{301}", " ", "-", "’", "1", "東", "🎈", "Ⅻ", "ﬁ", "\n", "\u{E000}",
        ]
        for _ in 0..<300 {
            let text = (0..<30).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
            #expect(Self.words(of: text) == WordSplitter.words(text), "\(text)")
            let split = Self.split(text)
            let whole =
                (0..<split.count).flatMap { split.before($0) + split.original($0) }
                + split.before(split.count)
            #expect(whole == Array(text.utf8))
        }
    }

    @Test func `the text of a record is its paragraphs and captions`() {
        var article = StoryAccession.article("Headline", body: ["One \"two\"", "Three\n\\é"])
        article.images = [Image(caption: "caption", credit: "credit"), Image()]
        article.corrections = ["correction"]
        #expect(
            Self.text(article.contentBytes) == "One \"two\"\nThree\n\\é\ncaption\ncredit")
        #expect(Self.text(Array("[1".utf8)) == "")
    }
}
