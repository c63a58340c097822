/// A text with the places of its words, and the words as the index folds them.
struct SplitText {
    /// What is behind these bytes of a text is not looked at.
    static let mostBytes = 1 << 18

    private let bytes: [UInt8]
    /// Where each word begins and ends in the text.
    private var ranges: [Range<Int>] = []
    private var folded: [UInt8] = []
    private var ends = [0]

    init(_ text: String) {
        bytes = Array(text.utf8.prefix(Self.mostBytes))
        ranges.reserveCapacity(bytes.count / 5)
        folded.reserveCapacity(bytes.count)
        ends.reserveCapacity(bytes.count / 5)
        bytes.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: WordSplitter.longestWord + 8) {
                guard let room = $0.baseAddress else { return }
                var place = 0
                while let word = Self.nextWord(in: bytes, from: place) {
                    // A run of letters is one word; the splitter only folds it.
                    WordSplitter.split(.init(rebasing: bytes[word]), into: room) { length in
                        folded.append(contentsOf: UnsafeBufferPointer(start: room, count: length))
                        ends.append(folded.count)
                        ranges.append(word)
                        return room
                    }
                    place = word.upperBound
                }
            }
        }
    }

    /// The run of letters, digits and marks that comes next.
    private static func nextWord(in bytes: UnsafeBufferPointer<UInt8>, from place: Int)
        -> Range<Int>?
    {
        var place = place
        var start: Int?
        while place < bytes.count {
            let (value, size) = scalar(bytes, place)
            let isLetter = Folding.folded(value) != Folding.separator
            if isLetter, start == nil { start = place }
            if !isLetter, let start { return start..<place }
            place += size
        }
        return start.map { $0..<bytes.count }
    }

    /// The scalar at a place, and how many bytes it takes.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (UInt32, Int) {
        let first = bytes[place]
        if first < 0x80 { return (UInt32(first), 1) }
        let size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        // The text was cut within its last letter, else it is valid.
        guard first >= 0xC2, place + size <= bytes.count else { return (0x20, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(size))
        for index in 1..<size { value = value << 6 | UInt32(bytes[place + index] & 0x3F) }
        return (value, size)
    }

    /// How many words there are.
    var count: Int { ranges.count }

    /// A word, folded.
    func word(_ index: Int) -> ArraySlice<UInt8> { folded[ends[index]..<ends[index + 1]] }

    /// A word as it is written.
    func original(_ index: Int) -> String { String(decoding: bytes[ranges[index]], as: UTF8.self) }

    /// What stands before a word and after the one before it; for `count`, what follows the last.
    func before(_ index: Int) -> String { String(decoding: gap(index), as: UTF8.self) }

    private func gap(_ index: Int) -> ArraySlice<UInt8> {
        let start = index > 0 ? ranges[index - 1].upperBound : 0
        return bytes[start..<(index < count ? ranges[index].lowerBound : bytes.count)]
    }

    /// Whether a sentence or a paragraph begins with a word.
    func beginsSentence(_ index: Int) -> Bool {
        let gap = gap(index)
        if index == 0 || gap.contains(0x0A) { return true }
        return gap.contains { $0 == 0x2E || $0 == 0x21 || $0 == 0x3F }
            && gap.contains(0x20)
    }
}
