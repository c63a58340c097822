/// Tells the encoding of a page's bytes and makes them text, as the WHATWG standards do where
/// these are of one mind with old archives.
///
/// In this order: a byte order mark; bytes that are UTF-16 by their zeros; the transport's media
/// type; the page's own `<meta>` or XML declaration; UTF-8 where valid, or mostly so; a guess;
/// windows-1252. What is told but contradicted by the bytes is overruled, and that is noted:
/// `docs/formats.md` has the rule. UTF-7 is never read.
enum Charset {
    /// Reads the bytes of `capture` as text.
    ///
    /// Valid UTF-8 is not copied, but for a byte order mark taken off.
    static func page(of capture: Capture) throws(Refusal) -> Page {
        let bytes = capture.bytes
        if let (encoding, width) = byteOrderMark(of: bytes) {
            return try CharsetReader(capture).page(by: encoding, toldBy: .bom, origin: width)
        }
        if let order = TextProbe.utf16Order(of: bytes.prefix(4096)) {
            let encoding = order == .littleEndian ? Encoding.utf16LittleEndian : .utf16BigEndian
            return try CharsetReader(capture).page(by: encoding, toldBy: .detected)
        }
        guard TextProbe.isText(bytes) else {
            throw Refusal(.notText, "the bytes are no text in any encoding that is read")
        }
        var reader = CharsetReader(capture)
        return try reader.page()
    }

    private static func byteOrderMark(of bytes: [UInt8]) -> (Encoding, Int)? {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
        if bytes.starts(with: [0xff, 0xfe]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xfe, 0xff]) { return (.utf16BigEndian, 2) }
        return nil
    }

    /// What the transport and the page say, in the order in which they count.
    ///
    /// `isLate` has a `<meta>` sought behind the first 1024 bytes, too.
    static func told(
        of capture: Capture, isLate: Bool
    ) -> [(source: EncodingSource, label: EncodingLabel)] {
        var told: [(source: EncodingSource, label: EncodingLabel)] = []
        if let mediaType = capture.mediaType,
            let label = CharsetPrescan.charset(in: mediaType.utf8.prefix(1024))
        {
            told.append((.http, label))
        }
        let bytes = capture.bytes[...]
        let isDeclared = bytes.starts(with: "<?xml".utf8)
        // A `<meta>` in a feed is that of a page which it quotes.
        if !(isDeclared && isXML(capture)),
            let label = CharsetPrescan.meta(in: bytes, isLate: isLate)
        {
            told.append((.meta, label))
        } else if isDeclared, let label = CharsetPrescan.xmlDeclaration(in: bytes) {
            told.append((.xml, label))
        }
        return told
    }

    private static func isXML(_ capture: Capture) -> Bool {
        let head = Array(capture.bytes.prefix(Recognition.headBytes))
        return (capture.form ?? Recognition.form(of: head, name: capture.name)) == .xml
    }
}
