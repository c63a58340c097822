import Testing

@testable import Archive

/// One way of being broken after the other; the neighbours are read every time.
struct WebArchiveDamageTests {
    typealias Builder = WebArchiveBuilder

    private func page(_ name: String) -> String { "<html><p>\(name)</p></html>" }

    /// A broken archive, what is still read, and what is said of the rest.
    struct Broken: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var pages: [String]
        var refused: [Reason] = []
        var told: [Reason] = []
        /// The byte that the first of these names.
        var offset: Int?
    }

    private static let a = Builder.response("a")
    private static let b = Builder.response("b")
    private static let c = Builder.response("c")

    /// What is true of `b`.
    private static let length = Builder.http(Builder.html("b")).count

    private static func lied(_ length: String) -> [UInt8] {
        a + Builder.response("b", length: length) + c
    }

    private static let plain: [Broken] = [
        Broken(
            testDescription: "too short a length", bytes: lied("50"), pages: ["a", "c"],
            refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "a length into the next record", bytes: lied("200"),
            pages: ["a", "c"], refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "a length beyond the file", bytes: lied("90000"), pages: ["a", "c"],
            refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "a length of 2^63 - 1", bytes: lied("9223372036854775807"),
            pages: ["a", "c"], refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "a length past 2^64", bytes: lied("18446744073709551626"),
            pages: ["a", "c"], refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "a negative length", bytes: lied("-5"), pages: ["a", "c"],
            refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "a length of words", bytes: lied("very lengthy"), pages: ["a", "c"],
            refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "no length", bytes: lied(""), pages: ["a", "c"], refused: [.corrupt],
            offset: a.count),
        Broken(
            testDescription: "two lengths",
            bytes: a + Builder.response("b", fields: ["Content-Length: 7"]) + c,
            pages: ["a", "c"], refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "the same length twice",
            bytes: a + Builder.response("b", fields: ["Content-Length: \(length)"]) + c,
            pages: ["a", "b", "c"]),
        Broken(
            testDescription: "cut in the block", bytes: a + b.dropLast(20), pages: ["a"],
            refused: [.truncated], offset: (a + b).count - 20),
        Broken(
            testDescription: "cut in the head", bytes: a + b.prefix(60), pages: ["a"],
            refused: [.corrupt], offset: a.count),
        Broken(
            testDescription: "junk before", bytes: Array("junk\r\njunk\r\n".utf8) + a,
            pages: ["a"], told: [.corrupt], offset: 0),
        Broken(
            testDescription: "junk between", bytes: a + Array("junk\r\n\r\njunk\r\n".utf8) + b,
            pages: ["a", "b"], told: [.corrupt], offset: a.count),
        Broken(
            testDescription: "junk behind", bytes: a + [1, 2, 3, 0x0a, 5], pages: ["a"],
            told: [.corrupt], offset: a.count),
        Broken(
            testDescription: "no line ends between", bytes: a.dropLast(4) + b.dropLast(4) + c,
            pages: ["a", "b", "c"]),
        Broken(
            testDescription: "no line end at the end", bytes: a + b.dropLast(4),
            pages: ["a", "b"]),
        Broken(
            testDescription: "many line ends between", bytes: a + [0x0a, 0x0d, 0x0a, 0x0a] + b,
            pages: ["a", "b"]),
        Broken(
            testDescription: "a damaged line end", bytes: a.dropLast(1) + [0x58] + b,
            pages: ["a", "b"], told: [.corrupt]),
        Broken(
            testDescription: "a head without end",
            bytes: a + Array("WARC/1.0\r\nX: ".utf8) + [UInt8](repeating: 0x61, count: 2 << 20)
                + [0x0a] + b, pages: ["a", "b"], refused: [.corrupt], offset: a.count),
    ]

    @Test(arguments: plain)
    func `a broken WARC gives all but what is broken`(_ broken: Broken) throws {
        let opened = try Opened(broken.bytes, name: "crawl.warc")
        #expect(opened.pages == broken.pages.map(page))
        #expect(opened.refused == broken.refused)
        #expect(opened.reasons == broken.told)
        guard let offset = broken.offset else { return }
        let refusals = opened.members.compactMap { member -> Refusal? in
            if case .refused(let refusal) = member.content { refusal } else { nil }
        }
        #expect((refusals + opened.package.refusals).first?.offset == offset)
    }

    private static func flipped(_ bytes: [UInt8], at index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[index] ^= 0xff
        return bytes
    }

    private static let compressed: [Broken] = {
        let (a, b, c) = (Builder.gzip(Self.a), Builder.gzip(Self.b), Builder.gzip(Self.c))
        let zip = Builder.response("b", length: "90000")
        return [
            Broken(
                testDescription: "a wrong check sum",
                bytes: a + flipped(b, at: b.count - 6) + c, pages: ["a", "c"],
                refused: [.corrupt]),
            Broken(
                testDescription: "a damaged magic", bytes: a + flipped(b, at: 0) + c,
                pages: ["a", "c"], told: [.corrupt], offset: a.count),
            Broken(
                testDescription: "damage inside", bytes: a + flipped(b, at: 12) + c,
                pages: ["a", "c"], told: [.corrupt]),
            Broken(
                testDescription: "a member cut short", bytes: a + b.dropLast(40) + c,
                pages: ["a", "c"]),
            Broken(
                testDescription: "cut at the end", bytes: a + b + c.dropLast(10),
                pages: ["a", "b"], refused: [.truncated]),
            Broken(
                testDescription: "junk between", bytes: a + Array("junk".utf8) + b,
                pages: ["a", "b"], told: [.corrupt], offset: a.count),
            Broken(
                testDescription: "junk behind", bytes: a + b + Array("junk".utf8),
                pages: ["a", "b"], told: [.trailingData], offset: (a + b).count),
            Broken(
                testDescription: "zeros between", bytes: a + [0, 0, 0] + b, pages: ["a", "b"]),
            Broken(
                testDescription: "a length beyond its member", bytes: a + Builder.gzip(zip) + c,
                pages: ["a", "c"], refused: [.corrupt], offset: a.count),
            Broken(
                testDescription: "a member that is no record",
                bytes: a + Builder.gzip(Array("junk".utf8)) + c, pages: ["a", "c"],
                told: [.corrupt], offset: a.count),
            Broken(
                testDescription: "a record in two members",
                bytes: a + Builder.gzip(Array(Self.b.prefix(90)))
                    + Builder.gzip(Array(Self.b.dropFirst(90))) + c, pages: ["a", "b", "c"]),
        ]
    }()

    @Test(arguments: compressed)
    func `a broken compressed WARC gives all but what is broken`(_ broken: Broken) throws {
        let opened = try Opened(broken.bytes, name: "crawl.warc.gz")
        #expect(opened.pages == broken.pages.map(page))
        if broken.testDescription != "a member cut short" {
            #expect(opened.refused == broken.refused)
            #expect(opened.reasons == broken.told)
        } else {
            #expect(!opened.refused.isEmpty || !opened.reasons.isEmpty)
        }
        if let offset = broken.offset, broken.refused.isEmpty {
            #expect(opened.package.refusals.first?.offset == offset)
        }
    }

    @Test func `too many members end the reading`() throws {
        var limits = Limits()
        limits.members = 2
        let opened = try Opened(Self.a + Self.b + Self.c, limits: limits)
        #expect(opened.pages.count == 2)
        #expect(opened.reasons == [.entryCount])
    }

    @Test func `an archive of nothing but lies is read in bounded time`() throws {
        let lie = Builder.response("b", length: "400000")
        let bytes = Array(repeatElement(lie, count: 4000).joined())
        let opened = try Opened(bytes)
        #expect(opened.pages.isEmpty)
        #expect(!opened.refused.isEmpty)
    }

    /// A generator that gives the same numbers in every run (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
    }

    @Test(arguments: [Builder.Compression.none, .perRecord])
    func `whatever is broken, records that are whole are read`(
        _ compression: Builder.Compression
    ) throws {
        let names = ["a", "b", "c", "d", "e"]
        let records = names.map { name in
            let record = Builder.response(name)
            return compression == .none ? record : Builder.gzip(record)
        }
        let whole = Array(records.joined())
        var random = Seeded(state: 2017)
        for round in 0..<2000 {
            let start = Int.random(in: 0..<whole.count, using: &random)
            let count = min(Int.random(in: 1...8, using: &random), whole.count - start)
            var bytes = whole
            // A file whose magic number is gone is no gzip at all.
            if compression == .perRecord, start < 3 { continue }
            let way = Int.random(in: 0..<3, using: &random)
            switch way {
            case 0:
                for index in start..<(start + count) {
                    bytes[index] ^= UInt8.random(in: 1...255, using: &random)
                }
            case 1: bytes.removeSubrange(start..<(start + count))
            default: bytes.insert(contentsOf: bytes[start..<(start + count)], at: start)
            }
            let opened = try Opened(bytes, name: compression == .none ? "x.warc" : "x.warc.gz")
            var offset = 0
            for (name, record) in zip(names, records) {
                let range = offset..<(offset + record.count)
                offset = range.upperBound
                if range.overlaps(start..<(start + count)) { continue }
                #expect(
                    opened.pages.contains(page(name)),
                    "round \(round): \(name) is lost to damage \(way) of \(count) at \(start)")
            }
        }
    }
}
