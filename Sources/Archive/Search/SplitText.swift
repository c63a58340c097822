/// A text with the places of its words, split as far as it is looked at.
///
/// Its words are those of the index: what that finds is what can be marked.
struct SplitText {
    /// What is behind these bytes of a text is not looked at.
    static let mostBytes = 1 << 18
    /// Words that are looked for at once.
    private static let stretch = 64

    private let bytes: ArraySlice<UInt8>
    /// Where each word found so far begins and ends.
    private var words: [Range<Int>] = []
    /// Up to where the text is split.
    private var place = 0

    init(_ text: [UInt8]) { bytes = text.prefix(Self.mostBytes) }

    /// How many words were found so far: all, once one was asked for that is not there.
    var count: Int { words.count }

    /// Whether the text has a word of this number.
    @inline(__always)
    mutating func hasWord(_ index: Int) -> Bool {
        while index >= words.count, place < bytes.count { split() }
        return index < words.count
    }

    /// Finds some more words: runs of letters, digits and marks that are more than marks.
    private mutating func split() {
        let (table, most) = (Folding.table, words.count + Self.stretch)
        var (place, start, isWord) = (place, place, false)
        let text = bytes
        text.withUnsafeBufferPointer { bytes in
            while place < bytes.count, words.count < most {
                let byte = bytes[place]
                var (folded, size) = (Folding.separator, 1)
                if byte < 0x80 {
                    folded = table[Int(byte)]
                } else {
                    let (value, bytes) = Self.scalar(bytes, place)
                    (folded, size) = (Folding.folded(value), bytes)
                }
                if folded == Folding.separator {
                    if isWord { words.append(start..<place) }
                    isWord = false
                    start = place + size
                } else if folded != Folding.mark {
                    isWord = true
                }
                place += size
            }
        }
        if isWord { words.append(start..<place) }
        self.place = place
    }

    /// The scalar at a place, and how many bytes it takes.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (UInt32, Int) {
        let first = bytes[place]
        let size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        // The text was cut within its last letter, else it is valid.
        guard first >= 0xC2, place + size <= bytes.count else { return (0x20, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(size))
        for index in 1..<size { value = value << 6 | UInt32(bytes[place + index] & 0x3F) }
        return (value, size)
    }

    /// Folds a word as the index does.
    ///
    /// - Parameter room: place for 255 bytes and 8 more.
    @inline(__always)
    func word(_ index: Int, in room: UnsafeMutablePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var count = 0
        bytes.withUnsafeBufferPointer { bytes in
            // A run of letters is one word.
            WordSplitter.split(.init(rebasing: bytes[words[index]]), into: room) { length in
                count = length
                return room
            }
        }
        return UnsafeBufferPointer(start: room, count: count)
    }

    /// The first two bytes of a word, folded; nil where they are known of the whole word alone, or
    /// are not there.
    @inline(__always)
    func firstBytes(_ index: Int) -> (UInt8?, UInt8?) {
        let word = words[index]
        let first = bytes[word.lowerBound]
        guard first < 0x80 else { return (nil, nil) }
        let folded = UInt8(truncatingIfNeeded: Folding.table[Int(first)])
        guard word.count > 1, bytes[word.lowerBound + 1] < 0x80 else { return (folded, nil) }
        return (folded, UInt8(truncatingIfNeeded: Folding.table[Int(bytes[word.lowerBound + 1])]))
    }

    /// A word as it is written.
    func original(_ index: Int) -> ArraySlice<UInt8> { bytes[words[index]] }

    /// What stands before a word and after the one before it; for `count`, what follows the last.
    func before(_ index: Int) -> ArraySlice<UInt8> {
        let start = index > 0 ? words[index - 1].upperBound : 0
        return bytes[start..<(index < count ? words[index].lowerBound : bytes.count)]
    }

    /// Whether a sentence or a paragraph begins with a word.
    func beginsSentence(_ index: Int) -> Bool {
        let gap = before(index)
        if index == 0 || gap.contains(0x0A) { return true }
        return gap.contains { $0 == 0x2E || $0 == 0x21 || $0 == 0x3F }
            && gap.contains(0x20)
    }
}
