import ArchiveProtocol
import Testing

@testable import Archive

@Suite struct DateRangeTests {
    @Test(arguments: [
        ("2017", "2017", "2017~"), ("2017-01", "2017-01", "2017-01~"),
        ("2017-01-26", "2017-01-26", "2017-01-26~"), ("2016-02-29", "2016-02-29", "2016-02-29~"),
        ("2017-01-26T10:00:31Z", "2017-01-26T10:00", "2017-01-26T10:00~"),
    ])
    func `a bound counts whole`(_ text: String, _ from: String, _ to: String) {
        #expect(DateRange(since: text, until: nil)?.from == from)
        #expect(DateRange(since: text, until: nil)?.to == nil)
        #expect(DateRange(since: nil, until: text)?.to == to)
        #expect(DateRange(after: text)?.from == to)
        #expect(DateRange(before: text)?.to == from)
    }

    @Test(arguments: [
        "", "17", "20170126", "2017/01/26", "2017-01-26T10", "abcd", "２０１７", "2017-00", "2017-13",
        "2017-02-29", "2017-04-31", "2017-01-00", "2017-01-26T24:00", "2017-01-26T10:60",
    ])
    func `other texts are no date`(_ text: String) {
        #expect(DateRange(since: text, until: nil) == nil)
        #expect(DateRange(since: nil, until: text) == nil)
        #expect(DateRange(after: text) == nil && DateRange(before: text) == nil)
    }

    @Test(arguments: [
        ("2016", "2017", false), ("2017", "2017", false), ("2017-05", "2017", false),
        ("2017", "2016", true), ("2017-05", "2017-04-30", true),
    ])
    func `a span that ends before it begins is empty`(
        _ since: String, _ until: String, _ isEmpty: Bool
    ) {
        #expect(DateRange(since: since, until: until)?.isEmpty == isEmpty)
    }

    @Test func `its keys take in what its texts do`() throws {
        let dates = [
            "2016", "2016-12", "2016-12-31T23:59", "2017", "2017-01", "2017-01-26", "2018",
        ]
        let ranges = try [
            #require(DateRange(since: "2016-12", until: "2017-01")),
            #require(DateRange(after: "2016")), #require(DateRange(before: "2017")),
            #require(DateRange(since: "2017", until: nil)),
        ]
        for range in ranges {
            for date in dates {
                let isIn =
                    range.from.map { date >= $0 } != false && range.to.map { date < $0 } != false
                let key = DateKey.key(date)
                #expect(
                    (key >= range.keys.from && key < range.keys.before) == isIn, "\(range) \(date)")
            }
            #expect(range.keys.from > DateKey.key(nil))
        }
    }

    @Test(arguments: [
        ("-2d", 172_800, true), ("-1w3d", 864_000, true), ("2 weeks ago", 1_209_600, true),
        ("-1h30min", 5400, false), ("3 hours ago", 10_800, false), ("-1d2h", 93_600, false),
        ("-1M", 2_629_800, true), ("-2m", 120, false),
    ])
    func `a span of time is read`(_ words: String, _ seconds: Int, _ isWholeDays: Bool) {
        let span = TimeSpan(ago: words)
        #expect(span?.seconds == seconds && span?.isWholeDays == isWholeDays)
    }

    @Test(arguments: [
        "", "-", "2d", " ago", "-2", "-d", "-2x", "-99999999d", "-9999999y9999999y", "--2d",
    ])
    func `other words are no span of time`(_ words: String) {
        #expect(TimeSpan(ago: words) == nil)
    }

    @Test func `days are told by the clock on the wall`() {
        let leap = WallClock(seconds: 1_456_790_340)
        #expect(leap.date("today") == "2016-02-29" && leap.date("now") == "2016-02-29T23:59")
        #expect(leap.date("tomorrow") == "2016-03-01" && leap.date("-1d") == "2016-02-28")
        #expect(leap.date("-1min") == "2016-02-29T23:58" && leap.date("someday") == nil)
        #expect(WallClock(seconds: 60).date("yesterday") == "1969-12-31")
    }
}
