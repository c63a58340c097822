internal import ArchiveProtocol

/// Those who had part in the story beside its writers.
extension HTMLDraft {
    /// Takes the lines of `pieces` that name them, as printed, and whom the page names to machines.
    ///
    /// - Parameter pieces: what stood at the end of the story and is no part of it.
    mutating func readContributors(_ pieces: [HTMLText.Piece]) {
        for piece in pieces.prefix(8) where Contribution.isIn(piece.text) {
            take(contributor: String(decoding: piece.text, as: UTF8.self), "html/text", piece.range)
        }
        for (index, block) in article.body.enumerated().suffix(3)
        where Contribution.begins(Array(block.text.utf8)) {
            guard let item = evidence.last(where: { $0.field == "body[\(index)]" }) else {
                continue
            }
            take(contributor: block.text, "html/body", item.range)
        }
        guard article.contributors.isEmpty else { return }
        let authors = Set(article.authors.map(AuthorName.key))
        for person in linked?.contributors.prefix(20) ?? []
        where !authors.contains(AuthorName.key(person.name)) && !isSite(person.name)
            && AuthorName.isPrintable(person.name)
        {
            take(contributor: person.name, "json-ld/contributor", person.range)
        }
    }

    private mutating func take(contributor text: String, _ rule: String, _ range: Range<Int>) {
        guard !article.contributors.contains(text) else { return }
        note("contributors[\(article.contributors.count)]", rule, range, .medium)
        article.contributors.append(text)
    }

    /// The writers that such a line names, where nothing else does: `Reporting by Jane Roe`.
    func contributorCredit() -> Credit? {
        for (index, line) in article.contributors.enumerated() {
            let text = Array(line.utf8).drop { $0 == 0x28 }
            guard Contribution.namesWriters(text) else { continue }
            let own = text.prefix { $0 != 0x3B && $0 != 0x29 && $0 != 0x2E }
            let names = Byline.names(
                in: BylineNames.withoutIntroduction(Array(own)), style: style
            ).filter { isWriter($0, alone: false) }
            guard !names.isEmpty,
                let item = evidence.first(where: { $0.field == "contributors[\(index)]" })
            else { continue }
            return Credit(names: names, rule: item.rule, range: item.range)
        }
        return nil
    }
}

/// The words by which pages name those who had part in a story beside its writers.
enum Contribution {
    private static let reach = 500

    /// Whether a text begins as such a line, its bracket aside.
    static func begins(_ text: [UInt8]) -> Bool {
        guard text.count <= reach else { return false }
        let words = text.drop { $0 == 0x28 || $0 == 0x5B || $0 == 0x2A || $0 == 0x20 }
        return beginnings.contains { HTMLBytes.starts(words, with: $0) }
    }

    /// Whether a text that is no part of the story is such a line.
    static func isIn(_ text: [UInt8]) -> Bool {
        begins(text)
            || text.count <= reach && phrases.contains { HTMLBytes.find($0, in: text) != nil }
    }

    /// Whether it names who wrote the story, and not who helped.
    static func namesWriters(_ text: ArraySlice<UInt8>) -> Bool {
        writers.contains { HTMLBytes.starts(text, with: $0) }
    }

    private static let writers: [StaticString] = [
        "reporting by ", "written by ", "writing by ", "compiled by ",
    ]

    private static let beginnings: [StaticString] = [
        "reporting by ", "writing by ", "written by ", "compiled by ", "editing by ",
        "edited by ", "additional reporting", "additional writing", "with reporting by ",
        "with reporting from ", "with reports from ", "with reports by ", "with files from ",
        "with inputs from", "with input from", "with information from ", "with contributions",
        "translated by ", "translation by ", "mit material von ",
        "mit informationen von ", "redaktionelle mitarbeit", "mitarbeit: ", "mitarbeit von ",
        "unter mitarbeit von ", "übersetzung: ", "übersetzt von ", "aus dem englischen von ",
        "con informazioni ", "con información de ", "con informes de ", "traducido por ",
        "traducción de ", "avec la collaboration de ", "traduit par ", "traduit de ",
        "com informações de ", "met medewerking van ",
    ]

    private static let phrases: [StaticString] = [
        "contributed to this", "contributed reporting", "contributed additional reporting",
        "additional reporting by", "hat zu diesem bericht beigetragen",
        "haben zu diesem bericht beigetragen", "a contribué à cet article",
        "ont contribué à cet article", "contribuyó a este", "contribuyeron a este",
        "ha contribuito a questo", "bidro til denne",
    ]
}
