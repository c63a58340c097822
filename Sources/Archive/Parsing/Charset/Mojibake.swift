/// UTF-8 that somebody read as windows-1252 and saved again, such as `â€œ` for a quotation mark.
///
/// It is kept as it was saved, because that is what the capture holds; only that it is so is told.
struct Mojibake {
    /// Where the first letter of this kind stands in the text.
    let first: Range<Int>
    /// How many there are.
    let count: Int

    /// Looks for letters of the kind; nil where there are none.
    ///
    /// Only what no language prints counts: `Â` or `Ã` before a sign, and any letters that are
    /// three bytes of UTF-8 or four.
    init?(in text: [UInt8]) {
        var first: Range<Int>?
        var count = 0
        var index = 0
        while let lead = text[index...].firstIndex(of: 0xc3) {
            index = lead + 1
            guard let end = Self.end(of: lead, in: text) else { continue }
            first = first ?? lead..<end
            count += 1
            index = end
        }
        guard let first else { return nil }
        self.first = first
        self.count = count
    }

    /// What is told of it beside an article.
    var evidence: Evidence {
        let places = count == 1 ? "one place" : "\(count) places"
        return Evidence(
            field: "document",
            rule: "charset/mojibake: UTF-8 read as windows-1252 and saved again, \(places)",
            range: first)
    }

    /// The end of the letter whose first byte was saved as the two at `lead`.
    private static func end(of lead: Int, in text: [UInt8]) -> Int? {
        guard lead + 1 < text.count else { return nil }
        let byte = text[lead + 1] | 0x40
        let width: Int
        switch byte {
        case 0xc2, 0xc3: width = 2
        case 0xe0...0xef: width = 3
        case 0xf0...0xf4: width = 4
        default: return nil
        }
        var index = lead + 2
        for _ in 1..<width {
            guard let scalar = scalar(at: index, in: text), isContinuation(scalar.value) else {
                return nil
            }
            index += scalar.width
        }
        return index
    }

    /// Whether a letter is what windows-1252 has for 0x80 to 0xbf.
    private static func isContinuation(_ scalar: UInt32) -> Bool {
        (0x80...0xbf).contains(scalar) || signs.contains(scalar)
    }

    /// What windows-1252 has for 0x80 to 0x9f; for the five that it has not, C1 stands.
    private static let signs = Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".unicodeScalars.map(\.value))

    /// The letter of two or three bytes at `index`: windows-1252 has no longer ones here.
    private static func scalar(at index: Int, in text: [UInt8]) -> (value: UInt32, width: Int)? {
        guard index + 1 < text.count else { return nil }
        let first = UInt32(text[index])
        let second = UInt32(text[index + 1] & 0x3f)
        if (0xc2...0xdf).contains(first) { return ((first & 0x1f) << 6 | second, 2) }
        guard (0xe0...0xef).contains(first), index + 2 < text.count else { return nil }
        return ((first & 0xf) << 12 | second << 6 | UInt32(text[index + 2] & 0x3f), 3)
    }
}
