import Testing

@testable import Archive

@Suite struct SimilarWordTests {
    private static let letters: [Unicode.Scalar] = ["a", "b", "c", "é", "東", "\u{E000}", "🎈"]

    private static func word(_ lengths: ClosedRange<Int>, _ random: inout Seeded) -> String {
        var word = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: lengths, using: &random) {
            // Mostly the same few, so that many words are similar.
            let most = Int.random(in: 0...9, using: &random) < 8 ? 3 : letters.count
            word.append(letters[Int.random(in: 0..<most, using: &random)])
        }
        return String(word)
    }

    /// How many letters differ, by the whole of Levenshtein's table.
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.unicodeScalars.count)
        for letter in left.unicodeScalars {
            var next = [row[0] + 1]
            for (index, other) in right.unicodeScalars.enumerated() {
                next.append(
                    min(row[index] + (letter == other ? 0 : 1), row[index + 1] + 1, next[index] + 1)
                )
            }
            row = next
        }
        return row[right.unicodeScalars.count]
    }

    private static func isSimilar(_ word: String, _ other: String, _ edits: Int) -> Bool {
        let isSameStart = word.unicodeScalars.first == other.unicodeScalars.first
        return distance(word, other) <= (isSameStart ? edits : 1)
    }

    /// A dictionary in memory, with as many articles for each term as it has bytes.
    private static func dictionary(_ terms: [[UInt8]]) throws -> TermDictionary {
        var writer = TermDictionaryWriter()
        for term in terms {
            let entry = TermEntry(
                articles: term.count, list: 0, listSize: 0, positions: 0, positionsSize: 0,
                greatestShare: .max)
            term.withUnsafeBytes { writer.add($0, entry) }
        }
        let blocks = writer.blockCount
        let bytes = writer.finish()
        let room = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 64, alignment: 64)
        room.copyMemory(from: bytes, byteCount: bytes.count)
        let file = IndexFile(name: "terms", owning: room, count: bytes.count)
        return try TermDictionary(file: file, place: 0..<bytes.count, blocks: blocks)
    }

    private static func sorted(_ terms: some Sequence<[UInt8]>) -> [[UInt8]] {
        terms.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test func `words are similar by the letters that differ, the first with no other`() {
        var random = Seeded(state: 17)
        var similar = 0
        for _ in 0..<20_000 {
            let (word, other) = (Self.word(1...7, &random), Self.word(1...8, &random))
            let edits = Int.random(in: 1...2, using: &random)
            let found = SimilarWord(Array(word.utf8), edits: edits)
            let matches = Array(other.utf8).withUnsafeBufferPointer(found.matches)
            #expect(matches == Self.isSimilar(word, other, edits), "\(word) \(other) \(edits)")
            similar += matches ? 1 : 0
        }
        #expect(similar > 1_000)
        let long = String(repeating: "ab", count: 100)
        for (other, isFound) in [(long + "bb", true), (long + "bbb", false), ("b" + long, true)] {
            let word = SimilarWord(Array(long.utf8), edits: 2)
            #expect(Array(other.utf8).withUnsafeBufferPointer(word.matches) == isFound)
        }
    }

    @Test func `all similar words of a dictionary are found, and none of another field`() throws {
        var random = Seeded(state: 18)
        let words = Set((0..<4_000).map { _ in Self.word(1...7, &random) })
        let field = WordField.headline
        let terms = [field.rawValue - 1, field.rawValue, field.rawValue + 1].flatMap { own in
            words.map { [own] + Array($0.utf8) }
        }
        let dictionary = try Self.dictionary(Self.sorted(terms))
        for _ in 0..<200 {
            let word = Self.word(1...7, &random)
            let edits = Int.random(in: 1...2, using: &random)
            let search = FuzzySearch(field: field, word: Array(word.utf8), edits: edits)
            let similar = Self.sorted(
                words.filter { Self.isSimilar(word, $0, edits) }.map { Array($0.utf8) })
            guard let forms = try search.forms(in: dictionary) else {
                #expect(similar.count > FuzzySearch.mostForms)
                continue
            }
            #expect(forms.map { Array($0.word.utf8) } == similar, "\(word) \(edits)")
            #expect(forms.allSatisfy { Self.distance(word, $0.word) == $0.edits })
            #expect(forms.allSatisfy { $0.entry.articles == $0.word.utf8.count + 1 })
        }
    }

    @Test func `terms are sought from wherever the cursor stands`() throws {
        var random = Seeded(state: 19)
        let terms = Self.sorted(Set((0..<900).map { _ in Array(Self.word(1...6, &random).utf8) }))
        let dictionary = try Self.dictionary(terms)
        for _ in 0..<300 {
            var wanted = (0..<5).map { _ in Array(Self.word(1...6, &random).utf8) }
            wanted = Self.sorted(wanted)
            var cursor = try dictionary.terms(from: wanted[0])
            var rest = terms.drop { $0.lexicographicallyPrecedes(wanted[0]) }
            for other in wanted.dropFirst() {
                for _ in 0..<Int.random(in: 0...20, using: &random) {
                    let next = rest.popFirst()
                    #expect(try cursor.next() == (next != nil))
                    #expect(cursor.term == next ?? [])
                }
                try cursor.seek(other)
                rest = rest.drop { $0.lexicographicallyPrecedes(other) }
            }
            #expect(try cursor.next() == !rest.isEmpty)
            #expect(cursor.term == rest.first ?? [])
            #expect(rest.isEmpty || cursor.entry.articles == cursor.term.count)
        }
    }
}
