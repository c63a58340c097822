internal import ArchiveProtocol

/// What one part of a page says: its blocks of text, pictures, embedded documents and the
/// stories that it points to.
struct HTMLText {
    /// A link within a block.
    struct Link {
        var text: String
        var url: String?
    }

    /// A block of text with what is needed to judge it.
    struct Piece {
        var kind: Block.Kind
        var text: [UInt8]
        /// The bytes of the page that it was read from.
        var range: Range<Int>
        var links: [Link] = []
        /// How many bytes of `text` stand within links.
        var linkBytes = 0
        /// How many of those lead nowhere: a link to `#` is a button of the page.
        var buttonBytes = 0
        /// The node of the page that the text begins in; negative where there is none.
        var node: Int32 = -1
        /// Whether a picture stands between it and the block before.
        var followsImage = false
    }

    /// Something found, and where.
    struct Found<Value> {
        var value: Value
        var range: Range<Int>
        /// Where the words under a picture stand.
        var words: Range<Int>?
    }

    var pieces: [Piece] = []
    var images: [Found<Image>] = []
    var embeds: [Found<Embed>] = []
    var related: [Found<RelatedLink>] = []

    /// Bytes of text.
    var bytes: Int { pieces.reduce(0) { $0 + $1.text.count } }

    /// Reads what stands within `root`.
    ///
    /// - Parameters:
    ///   - base: the page's address, against which its links are read.
    ///   - marks: what the page's attributes say, where that is known already.
    ///   - readsUnseen: whether what the page does not show is read too.
    ///   - isLeftOut: tells which elements are no part of the story.
    static func read(
        _ tree: HTMLTree, within root: Int32, base: String?, marks: BodyMarks? = nil,
        readsUnseen: Bool = false, isLeftOut: (Int32) -> Bool = { _ in false }
    ) -> HTMLText {
        var reader = HTMLTextReader(tree: tree, marks: marks ?? BodyMarks(tree), base: base)
        reader.readsUnseen = readsUnseen
        reader.read(within: root, isLeftOut: isLeftOut)
        var text = reader.result
        text.setRelatedApart()
        return text
    }

    /// Sets blocks that only point to other stories apart from the text.
    mutating func setRelatedApart() {
        var kept: [Piece] = []
        var label: [UInt8]?
        for piece in pieces where !Self.isButton(piece) {
            if let labelled = RelatedLabel.read(piece) {
                if piece.links.isEmpty {
                    // A heading such as `Related`: the links of the lines below belong to it.
                    label = labelled
                } else {
                    add(piece, label: labelled)
                }
            } else if let label, Self.isOnlyLinks(piece) {
                add(piece, label: label)
            } else {
                label = nil
                kept.append(piece)
            }
        }
        pieces = kept
    }

    /// A short block of nothing but buttons, such as `close` and `next`.
    private static func isButton(_ piece: Piece) -> Bool {
        piece.text.count <= 60 && piece.buttonBytes * 10 >= piece.text.count * 9
    }

    private static func isOnlyLinks(_ piece: Piece) -> Bool {
        !piece.links.isEmpty && piece.linkBytes * 10 >= piece.text.count * 8
    }

    private mutating func add(_ piece: Piece, label: [UInt8]) {
        for link in piece.links where link.text.utf8.count > 3 {
            related.append(
                Found(
                    value: RelatedLink(
                        label: String(decoding: label, as: UTF8.self), headline: link.text,
                        url: link.url),
                    range: piece.range))
        }
    }
}

/// The words that introduce other stories, such as `READ MORE:`.
enum RelatedLabel {
    /// The label that `piece` begins with, where the piece says nothing else of its own.
    static func read(_ piece: HTMLText.Piece) -> [UInt8]? {
        let text = piece.text
        guard text.count < 600 else { return nil }
        var start = 0
        while start < text.count, isMark(text[start]) { start += 1 }
        guard start < text.count, let length = length(text, from: start) else { return nil }
        let label = Array(text[start..<start + length])
        var end = start + length
        while end < text.count, !isLetter(text[end]) { end += 1 }
        if piece.links.isEmpty {
            return end == text.count && (piece.kind == .heading || text.last == 0x3A) ? label : nil
        }
        // Of the rest, nearly all must be the links.
        let own = text.count - end - piece.linkBytes
        return own <= max(12, text.count / 8) ? label : nil
    }

    private static func length(_ text: [UInt8], from start: Int) -> Int? {
        for word in words where HTMLBytes.starts(text[start...], with: word) {
            let end = start + word.utf8CodeUnitCount
            guard end < text.count else { return end - start }
            if !isLetter(text[end]) { return end - start }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
            || (byte >= 0x30 && byte <= 0x39)
    }

    /// Arrows, bullets and brackets before a label.
    private static func isMark(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == 0x5B || byte == 0x28 || byte == 0x2A || byte == 0x3E || byte == 0x20
            || byte == 0x2D
    }

    private static let words: [StaticString] = [
        "read more here", "read more", "read also", "also read", "read next", "more stories",
        "related stories", "related story", "related articles", "related article",
        "related coverage", "related content", "related links", "related news", "related",
        "see also", "see more", "you may also like", "you might also like", "more on this",
        "more on this story", "previously", "recommended", "don't miss", "also on", "more from",
        "mehr zum thema", "lesen sie auch", "lesen sie mehr", "lire aussi", "à lire aussi",
        "lees ook", "leer también", "leia também", "leggi anche", "läs också", "les også",
    ]
}
