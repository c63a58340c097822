/// The articles of a segment that are found no more: withdrawn, or replaced by another version.
///
/// One bit an article, set for the dead. A value: who searches keeps the state of the moment.
struct Tombstones: Sendable, Equatable {
    private(set) var count = 0
    /// Empty as long as none is dead.
    private(set) var words: [UInt64] = []

    init() {}

    /// Reads back what was kept.
    init(words: [UInt64]) {
        self.words = words
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// Marks an article as dead.
    ///
    /// - Returns: whether it was alive.
    mutating func insert(_ article: UInt32, of articles: Int) -> Bool {
        if words.isEmpty { words = Array(repeating: 0, count: (articles + 63) / 64) }
        let bit: UInt64 = 1 << UInt64(article & 63)
        guard words[Int(article >> 6)] & bit == 0 else { return false }
        words[Int(article >> 6)] |= bit
        count += 1
        return true
    }

    func contains(_ article: UInt32) -> Bool {
        let word = Int(article >> 6)
        return word < words.count && words[word] >> UInt64(article & 63) & 1 == 1
    }
}
