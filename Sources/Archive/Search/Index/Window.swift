/// A stretch of at most 4,096 articles of a segment, in which a query is answered at once.
///
/// A set of its articles is 64 words of 64 bits; bit 0 is article `base`, a multiple of 64.
struct Window {
    static let words = 64
    static let length: UInt32 = 4096

    let base: UInt32
    let start: UInt32
    /// The first article behind it.
    let end: UInt32

    /// The window from `start` to `end`, or as far as it can reach.
    init(from start: UInt32, to end: UInt32) {
        base = start & ~63
        self.start = start
        self.end = min(end, base + Self.length)
    }

    /// How many of the 64 words it touches.
    @inline(__always)
    var wordCount: Int { Int(end - base + 63) >> 6 }

    /// Sets the bits from `from` to `to`, as far as they are within, and no others.
    func fill(_ bits: UnsafeMutablePointer<UInt64>, from: UInt32, to: UInt32) {
        let low = max(from, start)
        let high = min(to, end)
        for word in 0..<wordCount {
            let first = base + UInt32(word) * 64
            guard low < high, high > first, low < first + 64 else {
                bits[word] = 0
                continue
            }
            let from = low > first ? low - first : 0
            let count = min(high - first, 64) - from
            bits[word] = (count == 64 ? UInt64.max : 1 << UInt64(count) - 1) << UInt64(from)
        }
    }

    func count(_ bits: UnsafeMutablePointer<UInt64>) -> Int {
        var count = 0
        for word in 0..<wordCount { count += bits[word].nonzeroBitCount }
        return count
    }

    @inline(__always)
    func isEmpty(_ bits: UnsafeMutablePointer<UInt64>) -> Bool {
        var all: UInt64 = 0
        for word in 0..<wordCount { all |= bits[word] }
        return all == 0
    }

    /// The same from the last to the first, as long as `body` returns true.
    func forEachReversed(_ bits: UnsafeMutablePointer<UInt64>, _ body: (Int) -> Bool) {
        for word in (0..<wordCount).reversed() {
            var left = bits[word]
            while left != 0 {
                let bit = 63 - left.leadingZeroBitCount
                guard body((word << 6) | bit) else { return }
                left &= ~(1 << UInt64(bit))
            }
        }
    }

    /// Calls `body` with the distance from `base` of each article whose bit is set.
    @inline(__always)
    func forEach<Failure: Error>(
        _ bits: UnsafeMutablePointer<UInt64>, _ body: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        for word in 0..<wordCount {
            var left = bits[word]
            while left != 0 {
                try body((word << 6) | left.trailingZeroBitCount)
                left &= left &- 1
            }
        }
    }
}

/// How long the next window should be, where windows may be passed over.
///
/// A window of one block has the least bound and is passed over most often, but costs as much to
/// begin as a long one: as long as none is passed over they double.
struct Stride {
    private var length: UInt32 = 256

    /// The end of a window from `start`, in the block up to `last` or beyond.
    func end(from start: UInt32, block last: UInt32, end: UInt32) -> UInt32 {
        min(end, max(last < end ? last + 1 : end, start + min(length, Window.length)))
    }

    mutating func took() { length = min(length * 2, Window.length) }
    mutating func skipped() { length = 64 }
}
