/// The bytes of one page as taken at one instant, with where they came from
/// (WARC "capture event", PREMIS `capture`).
///
/// Packaging hands it on; Parsing reads it into an article.
struct Capture: Sendable {
    /// The file's name, or the member's path within its containers joined by `!/`; raw bytes,
    /// because names in an archive need not be text.
    var name: [UInt8]
    /// The page, byte for byte.
    var bytes: [UInt8]
    /// The digest of `bytes`.
    var digest: Digest
    /// The address it was captured from, where the container tells.
    var url: String?
    /// When it was captured, RFC 3339, where the container tells.
    var captured: String?
    /// The media type that the container claims; its charset counts unless the bytes contradict it.
    var mediaType: String?
    /// The name that the container gives to this one capture (WARC-Record-ID, Message-ID).
    var recordID: String?
    /// What its first bytes say it is, where they were asked already.
    var form: Form?
}

/// One thing within a container: kept as a line of its member list, whatever it is.
struct Member: Sendable {
    /// Its place in the container, counted from 0 over all nesting.
    var ordinal: Int
    /// Its path within the containers, joined by `!/`; raw bytes.
    var path: [UInt8]
    /// Its size in bytes when unpacked; nil where it was not read to its end.
    var size: Int?
    /// Its bytes with their digest, or why it was not read.
    var content: Content
    /// Where it begins in the container that holds it, in bytes, where the container is a sequence
    /// of records; in a WARC compressed record by record, of the compressed file.
    var offset: Int?

    /// What became of the member's bytes in the opener.
    enum Content: Sendable {
        case capture(Capture)
        case refused(Refusal)
        /// What is no page and is not read as one, such as a request or a film; `words` tell why.
        case passed(form: String, digest: Digest?, words: String)
        /// A container within the container; its members follow with longer paths.
        case container(form: String, digest: Digest?)
    }
}
