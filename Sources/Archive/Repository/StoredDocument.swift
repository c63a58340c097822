internal import Foundation
internal import GRDB

/// A record as the database keeps it: read, and held against the digest it was stored with.
///
/// SQLite does not notice a byte that changed on the disk within a value.
enum StoredDocument {
    /// What mends a damaged record: everything in the database can be read again.
    static let remedy = """
        stop archived, move archive.sqlite and the files beside it of that name out of the state \
        directory, and start it again: all is read from the originals
        """

    /// The document of a row with the columns `document` and `digest`; nil where it is damaged.
    static func intact(_ row: Row) -> Data? {
        guard let document = Data.fromDatabaseValue(row["document"]),
            let digest = Data.fromDatabaseValue(row["digest"])
        else { return nil }
        var hasher = Digest.Hasher()
        document.withUnsafeBytes { hasher.update($0) }
        return hasher.digest().bytes.elementsEqual(digest) ? document : nil
    }
}
