internal import ArchiveProtocol

/// A line above a story that says who wrote it or when it was published.
enum PageTextCredit {
    case byline(Byline)
    case date(NewsDate, isChange: Bool)

    /// Reads a line; nil where it says neither.
    static func read(_ line: TextLine, style: HouseStyle?) -> PageTextCredit? {
        if line.setting == .name {
            let names = TextScanning.string(line.text)
            let authors = Byline.authors(in: names)
            return authors.isEmpty ? nil : .byline(Byline(text: names, authors: authors))
        }
        if line.setting == .date { return leadingDate(line, style: style) }
        if let byline = Byline.read(line.text, style: style) ?? beforeComma(line.text, style) {
            if BylineNames.introduction(line.text) > 0 || byline.authors.contains(where: isFull) {
                return .byline(byline)
            }
            // One word before a date is a label, in whatever language.
            return leadingDate(line, style: style)
        }
        guard let date = date(line.text, style: style) else { return nil }
        return .date(date, isChange: Byline.saysChanged(line.text))
    }

    /// Whether the line names somebody.
    static func names(_ line: TextLine, style: HouseStyle?) -> Bool {
        if case .byline? = read(line, style: style) { return true }
        return false
    }

    /// The day that a line tells from its first to its last word.
    static func date(_ text: [UInt8], style: HouseStyle?) -> NewsDate? {
        guard text.contains(where: TextScanning.isDigit) else { return nil }
        guard let date = NewsDateReader.read(text, source: "page-text", style: style),
            date.precision != .year
        else { return nil }
        return date
    }

    /// The day that a short line begins with, before it goes on with something else.
    static func leadingDate(_ line: TextLine, style: HouseStyle?) -> PageTextCredit? {
        guard line.columns <= 100, line.text.contains(where: TextScanning.isDigit),
            let found = NewsDateReader.first(
                in: line.text, source: "page-text", style: style, monthFirst: nil)
        else { return nil }
        return .date(found.date, isChange: Byline.saysChanged(line.text))
    }

    /// Reads `By Jane Roe, dpa` without what stands behind the last comma.
    private static func beforeComma(_ text: [UInt8], _ style: HouseStyle?) -> Byline? {
        guard text.count <= 160, BylineNames.introduction(text) > 0,
            let comma = text.lastIndex(of: 0x2C), text.count - comma <= 30
        else { return nil }
        return Byline.read(Array(text[..<comma]), style: style)
    }

    /// Whether a name has more than one word, or is in a script that needs no more.
    private static func isFull(_ name: String) -> Bool {
        name.utf8.contains(0x20) || name.utf8.contains { $0 >= 0xE3 }
    }

    /// Whether the line tells a day.
    static func dates(_ line: TextLine, style: HouseStyle?) -> Bool {
        switch read(line, style: style) {
        case .date?: true
        case .byline(let byline)?: byline.published != nil
        case nil: false
        }
    }

    /// The names that a line is, with nothing about it that says so; nil where it is none.
    ///
    /// Left out are what a page sets behind a name: notes, minutes of reading, the same name again.
    static func name(_ text: [UInt8]) -> [UInt8]? {
        guard text.count <= 90, !PageTextWords.namesButton(text) else { return nil }
        var name = Array(
            text.prefix { !TextScanning.isDigit($0) && $0 != 0x7C && $0 != 0x28 && $0 != 0xE2 })
        guard text.count - name.count <= 40 else { return nil }
        while let last = name.last, ", &/|·".utf8.contains(last) || last == 0xC2 {
            name.removeLast()
        }
        let words = name.split(separator: 0x20)
        let half = words.count / 2
        if words.count.isMultiple(of: 2), half > 1, words[..<half].elementsEqual(words[half...]) {
            name = Array(words[..<half].joined(separator: [0x20]))
        }
        let names = Byline.authors(in: TextScanning.string(name))
        guard (1...3).contains(names.count),
            names.allSatisfy({ BylineNames.isPlainName(withoutInitials($0)) })
        else { return nil }
        return name
    }

    private static func withoutInitials(_ name: String) -> String {
        name.split(separator: " ").filter { $0.utf8.last != 0x2E }.joined(separator: " ")
    }
}
