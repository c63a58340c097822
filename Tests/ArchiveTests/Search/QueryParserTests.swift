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

    private static func near(_ text: String..., within: Int, in field: Query.Field? = nil) -> Query
    {
        .near(field, text, within: within)
    }

    private static func check(_ cases: [(String, [Query?])]) throws {
        let clock = WallClock(seconds: 1_485_443_640)
        for (text, parts) in cases {
            let query = try QueryParser.query(text, clock: clock)
            #expect(query == .all(parts.compactMap(\.self)), "\(text)")
            #expect(parts.allSatisfy { $0 != nil }, "\(text)")
        }
    }

    private static let (a, b, c, d) = (words("a"), words("b"), words("c"), words("d"))
    private static let (ferry, quay) = (words("ferry"), words("quay"))

    @Test func `words and phrases are read`() throws {
        let ferry = Self.ferry
        try Self.check([
            ("", []), ("   \t\n", []), ("ferry", [ferry]), ("ferry AND ferry", [ferry, ferry]),
            ("ferry\tquay\nferry", [ferry, Self.quay, ferry]), ("FÉRRY", [ferry]),
            ("\"old ferry\"", [Self.words("old", "ferry")]),
            ("fer*", [.words(nil, ["fer"], isPrefix: true)]),
            ("\"old fer\"*", [.words(nil, ["old", "fer"], isPrefix: true)]),
            ("-ferry", [.not(ferry)]), ("NOT ferry", [.not(ferry)]), ("- ferry", [ferry]),
            ("ferry -", [ferry]), ("-\"old ferry\"", [.not(Self.words("old", "ferry"))]),
            ("-by:moss", [.not(Self.words("moss", in: .by))]),
            ("ferry or quay", [ferry, Self.words("or"), Self.quay]),
            ("ORANGE", [Self.words("orange")]),
            ("\"NOT\" \"OR\"", [Self.words("not"), Self.words("or")]),
            ("o'neill", [Self.words("o", "neill")]), ("10:30", [Self.words("10", "30")]),
            ("http://quay", [Self.words("http", "quay")]), ("ferry:", [ferry]), ("!!!", []),
            ("ferry ?? quay", [ferry, Self.quay]),
        ])
    }

    @Test func `OR binds more tightly than the space, parentheses more than both`() throws {
        let (a, b, c, d) = (Self.a, Self.b, Self.c, Self.d)
        try Self.check([
            ("ferry OR quay", [.any([Self.ferry, Self.quay])]),
            ("ferry\tOR\nquay", [.any([Self.ferry, Self.quay])]),
            ("a OR b OR c d", [.any([a, b, c]), d]), ("a OR b c", [.any([a, b]), c]),
            ("a AND b OR c", [a, .any([b, c])]), ("a OR (b c)", [.any([a, .all([b, c])])]),
            ("(a b) OR (c d)", [.any([.all([a, b]), .all([c, d])])]),
            ("(a OR b) OR c", [.any([a, b, c])]), ("((a)) (b c)", [a, b, c]),
            ("-(a b)", [.not(.all([a, b]))]), ("-(a OR b)", [.not(.any([a, b]))]),
            ("NOT NOT a", [.not(.not(a))]), ("-(-a)", [.not(.not(a))]),
            ("a OR -b", [.any([a, .not(b)])]), ("NOT a OR b", [.any([.not(a), b])]),
            ("a NOT b", [a, .not(b)]), ("a AND NOT (b OR c)", [a, .not(.any([b, c]))]),
            ("a(b OR c)d", [a, .any([b, c]), d]),
            (
                "(a OR date:2017)b",
                [
                    .any([a, Self.dates("2017", "2017") ?? a]), b,
                ]
            ),
            ("has:image OR a", [.any([.filter(.has(.image)), a])]),
        ])
    }

    @Test func `misspelt words and words near each other are read`() throws {
        try Self.check([
            ("ferry~", [.fuzzy(nil, "ferry", edits: 1)]),
            ("by:Moss~2", [.fuzzy(.by, "moss", edits: 2)]),
            ("ferry~1", [.fuzzy(nil, "ferry", edits: 1)]),
            ("~5", [Self.words("5")]), ("a~b", [Self.words("a", "b")]), ("~", []),
            ("\"mayor budget\"~5", [Self.near("mayor", "budget", within: 5)]),
            ("\"mayor budget\"~", [Self.near("mayor", "budget", within: 10)]),
            ("NEAR(mayor budget, 5)", [Self.near("mayor", "budget", within: 5)]),
            ("NEAR( Mayor,  budget , 05 )", [Self.near("mayor", "budget", within: 5)]),
            ("NEAR(mayor budget)", [Self.near("mayor", "budget", within: 10)]),
            ("headline:NEAR(a b, 0)", [Self.near("a", "b", within: 0, in: .headline)]),
            ("-\"a b a\"~3", [.not(Self.near("a", "b", within: 3))]),
            ("NEAR(a a, 3)", [Self.a]), ("\"a\"~3", [Self.a]), ("\"\"~3", []),
            ("NEAR a", [Self.words("near"), Self.a]),
        ])
    }

    @Test func `fields are read, for one word or for parentheses`() throws {
        try Self.check([
            ("headline:ferry", [Self.words("ferry", in: .headline)]),
            ("HeadLine:ferry", [Self.words("ferry", in: .headline)]),
            ("in:\"lantern quay\"", [Self.words("lantern", "quay", in: .in)]),
            ("place:quay", [Self.words("quay", in: .in)]),
            ("said:o'neill", [Self.words("o", "neill", in: .said)]),
            ("outlet:a", [Self.words("a", in: .outlet)]),
            ("section:a*", [.words(.section, ["a"], isPrefix: true)]),
            (
                "headline:(a OR \"b c\" -d)",
                [
                    .any([Self.words("a", in: .headline), Self.words("b", "c", in: .headline)]),
                    .not(Self.words("d", in: .headline)),
                ]
            ),
            ("-by:(a OR b)", [.not(.any([Self.words("a", in: .by), Self.words("b", in: .by)]))]),
            ("has:(quote OR image)", [.any([.filter(.has(.quote)), .filter(.has(.image))])]),
            ("by:in:a", [Self.words("in", "a", in: .by)]),
        ])
    }

    @Test func `words in any of their forms are read`() throws {
        try Self.check([
            ("stem:Running", [.stem(nil, "running")]), ("-stem:run", [.not(.stem(nil, "run"))]),
            ("headline:stem:run", [.stem(.headline, "run")]),
            (
                "by:stem:(run OR walk)", [.any([.stem(.by, "run"), .stem(.by, "walk")])]
            ),
            ("by:stem", [Self.words("stem", in: .by)]),
        ])
    }

    @Test func `conditions are read`() throws {
        try Self.check([
            ("url:/2016/05", [.filter(.url("/2016/05"))]), ("url:a_(b)", [.filter(.url("a_(b)"))]),
            ("url:News/a?b", [.filter(.url("News/a?b"))]), ("url:\"a b\"", [.filter(.url("a b"))]),
            ("(url:a)", [.filter(.url("a"))]), ("-url:a", [.not(.filter(.url("a")))]),
            ("has:QUOTE", [.filter(.has(.quote))]),
            ("has:correction has:related", [.filter(.has(.correction)), .filter(.has(.related))]),
            ("state:corrected", [.filter(.state(.corrected))]),
            ("state:Updated", [.filter(.state(.updated))]),
            ("lang:pt-BR", [.filter(.language("pt-br"))]),
            ("date.confidence:low", [.filter(.confidence(.date, .low))]),
            (
                "BY.Confidence:(medium OR high)",
                [
                    .any([.filter(.confidence(.by, .medium)), .filter(.confidence(.by, .high))])
                ]
            ),
        ])
    }

    @Test func `dates are read, by the clock where they are told from now`() throws {
        // Thursday, 26 January 2017, 15:14 on the clock that is handed in.
        let minute = "2017-01-26T15:14"
        try Self.check([
            ("date:2017", [Self.dates("2017", "2017")]),
            ("date:2016-11..2017-01", [Self.dates("2016-11", "2017-01")]),
            ("date:2016..", [Self.dates("2016", nil)]), ("date:..2016", [Self.dates(nil, "2016")]),
            ("date:2016-05-04T09:30", [Self.dates("2016-05-04T09:30", "2016-05-04T09:30")]),
            ("date:\"2016-05-04 09:30\"", [Self.dates("2016-05-04T09:30", "2016-05-04T09:30")]),
            ("date:>=2016-02", [Self.dates("2016-02", nil)]),
            ("date:<=2016-02-29", [Self.dates(nil, "2016-02-29")]),
            ("date:>2016", [DateRange(after: "2016").map { .filter(.published($0)) }]),
            ("date:<2016", [DateRange(before: "2016").map { .filter(.published($0)) }]),
            ("date:today", [Self.dates("2017-01-26", "2017-01-26")]),
            ("date:yesterday", [Self.dates("2017-01-25", "2017-01-25")]),
            ("date:tomorrow", [Self.dates("2017-01-27", "2017-01-27")]),
            ("date:-3d..", [Self.dates("2017-01-23", nil)]),
            ("date:..now", [Self.dates(nil, minute)]),
            ("date:\"2 weeks ago\"..yesterday", [Self.dates("2017-01-12", "2017-01-25")]),
            ("date:\"2 weeks ago .. now\"", [Self.dates("2017-01-12", minute)]),
            ("date:>-36h", [DateRange(after: "2017-01-25T03:14").map { .filter(.published($0)) }]),
            (
                "date:(2016 OR today)",
                [
                    .any(
                        [Self.dates("2016", "2016"), Self.dates("2017-01-26", "2017-01-26")]
                            .compactMap(\.self))
                ]
            ),
        ])
    }

    @Test(arguments: [
        ("OR ferry", 0, "a word before OR"), ("a OR OR b", 5, "a word before OR"),
        ("ferry OR", 8, "a word after OR"), ("ferry OR ??", 11, "a word after OR"),
        ("a OR AND b", 5, "a word after OR"), ("a AND OR b", 6, "a word before OR"),
        ("AND a", 0, "a word before AND"), ("a AND", 5, "a word after AND"),
        ("a AND AND b", 6, "a word before AND"), ("(a OR) b", 5, "a word after OR"),
        ("NOT", 3, "a word after NOT"), ("NOT OR", 4, "a word after NOT"),
        ("(NOT) a", 4, "a word after NOT"),
        ("(a", 0, "a closing parenthesis"), ("a (b (c)", 2, "a closing parenthesis"),
        ("a)", 1, "an opening parenthesis"), ("a ()", 3, "a word in the parentheses"),
        ("(!)", 2, "a word in the parentheses"),
        ("ferry \"old", 6, "a closing quotation mark"), ("in:\"a", 3, "a closing quotation mark"),
        ("é nowhere:x", 3, "one of the fields"), ("-nowhere:x", 1, "one of the fields"),
        ("url.confidence:low", 0, "one of the fields"), ("by:?", 0, "a word after by:"),
        ("by:(a in:b)", 6, "no other field: by: holds"), ("by:(a has:b)", 6, "no other field"),
        ("url:\"\"", 4, "something after url:"), ("date:someday", 5, "a date as 2017"),
        ("date:2017-1", 5, "a date as 2017"), ("date:..", 5, "a date as 2017"),
        ("date:2017..x", 5, "a date as 2017"), ("date:2017-13", 5, "a date as 2017"),
        ("date:2017-02-29", 5, "a date as 2017"), ("date:>", 5, "a date as 2017"),
        ("date:-9999999y", 5, "a date as 2017"), ("date:-3000y", 5, "a date as 2017"),
        ("date:2017..2016", 5, "the earlier date"), ("has:money", 4, "one of quote, image"),
        ("state:withdrawn", 6, "a state that can"), ("state:new", 6, "one of corrected, updated"),
        ("lang:e_n", 5, "a tag of a language"), ("by.confidence:rival", 14, "one of low, medium"),
        ("ferry~3", 6, "1 or 2 after ~"), ("o'neill~", 0, "a single whole word"),
        ("fer*~", 0, "a single whole word"), ("\"a b\"~12345", 6, "a number of words"),
        ("NEAR(a b", 0, "a closing parenthesis"), ("NEAR(a \"b\", 5)", 7, "whole words alone"),
        ("NEAR(a b, c)", 10, "how many words"), ("NEAR(a b,)", 9, "a number of words"),
        ("NEAR(, 5)", 5, "words in NEAR"), ("stem:o'neill", 5, "a single word after stem:"),
        ("stem:*", 0, "a word after stem:"),
    ])
    func `what cannot be read is told with its place`(
        _ text: String, _ offset: Int, _ expected: String
    ) {
        let failure = #expect(throws: Failure.self, "\(text)") { try QueryParser.query(text) }
        #expect(failure?.code == .querySyntax && failure?.hint != nil)
        let data = JSON.object(failure?.data ?? [])
        #expect(data["offset"]?.int == offset, "\(text)")
        #expect(data["expected"]?.string?.hasPrefix(expected) == true, "\(text)")
        #expect(failure?.message.contains("byte \(offset)") == true)
    }

    @Test(arguments: ["a", "date:2017", "-a", "by:(a)", "a~", "\"a a\"", "NEAR(a b)"])
    func `a query has a bound on words and conditions`(_ unit: String) throws {
        let own = unit == "\"a a\"" || unit == "NEAR(a b)" ? 2 : 1
        let most = Array(repeating: unit, count: QueryParser.termLimit / own)
        let text = most.joined(separator: " ")
        guard case .all(let parts) = try QueryParser.query(text) else { return }
        #expect(parts.count == most.count)
        #expect(throws: Failure.self) { try QueryParser.query(text + " a") }
        let phrase = String(repeating: "a ", count: QueryParser.termLimit)
        #expect(try QueryParser.query("\"\(phrase)\"") != .all([]))
        #expect(throws: Failure.self) { try QueryParser.query("\"\(phrase) a\"") }
    }

    @Test(arguments: [("(", ")"), ("-(", ")"), ("NOT ", ""), ("(a OR -(b ", "))")])
    func `a query has a bound on its depth`(_ open: String, _ close: String) throws {
        func text(_ count: Int) -> String {
            String(repeating: open, count: count) + "c" + String(repeating: close, count: count)
        }
        let most = QueryParser.depthLimit / max(1, open.count { $0 == "(" })
        #expect(try QueryParser.query(text(most)) != .all([]))
        let failure = #expect(throws: Failure.self) { try QueryParser.query(text(most + 1)) }
        #expect(failure?.message.contains("within each other") == true)
        #expect(throws: Failure.self) { try QueryParser.query(text(100_000)) }
    }
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
