import ArchiveProtocol

/// What the archive knows of one file of the inbox.
struct LedgerRow {
    var json: JSON

    var path: String { json.text("path") }
    var state: String { json.text("state") }

    /// Whether the file was set aside.
    var isQuarantined: Bool { state == "quarantined" }

    /// Why the file is where it is, as far as that is known.
    var reason: TerminalText {
        .joined(["\(json.text("reason"))", "\(json.text("detail"))"], ": ")
    }

    /// What became of the file, in one line.
    var verdict: TerminalText {
        let articles = (json["articles"]?.array ?? []).map { $0.string ?? $0["id"]?.string ?? "" }
        let list: TerminalText =
            articles.isEmpty
            ? ""
            : " (\(articles.prefix(5).joined(separator: ", "))"
                + (articles.count > 5 ? " and \(articles.count - 5) more)" : ")")
        let head: TerminalText = "\(path): \(strong: state)"
        return .joined([head + list, reason], "; ")
    }

    /// What the archivist can do about it; nil where nothing is to be done.
    var remedy: String? {
        guard let reason = json["reason"]?.string else { return nil }
        return switch reason {
        case "corrupt", "digest", "truncated", "malformed":
            "get the file again from where it came from, and drop it anew"
        case "encrypted": "decrypt the file, and drop it anew"
        case "encoding", "not-text", "unsupported":
            "save the file as text, HTML, WARC or zip, and drop it anew"
        case "entry-count", "expansion", "nesting", "too-large":
            "split the file, or raise the limit in archived.conf(5), then: archivectl retry"
        case "unsafe-path": "pack the bundle anew without absolute paths and .."
        case "crashed-parser", "timeout":
            "try once more: archivectl retry; if it fails again, report a fault of archived"
        case "disk-full": "free some space; archived tries again by itself"
        case "io-error": "look at the disk (dmesg); archived tries again by itself"
        case "permission": "let archived read the file; it tries again by itself"
        case "limit": "wait, or raise the limit in archived.conf(5)"
        case "settling", "still-changing": "wait until whoever writes the file is done"
        case "hidden", "partial-name": "rename the file if it is complete"
        case "special": "drop a regular file instead"
        default: nil
        }
    }

    /// Prints path, reason, remedy and digest over several lines.
    func print(to output: Output) {
        output.line("\(strong: path)")
        let since: TerminalText = json["since"]?.string.map { " since \($0)" } ?? ""
        field("state", "\(state)" + since, output)
        field("reason", reason, output)
        if let size = json["size"]?.int { field("size", "\(bytes: size)", output) }
        field("digest", "\(json.text("digest"))", output)
        let articles = (json["articles"]?.array ?? []).map { $0.string ?? $0["id"]?.string ?? "" }
        field("articles", "\(articles.joined(separator: ", "))", output)
        for member in json["times"]?.members ?? [] {
            field("\(member.key)", "\(member.value.string ?? member.value.text)", output)
        }
        if let remedy { field("to do", "\(remedy)", output) }
    }

    private func field(_ name: TerminalText, _ text: TerminalText, _ output: Output) {
        guard !text.isEmpty else { return }
        output.line(("    " + name + ":").padded(to: 16) + text)
    }
}
