import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct ArticleFeaturesTests {
    @Test func `each condition has a bit of its own`() {
        var bits = Query.Feature.allCases.map { ArticleFeatures($0).rawValue }
        bits.append(ArticleFeatures(Query.State.updated).rawValue)
        for field in FieldConfidences.Field.allCases {
            for level in FieldConfidences.levels {
                bits.append(ArticleFeatures(FieldConfidences(field, level)).rawValue)
            }
        }
        #expect(Set(bits).count == bits.count)
        #expect(bits.allSatisfy { $0.nonzeroBitCount == 1 })
        #expect(ArticleFeatures(Query.State.corrected) == ArticleFeatures(Query.Feature.correction))
    }

    @Test func `an article tells what it has`() {
        var article = Article()
        #expect(ArticleFeatures(of: article) == [])
        article.authors = ["Odile Park"]
        article.published = NewsDate(value: "2017", precision: .year, source: "url")
        article.corrections = ["It was Tuesday."]
        let features: ArticleFeatures = [
            ArticleFeatures(.byline), ArticleFeatures(.date), ArticleFeatures(.correction),
        ]
        #expect(ArticleFeatures(of: article) == features)
        let doubts = FieldConfidences(.date, .low)
        #expect(
            ArticleFeatures(of: article, confidences: doubts, isUpdated: true)
                == features.union([.updated, ArticleFeatures(doubts)]))
    }

    private static func evidence(_ field: String, _ confidence: Evidence.Confidence?) -> Evidence {
        Evidence(field: field, rule: "html/\(field)", range: 0..<1, confidence: confidence)
    }

    @Test func `a field is as sure as the value that was taken`() {
        let evidence = [
            Self.evidence("headline", .rival), Self.evidence("headline", .medium),
            Self.evidence("headline", .low), Self.evidence("byline", nil),
            Self.evidence("authors", .high), Self.evidence("published", .rival),
            Self.evidence("section", .low),
        ]
        #expect(
            FieldConfidences(evidence)
                == [FieldConfidences(.headline, .medium), FieldConfidences(.by, .high)])
        #expect(FieldConfidences([]) == [])
        #expect(FieldConfidences(.by, .rival) == [])
        #expect(FieldConfidences(rawValue: -1).rawValue == 511)
    }
}
