import Testing

@testable import Archive

/// The way back from a page's text to the bytes that it was read from.
struct CharsetSourceTests {
    /// Numbers that are the same in every run.
    private struct Numbers {
        var seed: UInt64

        mutating func next(below bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
    }

    private func page(_ bytes: [UInt8], _ encoding: Charset.Encoding) throws -> Page {
        try CharsetReader(Capture(name: [], bytes: bytes)).page(by: encoding, toldBy: .http)
    }

    /// Characters with their bytes, for each kind of encoding.
    private static let alphabets: [(Charset.Encoding, [(String, [UInt8])])] = [
        (.windows1251, [("a", [0x61]), ("Ж", [0xc6]), ("”", [0x94]), ("\n", [10])]),
        (.windows1252, [("a", [0x61]), ("é", [0xe9]), ("€", [0x80])]),
        (.shiftJIS, [("a", [0x61]), ("ｱ", [0xb1]), ("日", [0x93, 0xfa])]),
        (.eucJP, [("a", [0x61]), ("ｱ", [0x8e, 0xb1]), ("\u{4e02}", [0x8f, 0xb0, 0xa1])]),
        (
            .gb18030,
            [("a", [0x61]), ("中", [0xd6, 0xd0]), ("\u{10000}", [0x90, 0x30, 0x81, 0x30])]
        ),
        (.big5, [("a", [0x61]), ("中", [0xa4, 0xa4]), ("Ê̄", [0x88, 0x62])]),
        (.eucKR, [("a", [0x61]), ("한", [0xc7, 0xd1])]),
        (
            .utf16BigEndian,
            [("a", [0, 0x61]), ("日", [0x65, 0xe5]), ("🚲", [0xd8, 0x3d, 0xde, 0xb2])]
        ),
        (.utf16LittleEndian, [("a", [0x61, 0]), ("日", [0xe5, 0x65])]),
        (.iso2022JP, [("日-", Array("\u{1b}$BF|\u{1b}(B-".utf8)), ("a", [0x61])]),
        (.utf8, [("a", [0x61]), ("é", Array("é".utf8)), ("\u{fffd}", [0xff])]),
    ]

    @Test(arguments: alphabets.indices)
    func `every range of text leads back to the bytes that it was read from`(
        place: Int
    ) throws {
        let (encoding, letters) = Self.alphabets[place]
        var numbers = Numbers(seed: UInt64(place) + 7)
        for _ in 0..<40 {
            let chosen = (0..<numbers.next(below: 300)).map { _ in
                letters[numbers.next(below: letters.count)]
            }
            let read = try page(chosen.flatMap(\.1), encoding)
            #expect(read.text.elementsEqual(chosen.map(\.0).joined().utf8))
            let start = numbers.next(below: chosen.count + 1)
            let end = start + numbers.next(below: chosen.count - start + 1)
            let lower = chosen[..<start].reduce(0) { $0 + $1.0.utf8.count }
            let upper = lower + chosen[start..<end].reduce(0) { $0 + $1.0.utf8.count }
            let range = read.source(of: lower..<upper)
            let bytes = chosen[start..<end].flatMap(\.1)
            if encoding == .iso2022JP {
                // An escape sequence may stand on either side of the range.
                let exact = chosen[..<start].reduce(0) { $0 + $1.1.count }
                let slack = abs(range.lowerBound - exact) + abs(range.count - bytes.count)
                #expect(slack <= 6)
            } else {
                #expect(Array(read.capture.bytes[range]) == bytes)
            }
        }
    }

    @Test func `a cut within a character takes all of it`() throws {
        let read = try page([0x61, 0x93, 0xfa, 0x62], .shiftJIS)
        #expect(read.text == Array("a日b".utf8))
        #expect(read.source(of: 2..<3) == 1..<3)
        #expect(read.source(of: 0..<2) == 0..<3)
        #expect(read.source(of: 3..<5) == 1..<4)
        #expect(read.source(of: 9..<12) == 4..<4)
    }

    @Test(arguments: Charset.Encoding.allCases.filter { $0 != .replacement })
    func `random bytes are text in every encoding, with a way back`(
        encoding: Charset.Encoding
    ) throws {
        var numbers = Numbers(seed: 41)
        let escapes: [[UInt8]] = [
            [0x1b, 0x24, 0x42], [0x1b, 0x28, 0x4a], [0x1b, 0x28, 0x49], [0x1b],
        ]
        for round in 0..<16 {
            var bytes: [UInt8] = []
            let count = numbers.next(below: 400)
            while bytes.count < count {
                switch numbers.next(below: 8) {
                case 0 where round % 2 == 0: bytes += escapes[numbers.next(below: 4)]
                case 1, 2, 3: bytes.append(UInt8(0x20 + numbers.next(below: 0x60)))
                case 4, 5: bytes.append(UInt8(0x80 + numbers.next(below: 0x80)))
                default: bytes.append(UInt8(numbers.next(below: 256)))
                }
            }
            let read = try page(bytes, encoding)
            try #require(String(validating: read.text, as: UTF8.self) != nil)
            #expect(read.malformed <= bytes.count)
            let ranges = (0..<read.text.count).map { read.source(of: $0..<($0 + 1)) }
            #expect(ranges.allSatisfy { !$0.isEmpty && $0.upperBound <= bytes.count })
            #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound })
            #expect(read.source(of: 0..<read.text.count).upperBound == bytes.count || bytes.isEmpty)
        }
    }

    @Test func `the whole way from random bytes to a page never ends in a trap`() throws {
        var numbers = Numbers(seed: 97)
        let labels = Charset.Encoding.labels.flatMap { $0.1.split(separator: " ") }
        for _ in 0..<400 {
            let label = labels[numbers.next(below: labels.count)]
            let text = (0..<numbers.next(below: 200)).map { _ in
                UInt8(0x20 + numbers.next(below: 0xe0))
            }
            var capture = Capture(
                name: [], bytes: Array("<meta charset=\(label)>".utf8) + text)
            if numbers.next(below: 3) == 0 {
                let other = labels[numbers.next(below: labels.count)]
                capture.mediaType = "text/html; charset=\(other)"
            }
            let read = try Charset.page(of: capture)
            #expect(String(validating: read.text, as: UTF8.self) != nil)
        }
    }
}
