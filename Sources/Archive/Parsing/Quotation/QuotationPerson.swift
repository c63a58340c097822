/// Somebody that an article names, and one naming of them.
extension QuotationNames {
    /// One naming.
    struct Mention: Sendable {
        /// The words of the name, titles left out.
        var words: Range<Int>
        var block: Int
        /// The number of the person in `persons`.
        var person: Int
        var isPossessive: Bool
        /// Whether a preposition stands before it, so that it is no subject.
        var isObject: Bool
        /// Whether it only tells whose: `the Lund campaign`, `Lund spokesman Ben Ortiz`.
        var isAttribute: Bool
        /// Whether it stands between quotation marks.
        var isQuoted: Bool
        var beginsSentence: Bool

        /// Whether it can be who acts in its sentence.
        var isSubject: Bool { !isObject && !isPossessive && !isAttribute && !isQuoted }
    }

    /// Somebody, by the fullest name given.
    struct Person: Sendable {
        var name: String
        var wordCount: Int
        var first: UInt64
        var role: String?
        /// What titles and relations tell.
        var gender: UInt32 = 0
        /// The marks of the first name.
        var likely: UInt32 = 0
        /// Whether a particle stands before the surname: `von der Leyen`.
        var hasParticle = false
        var isBody = false

        /// Whether "he" or "she", as `pronoun` tells, can mean this person.
        func canBe(_ pronoun: UInt32) -> Bool {
            let both = QuotationLanguage.male | QuotationLanguage.female
            if gender & both != 0 { return gender & pronoun != 0 }
            let named =
                (likely & QuotationLanguage.maleName != 0 ? QuotationLanguage.male : 0)
                | (likely & QuotationLanguage.femaleName != 0 ? QuotationLanguage.female : 0)
            return named == 0 || named & pronoun != 0
        }
    }
}
