/// Tells what a file is by its first bytes; the name only decides between forms of text.
enum Recognition {
    /// Bytes of the beginning that decide; more do not change the answer.
    static let headBytes = 4096

    /// The form of a file that begins with `head`.
    static func form(of head: [UInt8], name: [UInt8]) -> Form {
        if head.isEmpty { return .empty }
        if let form = Signatures.form(of: head) { return form }
        if isTar(head) { return .tar }
        // Asked before what is text: the first part of a message may be a picture as it is.
        if MailProbe.isMessage(head) { return .mhtml }
        let head = head.prefix(headBytes)
        guard let text = plain(head) else { return .binary }
        return textForm(of: text, name: name)
    }

    /// A tar header: the `ustar` magic, or for the oldest tars a check sum that fits.
    private static func isTar(_ head: [UInt8]) -> Bool {
        guard head.count >= 512, head[0] != 0 else { return false }
        if head[257..<262].elementsEqual(Array("ustar".utf8)) { return true }
        var stated = 0
        var digits = 0
        for byte in head[148..<156] {
            if (0x30...0x37).contains(byte) {
                stated = stated * 8 + Int(byte - 0x30)
                digits += 1
            } else if byte != 0x20 && byte != 0 {
                return false
            }
        }
        guard digits > 0 else { return false }
        var sum = 8 * 0x20
        for index in 0..<512 where !(148..<156).contains(index) { sum += Int(head[index]) }
        return sum == stated
    }

    // MARK: Text

    /// The head as bytes one can look for ASCII in; nil where it is not text.
    ///
    /// UTF-16 is narrowed to its low bytes: that is enough to see a tag.
    private static func plain(_ head: ArraySlice<UInt8>) -> [UInt8]? {
        if head.starts(with: [0xff, 0xfe]) { return narrowed(head.dropFirst(2), high: 1) }
        if head.starts(with: [0xfe, 0xff]) { return narrowed(head.dropFirst(2), high: 0) }
        if let order = TextProbe.utf16Order(of: head) {
            return narrowed(head, high: order == .littleEndian ? 1 : 0)
        }
        let bytes = head.starts(with: [0xef, 0xbb, 0xbf]) ? Array(head.dropFirst(3)) : Array(head)
        return TextProbe.isText(bytes) ? bytes : nil
    }

    private static func narrowed(_ head: ArraySlice<UInt8>, high: Int) -> [UInt8] {
        var narrow: [UInt8] = []
        var index = head.startIndex
        while index + 1 < head.endIndex {
            narrow.append(head[index + high] == 0 ? head[index + 1 - high] : 0x3f)
            index += 2
        }
        return narrow
    }

    private static func textForm(of text: [UInt8], name: [UInt8]) -> Form {
        guard let start = text.firstIndex(where: { !isSpace($0) }) else { return .pageText }
        // `<https://…>` is an address in text, and no tag.
        let isAddress = begins(text, at: start, "<http://") || begins(text, at: start, "<https://")
        if text[start] == 0x3c, !isAddress { return markupForm(of: text, from: start, name: name) }
        if hasSuffix(name, ".warc"), holdsWARC(text) { return .warc }
        if isIndex(text) { return .cdx }
        if isJSON(text, from: start) { return .json }
        if hasSuffix(name, ".md") || hasSuffix(name, ".markdown") { return .markdown }
        if isFrontMatter(text, from: start) { return .markdown }
        return holds(text, htmlMarks) ? .html : .pageText
    }

    /// What begins with `<`: XML by its declaration or its root, else HTML by its first tag.
    private static func markupForm(of text: [UInt8], from start: Int, name: [UInt8]) -> Form {
        if begins(text, at: start, "<?xml") {
            let root = firstElement(of: text, from: start)
            return root == "html" ? .html : RecognitionXML.form(ofRoot: root)
        }
        let root = firstElement(of: text, from: start)
        let form = RecognitionXML.form(ofRoot: root)
        if form != .xml { return form }
        if let doctype = doctype(of: text, from: start) { return doctype == "html" ? .html : .xml }
        guard let element = root else {
            return begins(text, at: start, "<!") ? .html : .pageText
        }
        // Markdown may open with a tag that frames it.
        let isMarkdown = hasSuffix(name, ".md") || hasSuffix(name, ".markdown")
        if isMarkdown, element != "html", element != "head" { return .markdown }
        if htmlElements.contains(element) { return .html }
        if hasSuffix(name, ".html") || hasSuffix(name, ".htm") { return .html }
        if holds(text, ["<!doctype html", "<html", "</div>"]) { return .html }
        return holds(text, ["</", "/>"]) ? .xml : .pageText
    }

    private static let htmlElements: Set<String> = [
        "html", "head", "body", "title", "meta", "link", "script", "style", "base", "noscript",
        "div", "p", "h1", "h2", "h3", "article", "section", "main", "header", "nav", "table",
        "span", "a", "img", "ul", "ol", "center", "font", "br", "b", "i", "form", "iframe",
        "blockquote", "figure", "template", "aside", "footer", "pre", "em", "strong", "select",
    ]

