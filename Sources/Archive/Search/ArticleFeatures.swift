internal import ArchiveProtocol

/// What an article as a whole has and is, for conditions such as `has:quote`: one bit each.
///
/// The bits stand in files: a new one takes a place that is free.
struct ArticleFeatures: OptionSet, Sendable, Hashable {
    let rawValue: UInt32

    /// The archive keeps more than one version of it.
    static let updated = ArticleFeatures(rawValue: 1 << 8)

    private static let firstConfidence = 16

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ feature: Query.Feature) {
        rawValue =
            switch feature {
            case .quote: 1 << 0
            case .image: 1 << 1
            case .embed: 1 << 2
            case .related: 1 << 3
            case .correction: 1 << 4
            case .byline: 1 << 5
            case .date: 1 << 6
            }
    }

    init(_ state: Query.State) {
        switch state {
        case .corrected: self.init(.correction)
        case .updated: self = .updated
        }
    }

    init(_ confidences: FieldConfidences) {
        self.init(
            rawValue: UInt32(truncatingIfNeeded: confidences.rawValue) << Self.firstConfidence)
    }

    /// What an article has.
    ///
    /// - Parameter isUpdated: whether versions of it were kept before.
    init(of article: Article, confidences: FieldConfidences = [], isUpdated: Bool = false) {
        self.init(confidences)
        let held: [(Query.Feature, Bool)] = [
            (.quote, !article.quotations.isEmpty), (.image, !article.images.isEmpty),
            (.embed, !article.embeds.isEmpty), (.related, !article.related.isEmpty),
            (.correction, !article.corrections.isEmpty),
            (.byline, article.byline != nil || !article.authors.isEmpty),
            (.date, article.published != nil),
        ]
        for (feature, isHeld) in held where isHeld { insert(ArticleFeatures(feature)) }
        if isUpdated { insert(.updated) }
    }
}
