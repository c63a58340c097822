/// The names of a credit: where they begin, whether they are names, and how they are told apart.
enum BylineNames {
    private typealias Words = BylineWords

    /// The length of "By " and its like at the start of `line`, or 0.
    static func introduction(_ line: [UInt8]) -> Int {
        length(of: Words.introductions, in: line)
    }

    private static func length(of introductions: [[UInt8]], in line: [UInt8]) -> Int {
        for word in introductions where TextScanning.has(word, at: 0, in: line) {
            return word.count
        }
        return 0
    }

    /// The credit without what introduces it, where the page says that it is one.
    static func withoutIntroduction(_ credit: [UInt8]) -> [UInt8] {
        var rest = credit
        for _ in 0..<3 {
            // A page may set the word alone, and the names behind it; and a colon or none.
            var line = rest + [0x20]
            var length = max(introduction(line), Self.length(of: Words.marked, in: line))
            if length == 0, let colon = line.prefix(24).firstIndex(of: 0x3A) {
                line.remove(at: colon)
                length = max(introduction(line), Self.length(of: Words.marked, in: line))
                if length > 0 { length += 1 }
            }
            if length == 0 { return afterKind(rest) ?? rest }
            rest = Array(rest.dropFirst(length).drop { $0 == 0x20 || $0 == 0x3A })
        }
        return rest
    }

    /// The credit up to where it goes on with somebody who did not write: `Reviewed by …`.
    static func ownPart(_ credit: [UInt8]) -> [UInt8] {
        var index = 0
        while index < credit.count {
            let isStart = index == 0 || credit[index - 1] == 0x20
            if isStart,
                Words.otherParts.contains(where: {
                    TextScanning.has($0, at: index, in: credit)
                })
            {
                return Array(credit[..<max(0, index - 1)])
            }
            index += 1
        }
        return credit
    }

    /// What stands behind `Interview von` and its like.
    private static func afterKind(_ credit: [UInt8]) -> [UInt8]? {
        let words = credit.split(separator: 0x20, maxSplits: 5).map(Array.init)
        guard words.count >= 3, marks(words[0]) & (Words.noise | Words.title | Words.kind) != 0,
            let by = words.dropFirst().prefix(3).firstIndex(where: { marks($0) & Words.by != 0 }),
            by + 1 < words.count
        else { return nil }
        return Array(words[(by + 1)...].joined(separator: [0x20]))
    }

    private static func marks(_ word: [UInt8]) -> UInt32 {
        let mark = Words.table[TextScanning.hash(word, 0..<word.count)]
        guard mark == 0, word.count >= 12, TextScanning.isCapital(word, 0) else { return mark }
        // German writes a profession and its field as one word: `Wirtschaftsredakteur`.
        let isTitle = Words.titleEnds.contains { end in
            word.count > end.count && word.suffix(end.count).elementsEqual(end)
        }
        return isTitle ? Words.title : 0
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
            let mark = Words.table[TextScanning.hash(word, start..<end)]
            count += 1
            if count == 1, mark & Words.never != 0 { return false }
            if TextScanning.isCapital(word, start) {
                capitals += 1
            } else if mark & (Words.joint | Words.particle | Words.title | Words.stop) == 0,
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

    // MARK: Telling names apart

    /// The names in `credit`, folded.
    static func split(_ credit: [UInt8]) -> [String] {
        var names: [String] = []
        var name: [[UInt8]] = []
        var afterComma = false
        let isAllCapitals = !credit.indices.contains { TextScanning.isSmall(credit, $0) }
        func close() {
            if let text = accepted(name, afterComma: afterComma, isFirst: names.isEmpty),
                !names.contains(text)
            {
                names.append(text)
            }
            name = []
        }
        for word in tokens(Array(credit[introduction(credit)...])) {
            if word.count == 1, separators.contains(word[0]) {
                close()
                afterComma = word != [0x3B]
            } else if word == dash || word == [0x2D] {
                close()
                afterComma = true
            } else if marks(word) & Words.joint != 0,
                !TextScanning.isCapital(word, 0) || isAllCapitals && word.count > 1,
                !name.isEmpty
                    || names.isEmpty
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

    private static let separators: [UInt8] = Array(",;/|".utf8)
    private static let dash = Array("–".utf8)

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
            case 0x20, 0x2C, 0x3B, 0x2F, 0x7C, UInt8(ascii: "["), UInt8(ascii: "]"):
                if !word.isEmpty { tokens.append(word) }
                word = []
                if separators.contains(byte) { tokens.append([byte]) }
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
            marks(tokens[$0]) & Words.stop != 0 && !TextScanning.isCapital(tokens[$0], 0)
        }) {
            tokens.removeSubrange(cut...)
        }
        tokens.removeAll { $0.contains(UInt8(ascii: "@")) }
        guard let first = tokens.first else { return nil }
        if afterComma, !isFirst {
            let isTitle = tokens.contains { marks($0) & Words.title != 0 }
            let isAgency = tokens.count == 1 && marks(first) & Words.agency != 0
            // After a comma a single word is a place, "The …" a paper.
            let isPlace = tokens.count == 1 && !isAgency
            let isPaper =
                TextScanning.has("the", at: 0, in: first) && first.count == 3
                && !Self.isAgency(TextScanning.string(Array(tokens.joined(separator: [0x20]))))
            if isTitle || isPlace || isPaper { return nil }
        }
        dropTitles(&tokens)
        let text = Array(tokens.joined(separator: [0x20]))
        if isAddress(text) || !text.contains(where: TextScanning.isWordByte) { return nil }
        return TextScanning.string(text)
    }

