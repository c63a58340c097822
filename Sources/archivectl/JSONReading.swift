import ArchiveProtocol

/// What the verbs read from answers.
extension JSON {
    /// The date of an article as it was told: plain, or with what is known about it.
    func date(_ key: String) -> String {
        let date = self[key]?.string ?? self[key]?["value"]?.string ?? ""
        return date.split(separator: "T", maxSplits: 1).joined(separator: " ")
    }

    /// The text of a member, empty where it has none.
    func text(_ key: String) -> String {
        switch self[key] {
        case .string(let text): text
        case .number(let text): text
        case .bool(let value): value ? "true" : "false"
        default: ""
        }
    }

    /// The number of a member, 0 where it has none.
    func count(_ key: String) -> Int { self[key]?.int ?? 0 }
}
