internal import ArchiveProtocol

/// Where the next page of an answer begins, bound to the question it belongs to.
///
/// Keys, not counts: what is stored between two pages neither repeats nor hides an item.
struct Cursor: Sendable {
    /// The place after which the next page begins; its meaning is the method's own.
    var place: JSON

    /// Reads the `cursor` parameter; nil where there is none.
    ///
    /// - Throws: Failure `cursorExpired` where it belongs to another question.
    init?(_ parameters: Parameters, method: String) throws(Failure) {
        guard let text = parameters.string("cursor") else { return nil }
        guard let bytes = Base64.decode(text), let json = try? JSONParser.parse(bytes),
            json["q"]?.string == Self.mark(parameters, method), let place = json["p"]
        else {
            throw Failure(
                .cursorExpired, "the cursor belongs to another question",
                hint: "repeat the request without a cursor")
        }
        self.place = place
    }

    /// The cursor's text for `place`.
    static func text(_ place: JSON, _ parameters: Parameters, method: String) -> String {
        let json: JSON = ["q": .string(mark(parameters, method)), "p": place]
        return Base64.encode(json.bytes)
    }

    private static func mark(_ parameters: Parameters, _ method: String) -> String {
        String(Digest(of: Array((method + parameters.question.text).utf8)).hex.prefix(16))
    }
}

/// Base 64 (RFC 4648), for cursors and for bytes within JSON.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number =
                group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                let isPadding = index > group.count
                let digit = Int(number >> UInt32(18 - 6 * index) & 63)
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[digit])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of `text`; nil where it is no base 64.
    static func decode(_ text: String) -> [UInt8]? {
        let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.utf8.dropFirst(digits.count)
        guard text.utf8.count % 4 == 0, padding.count <= 2,
            padding.allSatisfy({ $0 == UInt8(ascii: "=") })
        else { return nil }
        var bytes: [UInt8] = []
        var number: UInt32 = 0
        var bits = 0
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            number = number << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(bits)))
            }
        }
        return bytes
    }
}
