import ArchiveProtocol
import Glibc
import Testing

@testable import Archive

/// A query that is written and read again, and queries made of anything.
@Suite struct QueryTextTests {
    private static let clock = WallClock(seconds: 1_485_443_640)

    @Test(arguments: [
        ("Ferry  STRIKE", "ferry strike"), ("a AND b OR c", "a b OR c"),
        ("(a b) OR c", "(a b) OR c"), ("(a OR b) (c)", "a OR b c"), ("NOT (a OR b)", "-(a OR b)"),
        ("NOT NOT a", "-(-a)"), ("NOT (a b)", "-(a b)"), ("\"O'Neill bo\"*", "\"o neill bo\"*"),
        ("NEAR(mayor budget)", "\"mayor budget\"~10"), ("by:Moss~1", "by:moss~"),
        ("headline:(a OR b c)", "headline:a OR headline:b headline:c"), ("place:a", "in:a"),
        ("date:2016..2016", "date:2016"), ("date:yesterday..", "date:2017-01-25.."),
        ("date:<=2016", "date:..2016"), ("date:<2016", "date:<2016"), ("date:>2016", "date:>2016"),
        ("date:2016-01..2017", "date:2016-01..2017"), ("url:\"a b\"", "url:\"a b\""),
        ("url:\"//a\"", "url:\"//a\""), ("url:a(b)", "url:\"a(b)\""), ("lang:pt-BR", "lang:pt-br"),
        ("has:(image OR embed)", "has:image OR has:embed"),
        ("by.confidence:LOW", "by.confidence:low"),
        ("", ""),
    ])
    func `a query is written in one form`(_ text: String, _ canonical: String) throws {
        let query = try QueryParser.query(text, clock: Self.clock)
        #expect(query.description == canonical)
        #expect(try QueryParser.query(canonical, clock: Self.clock) == query)
    }

    @Test func `whatever is read can be written and read again, and no bytes trap`() {
        var random = Seeded(state: 7)
        var count = 0
        for _ in 0..<40_000 {
            let text = Self.text(using: &random)
            do throws(Failure) {
                let query = try QueryParser.query(text, clock: Self.clock)
                let again = try? QueryParser.query(query.description, clock: Self.clock)
                #expect(again == query, "\(text) is written \(query)")
                count += query == .all([]) ? 0 : 1
            } catch {
                let offset = JSON.object(error.data)["offset"]?.int ?? -1
                #expect((0...text.utf8.count).contains(offset), "\(text)")
                #expect(error.code == .querySyntax && error.hint != nil)
            }
        }
        #expect(count > 10_000)
    }

    private static let pieces = [
        "\"", "*", "-", ":", "OR", "AND", " ", "\t", "\0", "..", "date:", "url:", "has:", "in:",
        "2017", "é", "\u{301}", "\u{E000}", "𝔣", "(", ")", "^", "{", "}", "+", "NEAR(", "~", "~2",
        ", 3)", "NOT ", "state:", "lang:", "by.confidence:", "low", ">", "<=", "today", "-2d", "//",
    ]
    private static let parts = [
        "ferry", "Quay*", "\"old ferry\"", "\"Old fer\"*", "mayor~", "\"a b\"~4", "NEAR(x y, 2)",
        "by:moss", "-storm", "date:2016..", "url:/a", "has:quote", "-(", "(", "headline:(", ")",
        ")",
        "OR", "OR", "AND", "NOT", "??", "lang:en", "date:<2017", "said:\"jo reed\"~", "stem:runs",
        "by:stem:(",
    ]

    /// Bytes at random, or parts of queries at random.
    private static func text(using random: inout Seeded) -> String {
        var bytes: [UInt8] = []
        let isWhole = Bool.random(using: &random)
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            if isWhole {
                bytes += Array((parts.randomElement(using: &random) ?? "").utf8) + [0x20]
            } else if Bool.random(using: &random) {
                bytes += Array((pieces.randomElement(using: &random) ?? "").utf8)
            } else {
                bytes.append(UInt8.random(in: 0...255, using: &random))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a folded word stays as it is`() {
        for scalar in (UInt32(0)...0x2FFFF).lazy.compactMap(Unicode.Scalar.init) {
            let words = WordSplitter.words("a\(scalar)b").map {
                String(decoding: $0, as: UTF8.self)
            }
            let again = WordSplitter.words(words.joined(separator: " "))
            #expect(again.map { String(decoding: $0, as: UTF8.self) } == words, "\(scalar.value)")
        }
    }

    @Test(arguments: [
        "a", "(", "-", "\"", "NEAR(", "a~", "url:(", "~1", "OR ", "a:", "\u{301}", ")", "a OR (",
        "? ",
    ])
    func `the time to read a query grows as its length`(_ unit: String) {
        func time(_ count: Int) -> Duration {
            let text = String(repeating: unit, count: count)
            var start = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            _ = try? QueryParser.query(text, clock: Self.clock)
            var end = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            return .seconds(end.tv_sec - start.tv_sec)
                + .nanoseconds(end.tv_nsec - start.tv_nsec)
        }
        // A quadratic reader would take 256 times as long for 16 times as much.
        #expect(time(160_000) < max(time(10_000), .milliseconds(2)) * 64, "\(unit)")
    }
}