    /// Takes what somebody is off both ends of the name, where a name of two words is left.
    private static func dropTitles(_ tokens: inout [[UInt8]]) {
        var isDropped = false
        while tokens.count > 2, let last = tokens.last, marks(last) & Words.title != 0,
            isDropped || marks(last) & Words.organisation == 0 || tokens.count > 3
        {
            tokens.removeLast()
            isDropped = true
        }
        while tokens.count > 2, let first = tokens.first, isTitle(first) { tokens.removeFirst() }
        if let last = tokens.last, last.last == 0x2C || last.last == 0x3A {
            tokens[tokens.count - 1].removeLast()
        }
    }

    /// Whether a word or its last part is a title: `Reporter`, `Online-Redakteur`.
    private static func isTitle(_ word: [UInt8]) -> Bool {
        let part = Array(word.split(separator: UInt8(ascii: "-")).last ?? [])
        return marks(part) & Words.title != 0
    }

    private static func isAddress(_ text: [UInt8]) -> Bool {
        guard !text.contains(0x20) else { return false }
        return [".com", ".org", ".net", ".de", ".fr", ".es", ".co.uk", ".at", ".ch", ".it"]
            .contains { TextScanning.has(Array($0.utf8), at: text.count - $0.utf8.count, in: text) }
    }

    // MARK: What a name can be

    /// Whether `name` can be a person's: a few words with capitals, and none that people do not
    /// have in their names.
    ///
    /// Where a page declares a person, words that else stand beside bylines may be names: there
    /// are people called Read and Last.
    static func isPerson(
        _ name: String, ofOneWord: Bool = false, isDeclared: Bool = false
    ) -> Bool {
        let bytes = Array(name.utf8)
        guard bytes.count >= 2, bytes.count <= 70,
            !bytes.contains(where: {
                TextScanning.isDigit($0) || "@:?!\"<>{}#_=+&%$*".utf8.contains($0)
            })
        else { return false }
        // Nor are © and ®, arrows and operators letters of a name.
        let isMarked = zip(bytes, bytes.dropFirst()).contains {
            $0 == 0xC2 && $1 < 0xB0 || $0 == 0xE2 && (0x84...0x9F).contains($1)
        }
        guard !isMarked else { return false }
        let words = bytes.split(separator: 0x20).map(Array.init)
        // A sentence ends so, and no name but with what is shortened: `John Doe Jr.`
        if !isDeclared, let last = words.last, last.last == 0x2E, last.count > 5 { return false }
        guard words.count <= 6, words.count > 1 || ofOneWord || isWithoutCase(bytes) else {
            return false
        }
        let house = Words.organisation | Words.agency
        let bad = isDeclared && words.count > 1 ? house : house | Words.noise | Words.title
        var capitals = 0
        for word in words {
            let mark = marks(word)
            if mark & bad != 0 { return false }
            if TextScanning.isSmall(word, 0) {
                if mark & Words.particle == 0, words.count > 1 { return false }
            } else {
                capitals += 1
            }
        }
        return capitals > 0 || words.count == 1
    }

    /// Whether the name is in a script without capitals, which needs no space in it.
    private static func isWithoutCase(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, first >= 0xE0, bytes.count <= 36 else { return false }
        return !TextScanning.isCapital(bytes, 0) && !TextScanning.isSmall(bytes, 0)
    }

    /// Whether `name` is a news agency's.
    static func isAgency(_ name: String) -> Bool {
        if !name.contains(" ") { return marks(Array(name.utf8)) & Words.agency != 0 }
        return name.utf8.count <= 40 && Words.agencies.contains(name.lowercased())
    }

    /// Whether `word` can be what a writer calls himself on a site.
    static func isHandle(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        let bad = Words.noise | Words.title | Words.kind | Words.stop | Words.joint | Words.never
        return (3...30).contains(bytes.count) && !bytes.contains(0x20) && !bytes.contains(0x3A)
            && bytes.count(where: TextScanning.isASCIILetter) * 2 > bytes.count
            && marks(bytes) & (bad | Words.by) == 0
    }

    /// Whether `name` is a part of a house: `Gear Team`, `National Desk`.
    static func isTeam(_ name: String) -> Bool {
        let words = name.utf8.split(separator: 0x20).map(Array.init)
        guard (2...4).contains(words.count), let last = words.last else { return false }
        return marks(last) & Words.organisation != 0
            && words.allSatisfy { TextScanning.isCapital($0, 0) }
    }

    /// Whether a line is names and what joins them, and nothing else: `Jane Roe/John Doe`.
    static func isAllNames(_ line: String) -> Bool {
        line.utf8.allSatisfy { byte in
            !TextScanning.isDigit(byte) && !".:;!?|()\"".utf8.contains(byte)
        }
            && (line.contains("/") || line.contains(" and ") || line.contains(" und ")
                || line.contains(" & "))
    }

    /// Whether a line is two to four words in Latin letters, each with a capital: a name, with
    /// nothing about it that says so.
    static func isPlainName(_ line: String) -> Bool {
        let words = line.utf8.split(separator: 0x20).map(Array.init)
        return (2...4).contains(words.count) && line.utf8.count <= 40 && isPerson(line)
            && words.allSatisfy { word in
                TextScanning.isCapital(word, 0) && word.count > 1 && word.last != 0x2E
                    && marks(word) & (Words.particle | Words.joint | Words.stop) == 0
                    && word.allSatisfy { $0 < 0xE0 && $0 != 0x2C }
            }
    }

    /// Whether `name` is surely no person's.
    static func isOrganisation(_ name: String) -> Bool {
        name.utf8.split(separator: 0x20).contains {
            marks(Array($0)) & (Words.organisation | Words.agency) != 0
        } || isAddress(Array(name.utf8))
    }
}
