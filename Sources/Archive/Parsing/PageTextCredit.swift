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
        if let byline = Byline.read(line.text, style: style) { return .byline(byline) }
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

    /// Whether a line is one or two names, with nothing about it that says so.
    static func isName(_ text: [UInt8]) -> Bool {
        guard text.count <= 80, !text.contains(where: TextScanning.isDigit) else { return false }
        let names = Byline.authors(in: TextScanning.string(text))
        return (1...3).contains(names.count) && names.allSatisfy(BylineNames.isPlainName)
    }
}
