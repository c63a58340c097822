internal import CStemmer

/// Tells the stems of words of one language, by the rules of Snowball.
///
/// One is used by one thread.
final class Stemmer {
    private let stemmer: OpaquePointer

    /// The rules by the language's BCP 47 tag.
    private static let rules = [
        "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
        "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
        "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
        "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
        "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
        "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
        "yi": "yiddish",
    ]

    static let languages = rules.keys.sorted()

    /// - Returns: nil where the library does not know the language.
    init?(language: String) {
        guard let rules = Self.rules[language], let stemmer = sb_stemmer_new(rules, "UTF_8") else {
            return nil
        }
        self.stemmer = stemmer
    }

    deinit { sb_stemmer_delete(stemmer) }

    func stem(_ word: UnsafeBufferPointer<UInt8>) -> [UInt8] { withStem(of: word, Array.init) }

    func stem(of word: UnsafeBufferPointer<UInt8>, is other: [UInt8]) -> Bool {
        withStem(of: word) { $0.elementsEqual(other) }
    }

    private func withStem<Result>(
        of word: UnsafeBufferPointer<UInt8>, _ ask: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        guard let stem = sb_stemmer_stem(stemmer, word.baseAddress, Int32(clamping: word.count))
        else { return ask(word) }
        return ask(UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(stemmer))))
    }
}

extension IndexSnapshot {
    /// The languages in which forms of words are looked for: those of the articles, and English,
    /// since not every page tells its language.
    var stemLanguages: [String] {
        Stemmer.languages.filter { language in
            language == "en"
                || sources.contains { $0.segment.columns.languages.number(language) != nil }
        }
    }
}
