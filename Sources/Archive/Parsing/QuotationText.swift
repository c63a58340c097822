/// One block of the body cut into words, for the search of speakers.
struct QuotationText: Sendable {
    /// One word with what the language knows of it.
    struct Word: Sendable {
        var start: Int
        var end: Int
        var hash: UInt64
        var marks: UInt32
        var isCapital: Bool
        /// Whether a sentence begins with it.
        var beginsSentence: Bool
        /// Whether it ends in 's.
        var isPossessive: Bool
        /// Whether one space, or a full stop and a space after an abbreviation, joins it to the
        /// word before.
        var joins: Bool

        func has(_ mark: UInt32) -> Bool { marks & mark != 0 }
    }

    let bytes: [UInt8]
    let words: [Word]

    init(_ bytes: [UInt8], _ language: QuotationLanguage) {
        self.bytes = bytes
        words = Self.words(bytes, language)
    }

    /// The index of the first word that begins at `byte` or later.
    func index(at byte: Int) -> Int {
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if words[middle].start < byte { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func words(_ bytes: [UInt8], _ language: QuotationLanguage) -> [Word] {
        var words: [Word] = []
        words.reserveCapacity(bytes.count / 5 + 1)
        var index = 0
        var ended = true
        var lastEnd = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard isLetter(bytes, index) || byte == UInt8(ascii: "@") else {
                if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!")
                    || byte == UInt8(ascii: "?")
                {
                    ended = true
                }
                // The rest of a sign of three bytes, such as a dash, must not look like a letter.
                index += byte == 0xE2 ? 3 : byte == 0xC2 ? 2 : 1
                continue
            }
            let start = index
            index = wordEnd(bytes, index + 1)
            var end = index
            var possessive = false
            if end - start > 2, bytes[end - 1] | 0x20 == UInt8(ascii: "s") {
                if bytes[end - 2] == 0x27 {
                    end -= 2
                    possessive = true
                } else if end - start > 4, bytes[end - 4] == 0xE2, bytes[end - 2] == 0x99 {
                    end -= 4
                    possessive = true
                }
            }
            let hash = TextScanning.hash(bytes, start..<end)
            let marks = language.table[hash]
            var joins = start == lastEnd + 1 && bytes[lastEnd] == 0x20
            if ended, let last = words.last, start == lastEnd + 2, bytes[lastEnd] == 0x2E,
                last.isCapital, last.has(QuotationLanguage.title) || last.end - last.start <= 3
            {
                joins = true
                ended = false
            }
            words.append(
                Word(
                    start: start, end: end, hash: hash, marks: marks,
                    isCapital: byte == UInt8(ascii: "@") || TextScanning.isCapital(bytes, start),
                    beginsSentence: ended, isPossessive: possessive, joins: joins))
            ended = false
            lastEnd = index
        }
        return words
    }

    private static func isLetter(_ bytes: [UInt8], _ index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return TextScanning.isASCIILetter(byte) || TextScanning.isDigit(byte) }
        return byte != 0xE2 && byte != 0xC2
    }

    /// Apostrophes, hyphens and the full stops of `J.` and `D.C.` are within a word.
    private static func wordEnd(_ bytes: [UInt8], _ from: Int) -> Int {
        var index = from
        while index < bytes.count {
            let byte = bytes[index]
            if isLetter(bytes, index) || byte == UInt8(ascii: "_") {
                index += 1
                continue
            }
            if index + 1 < bytes.count, byte == 0x27 || byte == UInt8(ascii: "-"),
                isLetter(bytes, index + 1)
            {
                index += 2
                continue
            }
            if byte == 0xE2, index + 3 < bytes.count, bytes[index + 1] == 0x80,
                bytes[index + 2] == 0x99, isLetter(bytes, index + 3)
            {
                index += 4
                continue
            }
            if byte == UInt8(ascii: "."), TextScanning.isCapital(bytes, index - 1),
                index - 1 == from - 1 || bytes[index - 2] == UInt8(ascii: ".")
            {
                index += 1
                continue
            }
            break
        }
        return index
    }
}
