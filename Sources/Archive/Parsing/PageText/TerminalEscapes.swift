/// The control sequences (ECMA-48) that a page saved from a terminal carries among its words.
///
/// None of them is text: without this, what follows an escape would stay as if it were.
enum TerminalEscapes {
    /// `range` of `bytes` with its white space folded and the sequences left out.
    static func folded(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var kept: [UInt8] = []
        kept.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let length = length(bytes, index, range.upperBound)
            if length == 0 { kept.append(bytes[index]) }
            index += max(1, length)
        }
        return TextScanning.folded(kept, 0..<kept.count)
    }

    /// The length of the sequence that begins at `index`, or 0; it ends before `end`.
    private static func length(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Int {
        var next = index + 1
        if bytes[index] == 0xC2, next < end, bytes[next] == 0x9B || bytes[next] == 0x9D {
            let isString = bytes[next] == 0x9D
            return (isString ? string(bytes, next + 1, end) : parameters(bytes, next + 1, end))
                - index
        }
        guard bytes[index] == 0x1B, next < end else { return 0 }
        switch bytes[next] {
        case UInt8(ascii: "["): return parameters(bytes, next + 1, end) - index
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
            UInt8(ascii: "_"):
            return string(bytes, next + 1, end) - index
        default:
            while next < end, (0x20...0x2F).contains(bytes[next]) { next += 1 }
            return (next < end && (0x30...0x7E).contains(bytes[next]) ? next + 1 : next) - index
        }
    }

    /// Where a control sequence with parameters ends.
    private static func parameters(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var next = start
        while next < end, (0x20...0x3F).contains(bytes[next]) { next += 1 }
        return next < end && (0x40...0x7E).contains(bytes[next]) ? next + 1 : next
    }

    /// Where a control string ends: behind its terminator, or before the next escape.
    ///
    /// One that nothing ends is only its introducer: the words behind it are kept.
    private static func string(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var next = start
        while next < end {
            if bytes[next] == 0x07 { return next + 1 }
            if bytes[next] == 0x1B {
                return next + 1 < end && bytes[next + 1] == 0x5C ? next + 2 : next
            }
            if bytes[next] == 0xC2, next + 1 < end, bytes[next + 1] == 0x9C { return next + 2 }
            next += 1
        }
        return start
    }
}
