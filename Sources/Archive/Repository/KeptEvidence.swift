internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// Evidence as it is kept with a version: which bytes of the original tell which field.
///
/// It has no digest: what is not as `PreparedArticle` writes it is damaged, and a letter that
/// became another is not noticed.
enum KeptEvidence {
    /// The evidence of a row with that column; nil where it is damaged.
    static func intact(_ row: Row) -> JSON? {
        guard let data = Data.fromDatabaseValue(row["evidence"]),
            let json = try? JSONParser.parse(data), let items = json.array,
            items.allSatisfy(isWhole)
        else { return nil }
        return json
    }

    /// `[field, rule, from, to]` or `[field, rule, from, to, confidence]`.
    private static func isWhole(_ item: JSON) -> Bool {
        guard let parts = item.array, parts.count == 4 || parts.count == 5,
            parts[0].string != nil, parts[1].string != nil,
            let low = parts[2].int, let high = parts[3].int, 0 <= low, low <= high
        else { return false }
        return parts.count == 4 || parts[4].string.flatMap(Evidence.Confidence.init) != nil
    }
}
