internal import CStemmer

/// Tells the stem of an English word, by the rules of Snowball.
struct Stemmer: ~Copyable {
    private let stemmer: OpaquePointer

    /// - Returns: nil where the library does not know English.
    init?() {
        guard let stemmer = sb_stemmer_new("english", "UTF_8") else { return nil }
        self.stemmer = stemmer
    }

    deinit { sb_stemmer_delete(stemmer) }

    borrowing func stem(_ word: [UInt8]) -> [UInt8] {
        guard let stem = sb_stemmer_stem(stemmer, word, Int32(clamping: word.count)) else {
            return word
        }
        return Array(UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(stemmer))))
    }
}
