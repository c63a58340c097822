/// Splits text into words: runs of letters and digits, folded.
///
/// An apostrophe or a hyphen parts words, in articles and in questions alike: `O'Neill` is the
/// phrase `o neill`. Only the first 255 bytes of a word count. Whoever wants stems puts them here.
struct WordSplitter {
    static let longestWord = 255

    nonisolated(unsafe) private static let ascii: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 128)
        for byte in 0..<UInt8(128) {
            switch byte {
            case 0x30...0x39, 0x61...0x7A: table[Int(byte)] = byte
            case 0x41...0x5A: table[Int(byte)] = byte | 0x20
            default: table[Int(byte)] = 0
            }
        }
        return UnsafePointer(table)
    }()

    /// Calls `body` with the number of bytes of each word, which stands where `body` said, when
    /// it was called before, that the next one should stand, the first one at `word`.
    ///
    /// - Parameter word: room for 255 bytes and 8 more, as all other places are.
    @inline(__always)
    static func split(
        _ text: UnsafeBufferPointer<UInt8>, into word: UnsafeMutablePointer<UInt8>,
        _ body: (Int) -> UnsafeMutablePointer<UInt8>
    ) {
        var word = word
        guard let bytes = text.baseAddress else { return }
        let ascii = ascii
        let count = text.count
        var offset = 0
        var length = 0
        while offset < count {
            let byte = bytes[offset]
            if byte < 0x80 {
                let letter = ascii[Int(byte)]
                offset += 1
                if letter != 0 {
                    word[length] = letter
                    length += length < longestWord ? 1 : 0
                } else if length > 0 {
                    word = body(length)
                    length = 0
                }
                continue
            }
            let folded = Folding.folded(scalar(bytes, &offset, count))
            if folded == Folding.separator {
                if length > 0 { word = body(length) }
                length = 0
            } else if folded != Folding.mark {
                length = append(folded, to: word, length)
            }
        }
        if length > 0 { _ = body(length) }
    }

    /// Decodes a scalar of two bytes or more; what is no UTF-8 parts words.
    private static func scalar(
        _ bytes: UnsafePointer<UInt8>, _ offset: inout Int, _ count: Int
    ) -> UInt32 {
        let first = bytes[offset]
        let extra = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1
        guard first >= 0xC2, first < 0xF5, offset + extra < count else {
            offset += 1
            return 0xFFFD
        }
        var value = UInt32(first) & (0x3F >> UInt32(extra))
        for index in 1...extra {
            let byte = bytes[offset + index]
            guard byte & 0xC0 == 0x80 else {
                offset += index
                return 0xFFFD
            }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        offset += extra + 1
        return value
    }

    /// Appends a scalar to a word as UTF-8, unless the word is full.
    private static func append(
        _ scalar: UInt32, to word: UnsafeMutablePointer<UInt8>, _ length: Int
    ) -> Int {
        guard let scalar = Unicode.Scalar(scalar), length + 4 <= longestWord else { return length }
        var length = length
        for byte in UTF8.encode(scalar).map(Array.init) ?? [] {
            word[length] = byte
            length += 1
        }
        return length
    }

    /// The words of `text`.
    static func words(_ text: String) -> [[UInt8]] {
        var text = text
        var words: [[UInt8]] = []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longestWord + 8) { room in
            guard let word = room.baseAddress else { return }
            text.withUTF8 { bytes in
                split(bytes, into: word) {
                    words.append(Array(UnsafeBufferPointer(start: word, count: $0)))
                    return word
                }
            }
        }
        return words
    }
}
