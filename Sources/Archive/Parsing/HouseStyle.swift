internal import Foundation

/// How one outlet prints its pages: what an archivist writes down to add a paper.
///
/// Read from `outlets/*.yaml` by `OutletsDirectory`. A page is read without a style too; a style
/// adds what the page does not tell, such as its time zone, and what only this outlet prints.
struct HouseStyle: Sendable, Hashable, Codable {
    /// The outlet's name, which becomes the article's `outlet`.
    var outlet: String
    /// The hosts of its pages, without `www.`, in small letters.
    var hosts: [String] = []
    /// Where its clocks stand.
    var timeZone: TimeZone?
    /// Editions with clocks of their own; chosen by the address or by the words of the page.
    var editions: [Edition] = []
    /// What its archive prints above every page; the words count, not the line ends.
    var banners: [String] = []
    /// Lines that belong to the site and not to a story, such as a counter's name.
    var furniture: [String] = []
    /// What introduces a link to another story, such as `►READ MORE:`.
    var readMoreMarks: [String] = []
    /// The line between a picture's caption and its credit, such as `View Full Caption`.
    var captionMarks: [String] = []
    /// Lines below which nothing of a page is the story's, such as `More from the Harbour Desk`.
    var endMarks: [String] = []
    /// What a picture's credit begins with, such as `DNAinfo/`.
    var creditPrefixes: [String] = []
    /// Which part of an address names the section.
    var section: SectionRule = .none

    /// A city's or country's edition of an outlet.
    struct Edition: Sendable, Hashable, Codable {
        /// The part of the address, such as `chicago`; with spaces for hyphens, the words.
        var path: String
        /// Where its clocks stand.
        var timeZone: TimeZone
    }

    /// Which part of the address of a story names its section.
    enum SectionRule: String, Sendable, Hashable, Codable, CaseIterable {
        case none
        /// The part before the date.
        case beforeDate = "before-date"
        /// The part after the date.
        case afterDate = "after-date"
        /// The first part.
        case first
    }

    /// This style as the edition prints that `page` is of.
    ///
    /// Told by a part of the address, else by which edition's words the page has most of.
    func edition(for page: Page) -> HouseStyle {
        guard !editions.isEmpty else { return self }
        var style = self
        if let url = page.capture.url {
            let parts = PageAddress(url).parts
            for edition in editions where parts.contains(edition.path) {
                style.timeZone = edition.timeZone
                return style
            }
        }
        var best = 0
        for edition in editions {
            let words = edition.path.utf8.map { $0 == UInt8(ascii: "-") ? 0x20 : $0 }
            let count = Self.count(words, in: page.text)
            if count > best {
                best = count
                style.timeZone = edition.timeZone
            }
        }
        return style
    }

    private static func count(_ words: [UInt8], in text: [UInt8]) -> Int {
        guard let first = words.first else { return 0 }
        var count = 0
        var index = 0
        // The head of a page tells its city; a book of a page must not cost more.
        let end = min(text.count, 16_384)
        while index < end {
            if text[index] | 0x20 == first, TextScanning.has(words, at: index, in: text) {
                count += 1
                index += words.count
            } else {
                index += 1
            }
        }
        return count
    }

    /// The IANA name of where its clocks stand.
    var zoneName: String? { timeZone?.identifier }

    /// Whether `3/4/2016` is the fourth of March; nil where the style does not tell.
    var printsMonthFirst: Bool? {
        guard let zone = timeZone?.identifier else { return nil }
        return zone.hasPrefix("America/") || zone.hasPrefix("US/")
    }

    /// The offset from UTC, in seconds, that this outlet's clocks had at a local time.
    func offset(year: Int, month: Int, day: Int, hour: Int, minute: Int) -> Int? {
        timeZone.map {
            CivilTime.offset(
                of: $0, year: year, month: month, day: day, hour: hour, minute: minute)
        }
    }
}

/// The house styles that are known, in the order of their files' names.
struct HouseStyles: Sendable, Hashable {
    /// The styles.
    let list: [HouseStyle]
    /// The words of each style's banners, made once.
    private let banners: [[[[UInt8]]]]

    /// No style at all: pages are read by what they print.
    static let none = HouseStyles([])

    init(_ list: [HouseStyle]) {
        self.list = list
        banners = list.map { $0.banners.map { TextScanning.words(Array($0.utf8)) } }
    }

    /// The style of the outlet whose pages stand on `host`.
    func style(forHost host: String) -> HouseStyle? {
        let host = PageAddress.plainHost(host)
        return list.first { style in
            style.hosts.contains { host == $0 || host.hasSuffix("." + $0) }
        }
    }

    /// The style of the outlet whose banner stands near the top of `text`, by its words.
    func style(forText text: String) -> HouseStyle? { style(forText: Array(text.utf8)) }

    /// The style of the outlet whose banner stands in the first 1,536 bytes of `text`.
    func style(forText text: [UInt8]) -> HouseStyle? {
        guard banners.contains(where: { !$0.isEmpty }) else { return nil }
        let head = TextScanning.words(Array(text.prefix(1536)), limit: 200)
        for (style, banners) in zip(list, banners)
        where banners.contains(where: { Self.contains($0, in: head) }) {
            return style
        }
        return nil
    }

    /// The style of `page`: by its address, else by its banner; in the edition that it is of.
    func style(for page: Page) -> HouseStyle? {
        guard !list.isEmpty else { return nil }
        if let url = page.capture.url, let style = style(forHost: PageAddress(url).host) {
            return style.edition(for: page)
        }
        return style(forText: page.text)?.edition(for: page)
    }

    private static func contains(_ words: [[UInt8]], in text: [[UInt8]]) -> Bool {
        guard !words.isEmpty, words.count <= text.count else { return false }
        for start in 0...(text.count - words.count)
        where text[start] == words[0] && text[start..<(start + words.count)].elementsEqual(words) {
            return true
        }
        return false
    }
}
