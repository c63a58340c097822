/// Text from files and clients made fit for a log or a status: one line, nothing that a terminal
/// obeys.
enum LogText {
    /// `text` with control characters escaped, and cut at `limit` bytes with an ellipsis.
    static func oneLine(_ text: String, limit: Int = .max) -> String {
        var line = ""
        var count = 0
        for scalar in text.unicodeScalars {
            let piece = isControl(scalar) ? escaped(scalar) : String(scalar)
            count += piece.utf8.count
            guard count <= limit else { return line + "…" }
            line += piece
        }
        return line
    }

    /// `text` as the value of `key=value`: in quotation marks where it would not read as one word.
    static func value(_ text: String) -> String {
        let line = oneLine(text)
        let isWord =
            !line.isEmpty
            && line.utf8.allSatisfy {
                $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
            }
        guard !isWord else { return line }
        var quoted = "\""
        for scalar in line.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// C0, DEL, C1, the line separators, and the marks that turn the direction of writing.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }
}
