/// How long articles are, each in one byte, and what a length does to a score.
///
/// Lengths below 32 words are exact; above, sixteen steps double: at most 3 % off. A length is
/// compared with a fixed usual one instead of with the average of the holdings, so that what a
/// block of postings can score at most stays true when other articles are added.
enum Norms {
    /// The usual length of an article in words.
    static let usualLength = 400.0
    /// BM25's k1: how soon further occurrences of a word count no more.
    static let saturation = 1.2
    /// BM25's b: how much length matters.
    static let lengthShare = 0.75

    static func norm(ofLength length: Int) -> UInt8 {
        guard length > 31 else { return UInt8(max(0, length)) }
        let exponent = Int.bitWidth - length.leadingZeroBitCount - 5
        return UInt8(min(255, exponent * 16 + length >> exponent))
    }

    static func length(ofNorm norm: UInt8) -> Int {
        guard norm > 31 else { return Int(norm) }
        let exponent = Int(norm) / 16 - 1
        return (16 + Int(norm) % 16) << exponent
    }

    /// For each norm what BM25 adds to the count of a word to divide the count by.
    nonisolated(unsafe) static let divisors: UnsafePointer<Float> = {
        let table = UnsafeMutablePointer<Float>.allocate(capacity: 256)
        for norm in 0...255 {
            let length = Double(Self.length(ofNorm: UInt8(norm)))
            table[norm] = Float(
                saturation * (1 - lengthShare + lengthShare * length / usualLength))
        }
        return UnsafePointer(table)
    }()

    /// How much of a word's weight an article of this length gets, between 0 and 1.
    @inline(__always)
    static func share(_ count: Float, _ divisor: Float) -> Float { count / (count + divisor) }
}
