/// The fields of a message or of a part of one, unfolded (RFC 5322, RFC 2045).
struct MIMEHeader {
    /// Bytes of one header; the longest honest ones are the traces of mail servers, some KiB.
    static let maximumBytes = 1 << 20

    /// Names in small letters, and values as they stand.
    private(set) var fields: [(name: [UInt8], value: [UInt8])] = []
    private var bytes = 0

    /// Takes a line of a header, or a further piece of it.
    ///
    /// - Returns: whether it was one: a field, or what goes on with the one before.
    mutating func take(
        _ line: UnsafeRawBufferPointer, goesOn: Bool = false
    ) throws(Refusal) -> Bool {
        guard let first = line.first else { return goesOn }
        bytes += line.count
        guard bytes <= Self.maximumBytes else {
            throw Refusal(.malformed, "a header of more than \(Self.maximumBytes) bytes")
        }
        if goesOn || first == 0x20 || first == 9, !fields.isEmpty {
            fields[fields.count - 1].value.append(contentsOf: line)
            return true
        }
        guard let colon = Self.colon(in: line) else { return false }
        let name = line[..<colon].map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        fields.append((name.filter { $0 > 0x20 }, Array(line[(colon + 1)...])))
        return true
    }

    /// Where the name of a field ends; nil for a line that is no field.
    ///
    /// White space before the colon is obsolete and was allowed.
    static func colon(in line: some RandomAccessCollection<UInt8>) -> Int? {
        var length = 0
        var hasSpace = false
        for byte in line {
            if byte == 0x3a { return length > 0 ? length : nil }
            let isSpace = byte == 0x20 || byte == 9
            guard isSpace || (!hasSpace && byte > 0x20 && byte < 0x7f), length < 200 else {
                return nil
            }
            hasSpace = hasSpace || isSpace
            length += 1
        }
        return nil
    }

    /// The first field of that name, without white space around it.
    func bytes(_ name: String) -> [UInt8]? {
        guard let field = fields.first(where: { $0.name.elementsEqual(name.utf8) }) else {
            return nil
        }
        let value = field.value.drop { $0 <= 0x20 }
        guard let end = value.lastIndex(where: { $0 > 0x20 }) else { return [] }
        return Array(value[...end])
    }

    /// The same as text.
    func text(_ name: String) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    // MARK: What the fields say

    /// The media type and its parameters; nil where none is stated.
    var contentType: MediaType? { bytes("content-type").flatMap(MediaType.init) }

    /// How the body was encoded; nil for an encoding that is not known.
    var transferEncoding: TransferEncoding? {
        let stated = text("content-transfer-encoding") ?? ""
        return TransferEncoding(named: String(stated.prefix { $0 != ";" && $0 != " " }))
    }

    /// An identifier without its angle brackets.
    func identifier(_ name: String) -> String? {
        guard let text = text(name) else { return nil }
        let plain = text.filter { $0 != "<" && $0 != ">" && !$0.isWhitespace }
        return plain.isEmpty ? nil : plain
    }

    /// An address: it may be folded anywhere, and may be an encoded word (RFC 2557, 4.4).
    func location(_ name: String) -> String? {
        guard let value = bytes(name) else { return nil }
        let whole = EncodedWord.decoded(value).filter { $0 > 0x20 }
        return whole.isEmpty ? nil : String(decoding: whole, as: UTF8.self)
    }

    /// The name that the part had as a file.
    var fileName: [UInt8]? {
        let stated =
            bytes("content-disposition").flatMap(MediaType.init)?.parameters["filename"]
            ?? contentType?.parameters["name"]
        guard let stated, !stated.isEmpty else { return nil }
        return MemberPath.last(of: EncodedWord.decoded(stated))
    }

    /// Whether the part says of itself that it is a file sent along.
    var isAttachment: Bool {
        bytes("content-disposition").flatMap(MediaType.init)?.name == "attachment"
    }
}
