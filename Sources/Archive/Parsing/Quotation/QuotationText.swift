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
        /// Whether it stands between quotation marks.
        var isQuoted: Bool
        /// Whether one space, or a full stop and a space after an abbreviation, joins it to the
        /// word before.
        var joins: Bool

        func has(_ mark: UInt32) -> Bool { marks & mark != 0 }
    }

    /// The number of the block in the body.
    let block: Int
    let bytes: [UInt8]
    let words: [Word]
    /// What stands between quotation marks.
    let spans: [QuotationMarks.Span]

    init(
        _ bytes: [UInt8], block: Int, _ language: QuotationLanguage,
        _ style: QuotationMarks.Style
    ) {
        self.block = block
        self.bytes = bytes
        spans = QuotationMarks.spans(bytes, style: style)
        words = Self.words(bytes, language, spans)
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

    /// The byte before `byte`, white space left out; 0 where there is none.
    func sign(before byte: Int) -> UInt8 {
        var at = byte - 1
        while at >= 0 {
            if bytes[at] == 0x20 {
                at -= 1
            } else if bytes[at] == 0xA0, at > 0, bytes[at - 1] == 0xC2 {
                at -= 2
            } else {
                return bytes[at]
            }
        }
        return 0
    }

    /// Where the word at `index` ends with the ending that tells whose.
    func end(of index: Int) -> Int {
        var at = words[index].end
        if words[index].isPossessive {
            at += at < bytes.count && bytes[at] == 0xE2 ? 3 : 1
            if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "s") { at += 1 }
        }
        return min(at, bytes.count)
    }

    /// The byte right behind the word at `index`.
    func sign(after index: Int) -> UInt8 {
        let at = end(of: index)
        return at < bytes.count ? bytes[at] : 0
    }

    private static func words(
        _ bytes: [UInt8], _ language: QuotationLanguage, _ spans: [QuotationMarks.Span]
    ) -> [Word] {
        var words: [Word] = []
        words.reserveCapacity(bytes.count / 5 + 1)
        var index = 0
        var ended = true
        var lastEnd = 0
        var span = 0
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
            let (end, possessive) = stem(bytes, start..<index)
            let hash = TextScanning.hash(bytes, start..<end)
            var word = Word(
                start: start, end: end, hash: hash,
                marks: language.marks(bytes, start..<end, hash),
                isCapital: byte == UInt8(ascii: "@") || TextScanning.isCapital(bytes, start),
                beginsSentence: false, isPossessive: possessive, isQuoted: false,
                joins: start == lastEnd + 1 && bytes[lastEnd] == 0x20
                    || start == lastEnd + 2 && bytes[lastEnd] == 0xC2)
            if ended, let last = words.last, start == lastEnd + 2, bytes[lastEnd] == 0x2E,
                isAbbreviation(last, before: word, bytes)
            {
                word.joins = true
                ended = false
            }
            // "(R-Ohio.) said": no sentence begins small.
            word.beginsSentence = ended && (word.isCapital || words.isEmpty)
            while span < spans.count, spans[span].outer.upperBound <= start { span += 1 }
            word.isQuoted = span < spans.count && spans[span].outer.lowerBound < start
            words.append(word)
            ended = false
            lastEnd = index
        }
        return words
    }

    /// Where the word without a possessive ending ends.
    private static func stem(_ bytes: [UInt8], _ word: Range<Int>) -> (end: Int, possessive: Bool) {
        let end = word.upperBound
        if word.count > 2, bytes[end - 1] | 0x20 == UInt8(ascii: "s") {
            if bytes[end - 2] == 0x27 { return (end - 2, true) }
            if word.count > 4, bytes[end - 4] == 0xE2, bytes[end - 2] == 0x99 {
                return (end - 4, true)
            }
            // "Cross' speech", "Cross’ speech"
            if end + 1 < bytes.count, bytes[end] == 0x27, bytes[end + 1] == 0x20 {
                return (end, true)
            }
            if end + 3 < bytes.count, bytes[end] == 0xE2, bytes[end + 2] == 0x99,
                bytes[end + 3] == 0x20
            {
                return (end, true)
            }
        }
        return (end, false)
    }

    /// Whether the full stop behind `last` is part of it, as in `Sen.` and `St.`, not in `FBI.`.
    private static func isAbbreviation(_ last: Word, before next: Word, _ bytes: [UInt8]) -> Bool {
        guard last.isCapital, !next.has(QuotationLanguage.noName) else { return false }
        if last.has(QuotationLanguage.title), last.end - last.start <= 7 { return true }
        return last.end - last.start <= 3
            && (last.end - last.start == 1 || TextScanning.isSmall(bytes, last.end - 1))
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
            // "9/11", "4.5"
            if index + 1 < bytes.count,
                byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == 0x2C,
                TextScanning.isDigit(bytes[index - 1]), TextScanning.isDigit(bytes[index + 1])
            {
                index += 2
                continue
            }
            if byte == UInt8(ascii: "."), TextScanning.isCapital(bytes, index - 1),
                index - 1 == from - 1 || bytes[index - 2] == UInt8(ascii: ".")
                    || bytes[index - 2] == UInt8(ascii: "-")
            {
                index += 1
                continue
            }
            break
        }
        return index
    }
}
