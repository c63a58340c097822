/// Where a word is looked for: in one part of an article, or anywhere in its text.
///
/// Each place has postings of its own, told apart by the first byte of the term, so that every
/// question is answered from one list a word. The small parts stand twice, there and under
/// `anywhere`, which costs a few hundredths of the index; the body stands under `anywhere` alone.
enum WordField: UInt8, Sendable, Hashable, CaseIterable {
    case anywhere = 1
    case headline, byline, place, section, said, outlet

    /// How much one occurrence counts; `anywhere` counts each by the part in which it stands.
    var weight: Int {
        switch self {
        case .headline: 6
        case .byline: 3
        case .place: 2
        case .anywhere, .section, .said, .outlet: 1
        }
    }

    /// The parts that `anywhere` is made of, in the order in which their words are numbered; the
    /// body, the last, has no name of its own.
    static let leading: [WordField] = [.headline, .byline, .place, .section]
}

/// An article as the index takes it: its words by field, and what it is sorted and counted by.
struct IndexedArticle: Sendable, Equatable {
    /// The row of the article; another article with the same row replaces this one.
    var row: Int64
    /// What it is sorted by: greater is later, 0 is undated; made by `DateKey`.
    var date: UInt64 = 0
    var headline = ""
    var byline = ""
    var place = ""
    var section = ""
    var body = ""
    var said = ""
    var outlet = ""
    /// Whole names, for filters and facets.
    var authors: [String] = []
    var outletName: String?
    var sectionName: String?
    var placeName: String?
    /// The tag of its language, and what the tag begins with: `pt-br`, `pt`.
    var languages: [String] = []
    /// What it has, one bit each (`ArticleFeatures`).
    var features: UInt32 = 0

    init(row: Int64) { self.row = row }

    /// The text of a field other than `anywhere`.
    func text(_ field: WordField) -> String {
        switch field {
        case .anywhere: body
        case .headline: headline
        case .byline: byline
        case .place: place
        case .section: section
        case .said: said
        case .outlet: outlet
        }
    }
}
