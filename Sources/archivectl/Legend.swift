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
        return text
    }
}
