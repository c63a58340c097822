/// A word that may be spelt otherwise in a few letters.
///
/// As the index finds them: at most so many letters differ, and where the first does, no other.
struct SimilarWord {
    private let word: [Unicode.Scalar]
    private let edits: Int
    /// Which plain letters it has.
    private let letters: UInt64

    init(_ word: [UInt8], edits: Int) {
        self.word = Array(String(decoding: word, as: UTF8.self).unicodeScalars)
        self.edits = edits
        letters = word.withUnsafeBufferPointer(Self.letters)
    }

    /// One bit for each plain letter or digit, some of them the same.
    private static func letters(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
        word.reduce(0) { $1 < 0x80 ? $0 | 1 << UInt64($1 & 63) : $0 }
    }

    func matches(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        // A letter that is changed takes one away and brings one, which most words do not pass.
        guard (Self.letters(other) ^ letters).nonzeroBitCount <= 2 * edits else { return false }
        let other = Array(String(decoding: other, as: UTF8.self).unicodeScalars)
        guard abs(other.count - word.count) <= edits else { return false }
        return distance(other) <= (other.first == word.first ? edits : min(edits, 1))
    }

    /// How many letters must be changed, put in or left out.
    private func distance(_ other: [Unicode.Scalar]) -> Int {
        var row = Array(0...word.count)
        for (index, letter) in other.enumerated() {
            var corner = row[0]
            row[0] = index + 1
            for place in word.indices {
                let kept = corner + (word[place] == letter ? 0 : 1)
                corner = row[place + 1]
                row[place + 1] = min(kept, corner + 1, row[place] + 1)
            }
        }
        return row[word.count]
    }
}
