/// Bytes written as letters (RFC 4648, section 4).
enum Base64 {
    /// The bytes that `text` stands for; nil where it is no base64.
    static func bytes(_ text: String) -> [UInt8]? {
        let letters = Array(text.utf8)
        guard letters.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        let padding = letters.suffix(2).count { $0 == UInt8(ascii: "=") }
        var bits: UInt32 = 0
        for (index, letter) in letters.enumerated() {
            let value: UInt8
            if index >= letters.count - padding {
                guard letter == UInt8(ascii: "=") else { return nil }
                value = 0
            } else {
                guard let known = self.value(letter) else { return nil }
                value = known
            }
            bits = bits << 6 | UInt32(value)
            guard index % 4 == 3 else { continue }
            bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
            bits = 0
        }
        bytes.removeLast(padding)
        return bytes
    }

    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
