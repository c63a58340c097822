/// Why a file or a member of a bundle is where it is: the closed list.
///
/// The raw values are what `archivectl` prints, what the journal carries and what the reason
/// files in quarantine name.
enum Reason: String, Sendable, Hashable, CaseIterable {
    // What is wrong with the bytes: the file goes to quarantine.
    case corrupt
    case digest
    case encoding
    case encrypted
    case entryCount = "entry-count"
    case expansion
    case malformed
    case nesting
    case notText = "not-text"
    case tooLarge = "too-large"
    case truncated
    case unsafePath = "unsafe-path"
    case unsupported
    case crashedParser = "crashed-parser"
    case timeout

    // What is said of a file that is kept all the same.
    case empty
    case noArticle = "no-article"
    case trailingData = "trailing-data"
    case typeMismatch = "type-mismatch"

    // Why a file stays in the inbox, and is tried again.
    case diskFull = "disk-full"
    case ioError = "io-error"
    case limit = "limit"
    case permission
    case settling
    case stillChanging = "still-changing"

    // Why a name in the inbox is left alone.
    case hidden
    case partialName = "partial-name"
    case special

    /// Whether it is the machine's fault, and the file's neither.
    var isOfHost: Bool { [.diskFull, .ioError, .limit].contains(self) }
}

/// A refusal to read bytes further, with all that the archivist needs to act.
struct Refusal: Error, Sendable, Hashable {
    /// Which of the known ways of being wrong.
    var reason: Reason
    /// What was found, lower case, no full stop.
    var detail: String
    /// The byte at which it was found, from the start of the file or member.
    var offset: Int?
    /// What to do about it.
    var remedy: String?

    init(_ reason: Reason, _ detail: String, offset: Int? = nil, remedy: String? = nil) {
        self.reason = reason
        self.detail = detail
        self.offset = offset
        self.remedy = remedy
    }

    /// The refusal in one line: what, where, and what to do.
    var line: String {
        var line = detail
        if let offset { line += " at byte \(offset)" }
        if let remedy { line += "; \(remedy)" }
        return line
    }
}
