/// Where a story was written or filed, as it stands before its first words.
///
/// Such as `NEW YORK CITY —`, `LONDON (Reuters) -`, `ROCKFORD, Ill. --`.
struct Dateline: Sendable {
    /// The place as printed, agencies in brackets left out.
    var text: String
    /// The bytes of the paragraph that it takes, the dash left out.
    var range: Range<Int>

    private static let reach = 80
    private static let noPlaces = Set(
        [
            "breaking", "update", "updated", "exclusive", "watch", "listen", "video", "photos",
            "opinion", "correction", "read", "live", "note", "review",
        ].map { TextScanning.hash($0) })

    /// Reads the dateline of a paragraph with white space folded; nil where it has none.
    static func read(_ paragraph: [UInt8]) -> Dateline? {
        guard let dash = dash(in: paragraph) else { return nil }
        var end = dash
        var agency = false
        if paragraph[end - 1] == UInt8(ascii: ")"),
            let open = paragraph[..<end].lastIndex(of: UInt8(ascii: "(")), open > 1
        {
            agency = true
            end = paragraph[open - 1] == 0x20 ? open - 1 : open
        }
        let place = paragraph[..<end]
        guard isPlace(paragraph, end, agency: agency) else { return nil }
        return Dateline(text: TextScanning.string(place), range: 0..<end)
    }

    /// Where the white space or dash after the place begins.
    private static func dash(in text: [UInt8]) -> Int? {
        var index = 2
        while index < min(text.count, reach) {
            if TextScanning.has("—", at: index, in: text)
                || TextScanning.has("–", at: index, in: text)
                || TextScanning.has("--", at: index, in: text)
                || TextScanning.has("- ", at: index, in: text) && text[index - 1] == 0x20
            {
                return text[index - 1] == 0x20 ? index - 1 : index
            }
            // A run-in head or a quotation is no place.
            if text[index] == UInt8(ascii: ":") || text[index] == 0x22 { return nil }
            index += 1
        }
        return nil
    }

    /// Whether the words before the dash are a place: in capitals, or with an agency.
    private static func isPlace(_ text: [UInt8], _ end: Int, agency: Bool) -> Bool {
        var count = 0
        var afterComma = false
        for word in text[..<end].split(separator: 0x20) {
            let word = Array(word)
            count += 1
            let letters = word.filter { TextScanning.isASCIILetter($0) || $0 >= 0x80 }
            defer { afterComma = word.last == 0x2C }
            if letters.isEmpty {
                if count == 1 { return false }
                continue
            }
            guard TextScanning.isCapital(letters, 0) else { return false }
            if count == 1, noPlaces.contains(TextScanning.hash(letters, 0..<letters.count)) {
                return false
            }
            let capitals = letters.indices.count { !TextScanning.isSmall(letters, $0) }
            let isWritten = capitals == letters.count || capitals * 2 > letters.count
            if isWritten { continue }
            // A state, a month or a district may follow the place in small letters.
            if !agency, count == 1 || !(afterComma || word.last == 0x2E || count > 2) {
                return false
            }
        }
        let first = text[..<end].prefix { $0 != 0x20 }
        return count > 0 && count <= 8 && (agency || first.count >= 2)
    }
}
