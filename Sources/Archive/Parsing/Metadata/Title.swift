/// A title as it is compared with others: its words in small letters.
struct Title {
    /// The title as it stands.
    let text: String
    /// Its words, joined by spaces: letters and digits alone, capitals of ASCII made small.
    let key: [UInt8]
    private let words: Set<[UInt8]>

    /// Titles are compared by this much of them.
    private static let reach = 600

    init(_ text: String) {
        self.text = Self.withoutBreaks(text)
        key = Self.key(Array(self.text.utf8.prefix(Self.reach)))
        words = Set(key.split(separator: 0x20).map(Array.init))
    }

    /// The text without what tells browsers where a word may be broken.
    private static func withoutBreaks(_ text: String) -> String {
        guard mayBreak(text) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            bytes.append(byte)
            for mark in breaks where bytes.suffix(mark.count).elementsEqual(mark) {
                bytes.removeLast(mark.count)
            }
        }
        return bytes.count == text.utf8.count ? text : String(decoding: bytes, as: UTF8.self)
    }

    /// U+00AD, U+200B, U+2060 and U+FEFF as UTF-8.
    private static let breaks: [[UInt8]] = [
        [0xC2, 0xAD], [0xE2, 0x80, 0x8B], [0xE2, 0x81, 0xA0], [0xEF, 0xBB, 0xBF],
    ]

    private static func mayBreak(_ text: String) -> Bool {
        text.utf8.contains { $0 == 0xC2 || $0 == 0xE2 || $0 == 0xEF }
    }

    /// A title without the marks at its ends that set it apart from what stood beside it.
    static func trimmed(_ text: String) -> String {
        let marks = " :|·•–—-/"
        let rest = text.drop { marks.contains($0) }
        guard let last = rest.lastIndex(where: { !marks.contains($0) }) else { return text }
        return String(rest[...last])
    }

    var isEmpty: Bool { key.isEmpty }

    /// How many words it has.
    var wordCount: Int { key.isEmpty ? 0 : key.count { $0 == 0x20 } + 1 }

    /// Whether two titles are of the same story: half of the shorter's words are the other's.
    func agrees(with other: Title) -> Bool {
        guard !words.isEmpty, !other.words.isEmpty else { return false }
        if key == other.key { return true }
        return words.intersection(other.words).count * 2 >= min(words.count, other.words.count)
    }

    /// Whether the other title's words are the last or the first of this one's, and it has more.
    func extends(_ other: Title) -> Bool {
        guard key.count > other.key.count, !other.key.isEmpty else { return false }
        let rest = key.count - other.key.count
        return key.ends(with: other.key) && key[rest - 1] == 0x20
            || key.starts(with: other.key) && key[other.key.count] == 0x20
    }

    /// The words of a text as those of a title.
    static func key(of text: String) -> [UInt8] { key(Array(text.utf8.prefix(reach))) }

    private static func key(_ text: [UInt8]) -> [UInt8] {
        var key: [UInt8] = []
        var index = 0
        while index < text.count {
            let length = mark(text, index)
            if length > 0 {
                if let last = key.last, last != 0x20 { key.append(0x20) }
            } else {
                key.append(TextScanning.lowered(text[index]))
            }
            index += max(1, length)
        }
        if key.last == 0x20 { key.removeLast() }
        return key
    }

    /// The length of a space or a mark of punctuation at `index`, or 0.
    private static func mark(_ text: [UInt8], _ index: Int) -> Int {
        let byte = text[index]
        if byte < 0x80 { return TextScanning.isWordByte(byte) ? 0 : 1 }
        guard index + 1 < text.count else { return 0 }
        if byte == 0xC2 { return text[index + 1] < 0xC0 ? 2 : 0 }
        guard index + 2 < text.count else { return 0 }
        return byte == 0xE2 && (0x80...0x81).contains(text[index + 1])
            || byte == 0xE3
                && text[index + 1] == 0x80
            ? 3 : 0
    }
}

extension Array<UInt8> {
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }
}
