import CCrypto

/// A SHA-256 digest: the name of an original, and its fixity (PREMIS).
struct Digest: Sendable, Hashable {
    /// The 32 bytes.
    let bytes: [UInt8]

    /// The digest of `data`.
    init(of data: some Sequence<UInt8>) {
        var hasher = Hasher()
        Array(data).withUnsafeBytes { hasher.update($0) }
        self = hasher.digest()
    }

    /// Takes 32 bytes as they are; nil for any other count.
    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits, with or without `sha256:` before them.
    init?(_ text: String) {
        let digits = Array((text.hasPrefix("sha256:") ? text.dropFirst(7) : text[...]).utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.nibble(digits[index]), let low = Self.nibble(digits[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// The digest as the protocol writes it, `sha256:` before the digits.
    var name: String { "sha256:" + hex }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }
}

extension Digest {
    /// Computes a digest piece by piece.
    struct Hasher: ~Copyable {
        private let context = EVP_MD_CTX_new()

        init() { EVP_DigestInit_ex(context, EVP_sha256(), nil) }

        deinit { EVP_MD_CTX_free(context) }

        /// Adds `data`.
        mutating func update(_ data: UnsafeRawBufferPointer) {
            EVP_DigestUpdate(context, data.baseAddress, data.count)
        }

        /// The digest of all that was added; nothing may be added after.
        consuming func digest() -> Digest {
            let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
                EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
                count = 32
            }
            return Digest(unchecked: bytes)
        }
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }
}
