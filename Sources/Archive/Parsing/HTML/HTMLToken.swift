/// A run of bytes of the page's text.
struct HTMLSpan: Sendable, Hashable {
    var start: Int32
    var end: Int32

    @inline(__always)
    init(_ start: Int, _ end: Int) {
        self.start = Int32(truncatingIfNeeded: start)
        self.end = Int32(truncatingIfNeeded: end)
    }

    @inline(__always)
    var isEmpty: Bool { start >= end }
    var count: Int { Int(end) - Int(start) }
    var range: Range<Int> { Int(start)..<max(Int(start), Int(end)) }
}

/// A name and a value of a start tag, as they stand in the text.
struct HTMLAttribute: Sendable {
    var key: HTMLName
    var name: HTMLSpan
    /// The value without its quotation marks; its character references are not read yet.
    var value: HTMLSpan
}

/// A piece of a page: a tag, a run of text, a comment.
struct HTMLToken: Sendable {
    /// What the piece is.
    enum Kind: UInt8, Sendable {
        case text, startTag, endTag, comment, doctype, end
    }

    var kind: Kind
    var tag = HTMLTag.other
    /// Whether a start tag ended in `/>`.
    var isSelfClosing = false
    /// Whether the page ended before a doctype's `>`.
    var isCut = false
    /// How a text was read.
    var content = HTMLTokenizer.Content.data
    /// A tag's attributes, in the tokenizer's.
    var attributeCount: UInt16 = 0
    var firstAttribute: Int32 = 0
    /// A tag's name, a comment's or a text's characters, what follows the word `doctype`.
    var span: HTMLSpan

    /// Whether the character references of a text stand for characters.
    @inline(__always)
    var hasReferences: Bool { content == .data || content == .characterData }
}
