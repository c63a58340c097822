/// What a file turns out to be by its content.
///
/// The raw values are the forms that the record and `archivectl` name.
enum Form: String, Sendable, Hashable, CaseIterable {
    // Containers and compressions.
    case zip, tar, gzip, bzip2, xz, zstd, lz4
    case sevenZip = "7z"
    case warc, arc
    case mhtml
    // Documents of several items.
    case feed
    case newsMessage = "news-message"
    case itemList = "json-list"
    // Containers that are told, and not opened.
    case rar, cpio, ar, cab, lzip, compress
    case binaryPropertyList = "binary-plist"
    // Pages.
    case html, markdown
    case pageText = "page-text"
    case nitf
    case newsML = "newsml"
    case xml, json
    // What holds no text that is read.
    case cdx
    case pdf, image, audio, video, office, binary, empty

    /// Whether it is opened for what is within, or refused where it is not.
    var isContainer: Bool {
        switch self {
        case .zip, .tar, .sevenZip, .warc, .arc, .mhtml, .feed, .newsMessage, .itemList: true
        default: isCompression || isForeign
        }
    }

    /// Whether it is read whole to see if it is one page or holds several.
    var mayHoldItems: Bool {
        switch self {
        case .feed, .newsMessage, .itemList, .json: true
        default: false
        }
    }

    /// Whether it is one stream, compressed.
    var isCompression: Bool {
        switch self {
        case .gzip, .bzip2, .xz, .zstd, .lz4: true
        default: false
        }
    }

    /// Whether a compressed stream that holds it is the same container, as in `tar.gz`.
    var isStreamed: Bool { self == .tar || self == .warc || self == .arc }

    /// Whether it is a container that is not opened.
    var isForeign: Bool {
        switch self {
        case .rar, .cpio, .ar, .cab, .lzip, .compress, .binaryPropertyList: true
        default: false
        }
    }

    /// Whether it is text, of whatever kind.
    var isText: Bool {
        switch self {
        case .html, .markdown, .pageText, .xml, .json, .nitf, .newsML: true
        case .feed, .newsMessage, .itemList: true
        default: false
        }
    }

    /// Whether it is worth being read where it was sent along with a mail.
    var isRead: Bool { isContainer || isText }

    /// How a compressed stream's form is written behind a dot, as in `tar.gz`.
    var suffix: String {
        switch self {
        case .gzip: "gz"
        case .bzip2: "bz2"
        case .zstd: "zst"
        default: rawValue
        }
    }

    /// What it is, in the user's words.
    var words: String {
        switch self {
        case .html: "HTML"
        case .xml: "XML"
        case .json, .itemList: "JSON"
        case .feed: "a feed"
        case .nitf: "NITF"
        case .newsML, .newsMessage: "NewsML"
        case .markdown: "Markdown"
        case .pageText: "plain text"
        case .pdf: "a PDF"
        case .image: "an image"
        case .audio: "a sound"
        case .video: "a film"
        case .office: "an office document"
        case .cdx: "the index of a web archive, which holds no page,"
        case .warc, .arc: "a web archive (\(rawValue.uppercased()))"
        case .mhtml: "a message (MHTML or mail)"
        case .binaryPropertyList: "a binary property list, as Safari's web archives are"
        case .gzip, .bzip2, .xz, .zstd, .lz4, .lzip, .compress: "compressed (\(rawValue))"
        case .zip, .tar, .sevenZip, .rar, .cpio, .ar, .cab: "a bundle (\(rawValue))"
        case .binary: "a binary file of no known form"
        case .empty: "empty"
        }
    }
}
