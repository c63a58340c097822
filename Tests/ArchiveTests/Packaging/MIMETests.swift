import Testing

@testable import Archive

struct MIMETests {
    /// The part of `text` with its encoding taken off, read in blocks of `block` bytes.
    private func decoded(
        _ text: [UInt8], _ encoding: TransferEncoding, block: Int = 4096
    ) throws -> [UInt8] {
        let lines = MIMELines(ChoppedSource(text, block: block))
        var decoder = TransferDecoder(encoding)
        while let line = try lines.next() { decoder.decode(line) }
        decoder.finish()
        return decoder.output
    }

    private func decoded(_ text: String, _ encoding: TransferEncoding) throws -> String {
        String(decoding: try decoded(Array(text.utf8), encoding), as: UTF8.self)
    }

    @Test(arguments: [
        ("caf=C3=A9", "caf\u{e9}"), ("caf=c3=a9", "caf\u{e9}"), ("a=\r\nb", "ab"), ("a=\nb", "ab"),
        ("a= \t\r\nb", "ab"), ("a\r\nb", "a\r\nb"), ("a\nb", "a\nb"),
        ("x =ZZ = =4 7", "x =ZZ = =4 7"),
        ("a=", "a"), ("a=4", "a=4"), ("a=3D=3D", "a=="), ("=4=\r\nA", "=4A"), ("", ""),
        ("a \r\nb", "a \r\nb"),
    ])
    func `quoted-printable is read, and what is malformed is kept`(
        text: String, expected: String
    ) throws {
        #expect(try decoded(text, .quotedPrintable) == expected)
    }

    @Test(arguments: [
        ("QnVz", "Bus"), ("QnV\r\nz", "Bus"), ("Q n\tV!*z\r\n", "Bus"), ("QnVzIQ==", "Bus!"),
        ("QnVzIQ", "Bus!"), ("QnVzISE=", "Bus!!"), ("QnVzISE", "Bus!!"),
        ("QnVzIQ==QnVz", "Bus!Bus"), ("", ""), ("====", ""),
    ])
    func `base64 is read with white space, junk and without padding`(
        text: String, expected: String
    ) throws {
        #expect(try decoded(text, .base64) == expected)
    }

    @Test func `base64 that ends within a byte is found out`() {
        for (text, isCut) in [("QnVz", false), ("QnVzQ", true), ("QnVzQQ", false)] {
            var decoder = TransferDecoder(.base64)
            Array(text.utf8).withUnsafeBytes {
                decoder.decode(MIMELines.Line(bytes: $0, ending: 0, isStart: true, offset: 0))
            }
            decoder.finish()
            #expect(decoder.isCut == isCut)
        }
    }

    @Test func `any bytes come back from both encodings, however the lines break`() throws {
        var noise = Noise(seed: 45)
        for round in 0..<200 {
            let bytes = noise.bytes(noise.below(round < 196 ? 300 : 200_000))
            let block = 1 + noise.below(5000)
            let quoted = noise.quotedPrintable(bytes)
            #expect(try decoded(quoted, .quotedPrintable, block: block) == bytes)
            #expect(try decoded(noise.base64(bytes), .base64, block: block) == bytes)
        }
    }

    @Test func `lines come whole or in pieces, and nothing is lost at the joints`() throws {
        var noise = Noise(seed: 7)
        for _ in 0..<20 {
            var bytes = noise.bytes(noise.below(200_000)).map { $0 % 5 == 0 ? 0x0d : $0 | 0x20 }
            for _ in 0..<noise.below(40) where !bytes.isEmpty {
                bytes[noise.below(bytes.count)] = 0x0a
            }
            let back = try decoded(bytes, .identity, block: 1 + noise.below(100_000))
            // The last line end belongs to the delimiter behind it.
            let end = bytes.last == 0x0a ? (bytes.dropLast().last == 0x0d ? 2 : 1) : 0
            #expect(back == bytes.dropLast(end))
        }
    }

