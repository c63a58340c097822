internal import CCrypto

/// A digest that a web archive states, being verified over the bytes as they pass.
final class StatedDigest {
    private let stated: [UInt8]
    private let context: OpaquePointer

    /// Reads `sha1:` and base 32 or hexadecimal digits, or the like; nil for what is not known.
    init?(_ label: some Collection<UInt8>) {
        let parts = label.split(separator: 0x3a, maxSplits: 1)
        guard parts.count == 2, let context = EVP_MD_CTX_new() else { return nil }
        let digits = parts[1].filter { $0 > 0x20 && $0 != 0x3d }
        guard let algorithm = Self.algorithm(parts[0]),
            let stated = Self.bytes(digits, count: Int(EVP_MD_get_size(algorithm))),
            EVP_DigestInit_ex(context, algorithm, nil) == 1
        else {
            EVP_MD_CTX_free(context)
            return nil
        }
        self.stated = stated
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    /// Whether the bytes so far have the stated digest; asked once.
    func matches() -> Bool {
        var computed = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        EVP_DigestFinal_ex(context, &computed, &count)
        return stated.elementsEqual(computed.prefix(Int(count)))
    }

    /// Fetched once: to look an algorithm up costs as much as to hash a small record.
    nonisolated(unsafe) private static let known: [(name: String, algorithm: OpaquePointer)] = [
        "sha1", "sha256", "md5", "sha512", "sha384",
    ].compactMap { name in EVP_MD_fetch(nil, name, nil).map { (name, $0) } }

    private static func algorithm(_ name: some Sequence<UInt8>) -> OpaquePointer? {
        let plain = name.compactMap { byte -> UInt8? in
            if byte == 0x2d || byte <= 0x20 { return nil }
            return (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
        }
        return known.first { $0.name.utf8.elementsEqual(plain) }?.algorithm
    }

    /// The bytes of so many hexadecimal or base 32 digits.
    private static func bytes(_ digits: [UInt8], count: Int) -> [UInt8]? {
        let isHexadecimal = digits.count == count * 2
        guard isHexadecimal || digits.count == (count * 8 + 4) / 5 else { return nil }
        var bytes: [UInt8] = []
        var held = 0
        var bits = 0
        for digit in digits {
            guard let value = isHexadecimal ? hexadecimal(digit) : base32(digit) else { return nil }
            held = held << (isHexadecimal ? 4 : 5) | value
            bits += isHexadecimal ? 4 : 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
                held &= (1 << bits) - 1
            }
        }
        return bytes.count == count ? bytes : nil
    }

    private static func hexadecimal(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x30...0x39: Int(digit) - 0x30
        case 0x41...0x46, 0x61...0x66: Int(digit | 0x20) - 0x57
        default: nil
        }
    }

    private static func base32(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x41...0x5a, 0x61...0x7a: Int(digit | 0x20) - 0x61
        case 0x32...0x37: Int(digit) - 0x18
        default: nil
        }
    }
}