    /// The name of the first start tag, lower case, past declarations and comments.
    private static func firstElement(of text: [UInt8], from start: Int) -> String? {
        var index = start
        while index + 1 < text.count {
            guard text[index] == 0x3c else {
                index += 1
                continue
            }
            if begins(text, at: index, "<!--") {
                index = end(of: "-->", in: text, from: index + 4)
            } else if text[index + 1] == 0x3f || text[index + 1] == 0x21 {
                index = end(of: ">", in: text, from: index + 2)
            } else {
                return word(text, from: index + 1)
            }
        }
        return nil
    }

    private static func doctype(of text: [UInt8], from start: Int) -> String? {
        var index = start
        while begins(text, at: index, "<!--") {
            index = end(of: "-->", in: text, from: index + 4)
            while index < text.count, isSpace(text[index]) { index += 1 }
        }
        guard begins(text, at: index, "<!doctype") else { return nil }
        index += 9
        while index < text.count, isSpace(text[index]) { index += 1 }
        return word(text, from: index) ?? "html"
    }

    /// A name of ASCII letters, digits and `:-_` in lower case.
    private static func word(_ text: [UInt8], from start: Int) -> String? {
        var name: [UInt8] = []
        for byte in text[min(start, text.count)...].prefix(64) {
            let lower = byte | 0x20
            guard
                (0x61...0x7a).contains(lower) || (0x30...0x3a).contains(byte) || byte == 0x2d
                    || byte == 0x5f
            else { break }
            name.append((0x41...0x5a).contains(byte) ? lower : byte)
        }
        guard let first = name.first, (0x61...0x7a).contains(first) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    /// Tags in text that only HTML has: a fragment, or a page after a stray line.
    private static let htmlMarks = [
        "<!doctype html", "<html", "<head>", "<body", "</p>", "</div>", "<meta ",
    ]

    private static func holds(_ text: [UInt8], _ marks: [String]) -> Bool {
        text.indices.contains { index in
            (text[index] == 0x3c || text[index] == 0x2f)
                && marks.contains { begins(text, at: index, $0) }
        }
    }

    /// A line that begins a WARC record, behind other text.
    private static func holdsWARC(_ text: [UInt8]) -> Bool {
        text.split(separator: 0x0a).contains { line in
            line.count <= 12 && begins(Array(line), at: 0, "warc/") && line.contains(0x2e)
        }
    }

    /// A line of an index of web archives: a reversed host, a path and a time of capture, or the
    /// letters that name its columns.
    private static func isIndex(_ text: [UInt8]) -> Bool {
        if text.starts(with: " CDX ".utf8) || text.starts(with: "!OpenWayback-CDXJ".utf8) {
            return true
        }
        let line = text.prefix { $0 != 0x0a }
        let words = line.split(separator: 0x20, maxSplits: 2)
        return words.count == 3 && words[0].contains(0x29) && words[1].count == 14
            && words[1].allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `{` or `[`, what only JSON goes on with, and behind its end nothing or more of the same.
    private static func isJSON(_ text: [UInt8], from start: Int) -> Bool {
        let bracket = text[start]
        guard bracket == 0x7b || bracket == 0x5b,
            let next = text[(start + 1)...].first(where: { !isSpace($0) })
        else { return false }
        let goesOn: [UInt8] = bracket == 0x7b ? [0x22, 0x7d] : [0x22, 0x5b, 0x5d, 0x7b]
        guard goesOn.contains(next) else { return false }
        var depth = 0
        var isQuoted = false
        var index = start
        while index < text.count {
            switch text[index] {
            case 0x5c where isQuoted: index += 1
            case 0x22: isQuoted.toggle()
            case 0x7b where !isQuoted, 0x5b where !isQuoted: depth += 1
            case 0x7d where !isQuoted, 0x5d where !isQuoted: depth -= 1
            case let byte where depth <= 0 && !isSpace(byte): return false
            default: break
            }
            index += 1
        }
        return true
    }

    /// A first line of `---` or `+++`, a key after it, and the same line again.
    private static func isFrontMatter(_ text: [UInt8], from start: Int) -> Bool {
        guard start == 0 else { return false }
        for (fence, sign) in [("---", UInt8(0x3a)), ("+++", UInt8(0x3d))]
        where begins(text, at: 0, fence) {
            guard text.count > 3, text[3] == 0x0a || text[3] == 0x0d else { continue }
            let line = end(of: "\n", in: text, from: 3)
            guard let key = word(text, from: line), line + key.utf8.count < text.count else {
                continue
            }
            let after = text[(line + key.utf8.count)...].first { $0 != 0x20 }
            if after == sign || key.utf8.last == sign { return true }
        }
        return false
    }

    // MARK: Bytes

    private static func begins(_ text: [UInt8], at index: Int, _ mark: String) -> Bool {
        var at = index
        for byte in mark.utf8 {
            guard at < text.count else { return false }
            let upper = (0x41...0x5a).contains(text[at])
            guard (upper ? text[at] | 0x20 : text[at]) == byte else { return false }
            at += 1
        }
        return true
    }

    /// The index past the next `mark`, or the end of the text.
    private static func end(of mark: String, in text: [UInt8], from start: Int) -> Int {
        var index = start
        while index < text.count {
            if begins(text, at: index, mark) { return index + mark.utf8.count }
            index += 1
        }
        return text.count
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    private static func hasSuffix(_ name: [UInt8], _ suffix: String) -> Bool {
        name.count > suffix.utf8.count && begins(name, at: name.count - suffix.utf8.count, suffix)
    }
}
