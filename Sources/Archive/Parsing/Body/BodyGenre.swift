internal import ArchiveProtocol

extension HTMLDraft {
    /// Tells a ticker and a round-up by the page's JSON-LD, its marks, or its own words.
    mutating func readGenre() {
        if let linked, linked.isLive {
            article.genre = .live
            note("genre", "json-ld/@type", linked.range)
        } else if let live = container.live {
            article.genre = .live
            note("genre", "html/live", range(live))
        } else if let genre = BodyGenre.genre(of: article) {
            article.genre = genre
            let headline = evidence.first { $0.field == "headline" && $0.confidence != .rival }
            if let headline { note("genre", "headline", headline.range) }
        }
    }
}

/// Tells by its own words whether a text is a ticker or a round-up.
///
/// A headline alone is not believed: a ticker has times, a round-up has parts.
enum BodyGenre {
    /// The genre that headline and body agree on.
    static func genre(of article: Article) -> Genre? {
        let headline = " " + article.headline.lowercased() + " "
        if live.contains(where: { headline.contains($0) }) {
            return article.body.count(where: { isTime($0.text) }) >= 3 ? .live : nil
        }
        guard roundUps.contains(where: { headline.contains($0) }) else { return nil }
        return article.body.count(where: { $0.kind != .paragraph }) >= 3 ? .roundUp : nil
    }

    /// Whether a block begins with a time of day: `14:05`, `2.15 pm`, `9h30`.
    static func isTime(_ text: String) -> Bool {
        let text = Array(text.utf8.prefix(12))
        let hour = text.prefix(2).prefix { TextScanning.isDigit($0) }
        guard !hour.isEmpty, text.count >= hour.count + 3 else { return false }
        let mark = text[hour.count]
        let minute = text[(hour.count + 1)...].prefix { TextScanning.isDigit($0) }
        guard minute.count == 2, decimal(hour) < 24, decimal(minute) < 60 else {
            return false
        }
        if mark == UInt8(ascii: ":") || mark == UInt8(ascii: "h") { return true }
        let rest = text[minute.endIndex...].drop { $0 == 0x20 }
        return mark == UInt8(ascii: ".")
            && clocks.contains { HTMLBytes.starts(rest, with: $0) }
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt8 {
        digits.reduce(0) { $0 &* 10 &+ ($1 & 0x0F) }
    }

    private static let clocks: [StaticString] = ["am", "pm", "a.m", "p.m", "uhr"]

    private static let live = [
        " live:", " live updates", " live blog", "liveblog", "live-blog", "liveticker",
        "live-ticker", " ticker", " as it happened", " en direct", " en directo", " in diretta",
        " minuto a minuto", " ao vivo", " livestream:", " liveblogg", " newsblog", "+++",
    ]

    private static let roundUps = [
        "roundup", "round-up", "round up", " in brief", " news briefs", " briefs:", " digest",
        " the week in ", " press review", " presseschau", " kurz notiert", " meldungen",
        " in kürze", " en bref", " en breve", " in breve", " briefing",
    ]
}
