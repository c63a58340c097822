/// A capture whose bytes have become text: what the readers of page forms read.
struct Page: Sendable {
    /// Where the text came from.
    let capture: Capture
    /// The text as valid UTF-8; line ends as they were.
    let text: [UInt8]
    /// The encoding that the bytes were read by, WHATWG name in lower case.
    let encoding: String
    /// Where the text begins in the capture: past a byte order mark, else 0.
    let origin: Int
    /// For text that had to be decoded: where each 64th byte of it came from; else empty.
    let checkpoints: [Checkpoint]
    /// How the text was decoded; nil where its bytes are those of the capture.
    var step: TextStep?
    /// What told the encoding.
    var encodingSource = EncodingSource.utf8
    /// What was told before that and not believed, such as `meta iso-8859-1`; empty where all
    /// agreed.
    var overruled: [String] = []
    /// The malformed sequences of the bytes, each of them U+FFFD in the text.
    var malformed = 0
    /// Whether the bytes bear the encoding out: more of what is beyond ASCII is well formed than
    /// not.
    var isBorneOut = true
}

/// What told the encoding of a page; the raw values are those of the record.
enum EncodingSource: String, Sendable, CaseIterable {
    /// A byte order mark.
    case bom
    /// The transport's media type, as a web archive keeps it.
    case http
    /// A `<meta>` element.
    case meta
    /// The XML declaration.
    case xml
    /// Nothing, but the bytes are UTF-8, or most of what is beyond ASCII is.
    case utf8 = "utf-8"
    /// Nothing; guessed from the bytes.
    case detected
    /// Nothing, and no guess was good enough: windows-1252.
    case fallback = "default"
}
