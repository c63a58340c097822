/// Tells pages from what a crawl holds beside them, by what is claimed and by the first bytes.
enum PageForm {
    /// Why a record of this kind is not looked into; nil where it may hold a page.
    static func words(notRead record: ArchiveRecord) -> String? {
        switch record.kind {
        case .warcinfo: return "about the web archive itself"
        case .request: return "a request, the page is in its response"
        case .metadata: return "what the crawler notes about a page"
        case .continuation: return "a later part of a page that was kept in parts"
        case .other:
            return record.type.isEmpty
                ? "a record without a type" : "a record of an unknown type"
        case .revisit: return "seen again unchanged; the page is not in this file"
        case .response, .resource, .conversion: return words(ofAddress: record.url ?? "")
        }
    }

    /// Crawlers keep their own notes under addresses that name no page.
    private static func words(ofAddress url: String) -> String? {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "dns", "whois": return "an answer of the \(scheme) service"
        case "metadata", "urn", "warcinfo", "screenshot", "filedesc":
            return "what the crawler notes about a page"
        default: break
        }
        // The name is a standard's (RFC 9309).
        return url.hasSuffix("/robots.txt") ? "rules for crawlers" : nil
    }

    /// What a claimed media type makes of a page that is not looked into.
    static func claimed(_ mediaType: String?) -> String {
        let type = plain(mediaType)
        if type.contains("html") { return Form.html.rawValue }
        if let beside = beside(type, name: []) { return beside.form }
        if type.hasSuffix("json") { return Form.json.rawValue }
        return type.hasSuffix("xml") ? Form.xml.rawValue : "response"
    }

    /// Whether a page begins as pages do, so that nothing more is to be asked.
    static func isPlainlyHTML(_ bytes: [UInt8]) -> Bool {
        let start = bytes.prefix(64).drop { $0 <= 0x20 }.prefix(14)
            .map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        return start.elementsEqual("<!doctype html".utf8) || start.starts(with: "<html>".utf8)
            || start.starts(with: "<html ".utf8)
    }

    /// Why what begins with these bytes is no page; nil where it is one.
    ///
    /// HTML is a page whatever is claimed; text is one unless both the claim and the bytes fit
    /// something else.
    static func passed(
        _ bytes: [UInt8], _ mediaType: String?, name: @autoclosure () -> [UInt8]
    ) -> RecordPayload.Finding? {
        if isPlainlyHTML(bytes) { return nil }
        let name = name()
        let form = Recognition.form(of: Array(bytes.prefix(Recognition.headBytes)), name: name)
        switch form {
        case .html: return nil
        case .empty: return .passed(form: form.rawValue, words: "no bytes")
        case .pageText, .markdown, .xml, .json:
            guard let beside = beside(plain(mediaType), name: name) else { return nil }
            return .passed(form: beside.form, words: beside.words)
        case .image: return .passed(form: form.rawValue, words: "an image")
        case .pdf: return .passed(form: form.rawValue, words: "a PDF, which is not read yet")
        case .binary:
            guard let beside = beside(plain(mediaType), name: name) else {
                return .passed(form: form.rawValue, words: "bytes that are no text")
            }
            return .passed(form: beside.form, words: beside.words)
        default:
            return .passed(
                form: form.rawValue, words: "a \(form.rawValue), which is not opened here")
        }
    }

    /// The media type without its parameters, in small letters.
    private static func plain(_ mediaType: String?) -> String {
        guard let mediaType else { return "" }
        return mediaType.prefix(200).prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
    }

    /// What stands beside pages, by the media type, or by the name where there is none.
    private static func beside(_ type: String, name: [UInt8]) -> (form: String, words: String)? {
        let kind = type.prefix { $0 != "/" }
        switch kind {
        case "image": return ("image", "an image")
        case "audio", "video": return ("media", "sound or film")
        case "font": return ("font", "a font")
        default: break
        }
        let suffix = String(
            decoding: name.lastIndex(of: 0x2e).map { name[$0...] } ?? [], as: UTF8.self)
        let isUntold = type.isEmpty || type == "application/octet-stream"
        if type == "text/css" || (isUntold && suffix == ".css") { return ("css", "a style sheet") }
        if type.hasSuffix("javascript") || type.hasSuffix("ecmascript")
            || (isUntold && (suffix == ".js" || suffix == ".mjs"))
        {
            return ("script", "a script")
        }
        if type.contains("font") { return ("font", "a font") }
        return nil
    }
}
