/// One thing that the opener found in a dropped file.
enum Piece: Sendable {
    /// The file is no container: it is one page.
    case page(Capture)
    /// The file is a container, and this is within.
    case member(Member)
}

/// A dropped file after it was opened: what it was, and what of it could not be read.
struct Package: Sendable, Hashable {
    /// What it turned out to be: `zip`, `tar`, `tar.gz`, `gz`, or `file` for a page.
    var form: String
    /// Members found over all nesting, refused ones too; 0 for a page.
    var members = 0
    /// What was wrong with the containers themselves; each member carries its own.
    var refusals: [Refusal] = []
    /// What is to be said of it all the same, such as a name that lies; nothing of it is lost.
    var notes: [Refusal] = []
    /// Bytes that came out of it.
    var expandedBytes = 0
}
