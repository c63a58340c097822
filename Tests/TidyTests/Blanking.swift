/// Takes comments, string literals and raw identifiers out of Swift text, and keeps its line ends.
struct Blanking {
    private let text: [Character]
    private var index = 0
    private var result = ""

    /// The text with a blank for each character that is no code.
    static func code(of text: String) -> String {
        var blanking = Blanking(text: Array(text))
        blanking.code(endingAt: nil)
        return blanking.result
    }

    private init(text: [Character]) { self.text = text }

    /// Reads code up to its end, or to the parenthesis that ends an interpolation.
    private mutating func code(endingAt end: Character?) {
        var depth = 0
        while index < text.count {
            if starts("//") {
                while index < text.count, text[index] != "\n" { blank() }
            } else if starts("/*") {
                comment()
            } else if text[index] == "`" {
                blank()
                while index < text.count, text[index] != "`", text[index] != "\n" { blank() }
                blank()
            } else if let hashes = hashesBeforeQuote {
                string(hashes: hashes)
            } else {
                if text[index] == "(" { depth += 1 }
                if text[index] == ")" {
                    if depth == 0, end == ")" { return }
                    depth -= 1
                }
                result.append(text[index])
                index += 1
            }
        }
    }

    private mutating func comment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank()
            } else if starts("*/") {
                depth -= 1
                blank()
            }
            blank()
        } while index < text.count && depth > 0
    }

    private mutating func string(hashes: Int) {
        for _ in 0..<hashes { blank() }
        let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
        let fence = String(repeating: "#", count: hashes)
        for _ in quotes { blank() }
        while index < text.count {
            if starts(quotes + fence) {
                for _ in quotes + fence { blank() }
                return
            }
            if starts("\\" + fence + "(") {
                for _ in "\\" + fence + "(" { blank() }
                code(endingAt: ")")
                blank()
            } else {
                if starts("\\" + fence) { for _ in "\\" + fence { blank() } }
                if quotes.count == 1, index < text.count, text[index] == "\n" { return }
                blank()
            }
        }
    }

    /// How many `#` stand before a quotation mark here; nil where no string begins.
    private var hashesBeforeQuote: Int? {
        var ahead = index
        while ahead < text.count, text[ahead] == "#" { ahead += 1 }
        return ahead < text.count && text[ahead] == "\"" ? ahead - index : nil
    }

    private func starts(_ word: String) -> Bool {
        var ahead = index
        for character in word {
            guard ahead < text.count, text[ahead] == character else { return false }
            ahead += 1
        }
        return true
    }

    private mutating func blank() {
        guard index < text.count else { return }
        result.append(text[index] == "\n" ? "\n" : " ")
        index += 1
    }
}
