/// Tells a message from other text by its header: a page saved as MHTML, or a mail.
enum MailProbe {
    /// Fields that only servers and programs of mail write.
    private static let traces = [
        "received", "return-path", "message-id", "delivered-to", "dkim-signature",
        "snapshot-content-location",
    ]

    /// Whether a file that begins with `head` is a message.
    ///
    /// It begins with fields, and says `MIME-Version` with a type of text or of many parts, or
    /// bears the traces of mail. Where the header goes on beyond the head, the type may yet come.
    static func isMessage(_ head: [UInt8]) -> Bool {
        head.withUnsafeBytes { bytes in
            guard let (header, isWhole) = header(of: bytes) else { return false }
            let isMIME = header.bytes("mime-version") != nil
            let isTraced = traces.contains { header.bytes($0) != nil }
            guard let type = header.contentType else {
                let isMail = isTraced && header.bytes("from") != nil
                return isMail || (isMIME && !isWhole)
            }
            if type.isMultipart { return isMIME || isTraced || type.parameters["boundary"] != nil }
            return (isMIME || isTraced) && type.name.hasPrefix("text/")
        }
    }

    /// The header, and whether its end was met; nil where there is a line that is no field.
    private static func header(of bytes: UnsafeRawBufferPointer) -> (MIMEHeader, isWhole: Bool)? {
        var header = MIMEHeader()
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
            var line = rest[..<end]
            let isCut = end == rest.endIndex && bytes.count >= Recognition.headBytes
            rest = rest[min(end + 1, rest.endIndex)...]
            if line.last == 0x0d { line = line.dropLast() }
            if line.isEmpty {
                if header.fields.isEmpty { continue }
                return (header, true)
            }
            if header.fields.isEmpty, line.starts(with: "From ".utf8) { continue }
            let isField = try? header.take(UnsafeRawBufferPointer(rebasing: line))
            guard isField == true else {
                return isCut && !header.fields.isEmpty ? (header, false) : nil
            }
        }
        return header.fields.isEmpty ? nil : (header, bytes.count < Recognition.headBytes)
    }
}
