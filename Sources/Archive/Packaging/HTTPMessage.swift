/// The head of an HTTP response as a crawler kept it (RFC 9112), read leniently.
struct HTTPMessage {
    /// The status code; nil where the first line tells none.
    let status: Int?
    /// What the server said behind the code.
    let statusText: String
    let fields: HeaderFields

    /// Reads the head of `body` where it begins with one; nil where it begins with something else.
    ///
    /// - Parameter isClaimed: whether the record says that it is HTTP, so that less must fit.
    init?(from body: RecordBody, isClaimed: Bool = false) throws(Refusal) {
        let start = try body.available()
        guard start.starts(with: (isClaimed ? "HTTP" : "HTTP/").utf8) else { return nil }
        let line = try body.line(1 << 16)
        let words = line.split(separator: 0x20, maxSplits: 2)
        status = words.count > 1 ? StatedNumber.decimal(words[1].filter { $0 > 0x20 }) : nil
        let text = words.count > 2 ? words[2].prefix { $0 != 0x0d && $0 != 0x0a }.prefix(100) : []
        statusText = String(decoding: text, as: UTF8.self)
        // Some servers forget the blank line; no field begins with a tag.
        fields = try HeaderFields(from: body) { $0.first == 0x3c }
    }

    /// The media type with its parameters.
    var mediaType: String? { fields.text("content-type") }

    /// Whether the body comes in chunks.
    var isChunked: Bool {
        fields.values("transfer-encoding").contains { Self.tokens($0).contains("chunked") }
    }

    /// The codings of the content in the order in which they were applied.
    var codings: [String] { fields.values("content-encoding").flatMap(Self.tokens) }

    private static func tokens(_ value: ArraySlice<UInt8>) -> [String] {
        value.split(whereSeparator: { $0 == 0x2c || $0 <= 0x20 }).prefix(8)
            .map { String(decoding: $0, as: UTF8.self).lowercased() }
    }

    /// Why what came with this status is no page; nil for content.
    var objection: String? {
        guard let status, status != 200, status != 203 else { return nil }
        let words = "HTTP \(status)" + (statusText.isEmpty ? "" : " \(statusText)")
        switch status {
        case 206: return "a part of a page (\(words))"
        case 201, 202: return nil
        case 300...399: return "a redirect (\(words))"
        default: return "no page (\(words))"
        }
    }
}
