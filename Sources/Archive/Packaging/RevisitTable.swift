/// Where the records of a web archive are that later ones may refer to, by what they would be
/// called there.
///
/// It holds offsets, never bytes: a revisit's page is read again from the file. A key is a hash;
/// who goes to the offset looks whether the record there is the one that was meant.
struct RevisitTable {
    /// Entries that are kept; at about 32 bytes each, and three for a record. Records beyond are
    /// not found again.
    static let limit = 1_000_000

    /// What a revisit calls the record it refers to.
    enum Key: Hashable {
        case recordID(String)
        case capture(url: String, time: String)
        case payload([UInt8])
    }

    private var places: [Int: Int] = [:]
    private(set) var isFull = false

    /// Enters a record that begins at `offset`; nil for one that holds no page.
    mutating func enter(_ record: ArchiveRecord, at offset: Int?) {
        for key in Self.keys(of: record) {
            guard places.count < Self.limit else {
                isFull = true
                return
            }
            let hash = key.hashValue
            // The first capture of the same bytes is the one that later ones refer to.
            if places[hash] == nil { places[hash] = offset ?? -1 }
        }
    }

    /// The offset of the record, -1 where it holds no page.
    func place(of key: Key) -> Int? { places[key.hashValue] }

    /// What others may call a record.
    static func keys(of record: ArchiveRecord) -> [Key] {
        var keys: [Key] = []
        if let id = record.recordID { keys.append(.recordID(id)) }
        if let url = record.url, let time = record.captured {
            keys.append(.capture(url: url, time: time))
        }
        if let digest = record.fields?.value("warc-payload-digest") {
            keys.append(.payload(plain(digest)))
        }
        return keys
    }

    /// What a revisit calls the record it refers to, the surest first.
    static func references(of revisit: ArchiveRecord) -> [Key] {
        guard let fields = revisit.fields else { return [] }
        var keys: [Key] = []
        if let id = fields.text("warc-refers-to") {
            keys.append(.recordID(id.filter { $0 != "<" && $0 != ">" }))
        }
        if let url = fields.text("warc-refers-to-target-uri"),
            let time = fields.text("warc-refers-to-date").flatMap({ CaptureDate($0)?.text })
        {
            keys.append(
                .capture(url: url.filter { $0 != "<" && $0 != ">" }, time: time))
        }
        if let digest = fields.value("warc-payload-digest") {
            keys.append(.payload(plain(digest)))
        }
        return keys
    }

    private static func plain(_ digest: ArraySlice<UInt8>) -> [UInt8] {
        digest.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
}
