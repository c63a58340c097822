internal import ArchiveProtocol

/// What was read from one capture: an article, or why there is none.
///
/// Parsing hands it on; Repository keeps it.
struct Reading: Sendable {
    /// The form that the bytes turned out to have, such as `page-text`, `markdown`, `html`.
    var form: String
    /// The character encoding that was read, WHATWG name in lower case.
    var encoding: String
    /// What told the encoding; nil where no text was read.
    var encodingSource: EncodingSource?
    /// What was told of the encoding and not believed, such as `meta iso-8859-1`.
    var overruledEncodings: [String] = []
    /// The malformed sequences of the bytes, each of them U+FFFD in the text.
    var malformed = 0
    /// What the page is.
    var finding: Finding
    /// For each field of the article, the bytes and the rule that it was read from.
    var evidence: [Evidence] = []

    /// What a page can turn out to be.
    enum Finding: Sendable {
        case article(Article)
        /// A listing, a tag page, an image, an empty file: kept, and this says what it is.
        case noArticle(Reason, String)
        /// The publisher takes a story back: kept, and the story is shown no more.
        case withdrawal(WithdrawalNotice)
    }
}

/// A publisher's word that a story may not be shown (NewsML-G2 and ninjs `pubStatus`).
struct WithdrawalNotice: Sendable, Hashable {
    /// What the publisher says of the story.
    enum Status: String, Sendable, Hashable {
        /// Withheld until a later notice.
        case withheld
        /// Taken back for good.
        case canceled
    }

    var status: Status
    /// The story's canonical address, where the notice gives one.
    var url: String?
    /// The name that its publisher gave to the story, as in `Article.identifier`.
    var identifier: String?
    /// Who published it, as in `Article.outlet`.
    var outlet: String?
    /// The story's title, where the notice still has one.
    var headline: String?
    /// When the notice was made, RFC 3339, where it says so.
    var issued: String?
    /// The publisher's reason, as printed.
    var words: String?

    /// The notice in one line.
    var line: String {
        let story = [headline, identifier, url].compactMap(\.self).first ?? "a story without name"
        return "the publisher says \(status.rawValue) of \(story)" + (words.map { ": \($0)" } ?? "")
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
    /// How far the value is to be believed, where a page could tell it by several carriers.
    var confidence: Confidence?

    /// What the other carriers of a page say of a value.
    enum Confidence: String, Sendable, Hashable {
        /// Others say the same.
        case high
        /// No other speaks of it.
        case medium
        /// Others say something else.
        case low
        /// It is what another says, and was not taken.
        case rival
    }
}
