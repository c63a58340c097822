import Testing

@testable import Archive

@Suite struct WordSplitterTests {
    @Test(arguments: [
        ("The ferry, the QUAY.", ["the", "ferry", "the", "quay"]),
        ("O'Neill's co-op", ["o", "neill", "s", "co", "op"]),
        ("Café ÅNGSTRÖM Zürich naïve", ["cafe", "angstrom", "zurich", "naive"]),
        ("cafe\u{301} A\u{30A}ngstro\u{308}m", ["cafe", "angstrom"]),
        ("Straße STRASSE", ["straße", "strasse"]), ("Ṽ ẝ Ệ", ["v", "ẝ", "e"]),
        ("Привет МИР", ["привет", "мир"]), ("ΤΈΛΟΣ τέλος", ["τέλοσ", "τέλοσ"]),
        ("東京タワー 2017", ["東京タワー", "2017"]), ("हिन्दी", ["हिन्दी"]),
        ("a_b/c\u{2019}d—e\u{A0}f", ["a", "b", "c", "d", "e", "f"]), ("½ ² x²", ["½", "²", "x²"]),
        ("🙂 a🙂b", ["a", "b"]), ("", []), ("\u{301}", []),
    ])
    func `text is split into folded words`(_ text: String, _ words: [String]) {
        let split = WordSplitter.words(text).map { String(decoding: $0, as: UTF8.self) }
        #expect(split == words)
    }

    @Test func `bytes that are no UTF-8 part words`() {
        let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xC3, 0x63, 0xE2, 0x82, 0x64, 0xF0]
        var words: [String] = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 300) { room in
            guard let word = room.baseAddress else { return }
            bytes.withUnsafeBufferPointer { text in
                WordSplitter.split(text, into: word) {
                    words.append(
                        String(decoding: UnsafeBufferPointer(start: word, count: $0), as: UTF8.self)
                    )
                    return word
                }
            }
        }
        #expect(words == ["a", "b", "c", "d"])
    }

    @Test func `a word counts up to its 255th byte`() {
        let words = WordSplitter.words(String(repeating: "ж", count: 1000) + " b")
        #expect(words.count == 2 && words[0].count <= 255 && words[0].count > 250)
    }
}
