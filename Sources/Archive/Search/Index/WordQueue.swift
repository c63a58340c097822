/// Words of a text that are still to be looked up in a table of terms, some hundred at a time.
///
/// A word that is looked up alone waits for memory three times. Many are looked up in three
/// rounds instead, each of which asks for the memory of all words at once.
struct WordQueue {
    private static let most = 256
    private static let lettersSize = 1 << 13
    /// What a word takes at most, with the byte of its field and what may be read past its end.
    private static let longest = WordSplitter.longestWord + 1 + 16

    /// The words, each behind the byte of its field.
    private let letters: UnsafeMutablePointer<UInt8>
    private var used = 0
    private let starts: UnsafeMutablePointer<UInt16>
    private let lengths: UnsafeMutablePointer<UInt16>
    private let hashes: UnsafeMutablePointer<UInt64>
    private let slots: UnsafeMutablePointer<UInt64>
    private var count = 0

    init(_ scratch: Scratch) {
        letters = scratch.zeros(Self.lettersSize, of: UInt8.self)
        starts = scratch.room(Self.most, of: UInt16.self)
        lengths = scratch.room(Self.most, of: UInt16.self)
        hashes = scratch.room(Self.most, of: UInt64.self)
        slots = scratch.room(Self.most, of: UInt64.self)
    }

    /// Whether there may be no room for another word.
    var isFull: Bool { count == Self.most || used + Self.longest > Self.lettersSize }

    /// Where the letters of the next word go.
    var place: UnsafeMutablePointer<UInt8> { letters + used + 1 }

    /// Takes the word of which `length` letters stand at `place`; the queue is not full.
    @inline(__always)
    mutating func append(_ length: Int, under field: WordField) {
        letters[used] = field.rawValue
        starts[count] = UInt16(truncatingIfNeeded: used)
        lengths[count] = UInt16(truncatingIfNeeded: length + 1)
        used += length + 1
        count += 1
    }

    /// Looks all words up, appends their numbers to `numbers` and is empty then.
    mutating func empty(into numbers: inout [UInt32], _ terms: inout TermTable) {
        for index in 0..<count {
            let key = letters + Int(starts[index])
            hashes[index] = TermTable.hash(key, Int(lengths[index]))
        }
        for index in 0..<count { slots[index] = terms.slot(of: hashes[index]) }
        for index in 0..<count { slots[index] = terms.start(of: slots[index]) }
        for index in 0..<count {
            let key = letters + Int(starts[index])
            numbers.append(terms.number(key, Int(lengths[index]), hashes[index]))
        }
        count = 0
        used = 0
    }
}
