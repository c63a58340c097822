/// Tells the encoding of a page's bytes and makes them text, as the WHATWG standards do where
/// these are of one mind with old archives.
///
/// In this order: a byte order mark; bytes that are UTF-16 by their zeros; a declared label
/// (the container's media type, then `<meta>` or the XML declaration in the first 1024 bytes),
/// unless the bytes are valid UTF-8 with letters beyond ASCII and the label is of one byte a
/// letter; UTF-8 where valid, or mostly so; else windows-1252. UTF-7 is never read.
enum Charset {

    /// Reads the bytes of `capture` as text.
    ///
    /// Valid UTF-8 is not copied, but for a byte order mark taken off.
    static func page(of capture: Capture) throws(Refusal) -> Page {
        let bytes = capture.bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return try utf8(capture, origin: 3) }
        if bytes.starts(with: [0xff, 0xfe]) { return page(capture, by: .utf16LittleEndian, 2) }
        if bytes.starts(with: [0xfe, 0xff]) { return page(capture, by: .utf16BigEndian, 2) }
        if let order = TextProbe.utf16Order(of: bytes.prefix(4096)) {
            return page(
                capture, by: order == .littleEndian ? .utf16LittleEndian : .utf16BigEndian, 0)
        }
        guard TextProbe.isText(bytes) else {
            throw Refusal(.notText, "the bytes are no text in any encoding that is read")
        }
        guard let declared = declared(of: capture) else { return try utf8(capture, origin: 0) }
        return try page(of: capture, declared: declared)
    }

    private static func page(
        of capture: Capture, declared: CharsetLabels.Encoding
    ) throws(Refusal) -> Page {
        switch declared {
        // A page that says UTF-16 in letters of one byte is not UTF-16 (HTML 13.2.3.2).
        case .utf8, .utf16LittleEndian, .utf16BigEndian: return try utf8(capture, origin: 0)
        case .refused(let name):
            throw Refusal(.encoding, "the encoding \(name) is not read")
        case .windows1252:
            if isUTF8(capture.bytes) { return try utf8(capture, origin: 0) }
            return page(capture, by: .windows1252, 0)
        case .converted(let name, let system):
            // Browsers save in UTF-8 and leave the old label; CJK text can pass for UTF-8 by
            // chance.
            if !manyByteNames.contains(name), isUTF8(capture.bytes) {
                return try utf8(capture, origin: 0)
            }
            guard let decoded = DecodedText(capture.bytes, converter: system) else {
                throw Refusal(
                    .encoding, "this system cannot convert \(name)",
                    remedy: "install the converters of the C library")
            }
            return Page(
                capture: capture, text: decoded.text, encoding: name, origin: 0,
                checkpoints: decoded.checkpoints)
        }
    }

    private static let manyByteNames: Set<String> = [
        "gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr",
    ]

    /// UTF-8 where it is, or where most of what is beyond ASCII is; else windows-1252.
    private static func utf8(_ capture: Capture, origin: Int) throws(Refusal) -> Page {
        if isUTF8(capture.bytes) {
            let text = origin == 0 ? capture.bytes : Array(capture.bytes[origin...])
            return Page(
                capture: capture, text: text, encoding: "utf-8", origin: origin, checkpoints: [])
        }
        let isMostly = origin > 0 || isMostlyUTF8(capture.bytes)
        return page(capture, by: isMostly ? .utf8 : .windows1252, origin)
    }

    private static func page(_ capture: Capture, by step: TextStep, _ origin: Int) -> Page {
        let decoded = DecodedText(capture.bytes, from: origin, by: step)
        return Page(
            capture: capture, text: decoded.text, encoding: step.name, origin: origin,
            checkpoints: decoded.checkpoints)
    }

    // MARK: Looking at the bytes

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }

    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var good = 0
            var bad = 0
            var index = 0
            while index < bytes.count {
                let (scalar, width) = TextStep.utf8.character(in: bytes, at: index)
                // A U+FFFD that stands in the bytes is good, one that we put there is not.
                let isOwn = scalar == "\u{fffd}" && !(width == 3 && bytes[index] == 0xef)
                if isOwn { bad += 1 } else if width > 1 { good += 1 }
                index += width
            }
            return good > bad
        }
    }

    // MARK: Declared labels

    private static func declared(of capture: Capture) -> CharsetLabels.Encoding? {
        if let mediaType = capture.mediaType {
            let bytes = Array(mediaType.utf8.prefix(1024))
            if let encoding = encoding(named: "charset", in: bytes[...]) { return encoding }
        }
        let head = capture.bytes.prefix(1024)
        if begins(head, "<?xml"), let end = head.firstIndex(of: 0x3e),
            let encoding = encoding(named: "encoding", in: head[..<end])
        {
            return encoding
        }
        return metaEncoding(of: head)
    }

    /// The encoding of the first `<meta>` outside of comments that names one.
    private static func metaEncoding(of head: ArraySlice<UInt8>) -> CharsetLabels.Encoding? {
        var rest = head
        while let open = rest.firstIndex(of: 0x3c) {
            rest = rest[open...]
            if begins(rest, "<!--") {
                rest = rest.dropFirst(4)
                while !rest.isEmpty, !begins(rest, "-->") { rest = rest.dropFirst() }
            } else if begins(rest, "<meta") {
                let tag = rest.prefix { $0 != 0x3e }
                if let encoding = encoding(named: "charset", in: tag) { return encoding }
            }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// What stands behind `key=`, quoted or not, where it is a known label.
    private static func encoding(
        named key: String, in bytes: ArraySlice<UInt8>
    ) -> CharsetLabels.Encoding? {
        var rest = bytes
        while !rest.isEmpty {
            guard begins(rest, key) else {
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(key.utf8.count).drop { isSpace($0) }
            guard rest.first == 0x3d else { continue }
            rest = rest.dropFirst().drop { isSpace($0) || $0 == 0x22 || $0 == 0x27 }
            let label = rest.prefix {
                !isSpace($0) && $0 != 0x22 && $0 != 0x27 && $0 != 0x3b && $0 != 0x3e && $0 != 0x3f
            }
            let name = String(decoding: label.map(lower), as: UTF8.self)
            if let encoding = CharsetLabels.encoding(of: name) { return encoding }
        }
        return nil
    }

    private static func begins(_ bytes: ArraySlice<UInt8>, _ mark: String) -> Bool {
        bytes.count >= mark.utf8.count
            && zip(bytes, mark.utf8).allSatisfy { lower($0) == $1 }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}
