/// The small steps that all readers of text take over UTF-8 bytes: white space, letters, words.
enum TextScanning {
    /// The length of the white space that begins at `index`, or 0.
    ///
    /// Control characters count as white space, so that none reaches a field.
    @inline(__always)
    static func space(_ bytes: [UInt8], _ index: Int) -> Int {
        let byte = bytes[index]
        if byte <= 0x20 || byte == 0x7F { return 1 }
        if byte < 0xC2 { return 0 }
        return wideSpace(bytes, index)
    }

    private static func wideSpace(_ bytes: [UInt8], _ index: Int) -> Int {
        let left = bytes.count - index
        if bytes[index] == 0xC2, left > 1 {
            return bytes[index + 1] <= 0xA0 ? 2 : 0
        }
        guard left > 2 else { return 0 }
        switch (bytes[index], bytes[index + 1], bytes[index + 2]) {
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
            return 3
        default: return 0
        }
    }

    /// The length of a character at `index` that prints nothing (zero width, soft hyphen), or 0.
    @inline(__always)
    static func unprinted(_ bytes: [UInt8], _ index: Int) -> Int {
        let byte = bytes[index]
        if byte < 0xC2 { return 0 }
        if byte == 0xC2 { return index + 1 < bytes.count && bytes[index + 1] == 0xAD ? 2 : 0 }
        guard byte == 0xE2 || byte == 0xEF, index + 2 < bytes.count else { return 0 }
        switch (byte, bytes[index + 1], bytes[index + 2]) {
        case (0xE2, 0x80, 0x8B), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): return 3
        default: return 0
        }
    }

    /// `range` of `bytes` with each run of white space made one space, and none at the ends.
    static func folded(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(range.count)
        var gap = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte > 0x20, byte < 0x7F {
                if gap, !folded.isEmpty { folded.append(0x20) }
                gap = false
                folded.append(byte)
                index += 1
                continue
            }
            let space = space(bytes, index)
            let skipped = space > 0 ? space : unprinted(bytes, index)
            if space > 0 { gap = true }
            if skipped > 0 {
                index += skipped
                continue
            }
            if gap, !folded.isEmpty { folded.append(0x20) }
            gap = false
            folded.append(byte)
            index += 1
        }
        return folded
    }

    /// `text` with its white space folded.
    static func folded(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return folded(bytes, 0..<bytes.count)
    }

    /// `range` of `bytes` without the white space at its ends.
    static func trimmed(_ bytes: [UInt8], _ range: Range<Int>) -> Range<Int> {
        var from = range.lowerBound
        while from < range.upperBound {
            let skipped = max(space(bytes, from), unprinted(bytes, from))
            if skipped == 0 { break }
            from += skipped
        }
        var to = range.upperBound
        trailing: while to > from {
            for length in 1...3 where to - length >= from {
                let at = to - length
                if space(bytes, at) == length || unprinted(bytes, at) == length {
                    to = at
                    continue trailing
                }
            }
            break
        }
        return from..<max(from, to)
    }

    /// The bytes as text.
    static func string(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// Letters, digits and every byte of a character beyond ASCII.
    @inline(__always)
    static func isWordByte(_ byte: UInt8) -> Bool {
        isASCIILetter(byte) || isDigit(byte) || byte >= 0x80
    }

    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The character at `index` with its length; U+FFFD where the bytes are none.
    static func scalar(_ bytes: [UInt8], _ index: Int) -> (Unicode.Scalar, Int) {
        let first = bytes[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, index + length <= bytes.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Whether a capital letter stands at `index`.
    @inline(__always)
    static func isCapital(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        if byte < 0x80 { return byte &- 0x41 < 26 }
        // Latin-1 capitals without asking the Unicode tables.
        if byte == 0xC3, index + 1 < bytes.count {
            return bytes[index + 1] < 0x9F && bytes[index + 1] != 0x97
        }
        guard byte != 0xE2 else { return false }
        return scalar(bytes, index).0.properties.isUppercase
    }

    /// Whether a small letter stands at `index`.
    @inline(__always)
    static func isSmall(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        if byte < 0x80 { return byte &- 0x61 < 26 }
        if byte == 0xC3, index + 1 < bytes.count {
            return bytes[index + 1] >= 0x9F && bytes[index + 1] != 0xB7
        }
        guard byte != 0xE2 else { return false }
        return scalar(bytes, index).0.properties.isLowercase
    }

    /// Whether `prefix` stands at `index`, capitals and small letters of ASCII alike.
    static func has(_ prefix: StaticString, at index: Int, in bytes: [UInt8]) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard index >= 0, index + count <= bytes.count else { return false }
        return prefix.withUTF8Buffer { prefix in
            for offset in 0..<count
            where lowered(bytes[index + offset]) != lowered(prefix[offset]) {
                return false
            }
            return true
        }
    }

    /// Whether `prefix` stands at `index`, capitals and small letters of ASCII alike.
    static func has(_ prefix: [UInt8], at index: Int, in bytes: [UInt8]) -> Bool {
        guard index >= 0, index + prefix.count <= bytes.count else { return false }
        for offset in 0..<prefix.count
        where lowered(bytes[index + offset]) != lowered(prefix[offset]) {
            return false
        }
        return true
    }

    /// Whether `bytes` ends with `suffix`, capitals and small letters of ASCII alike.
    static func ends(_ bytes: [UInt8], with suffix: StaticString) -> Bool {
        has(suffix, at: bytes.count - suffix.utf8CodeUnitCount, in: bytes)
    }

    /// The words of `bytes` in small letters, where a word is a run of letters and digits.
    ///
    /// What stands between them does not count: two texts with equal words may differ in white
    /// space, line ends and punctuation.
    static func words(_ bytes: [UInt8], limit: Int = .max) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for byte in bytes {
            if isWordByte(byte) {
                word.append(lowered(byte))
            } else if !word.isEmpty {
                words.append(word)
                if words.count == limit { return words }
                word = []
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// How many runs between white space `bytes` has; white space must be folded.
    static func wordCount(_ bytes: some Collection<UInt8>) -> Int {
        guard !bytes.isEmpty else { return 0 }
        var count = 1
        for byte in bytes where byte == 0x20 { count += 1 }
        return count
    }

    /// Whether `bytes` ends as a sentence does: with a full stop, a question or exclamation mark
    /// or an ellipsis, closing marks aside; a full stop after a single capital does not count.
    static func endsSentence(_ bytes: [UInt8]) -> Bool {
        var end = bytes.count
        while end > 0 {
            if bytes[end - 1] == 0x22 || bytes[end - 1] == 0x27 || bytes[end - 1] == 0x29
                || bytes[end - 1] == 0x5D
            {
                end -= 1
            } else if end > 2, bytes[end - 3] == 0xE2, bytes[end - 2] == 0x80,
                (0x98...0x9F).contains(bytes[end - 1])
            {
                end -= 3
            } else {
                break
            }
        }
        guard end > 0 else { return false }
        switch bytes[end - 1] {
        case UInt8(ascii: "!"), UInt8(ascii: "?"): return true
        case UInt8(ascii: "."):
            return
                !(end > 1 && isCapital(bytes, end - 2)
                && (end < 3 || !isASCIILetter(bytes[end - 3])))
        default:
            return end > 2 && bytes[end - 3] == 0xE2 && bytes[end - 2] == 0x80
                && bytes[end - 1] == 0xA6
        }
    }

    /// A number that two equal words share, capitals and small letters of ASCII alike (FNV-1a).
    @inline(__always)
    static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in range {
            hash = (hash ^ UInt64(lowered(bytes[index]))) &* 0x100_0000_01B3
        }
        return hash
    }

    /// The number of the word `text`.
    static func hash(_ text: String) -> UInt64 {
        let bytes = Array(text.utf8)
        return hash(bytes, 0..<bytes.count)
    }
}
