internal import ArchiveProtocol

/// How sure it is that headline, byline and date of an article were read rightly, as bits.
///
/// A field has no bit where nothing was said of it: where no other carrier could speak of it, or
/// where the article has none. The bits are kept with the article; a new field comes last.
struct FieldConfidences: OptionSet, Sendable, Hashable {
    let rawValue: Int

    /// A field that searchers ask about, by its name in the query language.
    enum Field: String, Sendable, Hashable, CaseIterable {
        case headline, by, date

        /// The keys of the record that tell it.
        fileprivate var keys: [String] {
            switch self {
            case .headline: ["headline"]
            case .by: ["authors", "byline"]
            case .date: ["published"]
            }
        }
    }

    static let levels: [Evidence.Confidence] = [.low, .medium, .high]

    init(rawValue: Int) {
        let places = Self.levels.count * Field.allCases.count
        self.rawValue = rawValue & ((1 << places) - 1)
    }

    /// One field with one confidence; empty for a rival, which was not taken.
    init(_ field: Field, _ confidence: Evidence.Confidence) {
        guard let level = Self.levels.firstIndex(of: confidence),
            let place = Field.allCases.firstIndex(of: field)
        else {
            self.init(rawValue: 0)
            return
        }
        self.init(rawValue: 1 << (Self.levels.count * place + level))
    }

    /// What the evidence of a page says: for each field that of the value that was taken.
    init(_ evidence: [Evidence]) {
        self.init(told: evidence.map { ($0.field, $0.confidence) })
    }

    /// What the evidence says that is kept with a version (`PreparedArticle`).
    init(kept evidence: JSON) {
        self.init(
            told: (evidence.array ?? []).compactMap { item in
                guard let parts = item.array, parts.count > 4, let field = parts[0].string else {
                    return nil
                }
                return (field, parts[4].string.flatMap(Evidence.Confidence.init))
            })
    }

    private init(told: [(field: String, confidence: Evidence.Confidence?)]) {
        self = []
        for field in Field.allCases {
            let taken = told.first {
                field.keys.contains($0.field) && $0.confidence != nil && $0.confidence != .rival
            }
            if let confidence = taken?.confidence { insert(Self(field, confidence)) }
        }
    }
}
