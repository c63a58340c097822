/// What a record of a WARC or an ARC says of itself; its block follows.
///
/// WARC 0.17 to 1.1 is ISO 28500, ARC the format of the Internet Archive that came before.
struct ArchiveRecord {
    /// What the record is for (WARC-Type).
    enum Kind: String {
        case warcinfo, request, response, resource, revisit, conversion, metadata, continuation
        /// A type that no version of the standard knows.
        case other
    }

    var kind = Kind.other
    /// The type as it stands, in small letters.
    var type = ""
    /// The address without angle brackets (WARC-Target-URI).
    var url: String?
    /// When it was captured (WARC-Date).
    var date: CaptureDate?
    var recordID: String?
    /// The media type of the block, for an ARC that of the payload.
    var mediaType: String?
    /// Bytes of the block.
    var length = 0
    /// Where the record begins: in the compressed file where a part of it begins with the record,
    /// else in the unpacked bytes.
    var offset = 0
    /// Whether a part of a compressed file begins with the record.
    var part: Int?
    var isARC = false
    /// Why the block is not to be read, if so.
    var objection: Refusal?
    /// All fields of a WARC record.
    var fields: HeaderFields?

    /// Bytes of an address that are shown in a member's path.
    static let shownBytes = 2048

    /// When it was captured, RFC 3339 in UTC.
    var captured: String? { date?.text }

    /// What the record is called among members: when and what, as web archives are addressed.
    ///
    /// What is no page has its type in front, as `request/20170306040353/http://example.com/`.
    var path: [UInt8] {
        let name = url ?? fields?.text("warc-filename") ?? recordID ?? "record-at-\(offset)"
        var path: [UInt8] = []
        switch kind {
        case .response, .resource, .conversion, .revisit: break
        default: path = (type.isEmpty ? "record" : type).utf8.prefix(64) + [0x2f]
        }
        path += (date?.digits ?? "-").utf8
        path.append(0x2f)
        return path + name.utf8.prefix(Self.shownBytes)
    }
}

// MARK: WARC

extension ArchiveRecord {
    /// Reads the head of a WARC record, `line` being its first line.
    init(warc line: [UInt8], fields: HeaderFields, offset: Int) {
        self.offset = offset
        self.fields = fields
        type = fields.text("warc-type")?.lowercased() ?? ""
        kind = Kind(rawValue: type) ?? .other
        if let url = fields.text("warc-target-uri") { self.url = Self.plain(url) }
        date = fields.text("warc-date").flatMap(CaptureDate.init)
        recordID = fields.text("warc-record-id").map(Self.plain)
        mediaType = fields.text("content-type")
        readLength(fields)
        let version = line.dropFirst(5).filter { $0 > 0x20 }
        let known = ["0.16", "0.17", "0.18", "0.99", "1.0", "1.1"]
        if objection == nil, !known.contains(where: { version.elementsEqual($0.utf8) }) {
            let text = String(decoding: version.prefix(16), as: UTF8.self)
            objection = Refusal(
                .unsupported, "version \(text) of WARC is not known", offset: offset)
        }
    }

    /// An address without the angle brackets that some writers put around it.
    static func plain(_ text: String) -> String {
        guard text.utf8.first == 0x3c, text.utf8.last == 0x3e, text.utf8.count > 1 else {
            return text
        }
        return String(decoding: text.utf8.dropFirst().dropLast(), as: UTF8.self)
    }

    private mutating func readLength(_ fields: HeaderFields) {
        let stated = fields.values("content-length")
        guard let first = stated.first else {
            objection = Refusal(.corrupt, "a record without Content-Length", offset: offset)
            length = -1
            return
        }
        guard stated.allSatisfy({ $0.elementsEqual(first) }),
            let length = StatedNumber.decimal(first)
        else {
            let text = stated.prefix(4).map { String(decoding: $0.prefix(40), as: UTF8.self) }
            objection = Refusal(
                .corrupt, "Content-Length is no length: \(text.joined(separator: ", "))",
                offset: offset)
            self.length = -1
            return
        }
        self.length = length
    }
}

// MARK: ARC

extension ArchiveRecord {
    /// Reads the line before an ARC record's block; nil where it is none.
    ///
    /// Version 1 has five fields and version 2 ten, which are told from the right, because
    /// addresses with spaces in them were written as they are.
    init?(arc line: UnsafeRawBufferPointer, offset: Int) {
        let text = line.prefix { $0 != 0x0a && $0 != 0x0d }
        let fields = text.split(separator: 0x20, omittingEmptySubsequences: false)
        guard fields.count >= 5, let last = fields.last,
            let length = StatedNumber.decimal(last)
        else { return nil }
        let isSecond = fields.count >= 10 && Self.isDate(fields[fields.count - 8])
        guard isSecond || Self.isDate(fields[fields.count - 3]) else { return nil }
        let address = fields.count - (isSecond ? 9 : 4)
        let url = text[..<(fields[address - 1].endIndex)]
        // A line cut off in front still looks like a record's but for the scheme.
        guard let colon = url.firstIndex(of: 0x3a),
            Self.schemes.contains(where: { url[..<colon].elementsEqual($0.utf8) })
        else { return nil }
        self.offset = offset
        self.length = length
        isARC = true
        self.url = String(decoding: url, as: UTF8.self)
        date = CaptureDate(String(decoding: fields[address + 1], as: UTF8.self))
        let mediaType = fields[address + 2]
        if mediaType.contains(0x2f) { self.mediaType = String(decoding: mediaType, as: UTF8.self) }
        let isHead = url.starts(with: Array("filedesc:".utf8))
        kind = isHead ? .warcinfo : .response
        type = kind.rawValue
    }

    private static let schemes = [
        "http", "https", "dns", "filedesc", "ftp", "ftps", "gopher", "mailto", "metadata", "news",
        "nntp", "rtsp", "mms", "warcinfo", "whois", "file", "data", "urn",
    ]

    private static func isDate(_ field: Slice<UnsafeRawBufferPointer>) -> Bool {
        (1...17).contains(field.count) && field.allSatisfy { (0x30...0x39).contains($0) }
            && (field.count >= 8 || field.elementsEqual([0x30]))
    }
}
