internal import ArchiveProtocol
internal import Foundation
internal import GRDB

/// A version as the database keeps it, held against its digest and what stands beside it.
struct RecordRow {
    /// What it is read by; a condition follows.
    static let sql = """
        SELECT version.seq, version.article, version.number, version.digest, version.document,
            version.evidence, version.headline AS title, article.id, article.url, article.outlet,
            article.headline, article.byline, article.published, article.dateline,
            article.version AS latest
        FROM version LEFT JOIN article ON article.seq = version.article
        """

    /// What is wrong with it.
    private(set) var damages: [Damage] = []
    /// How many bytes were looked at.
    private(set) var size = 0
    private let version: Int64?
    private let article: String?

    init(_ row: Row) {
        version = Int64.fromDatabaseValue(row["seq"])
        article = String.fromDatabaseValue(row["id"])
        let number = row.stored("number").description
        let name = "article \(article ?? "of row \(row.stored("article"))")"
        guard let document = StoredDocument.intact(row),
            let record = (try? JSONParser.parse(document)).flatMap(Article.init)
        else {
            note(.record, "the record of \(name), version \(number), has another digest")
            return
        }
        size = document.count
        if KeptEvidence.intact(row) == nil {
            note(.evidence, "the evidence of \(name), version \(number), cannot be read")
        }
        if row.stored("latest").isNull {
            note(.table, "version \(number) of \(name) is of no article")
            return
        }
        let isLatest = row.stored("latest") == row.stored("number")
        let others = Self.columns(of: record, isLatest: isLatest)
            .filter { $0.value != row.stored($0.name) }.map(\.name)
        if !others.isEmpty {
            let names = others.map { $0 == "title" ? "headline in the list of versions" : $0 }
            note(
                .column,
                "beside the record of \(name), version \(number), stands another "
                    + names.joined(separator: ", "))
        }
    }

    private mutating func note(_ kind: Damage.Kind, _ detail: String) {
        damages.append(Damage(kind: kind, detail: detail, article: article, version: version))
    }

    /// What must stand beside a record; beside the latest what lists and searches show.
    private static func columns(of record: Article, isLatest: Bool)
        -> [(name: String, value: DatabaseValue)]
    {
        let own = ("title", record.headline.databaseValue)
        guard isLatest else { return [own] }
        return [
            own, ("id", record.id.databaseValue), ("url", record.url.databaseValue),
            ("outlet", record.outlet.databaseValue), ("headline", record.headline.databaseValue),
            ("byline", record.byline.databaseValue),
            ("published", record.published?.value.databaseValue ?? .null),
            ("dateline", record.dateline.databaseValue),
        ]
    }
}

extension Row {
    /// A column as it is stored, of whatever type: damage can have made it another.
    func stored(_ column: String) -> DatabaseValue { self[column] }
}
