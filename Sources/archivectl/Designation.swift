/// What an argument names, told by its shape.
enum Designation {
    /// Whether `text` is a digest: `sha256:…`, or 8 to 64 hexadecimal digits.
    static func isDigest(_ text: String) -> Bool {
        if text.utf8.starts(with: "sha256:".utf8) { return true }
        return (8...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
                    || (0x41...0x46).contains($0)
            }
    }

    /// Whether `text` is an article's id: 12 small letters and digits, or 4 or more of them with
    /// a digit among them.
    static func isArticle(_ text: String) -> Bool {
        guard (4...12).contains(text.utf8.count) else { return false }
        var hasDigit = false
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: hasDigit = true
            case 0x61...0x7A: continue
            default: return false
            }
        }
        return hasDigit || text.utf8.count == 12
    }
}
