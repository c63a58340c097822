internal import ArchiveProtocol

/// The line that a document from elsewhere leaves in a page's text, such as
/// `City Budget by jroe on Scribd`.
enum EmbedLine {
    private static let providers: [[UInt8]] = [
        "Scribd", "SoundCloud", "Vimeo", "YouTube", "DocumentCloud", "Flickr", "Instagram", "Issuu",
        "SlideShare", "Storify", "Mixcloud", "Spotify", "Bandcamp", "Tumblr", "Vine", "Dailymotion",
        "Imgur", "Pinterest",
    ].map { Array($0.utf8) }

    /// Reads a line with white space folded; nil where it names no service at its end.
    static func read(_ line: [UInt8]) -> Embed? {
        guard line.count >= 10, line.count < 300 else { return nil }
        if let post = post(line) { return post }
        let end = line.last == UInt8(ascii: ".") ? line.count - 1 : line.count
        for provider in providers where end > provider.count + 4 {
            let at = end - provider.count
            guard line[at..<end].elementsEqual(provider),
                TextScanning.has(" on ", at: at - 4, in: line)
            else { continue }
            let rest = Array(line[..<(at - 4)])
            guard let by = last(" by ", in: rest) ?? last(" from ", in: rest) else { return nil }
            let creator = rest[by.upperBound...]
            guard !creator.isEmpty, creator.filter({ $0 == 0x20 }).count <= 5, by.lowerBound > 0
            else { return nil }
            return Embed(
                title: TextScanning.string(rest[..<by.lowerBound]),
                creator: TextScanning.string(creator), provider: TextScanning.string(provider))
        }
        return nil
    }

    /// Reads `A photo posted by Jane Roe (@jroe) on Jan 3, 2015 at 2:00pm PST`.
    private static func post(_ line: [UInt8]) -> Embed? {
        for lead in ["A photo posted by ", "A video posted by ", "A post shared by "] {
            let lead = Array(lead.utf8)
            guard TextScanning.has(lead, at: 0, in: line), let on = last(" on ", in: line),
                on.lowerBound > lead.count
            else { continue }
            return Embed(
                creator: TextScanning.string(line[lead.count..<on.lowerBound]),
                provider: "Instagram")
        }
        return nil
    }

    private static func last(_ word: StaticString, in line: [UInt8]) -> Range<Int>? {
        let count = word.utf8CodeUnitCount
        guard line.count >= count else { return nil }
        for at in stride(from: line.count - count, through: 0, by: -1)
        where TextScanning.has(word, at: at, in: line) {
            return at..<(at + count)
        }
        return nil
    }
}
