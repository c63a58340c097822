/// One capture on its way to become a page: what is known of its bytes, and what was told and not
/// believed.
struct CharsetReader {
    private let capture: Capture
    private let isASCII: Bool
    private let isUTF8: Bool
    private var overruled: [String] = []

    init(_ capture: Capture) {
        self.capture = capture
        (isASCII, isUTF8) = capture.bytes.withUnsafeBufferPointer { bytes in
            guard bytes.endOfASCII(from: 0) < bytes.count else { return (true, true) }
            return (false, (try? UTF8Span(validating: bytes.span)) != nil)
        }
    }

    /// The page by the first of those told that the bytes bear out, or by the bytes alone.
    mutating func page() throws(Refusal) -> Page {
        for (source, encoding) in Charset.told(of: capture, isLate: !isUTF8) {
            if let page = try page(ifBorneOut: encoding, toldBy: source) { return page }
            overruled.append("\(source.rawValue) \(encoding.rawValue)")
        }
        if isUTF8, !mayHoldEscapes { return try page(by: .utf8, toldBy: .utf8) }
        if let page = try page(ifBorneOut: .utf8, toldBy: .utf8), !isASCII { return page }
        if let guess = CharsetDetector.encoding(of: capture.bytes) {
            return try page(by: guess, toldBy: .detected)
        }
        return isASCII
            ? try page(by: .utf8, toldBy: .utf8)
            : try page(by: .windows1252, toldBy: .fallback)
    }

    /// The page by `encoding`; nil where the bytes contradict it.
    private func page(
        ifBorneOut encoding: Charset.Encoding, toldBy source: EncodingSource
    ) throws(Refusal) -> Page? {
        switch encoding {
        case .utf8: break
        case .replacement:
            // Seven bits and escapes: this is such a page, and the standard reads none of it.
            guard isASCII, mayHoldEscapes else { return nil }
        case .utf16LittleEndian, .utf16BigEndian:
            // No zeros were found, and what is valid UTF-8 as well is not UTF-16.
            if isUTF8 { return nil }
        default:
            // Browsers and editors save in UTF-8 and leave the old label.
            if isUTF8, !isASCII, !encoding.isMultiByte || leads >= 8 { return nil }
        }
        let page = try page(by: encoding, toldBy: source)
        return page.isBorneOut ? page : nil
    }

    /// The page by `encoding`, however much of it is malformed.
    func page(
        by encoding: Charset.Encoding, toldBy source: EncodingSource, origin: Int = 0
    ) throws(Refusal) -> Page {
        if isUTF8, encoding == .utf8 || isASCII && encoding.isASCIICompatible {
            let text = origin == 0 ? capture.bytes : Array(capture.bytes[origin...])
            return Page(
                capture: capture, text: text, encoding: encoding.rawValue, origin: origin,
                checkpoints: [], encodingSource: source, overruled: overruled)
        }
        guard encoding != .replacement else {
            throw Refusal(
                .encoding, "the encoding that the page names is one that no browser reads",
                remedy: "convert it to UTF-8")
        }
        guard let step = TextStep(encoding) else {
            throw Refusal(
                .encoding, "this system cannot convert \(encoding.rawValue)",
                remedy: "install all converters of the C library (glibc-gconv-extra, or libc6)"
                    + " and restart archived")
        }
        let decoded = DecodedText(
            capture.bytes, from: origin, by: step, hasASCIIRuns: encoding.isASCIICompatible)
        return Page(
            capture: capture, text: decoded.text, encoding: encoding.rawValue, origin: origin,
            checkpoints: decoded.checkpoints, step: step, encodingSource: source,
            overruled: overruled, malformed: decoded.malformed, isBorneOut: decoded.isBorneOut)
    }

    /// The bytes that begin a letter beyond ASCII in UTF-8.
    private var leads: Int { capture.bytes.count { $0 >= 0xc0 } }

    /// Whether bytes of ASCII may be letters of another alphabet: ESC, SO, or `~{`.
    private var mayHoldEscapes: Bool {
        guard isASCII else { return false }
        let bytes = capture.bytes
        return bytes.indices.contains { place in
            switch bytes[place] {
            case 0x1b, 0x0e: true
            case 0x7e: place + 1 < bytes.count && bytes[place + 1] == 0x7b
            default: false
            }
        }
    }
}
