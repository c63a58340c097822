internal import Glibc

/// One capture on its way to become a page: what is known of its bytes, and what was told and not
/// believed.
struct CharsetReader {
    private let capture: Capture
    private let isASCII: Bool
    private let isUTF8: Bool
    /// Of bytes that are not UTF-8: how many letters beyond ASCII they hold if they are read so,
    /// and how many malformed sequences.
    private let letters: Int
    private let malformed: Int
    private var overruled: [String] = []

    init(_ capture: Capture) {
        self.capture = capture
        (isASCII, isUTF8, letters, malformed) = capture.bytes.withUnsafeBufferPointer { bytes in
            if bytes.endOfASCII(from: 0) == bytes.count { return (true, true, 0, 0) }
            if (try? UTF8Span(validating: bytes.span)) != nil { return (false, true, 0, 0) }
            let (letters, malformed) = Self.tally(bytes)
            return (false, false, letters, malformed)
        }
    }

    private static func tally(_ bytes: UnsafeBufferPointer<UInt8>) -> (Int, Int) {
        var letters = 0
        var malformed = 0
        var shift: UInt8 = 0
        var index = bytes.endOfASCII(from: 0)
        while index < bytes.count {
            let taken = TextStep.utf8.next(in: bytes, at: index, shift: &shift)
            if taken.isMalformed { malformed += 1 } else { letters += 1 }
            index = bytes.endOfASCII(from: index + taken.width)
        }
        return (letters, malformed)
    }

    private var isMostlyUTF8: Bool { isUTF8 || malformed < letters }

    /// UTF-8 but for a few bytes: no text in an encoding of one byte a letter looks like this.
    private var isNearlyUTF8: Bool { isUTF8 || letters >= 8 && malformed * 8 <= letters }

    /// The page by the first of those told that the bytes bear out, or by the bytes alone.
    mutating func page() throws(Refusal) -> Page {
        for (source, label) in Charset.told(of: capture, isLate: !isUTF8) {
            if let encoding = label.encoding,
                let page = try page(ifBorneOut: encoding, toldBy: source)
            {
                return page
            }
            overruled.append("\(source.rawValue) \(label.name)")
        }
        if isMostlyUTF8, !(isASCII && holds(0x1b)) { return try page(by: .utf8, toldBy: .utf8) }
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
        case .utf8: if !isMostlyUTF8 { return nil }
        case .replacement:
            // Seven bits and escapes: this is such a page, and the standard reads none of it.
            guard isASCII, holds(0x1b) || holds(0x0e) || holdsTildeBraces else { return nil }
        case .utf16LittleEndian, .utf16BigEndian:
            // No zeros were found, and what is valid UTF-8 as well is not UTF-16.
            if isUTF8 { return nil }
        default:
            // Browsers and editors save in UTF-8 and leave the old label.
            let isOld = encoding.isMultiByte ? isUTF8 && leads >= 8 : isNearlyUTF8
            if isOld, !isASCII { return nil }
        }
        let page = try page(by: encoding, toldBy: source)
        return encoding == .utf8 || page.isBorneOut ? page : nil
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

    private func holds(_ byte: UInt8) -> Bool {
        capture.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return memchr(start, Int32(byte), bytes.count) != nil
        }
    }

    /// `~{`, which begins Chinese in HZ.
    private var holdsTildeBraces: Bool {
        zip(capture.bytes, capture.bytes.dropFirst()).contains { $0 == 0x7e && $1 == 0x7b }
    }
}
