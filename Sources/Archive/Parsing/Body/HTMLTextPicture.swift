internal import ArchiveProtocol

/// A picture with the words that stand under it.
struct HTMLPicture {
    /// The `img` elements, in order.
    var images: [Int32] = []
    var caption: String?
    var credit: String?

    /// Elements of a picture and its words; a larger element is no picture.
    private static let nodeLimit = 120
    /// Bytes of text under a picture; an element with more is a part of the story.
    private static let textLimit = 1500

    /// Reads `node` as a picture with its words; nil where it is none.
    static func read(_ tree: HTMLTree, _ node: Int32, _ marks: BodyMarks) -> HTMLPicture? {
        let tag = tree[node].tag
        guard tag != .body, tag != .article, tag != .main, tag != .a,
            tag == .figure || marks[node].contains(.picture)
        else { return nil }
        var picture = HTMLPicture()
        var captionNode: Int32?
        var count = 0
        var textBytes = 0
        var paragraphs = 0
        for inner in tree.descendants(of: node) {
            let element = tree[inner]
            count += 1
            if element.isText {
                textBytes += element.content.count
            } else if element.tag == .img {
                picture.images.append(inner)
            } else if [.iframe, .object, .video, .h1, .h2, .blockquote].contains(element.tag) {
                return nil
            } else if element.tag == .p {
                paragraphs += 1
            } else if captionNode == nil, inner != node,
                element.tag == .figcaption || marks[inner].contains(.caption)
            {
                captionNode = inner
            }
            if count > nodeLimit || textBytes > textLimit || paragraphs > 3 { return nil }
        }
        guard !picture.images.isEmpty else { return nil }
        (picture.caption, picture.credit) = words(tree, captionNode ?? node, marks)
        if picture.credit == nil, captionNode != nil {
            picture.credit = creditText(tree, node, marks)
        }
        return picture
    }

    /// The caption and the credit within an element.
    static func words(
        _ tree: HTMLTree, _ node: Int32, _ marks: BodyMarks
    ) -> (caption: String?, credit: String?) {
        let credit = creditText(tree, node, marks)
        var bytes: [UInt8] = []
        var next: Int32? = node
        while let inner = next {
            let tag = tree[inner].tag
            let isLeftOut =
                tag == .script || tag == .style || tag == .noscript || tag == .button || tag == .svg
                || (inner != node && marks[inner].contains(.credit))
            if tree[inner].isText {
                tree.append(inner, to: &bytes)
            } else if tag == .br || !tag.isInline {
                bytes.append(0x20)
            }
            next = tree.next(after: inner, within: node, skippingChildren: isLeftOut)
        }
        let text = HTMLBytes.folded(bytes)
        if credit != nil { return (Self.text(text[...]), credit) }
        return split(text)
    }

    private static func creditText(
        _ tree: HTMLTree, _ node: Int32, _ marks: BodyMarks
    ) -> String? {
        for inner in tree.descendants(of: node)
        where inner != node && !tree[inner].isText && marks[inner].contains(.credit) {
            let text = tree.text(of: inner)
            if !text.isEmpty { return credit(Array(text.utf8)[...]) }
        }
        return nil
    }

    // MARK: Caption and credit in one line

    /// Parts `Crowds on Main Street (Ann Smith/The Herald)` into caption and credit.
    static func split(_ text: [UInt8]) -> (caption: String?, credit: String?) {
        guard !text.isEmpty else { return (nil, nil) }
        if startsCredit(text[...]) && text.count <= 160 { return (nil, credit(text[...])) }
        var end = text.count
        if text[end - 1] == 0x2E { end -= 1 }
        if end > 0, text[end - 1] == 0x29, let open = openingParenthesis(text, before: end - 1) {
            let inner = HTMLBytes.trimmed(text[(open + 1)..<(end - 1)])
            if isName(inner) { return (Self.text(text[..<open]), credit(inner)) }
        }
        for mark in creditMarks {
            guard let place = HTMLBytes.find(mark, in: text), place > 0,
                text.count - place <= 120, !isWord(text[place - 1])
            else { continue }
            return (Self.text(text[..<place]), credit(text[place...]))
        }
        return (Self.text(text[...]), nil)
    }

    private static func openingParenthesis(_ text: [UInt8], before close: Int) -> Int? {
        var depth = 1
        var index = close
        while index > 0 {
            index -= 1
            if text[index] == 0x29 { depth += 1 }
            if text[index] == 0x28 {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    /// Whether words in parentheses can be a name: not `left`, not a year.
    private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, text.count <= 120 else { return false }
        if startsCredit(text) || first == 0x40 || first >= 0xC3 { return true }
        return first >= 0x41 && first <= 0x5A
            || HTMLBytes.starts(text, with: "via ")
            || text.contains { $0 >= 0x41 && $0 <= 0x5A }
    }

    private static func startsCredit(_ text: ArraySlice<UInt8>) -> Bool {
        creditMarks.contains { HTMLBytes.starts(text, with: $0) }
    }

    /// The credit without the words that introduce it.
    private static func credit(_ text: ArraySlice<UInt8>) -> String? {
        var text = HTMLBytes.trimmed(text)
        if text.first == 0x28, text.last == 0x29 { text = text.dropFirst().dropLast() }
        for mark in creditMarks where HTMLBytes.starts(text, with: mark) {
            text = text.dropFirst(mark.utf8CodeUnitCount)
            break
        }
        return Self.text(text)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte >= 0x80
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        var bytes = HTMLBytes.trimmed(bytes)
        while let last = bytes.last, last == 0x7C || last == 0x3A || HTMLBytes.isSpace(last) {
            bytes.removeLast()
        }
        while let first = bytes.first, first == 0x7C || first == 0x3A || HTMLBytes.isSpace(first) {
            bytes.removeFirst()
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    private static let creditMarks: [StaticString] = [
        "photograph courtesy of ", "photographs courtesy of ", "photo courtesy of ",
        "photos courtesy of ", "image courtesy of ", "images courtesy of ", "courtesy of ",
        "photographs by ", "photograph by ", "photo credit: ", "photo credit ", "photos by ",
        "photo by ", "photo via ", "photos via ", "photograph via ", "photograph from ",
        "photo from ", "image via ", "image by ", "image from ", "image credit: ", "image: ",
        "photograph: ", "photo: ", "photos: ", "picture: ", "pictures: ", "credit: ", "foto: ",
        "bild: ", "screenshot via ", "video still by ",
    ]

    // MARK: The img element

    /// Where the picture of an `img` stands, wherever the page's scripts look for it.
    static func address(_ tree: HTMLTree, _ node: Int32) -> String? {
        if let source = tree.value(node, .source), isAddress(source) { return source }
        let others = [
            tree.rawValue(node, .dataSource), tree.rawValue(node, named: "data-original"),
            tree.rawValue(node, named: "data-lazy-src"), tree.rawValue(node, .sourceSet),
            tree.rawValue(node, named: "data-srcset"),
        ]
        for case let span? in others {
            guard let text = tree.text(span) else { continue }
            let first = text.utf8.prefix { $0 != 0x20 }
            if let address = String(first), isAddress(address) { return address }
        }
        return nil
    }

    private static func isAddress(_ text: String) -> Bool {
        !text.isEmpty && !HTMLBytes.starts(text.utf8, with: "data:")
    }

    /// Whether the picture is a mark that counts visitors, or an icon.
    static func isTiny(_ tree: HTMLTree, _ node: Int32) -> Bool {
        for name in [HTMLName.width, .height] {
            if let text = tree.value(node, name), let size = Int(text), size < 32 { return true }
        }
        return false
    }
}
