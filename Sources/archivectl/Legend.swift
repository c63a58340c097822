import ArchiveProtocol

extension TerminalText {
    /// How many were shown, of how many, and how to see more.
    static func total(_ page: JSON, shown: Int) -> TerminalText {
        var text: TerminalText = "\(shown) shown"
        if let total = page["total"]?["value"]?.int {
            let isLeast = page["total"]?["relation"]?.string == "gte"
            text += " of \(total)\(isLeast ? " or more" : "")"
        }
        if let cursor = page["nextCursor"]?.string {
            text += "; more with --all, or --cursor \(cursor)"
        }
        if let rebuilding = page["rebuilding"] {
            text += "; some may be missing while the index is made anew (\(progress: rebuilding))"
        }
        return text
    }
}

extension TerminalText.StringInterpolation {
    /// Appends how far something is.
    mutating func appendInterpolation(progress: JSON) {
        appendInterpolation(grouped: progress.count("done"))
        appendLiteral(" of ")
        appendInterpolation(grouped: progress.count("total"))
    }
}
