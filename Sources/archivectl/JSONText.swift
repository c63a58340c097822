/// JSON text made over for its reader: over several lines, or harmless on a terminal.
enum JSONText {
    /// The one line `json` over several lines, two spaces a level.
    static func indented(_ json: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(json.count * 2)
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isInString {
                text.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                text.append(byte)
                depth += 1
                if index + 1 < json.count, !isClosing(json[index + 1]) {
                    breakLine(depth, &text)
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if index > 0, !isOpening(json[index - 1]) { breakLine(depth, &text) }
                text.append(byte)
            case UInt8(ascii: ","):
                text.append(byte)
                breakLine(depth, &text)
            case UInt8(ascii: ":"): text += [byte, UInt8(ascii: " ")]
            default:
                isInString = byte == UInt8(ascii: "\"")
                text.append(byte)
            }
        }
        return text
    }

    private static func isOpening(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    private static func breakLine(_ depth: Int, _ text: inout [UInt8]) {
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    /// `json` with C1 controls and what reorders or hides text written as `\uXXXX`.
    ///
    /// Beyond ASCII such scalars can stand within strings only, so the value stays the same.
    static func escaped(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 >= 0x80 }) else { return json }
        var text: [UInt8] = []
        text.reserveCapacity(json.count)
        for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
            switch scalar.value {
            case 0x7F..<0xA0, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
                0xFFF9...0xFFFB:
                let digits = String(scalar.value, radix: 16)
                text += "\\u".utf8
                text += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                text += digits.utf8
            default: text += Array(String(scalar).utf8)
            }
        }
        return text
    }
}
