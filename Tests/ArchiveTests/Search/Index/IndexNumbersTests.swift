import Testing

@testable import Archive

@Suite struct IndexNumbersTests {
    @Test(arguments: 0...32)
    func `packed numbers come back`(_ width: Int) {
        var random = Seeded(state: UInt64(width))
        let mask = width == 32 ? UInt32.max : 1 << UInt32(width) - 1
        let numbers = (0..<128).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) & mask
        }
        var bytes: [UInt8] = []
        BitPacking.pack(numbers, width: width, to: &bytes)
        #expect(bytes.count == 16 * width)
        var back = [UInt32](repeating: 7, count: 128)
        (bytes + [UInt8](repeating: 0xFF, count: 16)).withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            BitPacking.unpack(start, width: width, into: &back)
        }
        #expect(back == numbers)
        var run: [UInt8] = []
        numbers.withUnsafeBufferPointer { BitPacking.packRun($0, width: width, to: &run) }
        #expect(run.count == 16 * width)
        (run + [UInt8](repeating: 0xFF, count: 16)).withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            #expect((0..<128).map { BitPacking.number(start, width: width, at: $0) } == numbers)
        }
    }

    @Test func `gaps add up`() {
        var random = Seeded(state: 3)
        var gaps = (0..<128).map { _ in UInt32.random(in: 0...1000, using: &random) }
        var next: UInt32 = 12_345
        let expected = gaps.map { gap in
            defer { next += gap + 1 }
            return next + gap
        }
        BitPacking.addUp(&gaps, from: 12_345)
        #expect(gaps == expected)
    }

    @Test func `terms keep their numbers while their table grows`() {
        var table = TermTable()
        func number(_ word: String) -> UInt32 {
            let key = Array(word.utf8)
            return (key + [UInt8](repeating: 0xFF, count: 8)).withUnsafeBufferPointer { bytes in
                bytes.baseAddress.map {
                    table.number($0, key.count, TermTable.hash($0, key.count))
                } ?? .max
            }
        }
        // Some are beginnings of others, and some as long as the eight bytes that are compared.
        let words = (0..<20_000).map { String(repeating: "w", count: $0 % 19) + String($0) }
        let first = words.map(number)
        #expect(first == (0..<20_000).map { UInt32($0) })
        #expect(words.map(number) == first)
        #expect(table.count(of: 7) == 2)
        let sorted = table.sorted().map { String(decoding: table.bytes(of: $0), as: UTF8.self) }
        #expect(sorted == words.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) })
    }

    @Test func `the checksum is XXH64`() {
        // The values of the reference implementation.
        let known: [(Int, UInt64)] = [
            (0, 0xEF46_DB37_51D8_E999), (1, 0xE934_A84A_DB05_2768),
        ]
        for (count, hash) in known {
            let bytes = [UInt8](repeating: 0, count: count)
            #expect(bytes.withUnsafeBytes { XXHash64.hash($0) } == hash)
        }
        let text = Array("Nobody inspects the spammish repetition".utf8)
        #expect(text.withUnsafeBytes { XXHash64.hash($0) } == 0xFBCE_A83C_8A37_8BF1)
    }

    @Test func `lengths lose three hundredths at most`() {
        for length in 0..<40_000 {
            let kept = Norms.length(ofNorm: Norms.norm(ofLength: length))
            #expect(kept <= length && Double(length - kept) <= Double(length) * 0.06)
            if length < 32 { #expect(kept == length) }
        }
        #expect(Norms.norm(ofLength: .max) == 255)
        for norm in UInt8.min...UInt8.max {
            #expect(Norms.norm(ofLength: Norms.length(ofNorm: norm)) == norm)
        }
    }

    @Test func `dates sort as their texts do`() {
        let texts = [
            "1998", "2017", "2017-01", "2017-01-26", "2017-01-26T00:00", "2017-01-26T15:14-05:00",
            "2017-01-26T15:15", "2017-02", "2018-12-31T23:59",
        ]
        let keys = texts.map { DateKey.key($0) }
        #expect(keys == keys.sorted() && Set(keys).count == texts.count)
        #expect(DateKey.key(nil) == 0 && DateKey.key("") == 0)
        for text in texts.dropFirst().dropLast(2) where text != "2017" {
            #expect(DateKey.key("2017") < DateKey.key(text))
            #expect(DateKey.key(text) < DateKey.after("2017"))
        }
        #expect(DateKey.after("2017-01") <= DateKey.key("2017-02"))
        #expect(DateKey.year(keys[3]) == 2017 && DateKey.month(keys[3]) == 1)
        #expect(DateKey.month(keys[1]) == 0 && DateKey.month(keys[8]) == 12)
    }
}
