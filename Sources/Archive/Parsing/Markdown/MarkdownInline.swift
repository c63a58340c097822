internal import ArchiveProtocol

/// Reads the marks within a line of Markdown: emphasis, links, pictures, escapes, HTML tags.
struct MarkdownInline {
    private let base: String?
    var text: [UInt8] = []
    var links: [HTMLText.Link] = []
    var linkBytes = 0
    var images: [Image] = []
    private var emphasised = 0
    private var lastParenthesis = -1

    init(base: String?) { self.base = base }

    /// Whether all of `folded` stood within emphasis.
    func isOnlyEmphasis(_ folded: [UInt8]) -> Bool { emphasised >= 1 && text.count >= folded.count }

    /// Reads the lines of a block: a link may begin on one and end on the next.
    mutating func read(_ lines: [ArraySlice<UInt8>]) {
        var bytes: [UInt8] = []
        for line in lines {
            // A stroke at the end of a line breaks it.
            if bytes.last == 0x5C { bytes.removeLast() }
            if !bytes.isEmpty { bytes.append(0x20) }
            bytes += line
            let first = line.first { !HTMLBytes.isSpace($0) }
            if (first == 0x2A || first == 0x5F), line.last == first { emphasised += 1 }
        }
        read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) {
        var index = 0
        // Where no bracket closes there is no link, and none need be looked for.
        let lastBracket = bytes.lastIndex(of: 0x5D) ?? -1
        let lastAngle = bytes.lastIndex(of: 0x3E) ?? -1
        lastParenthesis = bytes.lastIndex(of: 0x29) ?? -1
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch byte {
            case 0x5C where Self.isPunctuation(next):
                text.append(next)
                index += 2
            case 0x21 where next == 0x5B && index < lastBracket:
                index = image(bytes, index)
            case 0x5B where index < lastBracket:
                index = link(bytes, index)
            case 0x3C where index < lastAngle:
                index = angle(bytes, index)
            case 0x2A, 0x60:
                index += 1
            case 0x7E where next == 0x7E:
                index += 2
            case 0x5F where !Self.isWithinWord(bytes, index):
                index += 1
            case 0x26:
                index = reference(bytes, index)
            default:
                text.append(byte)
                index += 1
            }
        }
    }

    private mutating func reference(_ bytes: [UInt8], _ index: Int) -> Int {
        let run = bytes[index...].prefix(36)
        guard let end = run.firstIndex(of: 0x3B) else {
            text.append(0x26)
            return index + 1
        }
        bytes.withUnsafeBufferPointer { bytes in
            HTMLReferences.append(
                UnsafeBufferPointer(rebasing: bytes[index...end]), isAttribute: true, to: &text)
        }
        return end + 1
    }

    // MARK: Links

    /// A link or picture cannot be longer than this, so that a flood of brackets stays linear.
    private static let linkLimit = 4096

    /// The parts of `[words](address "title")`.
    private struct Target {
        var words: Range<Int>
        var address: Range<Int>
        var title: Range<Int>?
        var end: Int
    }

    private func target(_ bytes: [UInt8], _ open: Int) -> Target? {
        let limit = min(bytes.count, open + Self.linkLimit)
        var depth = 0
        var close = open
        while close < limit {
            if bytes[close] == 0x5C { close += 1 } else if bytes[close] == 0x5B { depth += 1 }
            if close < limit, bytes[close] == 0x5D {
                depth -= 1
                if depth == 0 { break }
            }
            // Brackets nested so deep are no link, and would be looked through again and again.
            if depth > 8 { return nil }
            close += 1
        }
        guard close + 1 < limit, bytes[close + 1] == 0x28 else { return nil }
        // A picture within the page may be longer than any address, and has no bracket in it.
        if TextScanning.has("data:", at: close + 2, in: bytes), close + 2 < lastParenthesis {
            let end = bytes[(close + 2)...].firstIndex(of: 0x29) ?? lastParenthesis
            return Target(words: open + 1..<close, address: end..<end, title: nil, end: end + 1)
        }
        var end = close + 2
        var parentheses = 1
        var quote = -1
        while end < limit {
            let byte = bytes[end]
            if byte == 0x22, quote < 0, HTMLBytes.isSpace(bytes[end - 1]) {
                quote = end
            } else if byte == 0x28 {
                parentheses += 1
            } else if byte == 0x29 {
                parentheses -= 1
                if parentheses == 0 { break }
            }
            end += 1
        }
        guard end < limit else { return nil }
        let stop = quote >= 0 ? quote : end
        let titleEnd = bytes[..<end].lastIndex(of: 0x22) ?? end
        return Target(
            words: open + 1..<close, address: close + 2..<stop,
            title: quote >= 0 && titleEnd > quote ? quote + 1..<titleEnd : nil, end: end + 1)
    }

    private mutating func link(_ bytes: [UInt8], _ index: Int) -> Int {
        guard let target = target(bytes, index) else {
            text.append(0x5B)
            return index + 1
        }
        let start = text.count
        var inner = MarkdownInline(base: base)
        inner.readPlain(Array(bytes[target.words]))
        images += inner.images
        text += inner.text
        linkBytes += text.count - start
        let words = HTMLBytes.folded(inner.text)
        if !words.isEmpty {
            links.append(
                HTMLText.Link(
                    text: String(decoding: words, as: UTF8.self),
                    url: address(bytes[target.address])))
        }
        return target.end
    }

    /// Reads the words of a link, in which a picture may stand but no other link.
    private mutating func readPlain(_ bytes: [UInt8]) {
        var index = 0
        lastParenthesis = bytes.lastIndex(of: 0x29) ?? -1
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if byte == 0x21, next == 0x5B {
                index = image(bytes, index)
            } else if byte == 0x5C, Self.isPunctuation(next) {
                text.append(next)
                index += 2
            } else if byte == 0x26 {
                index = reference(bytes, index)
            } else {
                let isMark =
                    byte == 0x2A || byte == 0x60
                    || (byte == 0x5F && !Self.isWithinWord(bytes, index))
                if !isMark { text.append(byte) }
                index += 1
            }
        }
    }

    private mutating func image(_ bytes: [UInt8], _ index: Int) -> Int {
        guard let target = target(bytes, index + 1) else {
            text.append(0x21)
            return index + 1
        }
        let alt = HTMLBytes.folded(Array(bytes[target.words]))
        var image = Image(
            alt: alt.isEmpty ? nil : String(decoding: alt, as: UTF8.self),
            url: address(bytes[target.address]))
        if let title = target.title {
            (image.caption, image.credit) = HTMLPicture.split(HTMLBytes.folded(Array(bytes[title])))
        }
        if image != Image() { images.append(image) }
        return target.end
    }

    private func address(_ bytes: ArraySlice<UInt8>) -> String? {
        var bytes = HTMLBytes.trimmed(bytes)
        if bytes.first == 0x3C, bytes.last == 0x3E { bytes = bytes.dropFirst().dropLast() }
        guard !bytes.isEmpty else { return nil }
        return CanonicalURL.resolved(String(decoding: bytes, as: UTF8.self), base: base)
    }

    /// Reads `<https://…>` as a link; passes an HTML tag over.
    private mutating func angle(_ bytes: [UInt8], _ index: Int) -> Int {
        let run = bytes[index...].prefix(Self.linkLimit)
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        let isTag = next == 0x2F || next == 0x21 || (next | 0x20 >= 0x61 && next | 0x20 <= 0x7A)
        guard isTag, let end = run.firstIndex(of: 0x3E) else {
            text.append(0x3C)
            return index + 1
        }
        let inner = bytes[(index + 1)..<end]
        if let url = address(inner), CanonicalURL.host(url) != nil,
            HTMLBytes.starts(inner, with: "http")
        {
            text += inner
            linkBytes += inner.count
            links.append(HTMLText.Link(text: url, url: url))
        } else if HTMLBytes.starts(inner, with: "br") {
            text.append(0x20)
        }
        return end + 1
    }

    // MARK: Characters

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        (byte >= 0x21 && byte <= 0x2F) || (byte >= 0x3A && byte <= 0x40)
            || (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E)
    }

    /// Whether an underscore stands within a word, where it is no mark.
    private static func isWithinWord(_ bytes: [UInt8], _ index: Int) -> Bool {
        index > 0 && index + 1 < bytes.count && isWord(bytes[index - 1]) && isWord(bytes[index + 1])
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte >= 0x30 && byte <= 0x39)
            || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }
}
