internal import ArchiveProtocol

/// What makes two captures the same article, and the short name that follows from it.
///
/// The same story keeps its name on any machine and after any rebuild, because the name is made of
/// nothing but what was published.
struct ArticleIdentity: Sendable, Hashable {
    /// The canonical address; else the publisher's own name for the story; else outlet, minute of
    /// publication and folded headline; else the digest of the capture.
    ///
    /// The word before the first space says which.
    let text: String

    init(_ article: Article, capture: Digest) {
        if let url = article.url, !url.isEmpty {
            text = Self.named(url: url)
        } else if let identifier = article.identifier, !identifier.isEmpty {
            text = Self.named(identifier: identifier, outlet: article.outlet)
        } else if let published = article.published,
            published.precision == .minute
                || published.precision == .second || published.precision == .day,
            !article.headline.isEmpty
        {
            // Seconds and the offset are left out: one capture has them, another has not.
            let minute = published.value.prefix(16)
            text =
                "story \(Self.fold(article.outlet ?? "")) \(minute) \(Self.fold(article.headline))"
        } else {
            text = "capture \(capture.hex)"
        }
    }

    /// The identities by which a notice may speak of an article.
    static func named(by article: Article) -> [String] {
        [article.url.map { named(url: $0) }, identifier(of: article)].compactMap(\.self)
    }

    /// The identity that is made of the publisher's own name for a story.
    static func identifier(of article: Article) -> String? {
        article.identifier.map { named(identifier: $0, outlet: article.outlet) }
    }

    /// The identities that a publisher's notice speaks of.
    static func named(by notice: WithdrawalNotice) -> [String] {
        let identifier = notice.identifier.map { named(identifier: $0, outlet: notice.outlet) }
        return [notice.url.map { named(url: $0) }, identifier].compactMap(\.self)
    }

    private static func named(url: String) -> String { "url \(url)" }

    /// A URI is unique by itself; any other name only among those of its outlet.
    private static func named(identifier: String, outlet: String?) -> String {
        if identifier.contains(":") { return "identifier \(identifier)" }
        return "identifier \(fold(outlet ?? "")) \(identifier)"
    }

    /// The name: twelve characters of Crockford's base 32, without I, L, O and U.
    ///
    /// - Parameter attempt: 0; counted up where another article has the name already, which at a
    ///   million articles happens once in two million archives.
    func id(attempt: Int = 0) -> String {
        let suffix = attempt == 0 ? "" : " #\(attempt)"
        let digest = Digest(of: Array((text + suffix).utf8))
        let number = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return ArticleID(number >> 4).text
    }

    /// Letters and digits in lower case; what differs only in quotes, dashes or spaces is one.
    private static func fold(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.lowercased().unicodeScalars.filter {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                }))
    }
}

/// The name of an article as a number of 60 bits: what the cache looks it up by.
struct ArticleID: Sendable, Hashable {
    let number: UInt64

    /// How many characters a whole name has.
    static let length = 12

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    init(_ number: UInt64) { self.number = number }

    /// Reads a whole name; nil where it is none.
    init?(utf8 bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            guard let digit = Self.value(byte) else { return nil }
            number = number << 5 | UInt64(digit)
        }
        self.number = number
    }

    /// The twelve characters.
    var text: String {
        var characters: [UInt8] = []
        for index in 0..<Self.length {
            let shift = UInt64(5 * (Self.length - 1 - index))
            characters.append(Self.alphabet[Int(number >> shift & 31)])
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// The value of one character of base 32; capitals count as small letters.
    private static func value(_ byte: UInt8) -> UInt8? {
        let byte = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        switch byte {
        case 0x30...0x39: return byte - 0x30
        case 0x61...0x68: return byte - 0x61 + 10
        case 0x6A, 0x6B: return byte - 0x6A + 18
        case 0x6D, 0x6E: return byte - 0x6D + 20
        case 0x70...0x74: return byte - 0x70 + 22
        case 0x76...0x7A: return byte - 0x76 + 27
        default: return nil
        }
    }
}
