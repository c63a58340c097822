import Testing

@testable import Archive

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_485_443_640_005_999, "2017-01-26T15:14:00.005Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (-1_000_000, "1969-12-31T23:59:59.000Z"), (-1000, "1969-12-31T23:59:59.999Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
    ])
    func `an instant is written as RFC 3339`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).text == text)
    }

    @Test func `what is written is read back to the second`() {
        for seconds in stride(from: -3_000_000_000, to: 5_000_000_000, by: 98_765_431) {
            let time = Timestamp(microseconds: Int64(seconds) * 1_000_000)
            #expect(Timestamp(time.text) == time, "\(time.text)")
        }
        #expect(Timestamp("2017-01-26")?.text == "2017-01-26T00:00:00.000Z")
    }

    @Test(arguments: [
        "", "2017", "2017-13-01", "2017-00-10", "2017-01-32", "2017-02-30", "yesterday 1 2 3",
        "9223372036854775807-01-01", "2017-01-26T99:00:00Z", "2017-01-26T9223372036854775807:00Z",
        "2017-01-26T00:00:9223372036854775807Z", "2017-01-26T15:14:00+02:00", "20170126 01 02",
    ])
    func `no other text is an instant`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `days of four centuries come one after the other and back`() {
        var last = CivilDate(daysSince1970: -180_001)
        for day in -180_000...180_000 {
            let date = CivilDate(daysSince1970: day)
            let follows =
                date.year == last.year && date.month == last.month && date.day == last.day + 1
                || date.year == last.year && date.month == last.month + 1 && date.day == 1
                || date.year == last.year + 1 && date.month == 1 && date.day == 1
                    && last.month == 12 && last.day == 31
            if !follows || date.daysSince1970 != day || date.day > 31 {
                Issue.record("\(date.text) after \(last.text)")
            }
            last = date
        }
        #expect(CivilDate(daysSince1970: 17_192).text == "2017-01-26")
        #expect(CivilDate(year: 1900, month: 3, day: 1).daysSince1970 == -25_508)
        #expect(CivilDate(daysSince1970: -25_509) == CivilDate(year: 1900, month: 2, day: 28))
    }
}
