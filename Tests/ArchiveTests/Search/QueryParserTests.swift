import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct QueryParserTests {
    private static func words(_ text: String..., in field: Query.Field? = nil) -> Query {
        .words(field, text, isPrefix: false)
    }

    private static func dates(_ since: String?, _ until: String?) -> Query? {
        DateRange(since: since, until: until).map { .filter(.published($0)) }
    }

    @Test func `each construct is read`() throws {
        let ferry = Self.words("ferry")
        let cases: [(String, [Query?])] = [
            ("", []), ("   \t\n", []), ("ferry", [ferry]), ("ferry AND ferry", [ferry, ferry]),
            ("ferry\tquay\nferry", [ferry, Self.words("quay"), ferry]),
            ("\"old ferry\"", [Self.words("old", "ferry")]),
            ("fer*", [.words(nil, ["fer"], isPrefix: true)]),
            ("\"old fer\"*", [.words(nil, ["old", "fer"], isPrefix: true)]),
            ("-ferry", [.not(ferry)]), ("- ferry", [ferry]), ("ferry -", [ferry]),
            ("-\"old ferry\"", [.not(Self.words("old", "ferry"))]),
            ("-by:moss", [.not(Self.words("moss", in: .by))]),
            ("ferry OR quay", [.any([ferry, Self.words("quay")])]),
            ("ferry\tOR\nquay", [.any([ferry, Self.words("quay")])]),
            (
                "a OR b OR c d",
                [
                    .any([Self.words("a"), Self.words("b"), Self.words("c")]), Self.words("d"),
                ]
            ),
            ("ferry or quay", [ferry, Self.words("or"), Self.words("quay")]),
            ("ORANGE", [Self.words("ORANGE")]),
            ("NOT NEAR", [Self.words("NOT"), Self.words("NEAR")]),
            ("headline:ferry", [Self.words("ferry", in: .headline)]),
            ("HeadLine:ferry", [Self.words("ferry", in: .headline)]),
            ("in:\"lantern quay\"", [Self.words("lantern", "quay", in: .in)]),
            ("said:o'neill", [Self.words("o", "neill", in: .said)]),
            ("outlet:a", [Self.words("a", in: .outlet)]),
            ("section:a*", [.words(.section, ["a"], isPrefix: true)]),
            ("10:30", [Self.words("10", "30")]), ("http://quay", [Self.words("http", "quay")]),
            ("ferry:", [ferry]), ("!!!", []), ("ferry ?? quay", [ferry, Self.words("quay")]),
            ("url:/2016/05", [.filter(.url("/2016/05"))]),
            ("url:News/a?b", [.filter(.url("News/a?b"))]), ("url:\"a b\"", [.filter(.url("a b"))]),
            ("-url:a", [.not(.filter(.url("a")))]), ("has:QUOTE", [.filter(.has(.quote))]),
            ("has:correction has:related", [.filter(.has(.correction)), .filter(.has(.related))]),
            ("date:2017", [Self.dates("2017", "2017")]),
            ("date:2016-11..2017-01", [Self.dates("2016-11", "2017-01")]),
            ("date:2016..", [Self.dates("2016", nil)]), ("date:..2016", [Self.dates(nil, "2016")]),
            ("date:2016-05-04T09:30", [Self.dates("2016-05-04T09:30", "2016-05-04T09:30")]),
            ("date:\"2016-05-04 09:30\"", [Self.dates("2016-05-04T09:30", "2016-05-04T09:30")]),
        ]
        for (text, parts) in cases {
            #expect(try QueryParser.query(text) == .all(parts.compactMap(\.self)), "\(text)")
            #expect(parts.allSatisfy { $0 != nil }, "\(text)")
        }
    }

    @Test(arguments: [
        ("OR ferry", 0, "a word before OR"), ("a OR OR b", 5, "a word before OR"),
        ("ferry OR", 8, "a word after OR"), ("ferry OR ??", 11, "a word after OR"),
        ("ferry \"old", 6, "a closing quotation mark"), ("in:\"a", 3, "a closing quotation mark"),
        ("é nowhere:x", 3, "one of the fields"), ("-nowhere:x", 1, "one of the fields"),
        ("url:\"\"", 4, "something after url:"), ("date:tomorrow", 5, "a date as 2017"),
        ("date:2017-1", 5, "a date as 2017"), ("date:..", 5, "a date as 2017"),
        ("date:2017..x", 5, "a date as 2017"), ("has:money", 4, "one of quote, image"),
        ("a OR date:2017", 5, "words on both sides"), ("has:quote OR a", 13, "words on both sides"),
        ("-a OR b", 6, "words on both sides"), ("a OR -b", 5, "words on both sides"),
        ("a OR -has:quote", 5, "words on both sides"),
    ])
    func `what cannot be read is told with its place`(
        _ text: String, _ offset: Int, _ expected: String
    ) {
        let failure = #expect(throws: Failure.self) { try QueryParser.query(text) }
        #expect(failure?.code == .querySyntax)
        let data = JSON.object(failure?.data ?? [])
        #expect(data["offset"]?.int == offset)
        #expect(data["expected"]?.string?.hasPrefix(expected) == true)
        #expect(failure?.message.contains("byte \(offset)") == true)
    }

    @Test func `a query has a bound`() throws {
        let most = Array(repeating: "a", count: QueryParser.termLimit).joined(separator: " ")
        guard case .all(let parts) = try QueryParser.query(most) else { return }
        #expect(parts.count == QueryParser.termLimit)
        #expect(throws: Failure.self) { try QueryParser.query(most + " a") }
    }

    @Test(arguments: [
        ("2017", "2017", "2017~"), ("2017-01", "2017-01", "2017-01~"),
        ("2017-01-26", "2017-01-26", "2017-01-26~"),
        ("2017-01-26T10:00:31Z", "2017-01-26T10:00", "2017-01-26T10:00~"),
    ])
    func `a bound counts whole`(_ text: String, _ from: String, _ to: String) {
        #expect(DateRange(since: text, until: nil)?.from == from)
        #expect(DateRange(since: text, until: nil)?.to == nil)
        #expect(DateRange(since: nil, until: text)?.to == to)
    }

    @Test(arguments: ["", "17", "20170126", "2017/01/26", "2017-01-26T10", "abcd", "２０１７"])
    func `other texts are no date`(_ text: String) {
        #expect(DateRange(since: text, until: nil) == nil)
        #expect(DateRange(since: nil, until: text) == nil)
    }

    @Test func `no bytes trap`() {
        var random = Seeded(state: 7)
        let pieces = [
            "\"", "*", "-", ":", "OR", "AND", " ", "\t", "\0", "..", "date:", "url:", "has:", "in:",
            "2017", "é", "\u{301}", "\u{E000}", "𝔣", "(", ")", "^", "{", "}", "+", "NEAR(",
        ]
        for _ in 0..<10_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                if Bool.random(using: &random) {
                    bytes += Array(pieces.randomElement(using: &random)?.utf8 ?? "".utf8)
                } else {
                    bytes.append(UInt8.random(in: 0...255, using: &random))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let query = try? QueryParser.query(text) else { continue }
            let match = SearchStatement(query).match ?? ""
            // Outside the quotation marks stand nothing but our own words.
            let outside = match.utf8.split(
                separator: UInt8(ascii: "\""), omittingEmptySubsequences: false
            ).enumerated().filter { $0.offset.isMultiple(of: 2) }.flatMap(\.element)
            #expect(outside.allSatisfy { Self.grammar.contains($0) }, "\(text)")
        }
    }

    private static let grammar = Set("abcdefghijklmnopqrstuvwxyz{}:()*ANDOR ".utf8)
}

/// Numbers that are the same in every run (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
