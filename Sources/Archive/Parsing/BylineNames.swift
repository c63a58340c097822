/// The names of a credit: where they begin, whether they are names, and how they are told apart.
enum BylineNames {
    private static let introductions: [[UInt8]] = [
        "written by ", "reported by ", "story by ", "text by ", "posted by ", "by: ", "by ",
        "von ", "text: ", "par ", "por ", "di ", "door ", "autor: ", "author: ", "auteur : ",
    ].map { Array($0.utf8) }

    private static let joint: UInt32 = 1
    private static let particle: UInt32 = 2
    private static let title: UInt32 = 4
    private static let stop: UInt32 = 8
    private static let never: UInt32 = 16

    private static let words = WordTable([
        ("and & und et y e with mit avec con", joint),
        (
            "de la le van von der den del di da dos du el al bin ibn ter ten zu zur of the for",
            particle
        ),
        (
            "staff writer writers reporter editor editors correspondent contributor contributing "
                + "special columnist critic bureau chief producer photographer senior political "
                + "news writer's intern managing deputy assistant associate freelance guest host "
                + "redakteur redakteurin korrespondent korrespondentin journaliste correspondant "
                + "redactor corresponsal", title
        ),
        ("for in at aus à en bei on from special", stop),
        (
            "monday tuesday wednesday thursday friday saturday sunday this that then when now "
                + "clicking using the it his her its their our your my a an all far law contrast "
                + "comparison january february march april june july august september october "
                + "november december", never
        ),
    ])

    /// The length of "By " and its like at the start of `line`, or 0.
    static func introduction(_ line: [UInt8]) -> Int {
        for word in introductions where TextScanning.has(word, at: 0, in: line) {
            return word.count
        }
        return 0
    }

    /// Whether a credit, with or without "By", is made of names: capitals, joints, particles.
    static func areNames(_ credit: [UInt8]) -> Bool {
        let from = introduction(credit)
        var capitals = 0
        var count = 0
        var small = 0
        for word in credit[from...].split(separator: 0x20) {
            let word = Array(word)
            guard let start = word.firstIndex(where: TextScanning.isWordByte) else { continue }
            var end = start
            while end < word.count, TextScanning.isWordByte(word[end]) { end += 1 }
            let mark = words[TextScanning.hash(word, start..<end)]
            count += 1
            if count == 1, mark & never != 0 { return false }
            if TextScanning.isCapital(word, start) {
                capitals += 1
            } else if mark & (joint | particle | title | stop) == 0,
                !(start > 0 && word[start - 1] == UInt8(ascii: "@"))
            {
                small += 1
            }
        }
        guard capitals > 0, count <= 40 else { return false }
        // A sentence has words that no credit has.
        return small == 0 && (from > 0 || count <= 12)
            && !(credit.last == UInt8(ascii: ".") && from == 0) && !credit.contains(0x3F)
    }

    /// The names in `credit`, folded.
    static func split(_ credit: [UInt8]) -> [String] {
        var names: [String] = []
        var name: [[UInt8]] = []
        var afterComma = false
        func close() {
            if let text = accepted(name, afterComma: afterComma, isFirst: names.isEmpty),
                !names.contains(text)
            {
                names.append(text)
            }
            name = []
        }
        for word in tokens(Array(credit[introduction(credit)...])) {
            if word == [0x2C] || word == [0x3B] || word == [0x2F] {
                close()
                afterComma = word == [0x2C]
            } else if words[TextScanning.hash(word, 0..<word.count)] & joint != 0,
                !TextScanning.isCapital(word, 0)
            {
                close()
                afterComma = false
            } else {
                name.append(word)
            }
        }
        close()
        return names
    }

    /// The words of a credit, with the commas between them; brackets are left out, and what
    /// stands in round ones.
    private static func tokens(_ credit: [UInt8]) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        var word: [UInt8] = []
        var depth = 0
        for byte in credit + [0x20] {
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth = max(0, depth - 1)
            case _ where depth > 0: break
            case 0x20, 0x2C, 0x3B, 0x2F, UInt8(ascii: "["), UInt8(ascii: "]"):
                if !word.isEmpty { tokens.append(word) }
                word = []
                if byte == 0x2C || byte == 0x3B || byte == 0x2F { tokens.append([byte]) }
            default: word.append(byte)
            }
        }
        return tokens
    }

    /// One name without its title and place; nil where nothing else is left.
    private static func accepted(
        _ tokens: [[UInt8]], afterComma: Bool, isFirst: Bool
    ) -> String? {
        var tokens = tokens
        let intro = tokens.first.map { introduction($0 + [0x20]) } ?? 0
        if intro > 0, tokens.count > 1, intro == tokens[0].count + 1 { tokens.removeFirst() }
        if let cut = tokens.indices.dropFirst().first(where: {
            words[TextScanning.hash(tokens[$0], 0..<tokens[$0].count)] & stop != 0
                && !TextScanning.isCapital(tokens[$0], 0)
        }) {
            tokens.removeSubrange(cut...)
        }
        tokens.removeAll { $0.contains(UInt8(ascii: "@")) }
        guard let first = tokens.first else { return nil }
        if afterComma, !isFirst {
            let isTitle = tokens.contains {
                words[TextScanning.hash($0, 0..<$0.count)] & title != 0
            }
            // After a comma a single word is a place or an agency, "The …" a paper.
            if isTitle || tokens.count == 1
                || TextScanning.has("the", at: 0, in: first)
                    && first.count == 3
            {
                return nil
            }
        }
        let text = Array(tokens.joined(separator: [0x20]))
        if isAddress(text) || !text.contains(where: TextScanning.isWordByte) { return nil }
        return TextScanning.string(text)
    }

    private static func isAddress(_ text: [UInt8]) -> Bool {
        guard !text.contains(0x20) else { return false }
        return [".com", ".org", ".net", ".de", ".fr", ".es", ".co.uk"].contains {
            TextScanning.has(Array($0.utf8), at: text.count - $0.utf8.count, in: text)
        }
    }
}
