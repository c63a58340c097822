import Testing

@testable import Archive

@Suite struct DigestTests {
    /// FIPS 180-2 and the NIST example vectors.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `digests are SHA-256`(text: String, hex: String) {
        #expect(Digest(of: text.utf8).hex == hex)
        #expect(Digest(of: text.utf8).name == "sha256:" + hex)
    }

    @Test func `a million letters hash to the known digest`() {
        #expect(
            Digest(of: repeatElement(0x61, count: 1_000_000)).hex
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test(arguments: [1, 2, 63, 64, 65, 1000])
    func `bytes hashed in pieces have the digest of the whole`(size: Int) {
        let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hasher = Digest.Hasher()
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { hasher.update($0) }
        }
        #expect(hasher.digest() == Digest(of: bytes))
    }

    @Test func `a digest is read back from its digits with or without its name`() {
        let digest = Digest(of: "abc".utf8)
        #expect(Digest(digest.hex) == digest)
        #expect(Digest(digest.name) == digest)
        #expect(Digest(digest.hex.uppercased()) == digest)
        #expect(Digest(bytes: digest.bytes) == digest)
    }

    @Test func `anything else is no digest`() {
        let hex = Digest(of: "abc".utf8).hex
        let texts = ["", "sha256:", String(hex.dropLast()), hex + "0", "g" + hex.dropFirst()]
        for text in texts + ["sha1:" + hex, "sha256:sha256:" + hex, " " + hex] {
            #expect(Digest(text) == nil, "\(text)")
        }
        #expect(Digest(bytes: []) == nil)
        #expect(Digest(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    }
}
