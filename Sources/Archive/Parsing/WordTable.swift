/// A fixed list of words, each with a set of marks, that is asked for every word of a page.
///
/// An open-addressed table over the words' numbers (`TextScanning.hash`): one probe a word, where
/// a `Dictionary` of strings would make a string for each.
struct WordTable: Sendable {
    private var keys: [UInt64]
    private var marks: [UInt32]
    private let mask: Int

    /// A table of `lists`: the words of each, separated by spaces or line ends, get its mark.
    init(_ lists: [(words: String, mark: UInt32)]) {
        var entries: [UInt64: UInt32] = [:]
        for list in lists {
            for word in list.words.split(whereSeparator: { $0 == " " || $0.isNewline }) {
                entries[TextScanning.hash(String(word)), default: 0] |= list.mark
            }
        }
        var size = 16
        while size < entries.count * 3 { size *= 2 }
        keys = Array(repeating: 0, count: size)
        marks = Array(repeating: 0, count: size)
        mask = size - 1
        for (key, mark) in entries {
            var slot = Int(truncatingIfNeeded: key) & mask
            while keys[slot] != 0 { slot = (slot + 1) & mask }
            keys[slot] = key
            marks[slot] = mark
        }
    }

    /// The marks of the word whose number is `hash`; 0 where it is not in the table.
    @inline(__always)
    subscript(hash: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while keys[slot] != 0 {
            if keys[slot] == hash { return marks[slot] }
            slot = (slot + 1) & mask
        }
        return 0
    }
}