    @Test(
        arguments: [
            ("Mon, 17 Dec 2018 11:14:59 -0000", "2018-12-17T11:14:59Z"),
            ("Sat, 06 May 2017 16:48:07 +1000", "2017-05-06T06:48:07Z"),
            ("Tue, 5 Sep 2016 22:30:04 -0000", "2016-09-05T22:30:04Z"),
            ("1 Jan 17 00:30 EST", "2017-01-01T05:30:00Z"),
            ("Thu, 31 Dec 98 23:59:60 PDT", "1999-01-01T06:59:59Z"),
            ("Fri, 21 Nov 1997 09(comment):55:06 -0600", nil),
            ("Fri, 21 Nov 1997 09:55:06 -0600 (CST)", "1997-11-21T15:55:06Z"),
            ("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06Z"),
            ("21-Nov-97 09:55:06 +0530", "1997-11-21T04:25:06Z"),
            ("21 Nov 1997 09:55:06 Q", "1997-11-21T09:55:06Z"),
            ("31 Feb 2017 09:55:06 +0000", nil), ("21 Nov 1997 24:00:00 GMT", nil),
            ("yesterday", nil), ("", nil), ("Fri, Fri, Fri, Fri, Fri", nil),
            ("99999999999999999999 Nov 1997 09:55:06 GMT", nil),
        ] as [(String, String?)])
    func `dates of mail are told in UTC`(text: String, expected: String?) {
        #expect(MailDate.instant(text) == expected)
    }

    @Test(arguments: [
        ("=?utf-8?Q?caf=C3=A9_au?=", "caf\u{e9} au"), ("=?UTF-8?B?Y2Fmw6k=?=", "caf\u{e9}"),
        ("=?iso-8859-1?q?caf=E9?= x", "caf\u{e9} x"),
        ("=?utf-8?Q?a?=\r\n =?utf-8?Q?b?= c", "ab c"),
        ("=?x-none?Q?=ZZ?=", "=?x-none?Q?=ZZ?="), ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("=?utf-8?Q?a b?=", "=?utf-8?Q?a b?="), ("=?", "=?"), ("=?utf-8?Q?a", "=?utf-8?Q?a"),
    ])
    func `encoded words are read, and broken ones stay`(text: String, expected: String) {
        let bytes = EncodedWord.decoded(Array(text.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("multipart/related; boundary=abc", "boundary", "abc"),
        ("Multipart/Related;\r\n\tBOUNDARY=\"a b\\\"c\" ; x=1", "boundary", "a b\"c"),
        ("text/html; charset = utf-8 ; x", "charset", "utf-8"),
        ("text/html;name*=utf-8'en'caf%C3%A9.html", "name", "caf\u{e9}.html"),
        ("x/y; name*0*=utf-8''caf%C3; name*1*=%A9; name*2=\".txt\"", "name", "caf\u{e9}.txt"),
        ("x/y; name=plain; name*=utf-8''rich", "name", "rich"),
        ("x/y; name=\"C:\\papers\\a.html\"", "name", "C:\\papers\\a.html"),
        ("x/y; name=\"never closed", "name", "never closed"), ("x/y;;;=;name=a", "name", "a"),
    ])
    func `parameters are read in every form of theirs`(
        value: String, name: String, expected: String
    ) throws {
        let type = try #require(MediaType(Array(value.utf8)))
        #expect(type.parameters[name].map { String(decoding: $0, as: UTF8.self) } == expected)
    }
}

/// A source that hands its bytes over in blocks of one size.
final class ChoppedSource: ByteSource {
    private let bytes: UnsafeMutableRawBufferPointer
    private let block: Int
    private var offset = 0

    init(_ bytes: [UInt8], block: Int) {
        self.bytes = .allocate(byteCount: bytes.count, alignment: 1)
        self.bytes.copyBytes(from: bytes)
        self.block = block
    }

    deinit { bytes.deallocate() }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        let end = min(bytes.count, offset + block)
        defer { offset = end }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
    }
}

/// Numbers that are the same in every run, and what is made of them.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, limit)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: below(256)) }
    }

    /// Escapes what must be and some of the rest, and breaks lines softly at any place.
    mutating func quotedPrintable(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for byte in bytes {
            let isPlain = (0x21...0x7e).contains(byte) && byte != 0x3d && below(4) > 0
            let digits =
                below(2) == 0 ? Array("0123456789ABCDEF".utf8) : Array("0123456789abcdef".utf8)
            text += isPlain ? [byte] : [0x3d, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            if below(20) == 0 { text += below(2) == 0 ? [0x3d, 0x0d, 0x0a] : [0x3d, 0x20, 0x0a] }
        }
        return text
    }

    /// Breaks lines at any place; leaves the padding out now and then.
    mutating func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        let isPadded = below(2) == 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (0..<3).reduce(0) {
                $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0)
            }
            for index in 0...group.count {
                text.append(alphabet[bits >> (18 - 6 * index) & 63])
                if below(20) == 0 { text += [0x0d, 0x0a] }
            }
            if isPadded { text += [UInt8](repeating: 0x3d, count: 3 - group.count) }
        }
        return text
    }
}
