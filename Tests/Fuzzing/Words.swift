import ArchiveProtocol
import CLinux
import Glibc

@testable import Archive

/// What is smaller than a page: text in an encoding, quotations, dates, addresses, settings.
enum Words {
    // MARK: Encodings

    /// The first byte chooses what the transport says of the rest.
    static func decode(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let encodings = Charset.Encoding.allCases
        let encoding = encodings[Int(first) % encodings.count]
        var capture = Capture(name: Array("page".utf8), bytes: Array(bytes.dropFirst()))
        if first < 0x80 { capture.mediaType = "text/html; charset=\(encoding.rawValue)" }
        if let page = try? Charset.page(of: capture) { check(page) }
        if let page = try? CharsetReader(capture).page(by: encoding, toldBy: .http) { check(page) }
    }

    /// Text is valid, and every character can be found in the bytes that it is said to be from.
    private static func check(_ page: Page) {
        demand(String(validating: page.text, as: UTF8.self) != nil) { "text is valid UTF-8" }
        let starts = page.text.indices.filter { page.text[$0] & 0xC0 != 0x80 }
        var last = 0
        for (start, end) in zip(starts, starts.dropFirst() + [page.text.count]).prefix(512) {
            let source = page.source(of: start..<end)
            demand(source.lowerBound >= last && source.upperBound <= page.capture.bytes.count) {
                "characters come from their bytes in order: \(start) from \(source)"
            }
            last = source.lowerBound
            check(page.text[start..<end], from: page.capture.bytes[source], of: page)
        }
    }

    private static func check(
        _ character: ArraySlice<UInt8>, from source: ArraySlice<UInt8>, of page: Page
    ) {
        // What an escape before it switched, and half of what is malformed, mean nothing alone.
        guard let step = page.step, page.encoding != Charset.Encoding.iso2022JP.rawValue,
            !character.elementsEqual("\u{FFFD}".utf8)
        else { return }
        let again = DecodedText(Array(source), from: 0, by: step, hasASCIIRuns: false).text
        demand(again.indices.contains { again[$0...].starts(with: character) }) {
            "\(Array(character)) is what \(Array(source)) mean in \(page.encoding), not \(again)"
        }
    }

    // MARK: Quotations

    /// The first byte chooses the language; each line is a block.
    static func listen(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let body = bytes.dropFirst().split(separator: 0x0A).map { line in
            let isQuote = line.first == UInt8(ascii: ">")
            return Block(isQuote ? .quote : .paragraph, String(decoding: line, as: UTF8.self))
        }
        let language = [nil, "en", "de", "fr", "es"][Int(first) % 5]
        for found in QuotationFinder.find(in: body, language: language) {
            Pages.check(found.quotation, in: body)
            for part in found.parts {
                var quotation = found.quotation
                (quotation.paragraph, quotation.range) = (part.block, part.range)
                Pages.check(quotation, in: body)
            }
        }
    }

    // MARK: Dates and addresses

    static func scan(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0A).prefix(64) {
            let text = String(decoding: line, as: UTF8.self)
            scan(date: text)
            scan(address: text)
            scan(code: Array(line))
            _ = EncodedWord.decoded(Array(line))
            _ = TimeSpan(ago: text)
            _ = WallClock(seconds: 1_485_443_640).date(text)
        }
    }

    private static func scan(date text: String) {
        if let date = NewsDateReader.read(text, source: "text", style: nil) { Pages.check(date) }
        let bytes = Array(text.utf8)
        for monthFirst in [true, false] {
            if let first = NewsDateReader.first(
                in: bytes, source: "text", style: nil, monthFirst: monthFirst)
            {
                demand(bytes.indices.contains(first.start)) { "a date begins within its text" }
                Pages.check(first.date)
            }
        }
        if let instant = MailDate.instant(text) {
            demand(CaptureDate(instant)?.text == instant) { "an instant is RFC 3339: \(instant)" }
        }
        if let date = CaptureDate(text) {
            demand(CaptureDate(date.text) == date) {
                "an instant is read as it is written: \(date)"
            }
        }
    }

    private static func scan(address text: String) {
        _ = CanonicalURL.resolved(text, base: "https://gazette.example/a/b?c")
        _ = CanonicalURL.resolved("../x", base: text)
        guard let canonical = CanonicalURL.canonical(text) else { return }
        demand(CanonicalURL.canonical(canonical) == canonical) {
            "the canonical address of \(canonical) is itself, not "
                + (CanonicalURL.canonical(canonical) ?? "none")
        }
        demand(CanonicalURL.host(text) != nil) { "an address of the web has a host" }
    }

    /// Names of files and cursors, which are written so that any bytes can be read again.
    private static func scan(code bytes: [UInt8]) {
        demand(ByteName.bytes(ByteName.display(bytes)) == bytes) { "a name is that which is shown" }
        demand(Base64.decode(Base64.encode(bytes)) == bytes) { "base 64 is read as it is written" }
        _ = Base64.decode(String(decoding: bytes, as: UTF8.self))
    }

    // MARK: Settings

    /// The first byte chooses between house style and configuration.
    static func configure(_ bytes: [UInt8]) {
        // Foundation loses the memory that it reads an empty file into.
        guard let first = bytes.first, bytes.count > 1 else { return }
        let rest = Array(bytes.dropFirst())
        if first & 1 == 0 {
            guard let style = try? OutletsDirectory.style(rest, named: "outlet.yaml") else {
                return
            }
            demand(!style.outlet.isEmpty) { "a house style names its outlet" }
            return
        }
        let file = memory(of: rest)
        defer { close(file) }
        guard
            let settings = try? Settings(file: "/proc/self/fd/\(file)", stateDirectory: "/state")
        else { return }
        demand(settings.inbox.path.hasPrefix("/")) { "the inbox is an absolute path" }
        demand((1...32).contains(settings.limits.nesting)) { "settings stay within their bounds" }
        demand((1...1024).contains(settings.socket.inFlight)) { "settings stay in their bounds" }
    }

    /// A file in memory that holds `bytes`.
    static func memory(of bytes: [UInt8]) -> Int32 {
        let file = memfd_create("fuzz", 0)
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        return file
    }
}
