/// The address of a page as a capture of its text prints it: alone on one of the first lines, or in
/// what a web archive's replay lays over the page.
struct PageTextAddress {
    /// The page's own address, without the archive's.
    var url: String
    /// Where it stands.
    var range: Range<Int>

    /// How many lines a replay may print above its address.
    private static let reach = 60

    /// Takes the address off the top of `lines`, with what a replay printed above it.
    static func take(from lines: inout [TextLine]) -> PageTextAddress? {
        for (index, line) in lines.prefix(reach).enumerated() {
            guard let start = replayed(line.text) else { continue }
            let url = TextScanning.string(line.text[start...].prefix { $0 != 0x20 })
            guard CanonicalURL.host(url) != nil else { continue }
            lines.removeSubrange(...index)
            return PageTextAddress(url: CanonicalURL.withoutArchive(url), range: line.range)
        }
        for (index, line) in lines.prefix(2).enumerated() {
            guard TextScanning.has("http", at: 0, in: line.text), !line.text.contains(0x20) else {
                continue
            }
            let url = TextScanning.string(line.text)
            guard CanonicalURL.host(url) != nil else { continue }
            lines.remove(at: index)
            return PageTextAddress(url: url, range: line.range)
        }
        return nil
    }

    /// Where an address of the form `…/web/20170126201456/https://example.org/` ends a line, as a
    /// replay's own line does; nil where none does.
    private static func replayed(_ text: [UInt8]) -> Int? {
        guard let start = HTMLBytes.find("http", in: text),
            let web = HTMLBytes.find("/web/", in: text), web > start, start < 60
        else { return nil }
        let digits = text[(web + 5)...].prefix(while: TextScanning.isDigit).count
        guard digits == 14, text[start...].allSatisfy({ $0 != 0x20 }) else { return nil }
        return start
    }
}

extension Page {
    /// The page with the address that its text told.
    func captured(from url: String) -> Page {
        var capture = capture
        capture.url = url
        return Page(
            capture: capture, text: text, encoding: encoding, origin: origin,
            checkpoints: checkpoints)
    }
}
