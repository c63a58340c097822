/// What articles are looked for, as the index takes it.
///
/// Every text is split into words as the articles were, so a text of several words is a phrase.
/// The score of an article is the sum over the texts asked for that stand in it, in those parts of
/// the query that hold for it, `not` giving nothing: BM25 with the weights of `WordField`, a phrase
/// having the weight of its words together, and a beginning or a misspelt word that of one word
/// which stands wherever any of its forms does.
indirect enum IndexQuery: Sendable, Hashable {
    /// These words, next to each other; where it `isPrefix`, the last may go on.
    case words(WordField, String, isPrefix: Bool = false)
    /// These words in one part of the article, in any order, with at most `within` words between
    /// the first and the last of them.
    case near(WordField, String, within: Int)
    /// A word that differs in at most `edits` letters; where the first does, in no other.
    case fuzzy(WordField, String, edits: Int)
    /// A word with the same stem in one of these languages (`Stemmer`).
    case stem(WordField, String, languages: [String] = ["en"])
    case all([IndexQuery])
    case any([IndexQuery])
    case not(IndexQuery)
    /// With a date from `from`, before `before` (`DateKey`); undated articles have the key 0.
    case dated(from: UInt64, before: UInt64)
    /// With this author, outlet, section, language or place.
    case named(NameColumn.Kind, String)
    /// With any of these features.
    case having(UInt32)
    /// One of these rows.
    case rows([Int64])
    /// This row, or one before it: what the archive had with its article.
    case until(Int64)
}

/// A question to the index: which articles, in which order, and what to count.
struct IndexQuestion: Sendable {
    enum Order: Sendable, Hashable, CaseIterable {
        /// The highest score first; of equal ones the newest.
        case relevance
        /// Of one date, the greatest row first.
        case newest
        case oldest
    }

    var query: IndexQuery
    var order = Order.relevance
    var limit = 10
    /// The hit after which hits are wanted.
    var after: IndexHit?
    /// Up to how many articles are counted; 0 if none, `Int.max` if all.
    var countLimit = 0
    /// What the articles found are counted by.
    var facets: [Facet] = []

    enum Facet: Sendable, Hashable {
        case named(NameColumn.Kind)
        case year
        /// Months as 201701.
        case month
    }
}

/// An article that was found.
struct IndexHit: Sendable, Hashable {
    var row: Int64
    var date: UInt64
    /// The score in 65,536ths: a whole number, so that it is the same however it is summed up.
    var score: Int
}

/// What the index answers.
struct IndexAnswer: Sendable {
    var hits: [IndexHit] = []
    /// Whether more come after these.
    var hasMore = false
    /// How many articles there are, or the limit where there are more.
    var total = 0
    var isTotalExact = true
    /// For each facet that was asked for, how many articles have which value.
    var facets: [IndexQuestion.Facet: [String: Int]] = [:]
}

/// Why a question is not answered.
enum IndexQuestionError: Error, Hashable {
    /// More words begin so, or are so similar, than one question may ask for.
    case tooManyWords(String)
    /// The query has more branches within branches than are followed.
    case tooDeep
}
