internal import ArchiveProtocol

/// What was read from one capture: an article, or why there is none.
///
/// Parsing hands it on; Repository keeps it.
struct Reading: Sendable {
    /// The form that the bytes turned out to have, such as `page-text`, `markdown`, `html`.
    var form: String
    /// The character encoding that was read, WHATWG name in lower case.
    var encoding: String
    /// What the page is.
    var finding: Finding
    /// For each field of the article, the bytes and the rule that it was read from.
    var evidence: [Evidence] = []

    /// What a page can turn out to be.
    enum Finding: Sendable {
        case article(Article)
        /// A listing, a tag page, an image, an empty file: kept, and this says what it is.
        case noArticle(Reason, String)
    }
}

/// Where one field of an article came from.
struct Evidence: Sendable, Hashable {
    /// The field's key in the record, such as `headline` or `images[0].caption`.
    var field: String
    /// The rule that read it, such as `page-text/byline` or `json-ld/datePublished`.
    var rule: String
    /// The bytes of the capture that it was read from.
    var range: Range<Int>
}
