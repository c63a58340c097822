/// Where the elements of JSON lists and the members of JSON objects stand.
///
/// One pass without recursion; what is no JSON gives fewer of them, never a wrong range.
enum JSONSlices {
    /// The elements of the list that fills `range`, or nil where that is no list.
    static func elements(_ bytes: [UInt8], in range: Range<Int>) -> [Range<Int>]? {
        var scan = Scan(bytes: bytes, index: range.lowerBound, end: range.upperBound)
        guard scan.take(0x5b) else { return nil }
        var found: [Range<Int>] = []
        while !scan.take(0x5d) {
            guard let element = scan.value() else { return nil }
            found.append(element)
            if scan.take(0x2c) { continue }
            return scan.take(0x5d) ? found : nil
        }
        return found
    }

    /// A member of an object.
    struct Member {
        /// The name as written, its quotation marks left out.
        var key: Range<Int>
        var value: Range<Int>
    }

    /// The members of the object that fills `range`, or nil where that is no object.
    static func members(_ bytes: [UInt8], in range: Range<Int>) -> [Member]? {
        var scan = Scan(bytes: bytes, index: range.lowerBound, end: range.upperBound)
        guard scan.take(0x7b) else { return nil }
        var found: [Member] = []
        while !scan.take(0x7d) {
            guard let key = scan.value(), bytes[key.lowerBound] == 0x22, key.count >= 2,
                scan.take(0x3a), let value = scan.value()
            else { return nil }
            found.append(Member(key: key.lowerBound + 1..<key.upperBound - 1, value: value))
            if scan.take(0x2c) { continue }
            return scan.take(0x7d) ? found : nil
        }
        return found
    }

    /// The values that stand one behind the other in `bytes`, as in JSON lines.
    static func values(_ bytes: [UInt8]) -> [Range<Int>] {
        var scan = Scan(bytes: bytes, index: 0, end: bytes.count)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { scan.index = 3 }
        var found: [Range<Int>] = []
        while let value = scan.value() { found.append(value) }
        return found
    }

    private struct Scan {
        let bytes: [UInt8]
        var index: Int
        let end: Int

        mutating func skipSpace() {
            while index < end, XMLScanner.isSpace(bytes[index]) { index += 1 }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            skipSpace()
            guard index < end, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        /// The next value; nil where none is whole.
        mutating func value() -> Range<Int>? {
            skipSpace()
            let start = index
            var depth = 0
            while index < end {
                let byte = bytes[index]
                switch byte {
                case 0x22:
                    guard passString() else { return nil }
                    if depth == 0 { return start..<index }
                    continue
                case 0x7b, 0x5b: depth += 1
                case 0x7d, 0x5d:
                    if depth == 0 { return start < index ? start..<index : nil }
                    depth -= 1
                    if depth == 0 {
                        index += 1
                        return start..<index
                    }
                case 0x2c, 0x3a, 0x20, 0x09, 0x0a, 0x0d:
                    if depth == 0 { return start < index ? start..<index : nil }
                default: break
                }
                index += 1
            }
            return depth == 0 && start < index ? start..<index : nil
        }

        private mutating func passString() -> Bool {
            index += 1
            while index < end, bytes[index] != 0x22 { index += bytes[index] == 0x5c ? 2 : 1 }
            guard index < end else { return false }
            index += 1
            return true
        }
    }
}
