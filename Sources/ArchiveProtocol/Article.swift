/// One news story apart from the page that carried it (schema.org `NewsArticle`).
///
/// This is the record that the archive keeps and hands out; `docs/record.md` is its data
/// dictionary. The names of the stored properties are the keys of the JSON document.
public struct Article: Sendable, Equatable {
    /// Twelve characters that name the article for good; empty until it is kept.
    public var id = ""
    /// The canonical address the story was published at (schema.org `url`).
    public var url: String?
    /// The name that its publisher gave it: a NewsML-G2 `guid`, a ninjs `uri`, an Atom `id`, an
    /// RSS `guid`, a NITF `doc-id` (schema.org `identifier`).
    public var identifier: String?
    /// Who published it (schema.org `publisher`, NewsML-G2 provider).
    public var outlet: String?
    /// The title as printed (schema.org `headline`).
    public var headline = ""
    /// A second title, such as that of a slideshow (schema.org `alternativeHeadline`).
    public var alternativeHeadline: String?
    /// The printed credit of the writers, as printed, without its date (NITF `byline`).
    public var byline: String?
    /// The names parsed from the byline, or an organisation (schema.org `author`).
    public var authors: [String] = []
    /// The credits of those who had part in it beside its writers, as printed (schema.org
    /// `contributor`).
    public var contributors: [String] = []
    /// When it was first published (schema.org `datePublished`).
    public var published: NewsDate?
    /// When it was last changed (schema.org `dateModified`).
    public var modified: NewsDate?
    /// Where it was written or filed, as printed (schema.org `dateline`).
    public var dateline: String?
    /// Where in the paper or site it ran (schema.org `articleSection`).
    public var section: String?
    /// What the page says it is about (schema.org `keywords`).
    public var keywords: [String] = []
    /// The pictures, in order.
    public var images: [Image] = []
    /// The text, in order, without captions' and related links' lines.
    public var body: [Block] = []
    /// What people said, in order of appearance (schema.org `Quotation`).
    public var quotations: [Quotation] = []
    /// Stories that the page itself offers (schema.org `relatedLink`).
    public var related: [RelatedLink] = []
    /// Documents from elsewhere shown within (schema.org `associatedMedia`).
    public var embeds: [Embed] = []
    /// Correction notices and editor's notes, as printed (schema.org `correction`).
    public var corrections: [String] = []
    /// What sort of story it is, where the page marks it as one (schema.org `genre`).
    public var genre: Genre?
    /// The language as a BCP 47 tag, where it could be told.
    public var language: String?
    /// Words in `body`, counted between white space.
    public var wordCount = 0
    /// Where this version was captured from, oldest first.
    public var captures: [CaptureNote] = []
    /// Which state of the story this is, counted from 1 in the order of capture.
    public var version = 1
    /// The version before this one.
    public var supersedes: Int?
    /// Why the text may not be shown; all fields of text are empty then.
    public var withdrawn: String?

    /// An article of which nothing is known yet.
    public init() {}
}

/// A sort of story that is read otherwise than one text from its beginning to its end.
public enum Genre: String, Sendable, Hashable {
    /// A ticker: updates as things happened, each with its time (schema.org `LiveBlogPosting`).
    case live
    /// Several stories told shortly, one after the other.
    case roundUp = "round-up"
}

/// A date of an article with what is known about it, and no more.
public struct NewsDate: Sendable, Hashable {
    /// ISO 8601 to the precision known, with the offset from UTC where that is known:
    /// `2017`, `2017-01-26`, `2017-01-26T15:14`, `2017-01-26T15:14-05:00`.
    public var value: String
    /// How much of `value` was read.
    public var precision: Precision
    /// What it was read from, such as `byline`, `front-matter`, `json-ld`, `url`.
    public var source: String

    /// The smallest unit that was read.
    public enum Precision: String, Sendable, Hashable {
        case year, month, day, minute, second
    }

    /// Takes the parts as they are.
    public init(value: String, precision: Precision, source: String) {
        self.value = value
        self.precision = precision
        self.source = source
    }
}

/// A picture with its printed words (IPTC Photo Metadata).
public struct Image: Sendable, Hashable {
    /// The text under the picture.
    public var caption: String?
    /// Whose picture it is, as printed (schema.org `creditText`).
    public var credit: String?
    /// The replacement text of the page.
    public var alt: String?
    /// Where the picture stood.
    public var url: String?

    /// Takes the parts as they are.
    public init(
        caption: String? = nil, credit: String? = nil, alt: String? = nil, url: String? = nil
    ) {
        self.caption = caption
        self.credit = credit
        self.alt = alt
        self.url = url
    }
}

/// One piece of the body.
public struct Block: Sendable, Hashable {
    /// What the piece is.
    public var kind: Kind
    /// Its text: white space folded, no line feeds.
    public var text: String

    /// What a piece of the body can be.
    public enum Kind: String, Sendable, Hashable {
        case paragraph, heading, quote, listItem, caption
    }

    /// Takes the parts as they are.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// Words somebody said, and who said them.
public struct Quotation: Sendable, Hashable {
    /// The words without the outer quotation marks; parts split by "he said" joined by a space.
    public var text: String
    /// Who said it, by the fullest name that the article gives; nil where it does not tell.
    public var speaker: String?
    /// The speaker's office or relation, as printed next to the name.
    public var role: String?
    /// The index in `body` of the block that the quotation begins in.
    public var paragraph: Int
    /// Where in that block's UTF-8 text: first byte, and the byte after the last,
    /// outer quotation marks included.
    public var range: Range<Int>

    /// Takes the parts as they are.
    public init(
        text: String, speaker: String? = nil, role: String? = nil, paragraph: Int,
        range: Range<Int>
    ) {
        self.text = text
        self.speaker = speaker
        self.role = role
        self.paragraph = paragraph
        self.range = range
    }
}

/// A story that the page itself offers.
public struct RelatedLink: Sendable, Hashable {
    /// What introduced it, such as `READ MORE`.
    public var label: String?
    /// The other story's title.
    public var headline: String
    /// Where it stood.
    public var url: String?

    /// Takes the parts as they are.
    public init(label: String? = nil, headline: String, url: String? = nil) {
        self.label = label
        self.headline = headline
        self.url = url
    }
}

/// A document from elsewhere that the page showed within the story.
public struct Embed: Sendable, Hashable {
    /// The document's title.
    public var title: String?
    /// Who put it up.
    public var creator: String?
    /// The service that showed it, such as `Scribd`.
    public var provider: String?
    /// Where it stood.
    public var url: String?

    /// Takes the parts as they are.
    public init(
        title: String? = nil, creator: String? = nil, provider: String? = nil, url: String? = nil
    ) {
        self.title = title
        self.creator = creator
        self.provider = provider
        self.url = url
    }
}

/// Where a version of an article was captured from.
public struct CaptureNote: Sendable, Hashable {
    /// The original that holds it, as `sha256:` and 64 hexadecimal digits.
    public var original: String
    /// The name of the dropped file.
    public var file: String
    /// The member within a container, as a path; nil for a plain file.
    public var member: String?
    /// When the page was captured, where the file tells (RFC 3339).
    public var captured: String?
    /// When the archive took it (RFC 3339, UTC).
    public var accessioned: String

    /// Takes the parts as they are.
    public init(
        original: String, file: String, member: String? = nil, captured: String? = nil,
        accessioned: String
    ) {
        self.original = original
        self.file = file
        self.member = member
        self.captured = captured
        self.accessioned = accessioned
    }
}
