/// The articles of one block of a list as bits: whether many are in it is told faster by a bit
/// each than by looking each up.
struct BlockSet {
    private static let words = 64
    /// How many are asked about at least: for fewer, making the bits does not pay.
    private static let fewest = 32

    private let bits: UnsafeMutablePointer<UInt64>
    private let base: UnsafeMutablePointer<UInt32>

    init(_ scratch: Scratch) {
        bits = scratch.room(Self.words, of: UInt64.self)
        base = scratch.zeros(1, of: UInt32.self)
    }

    /// Takes the articles of the block at which a list stands, if that is worth while.
    ///
    /// - Parameters:
    ///   - count: of how many articles it will be asked, none of them behind the block.
    ///   - first: the first of them.
    /// - Returns: whether `has` may be asked.
    @inline(__always)
    func take(_ list: ListCursor, for count: Int, from first: UInt32) -> Bool {
        guard count >= Self.fewest, list.count == BitPacking.blockSize else { return false }
        let start = min(first, list.list[0]) & ~63
        let span = Int(list.list[BitPacking.blockSize - 1] &- start)
        guard span < 64 * Self.words else { return false }
        base.pointee = start
        fill(list.list, start, span >> 6)
        return true
    }

    private func fill(_ articles: UnsafePointer<UInt32>, _ start: UInt32, _ last: Int) {
        bits.update(repeating: 0, count: last + 1)
        // The articles ascend: a word is stored as often as it grows, and never read.
        var (word, held) = (0, UInt64(0))
        for index in 0..<BitPacking.blockSize {
            let place = Int(articles[index] &- start)
            let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: place)
            held = place >> 6 == word ? held | bit : bit
            word = place >> 6
            bits[word] = held
        }
    }

    /// Whether the block has an article, which is not behind it.
    @inline(__always)
    func has(_ article: UInt32) -> Bool {
        let place = Int(article &- base.pointee)
        return bits[place >> 6] &>> UInt64(truncatingIfNeeded: place) & 1 == 1
    }
}
