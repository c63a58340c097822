/// The words of a text, to ask how many of a line's it has.
struct PageTextVocabulary {
    private var words: Set<UInt64> = []

    init(_ texts: [[UInt8]]) {
        for text in texts {
            Self.forEach(text) { words.insert($0) }
        }
    }

    /// How many in a hundred words of `line` the text has.
    func share(of line: [UInt8]) -> Int {
        var all = 0
        var known = 0
        Self.forEach(line) {
            all += 1
            if words.contains($0) { known += 1 }
        }
        // Of few words many are in any text.
        return known * 100 / (all + 2)
    }

    /// Calls `body` with the beginning of every word that carries meaning: inflections share it.
    private static func forEach(_ text: [UInt8], _ body: (UInt64) -> Void) {
        for word in TextScanning.words(text) {
            if word.count >= 9, word[0] >= 0xE3 {
                // Scripts without spaces: two characters at a time.
                for start in stride(from: 0, through: word.count - 6, by: 3) {
                    body(TextScanning.hash(word, start..<start + 6))
                }
            } else if word.count >= 4 || TextScanning.isDigit(word[0]) {
                body(TextScanning.hash(word, 0..<min(6, word.count)))
            }
        }
    }
}
