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
    /// For text that was not UTF-8: the capture's offset of every 64th byte of `text`; else empty.
    let checkpoints: [Int]
}
