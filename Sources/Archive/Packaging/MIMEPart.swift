/// What a part says it is, held against what its bytes are.
extension MIMEMessage.Part {
    /// What becomes of a part.
    enum Kind { case page, plain, other }

    /// The kind of a part whose bytes are of `form`.
    ///
    /// The stated type counts among forms of text only; a page stated as text is a page.
    func kind(_ form: Form) -> Kind {
        guard form.isText else { return .other }
        switch header.contentType?.name {
        case "text/html", "application/xhtml+xml": return .page
        case nil, "text/plain", "text", "application/octet-stream":
            return form == .html ? .page : header.isAttachment ? .other : .plain
        default: return .other
        }
    }

    /// Why it cannot be read, whatever its bytes are.
    var refusal: Refusal? {
        if header.contentType?.isMultipart == true {
            return Refusal(
                .nesting, "more than \(MIMEMessage.nesting) multiparts within each other",
                offset: offset)
        }
        guard header.transferEncoding == nil else { return nil }
        let name = header.text("content-transfer-encoding") ?? ""
        return Refusal(
            .unsupported, "the transfer encoding \(name.prefix(40)) is not read", offset: offset,
            remedy: "save the page anew")
    }

    /// Its name among the members: where it was taken from, else as what it was sent.
    var path: [UInt8] {
        let location = header.location("content-location").map { Array($0.utf8.prefix(1000)) }
        if let name = location ?? header.fileName, !name.isEmpty { return name }
        if let identifier = header.identifier("content-id") {
            return Array("cid:\(identifier)".utf8.prefix(1000))
        }
        return Array("part-\(page.number)-\(offset)".utf8)
    }

    /// The form that the member list names.
    func form(_ form: Form) -> String {
        switch header.contentType?.name {
        case "text/css" where form.isText: "css"
        case let type? where form.isText && type.hasPrefix("image/"): "image"
        case let type? where form.isText && type.hasSuffix("javascript"): "script"
        default: form.rawValue
        }
    }

    /// Why it is passed over.
    func words(_ form: Form) -> String {
        switch self.form(form) {
        case "css": "a style sheet of the page"
        case "script": "a script of the page"
        case "image": "a picture of the page"
        case "empty": "an empty part"
        case "page-text" where header.contentType?.name == "text/plain":
            "the page once more, as plain text"
        default: "a part of the page, no page by itself"
        }
    }
}

extension MIMEHeader {
    /// The address that the message says was saved.
    var savedLocation: String? {
        location("snapshot-content-location") ?? location("content-location")
    }
}

/// How much there is to read in markup, without taking it apart.
enum MarkupWords {
    /// The letters that a page has at least; a frameset, or a page that draws itself by a script,
    /// has fewer.
    private static let fewest = 200

    /// Whether there is next to nothing to read outside of tags, scripts and styles.
    static func areFew(in bytes: [UInt8]) -> Bool {
        var letters = 0
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x3c {
                index = end(ofTagAt: index, in: bytes)
                continue
            }
            if bytes[index] > 0x40 { letters += 1 }
            if letters >= fewest { return false }
            index += 1
        }
        return true
    }

    private static func end(ofTagAt start: Int, in bytes: [UInt8]) -> Int {
        for (opening, closing) in [("<script", "</script"), ("<style", "</style"), ("<!--", "-->")]
        where begins(bytes, at: start, opening) {
            var index = start + opening.utf8.count
            while index < bytes.count, !begins(bytes, at: index, closing) { index += 1 }
            return min(bytes.count, index + closing.utf8.count)
        }
        return (bytes[start...].firstIndex(of: 0x3e) ?? bytes.endIndex - 1) + 1
    }

    private static func begins(_ bytes: [UInt8], at index: Int, _ mark: String) -> Bool {
        var at = index
        for byte in mark.utf8 {
            guard at < bytes.count else { return false }
            let upper = (0x41...0x5a).contains(bytes[at])
            guard (upper ? bytes[at] | 0x20 : bytes[at]) == byte else { return false }
            at += 1
        }
        return true
    }
}
