/// What is searched for, as a tree.
///
/// `archived-query(7)` describes the language, `QueryParser` reads it, and `description` writes it:
/// reading that gives the same tree. All words are folded as those of the index are.
indirect enum Query: Sendable, Hashable {
    /// Words next to each other in one field, or anywhere; the last may be the beginning of one.
    case words(Field?, [String], isPrefix: Bool)
    /// Several words in any order, with at most so many others between the first and the last.
    case near(Field?, [String], within: Int)
    /// A word that may be spelt otherwise in so many letters, 1 or 2.
    case fuzzy(Field?, String, edits: Int)
    /// A word in any of its forms.
    case stem(Field?, String)
    case all([Query])
    case any([Query])
    case not(Query)
    /// A condition on the article as a whole.
    case filter(Filter)

    /// Where words are looked for.
    enum Field: String, Sendable, Hashable, CaseIterable {
        case headline, by, `in`, said, outlet, section
    }

    /// A condition that is no matter of words.
    enum Filter: Sendable, Hashable {
        case published(DateRange)
        case url(String)
        /// A language tag in small letters, such as `en` or `pt-br`.
        case language(String)
        case has(Feature)
        case state(State)
        /// How sure it is that a field was read rightly.
        case confidence(FieldConfidences.Field, Evidence.Confidence)
    }

    /// What an article can have.
    enum Feature: String, Sendable, Hashable, CaseIterable {
        case quote, image, embed, related, correction, byline, date
    }

    /// What can have become of an article since it was first published.
    enum State: String, Sendable, Hashable, CaseIterable {
        /// It prints a correction or an editor's note.
        case corrected
        /// The archive keeps more than one version of it.
        case updated
    }

    /// Whether it is words, or the beginning of one, that may stand anywhere.
    var isPlain: Bool {
        if case .words(nil, _, _) = self { true } else { false }
    }

    /// Whether a word in it can rank articles: what is only left out, or a condition, cannot.
    var ranks: Bool {
        switch self {
        case .words, .near, .fuzzy, .stem: true
        case .all(let parts), .any(let parts): parts.contains(where: \.ranks)
        case .not, .filter: false
        }
    }
}
