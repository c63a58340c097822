/// Words of a header that are beyond ASCII: `=?utf-8?Q?caf=C3=A9?=` (RFC 2047).
enum EncodedWord {
    /// The bytes in UTF-8; words in an encoding other than UTF-8 and Latin-1, and what is broken,
    /// stay as they stand.
    static func decoded(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(0x3f) else { return value }
        var whole: [UInt8] = []
        var rest = value[...]
        while let byte = rest.first {
            if byte == 0x3d, let (word, length) = word(rest) {
                whole += word
                rest = rest.dropFirst(length)
                // White space between two words is a means of folding only.
                let next = rest.drop { $0 <= 0x20 }
                if next.count < rest.count, self.word(next) != nil { rest = next }
            } else {
                whole.append(byte)
                rest = rest.dropFirst()
            }
        }
        return whole
    }

    /// Longer words are broken: RFC 2047 allows 75 bytes, browsers write somewhat more.
    private static let wordBytes = 1000

    /// The word that `bytes` begin with, decoded, and how long it was.
    private static func word(_ bytes: ArraySlice<UInt8>) -> (word: [UInt8], length: Int)? {
        let bytes = bytes.prefix(wordBytes)
        guard bytes.starts(with: [0x3d, 0x3f]) else { return nil }
        let marks = bytes.indices.lazy.filter { bytes[$0] == 0x3f }.prefix(4)
        guard let last = Array(marks).last, marks.count == 4, last + 1 < bytes.endIndex,
            bytes[last + 1] == 0x3d
        else { return nil }
        let at = Array(marks)
        let text = bytes[(at[2] + 1)..<at[3]]
        guard !text.contains(where: { $0 <= 0x20 }) else { return nil }
        let decoded: [UInt8]
        switch bytes[at[1] + 1] | 0x20 {
        case 0x71 where at[2] == at[1] + 2:
            decoded = unescaped(text.map { $0 == 0x5f ? 0x20 : $0 }[...], mark: 0x3d)
        case 0x62 where at[2] == at[1] + 2: decoded = base64(Array(text))
        default: return nil
        }
        let label = String(decoding: bytes[(at[0] + 1)..<at[1]], as: UTF8.self)
        guard let word = utf8(decoded, label: label) else { return nil }
        return (word, last + 2 - bytes.startIndex)
    }

    private static func utf8(_ bytes: [UInt8], label: String) -> [UInt8]? {
        switch label.prefix(while: { $0 != "*" }).lowercased() {
        case "utf-8", "us-ascii": bytes
        case "iso-8859-1": bytes.flatMap { Array(String(Unicode.Scalar($0)).utf8) }
        default: nil
        }
    }

    private static func base64(_ text: [UInt8]) -> [UInt8] {
        var decoder = TransferDecoder(.base64)
        text.withUnsafeBytes {
            decoder.decode(MIMELines.Line(bytes: $0, ending: 0, isStart: true, offset: 0))
        }
        decoder.finish()
        return decoder.output
    }

    /// The bytes with `%41` or `=41` taken back to `A`; what is malformed stays.
    static func unescaped(_ bytes: ArraySlice<UInt8>, mark: UInt8) -> [UInt8] {
        var plain: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == mark, index + 2 < bytes.endIndex,
                let high = TransferDecoder.hex(bytes[index + 1]),
                let low = TransferDecoder.hex(bytes[index + 2])
            {
                plain.append(high << 4 | low)
                index += 3
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return plain
    }
}
