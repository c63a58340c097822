/// Where a file stands in the inbox: the bytes of its path relative to the inbox.
///
/// Bytes, not a `String`: names need not be UTF-8, and two names that `String` takes for equal
/// (composed and decomposed accents) are two files.
struct InboxPath: Sendable, Hashable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The path of `name` within this directory.
    func appending(_ name: [UInt8]) -> InboxPath {
        bytes.isEmpty ? InboxPath(bytes: name) : InboxPath(bytes: bytes + [0x2F] + name)
    }

    /// The last component.
    var name: [UInt8] {
        guard let slash = bytes.lastIndex(of: 0x2F) else { return bytes }
        return Array(bytes[(slash + 1)...])
    }

    /// The directory it stands in; empty for the inbox itself.
    var parent: InboxPath {
        guard let slash = bytes.lastIndex(of: 0x2F) else { return InboxPath(bytes: []) }
        return InboxPath(bytes: Array(bytes[..<slash]))
    }

    /// How many components it has; 0 for the inbox itself.
    var depth: Int { bytes.isEmpty ? 0 : bytes.count { $0 == 0x2F } + 1 }

    /// The path for kernel calls, ended by a zero byte; `.` for the inbox itself.
    var cString: [CChar] {
        (bytes.isEmpty ? [0x2E] : bytes).map { CChar(bitPattern: $0) } + [0]
    }

    /// The path as the protocol writes it.
    var display: String { ByteName.display(bytes) }
}

/// Names that need not be text, written so that they can be shown and read back.
enum ByteName {
    /// Bytes that are no UTF-8 and control characters as `\xHH`, a backslash as `\\`.
    static func display(_ bytes: [UInt8]) -> String {
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x5C }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            let scalarText = String(validating: rest.prefix(length), as: UTF8.self)
            guard let scalar = scalarText?.unicodeScalars.first,
                scalar.properties.generalCategory != .control
            else {
                let count = scalarText == nil ? 1 : length
                for byte in rest.prefix(count) { text += hex(byte) }
                rest = rest.dropFirst(count)
                continue
            }
            text += scalar == "\\" ? "\\\\" : String(scalar)
            rest = rest.dropFirst(length)
        }
        return text
    }

    /// The bytes that `display` wrote as `text`; nil for a backslash that escapes nothing.
    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            guard first == 0x5C else {
                bytes.append(first)
                continue
            }
            switch rest.popFirst() {
            case 0x5C: bytes.append(0x5C)
            case UInt8(ascii: "x"):
                let digits = rest.prefix(2).compactMap {
                    Character(Unicode.Scalar($0)).hexDigitValue
                }
                guard digits.count == 2 else { return nil }
                bytes.append(UInt8(digits[0] << 4 | digits[1]))
                rest = rest.dropFirst(2)
            default: return nil
            }
        }
        return bytes
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "\\x" + (digits.count < 2 ? "0" : "") + digits
    }
}
