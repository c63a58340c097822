internal import Glibc

/// How the bytes of a part were made fit for mail (RFC 2045, section 6).
enum TransferEncoding {
    /// 7bit, 8bit and binary: as they are.
    case identity
    case quotedPrintable, base64

    /// The encoding of that name; nil where it is not known.
    init?(named name: String) {
        switch name.lowercased() {
        case "", "7bit", "8bit", "binary": self = .identity
        case "quoted-printable": self = .quotedPrintable
        case "base64": self = .base64
        default: return nil
        }
    }
}

/// Takes a transfer encoding off, line by line.
///
/// The end of a line is put out with the next one: the last belongs to the delimiter behind it.
struct TransferDecoder {
    let encoding: TransferEncoding
    /// Bytes that came out since they were last taken.
    var output: [UInt8] = []
    /// Whether base64 ended within a byte.
    private(set) var isCut = false

    /// A line end that is still to be put out: 0, 1 or 2 bytes.
    private var ending = 0
    /// The start of an escape, where the piece of a line ended in it.
    private var escape: [UInt8] = []
    /// Base64: bits of the quantum so far, and how many characters gave them.
    private var bits: UInt32 = 0
    private var characters = 0

    init(_ encoding: TransferEncoding) { self.encoding = encoding }

    /// Takes a line or a piece of one.
    mutating func decode(_ line: MIMELines.Line) {
        switch encoding {
        case .identity:
            endLine()
            output.append(contentsOf: line.bytes)
            ending = line.ending
        case .quotedPrintable:
            endLine()
            quotedPrintable(line)
        case .base64: decodeBase64(line.bytes)
        }
    }

    /// Ends the part.
    mutating func finish() {
        // A lone `=` at the very end is a soft break without its line end.
        if escape.count > 1 { output.append(contentsOf: escape) }
        escape = []
        if encoding == .base64 { endQuantum() }
    }

    private mutating func endLine() {
        if ending == 2 { output.append(0x0d) }
        if ending > 0 { output.append(0x0a) }
        ending = 0
    }

    // MARK: Quoted-printable

    /// What is malformed is kept as it stands; white space at the end of a line is kept too, as it
    /// does no harm in a page.
    private mutating func quotedPrintable(_ line: MIMELines.Line) {
        guard !escape.isEmpty else { return unescape(line.bytes, ending: line.ending) }
        let whole = escape + line.bytes
        escape = []
        whole.withUnsafeBytes { unescape($0, ending: line.ending) }
    }

    private mutating func unescape(_ line: UnsafeRawBufferPointer, ending: Int) {
        let (bytes, isSoft) = ending > 0 ? Self.withoutSoftBreak(line) : (line, false)
        var index = 0
        while index < bytes.count {
            let mark = Self.mark(in: bytes, from: index) ?? bytes.count
            output.append(contentsOf: bytes[index..<mark])
            guard mark < bytes.count else { break }
            if mark + 2 < bytes.count, let high = Self.hex(bytes[mark + 1]),
                let low = Self.hex(bytes[mark + 2])
            {
                output.append(high << 4 | low)
                index = mark + 3
            } else if mark + 2 >= bytes.count, ending == 0 {
                // The line goes on in its next piece.
                escape = Array(bytes[mark...])
                break
            } else {
                output.append(0x3d)
                index = mark + 1
            }
        }
        self.ending = isSoft ? 0 : ending
    }

    /// The line without `=` and the white space behind it, and whether there was one.
    private static func withoutSoftBreak(
        _ line: UnsafeRawBufferPointer
    ) -> (UnsafeRawBufferPointer, Bool) {
        guard let index = line.lastIndex(where: { $0 != 0x20 && $0 != 9 }), line[index] == 0x3d
        else { return (line, false) }
        return (UnsafeRawBufferPointer(rebasing: line[..<index]), true)
    }

    private static func mark(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let found = memchr(base + start, 0x3d, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    // MARK: Base64

    /// The value of each character; 64 for what is none, 65 for `=`.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { values[Int(byte)] = UInt8(value) }
        values[0x3d] = 65
        return values
    }()

    /// What is no character of base64 is skipped, as RFC 2045 asks; behind padding more may come.
    mutating func decodeBase64(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            let value = Self.values[Int(byte)]
            if value < 64 {
                bits = bits << 6 | UInt32(value)
                characters += 1
                guard characters == 4 else { continue }
                output.append(UInt8(truncatingIfNeeded: bits >> 16))
                output.append(UInt8(truncatingIfNeeded: bits >> 8))
                output.append(UInt8(truncatingIfNeeded: bits))
                (bits, characters) = (0, 0)
            } else if value == 65 {
                endQuantum()
            }
        }
    }

    /// Puts out the bytes of a quantum of two or three characters.
    private mutating func endQuantum() {
        switch characters {
        case 1: isCut = true
        case 2: output.append(UInt8(truncatingIfNeeded: bits >> 4))
        case 3:
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
        default: break
        }
        (bits, characters) = (0, 0)
    }
}
