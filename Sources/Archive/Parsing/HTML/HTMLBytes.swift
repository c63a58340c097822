/// Small work on bytes of UTF-8 that the readers of pages share.
enum HTMLBytes {
    /// Whether `byte` is white space of HTML.
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// `bytes` with each run of white space, no-break spaces too, as one space, none at the ends.
    static func folded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        appendFolded(bytes, to: &result)
        while result.last == 0x20 { result.removeLast() }
        return result
    }

    /// Appends `bytes` with white space folded, going on from what `result` ends with.
    static func appendFolded(_ bytes: [UInt8], to result: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                let space = invisible(bytes, index)
                if isSpace(byte) || space > 0 {
                    if let last = result.last, last != 0x20 { result.append(0x20) }
                    index += max(space, 1)
                } else if let length = zeroWidth(bytes, index) {
                    index += length
                } else {
                    result.append(byte)
                    index += 1
                }
            }
        }
    }

    /// The length of a no-break or other wide space at `index`; 0 where there is none.
    @inline(__always)
    private static func invisible(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int {
        guard bytes[index] >= 0xC2 else { return 0 }
        if bytes[index] == 0xC2 {
            return index + 1 < bytes.count && (bytes[index + 1] == 0xA0 || bytes[index + 1] == 0x85)
                ? 2 : 0
        }
        guard index + 2 < bytes.count else { return 0 }
        let (first, second, third) = (bytes[index], bytes[index + 1], bytes[index + 2])
        if first == 0xE3 { return second == 0x80 && third == 0x80 ? 3 : 0 }
        guard first == 0xE2 else { return 0 }
        if second == 0x80 {
            let isSpace = third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF
            return isSpace ? 3 : 0
        }
        return second == 0x81 && third == 0x9F ? 3 : 0
    }

    /// The length of a character without width at `index`, such as a soft hyphen.
    @inline(__always)
    private static func zeroWidth(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        let byte = bytes[index]
        if byte == 0xC2 { return index + 1 < bytes.count && bytes[index + 1] == 0xAD ? 2 : nil }
        guard byte == 0xE2 || byte == 0xEF, index + 2 < bytes.count else { return nil }
        if byte == 0xE2 { return bytes[index + 1] == 0x80 && bytes[index + 2] == 0x8B ? 3 : nil }
        return bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF ? 3 : nil
    }

    /// `byte` in lower case where it is an ASCII letter.
    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// `bytes` in lower case, ASCII letters only.
    static func lowered(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map(lower) }

    /// Whether `bytes` begin with `prefix`, which is lower case, in any case.
    static func starts(_ bytes: some Sequence<UInt8>, with prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { prefix in
            var iterator = bytes.makeIterator()
            for wanted in prefix {
                guard let byte = iterator.next(), lower(byte) == wanted else { return false }
            }
            return true
        }
    }

    /// The first place from `start` at which `needle`, lower case, stands in any case.
    static func find(_ needle: StaticString, in bytes: [UInt8], from start: Int = 0) -> Int? {
        needle.withUTF8Buffer { needle in
            guard let first = needle.first, start >= 0, bytes.count >= needle.count else {
                return nil
            }
            return bytes.withUnsafeBufferPointer { bytes in
                var index = start
                while index + needle.count <= bytes.count {
                    if lower(bytes[index]) == first {
                        var offset = 1
                        while offset < needle.count, lower(bytes[index + offset]) == needle[offset]
                        {
                            offset += 1
                        }
                        if offset == needle.count { return index }
                    }
                    index += 1
                }
                return nil
            }
        }
    }

    /// `bytes` without white space at its ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        return bytes
    }
}
