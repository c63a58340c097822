/// The runs of four words of a text, by which another text is known to be of it.
struct BodyShingles {
    private var runs: Set<UInt64> = []

    init(_ text: String) {
        Self.forEach(Array(text.utf8)) { runs.insert($0) }
    }

    /// How much of `text` is of the other, in hundredths.
    func share(of text: [UInt8]) -> Int {
        var count = 0
        var known = 0
        Self.forEach(text) { run in
            count += 1
            if runs.contains(run) { known += 1 }
        }
        return count == 0 ? 100 : known * 100 / count
    }

    /// Calls `body` with each run of four words; with the one run of a shorter text.
    private static func forEach(_ text: [UInt8], _ body: (UInt64) -> Void) {
        var last: [UInt64] = []
        var word: UInt64 = 0
        var count = 0
        func end() {
            guard word != 0 else { return }
            last.append(word)
            word = 0
            if last.count > 4 { last.removeFirst() }
            if last.count == 4 { body(join(last)) }
            count += 1
        }
        for byte in text {
            let lower = HTMLBytes.lower(byte)
            let isLetter =
                byte >= 0xC3 || (lower >= 0x61 && lower <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
            if isLetter || (byte >= 0x80 && word != 0 && byte < 0xC0) {
                word = (word ^ UInt64(lower)) &* 0x0000_0100_0000_01B3 | 1
            } else {
                end()
            }
        }
        end()
        if count > 0, count < 4 { body(join(last)) }
    }

    private static func join(_ words: [UInt64]) -> UInt64 {
        words.reduce(0) { ($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 }
    }
}
