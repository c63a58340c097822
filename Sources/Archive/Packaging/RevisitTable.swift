/// Where the records of a web archive are that later ones may refer to, by what they would be
/// called there.
///
/// It holds offsets, never bytes: a revisit's page is read again from the file. A key is a hash;
/// who goes to the offset looks whether the record there is the one that was meant.
struct RevisitTable {
    /// Entries that are kept, at about 32 bytes each.
    ///
    /// A record has three; records beyond are not found again.
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
        if let id = record.recordID { enter(.recordID(id), offset) }
        if let url = record.url, let time = record.captured {
            enter(.capture(url: url, time: time), offset)
        }
        if let digest = record.statedPayloadDigest { enter(.payload(digest), offset) }
    }

    private mutating func enter(_ key: Key, _ offset: Int?) {
        guard places.count < Self.limit else {
            isFull = true
            return
        }
        // The first capture of the same bytes is the one that later ones refer to.
        let hash = key.hashValue
        if places[hash] == nil { places[hash] = offset ?? -1 }
    }

    /// The offset of the record, -1 where it holds no page.
    func place(of key: Key) -> Int? { places[key.hashValue] }
}

extension RevisitTable.Key {
    /// Whether it is what others may call `record`.
    func means(_ record: ArchiveRecord) -> Bool {
        switch self {
        case .recordID(let id): id == record.recordID
        case .capture(let url, let time): url == record.url && time == record.captured
        case .payload(let digest): digest == record.statedPayloadDigest
        }
    }
}

extension ArchiveRecord {
    /// The payload's digest as it is stated, in small letters.
    fileprivate var statedPayloadDigest: [UInt8]? {
        fields?.value("warc-payload-digest")?.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }

    /// What a revisit calls the record that it refers to, the surest first.
    var references: [RevisitTable.Key] {
        guard let fields else { return [] }
        var keys: [RevisitTable.Key] = []
        if let id = fields.text("warc-refers-to") { keys.append(.recordID(Self.plain(id))) }
        if let url = fields.text("warc-refers-to-target-uri"),
            let time = fields.text("warc-refers-to-date").flatMap(CaptureDate.init)
        {
            keys.append(.capture(url: Self.plain(url), time: time.text))
        }
        if let digest = statedPayloadDigest { keys.append(.payload(digest)) }
        return keys
    }
}
