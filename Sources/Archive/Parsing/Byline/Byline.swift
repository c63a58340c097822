internal import ArchiveProtocol

/// The printed credit of the writers, with the names and dates that its line gives.
///
/// Such as `By Jane Roe and John Doe | March 4, 2015 7:33am | Updated on March 5, 2015 9:00am`.
struct Byline: Sendable {
    /// The bytes of a line beyond which it is no credit as a whole.
    private static let longest = 500

    /// The credit as printed, without its dates.
    var text: String
    /// The names in it, or an organisation.
    var authors: [String]
    /// When the line says that the story was published.
    var published: NewsDate?
    /// When the line says that it was changed.
    var modified: NewsDate?

    /// Reads one line; nil where it credits nobody.
    ///
    /// A line is a byline where it begins with "By", "Von", "Par", "Por" and the like and goes on
    /// with names, or where names stand before a date.
    static func read(_ line: String, style: HouseStyle?) -> Byline? {
        read(TextScanning.folded(String(line.prefix(600))), style: style)
    }

    /// The same for UTF-8 bytes with white space folded.
    static func read(_ line: [UInt8], style: HouseStyle?) -> Byline? {
        guard line.count <= longest else {
            return credit(ofLong: line).flatMap { read($0, style: style) }
        }
        guard line.count >= 4 else { return nil }
        let introduced = BylineNames.introduction(line) > 0
        // Most lines of a page are prose: they are told before anything is read.
        guard introduced || line.count <= 160 && line.contains(where: TextScanning.isDigit) else {
            return nil
        }
        var byline = Byline(text: "", authors: [])
        var names: [UInt8] = []
        for (position, part) in parts(line).enumerated() {
            if byline.take(date: part, style: style) { continue }
            if position > 0 { continue }
            names = byline.takeTail(part, style: style)
        }
        let dated = byline.published != nil || byline.modified != nil
        guard !names.isEmpty, introduced || dated, BylineNames.areNames(names) else { return nil }
        byline.text = TextScanning.string(names)
        byline.authors = authors(in: byline.text)
        return byline.authors.isEmpty ? nil : byline
    }

    /// The first part of a line that is too long for a credit: what follows it is no date.
    private static func credit(ofLong line: [UInt8]) -> [UInt8]? {
        let head = Array(line.prefix(longest))
        guard BylineNames.introduction(head) > 0, let mark = head.firstIndex(of: 0x7C) else {
            return nil
        }
        return TextScanning.folded(head, 0..<mark)
    }

    /// The line cut at `|`, `•` and `·`.
    private static func parts(_ line: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        var index = 0
        while index < line.count {
            var length = 0
            if line[index] == UInt8(ascii: "|") { length = 1 }
            for mark in ["•", "⋅", "∙"] as [StaticString]
            where TextScanning.has(mark, at: index, in: line) {
                length = 3
            }
            if TextScanning.has("·", at: index, in: line) { length = 2 }
            if length > 0 {
                parts.append(TextScanning.folded(part, 0..<part.count))
                part = []
            }
            if length == 0 { part.append(line[index]) }
            index += max(length, 1)
        }
        parts.append(TextScanning.folded(part, 0..<part.count))
        return parts
    }

    /// Takes a part that is a date from its first to its last word.
    private mutating func take(date part: [UInt8], style: HouseStyle?) -> Bool {
        guard let date = NewsDateReader.read(part, source: "byline", style: style) else {
            return false
        }
        if Self.saysChanged(part) || published != nil {
            if modified == nil { modified = date }
        } else {
            published = date
        }
        return true
    }

    /// Takes a date off the end of a part, as in `By Jane Roe on March 4, 2015`; what is left.
    private mutating func takeTail(_ part: [UInt8], style: HouseStyle?) -> [UInt8] {
        guard part.contains(where: TextScanning.isDigit) else { return part }
        for index in part.indices.dropFirst()
        where part[index - 1] == 0x20 && NewsDateReader.mayBegin(part, at: index) {
            if take(date: Array(part[index...]), style: style) {
                var end = index
                while end > 0, !TextScanning.isWordByte(part[end - 1]), part[end - 1] != 0x2E,
                    part[end - 1] != 0x29
                {
                    end -= 1
                }
                return Array(part[..<end])
            }
        }
        return part
    }

    private static let changed: [[UInt8]] = [
        "update", "modified", "last ", "aktualisiert", "mis à jour", "modifié", "actualizado",
        "aggiornato", "atualizado", "bijgewerkt", "edited", "oppdatert", "uppdaterad", "geändert",
        "stand:", "letzte ",
    ].map { Array($0.utf8) }

    /// Whether a label says that a date is that of a change.
    static func saysChanged(_ text: [UInt8]) -> Bool {
        changed.contains { TextScanning.has($0, at: 0, in: text) }
    }

    /// The names in a text that the page sets as a credit, its dates left out.
    static func names(in credit: [UInt8], style: HouseStyle?) -> [String] {
        guard credit.count >= 2, credit.count <= 400 else { return [] }
        var byline = Byline(text: "", authors: [])
        var names: [String] = []
        for part in parts(BylineNames.ownPart(credit)) where !byline.take(date: part, style: style)
        {
            let rest = byline.takeTail(part, style: style)
            names += BylineNames.split(BylineNames.withoutIntroduction(rest))
        }
        return names
    }

    /// The names in a credit such as `By A, B and C`, titles and places left out.
    static func authors(in names: String) -> [String] {
        BylineNames.split(TextScanning.folded(String(names.prefix(1000))))
    }
}
