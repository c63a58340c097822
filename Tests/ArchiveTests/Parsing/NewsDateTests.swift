import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// Dates as they are printed, and what is claimed of them.
struct NewsDateTests {
    private func read(_ text: String, zone: String? = nil) -> NewsDate? {
        let style = zone.map {
            HouseStyle(outlet: "The Paper", timeZone: TimeZone(identifier: $0))
        }
        return NewsDateReader.read(text, source: "byline", style: style)
    }

    @Test(arguments: [
        ("January 26, 2017 3:14pm", "2017-01-26T15:14"),
        ("January 26, 2017\u{A0}3:14pm\u{A0}", "2017-01-26T15:14"),
        ("Jan. 26, 2017 at 12:05 a.m.", "2017-01-26T00:05"),
        ("Thursday, January 26, 2017 | 12pm", "2017-01-26T12:00"),
        ("Published: 26 January 2017 15:14", "2017-01-26T15:14"),
        ("Updated on January 26, 2017 3:14 p.m. EST", "2017-01-26T15:14-05:00"),
        ("26. Januar 2017, 15:14 Uhr", "2017-01-26T15:14"),
        ("26. Januar 2017 um 15.14 Uhr", "2017-01-26T15:14"),
        ("26.01.2017", "2017-01-26"),
        ("le 26 janvier 2017 à 15h14", "2017-01-26T15:14"),
        ("1er février 2017", "2017-02-01"),
        ("26 de enero de 2017", "2017-01-26"),
        ("2017-01-26", "2017-01-26"),
        ("2017-01-26T15:14:09Z", "2017-01-26T15:14:09Z"),
        ("2017-01-26T15:14:09.123+01:00", "2017-01-26T15:14:09+01:00"),
        ("2017-01-26 15:14", "2017-01-26T15:14"),
        ("20170126", "2017-01-26"),
        ("Thu, 26 Jan 2017 15:14:00 -0500", "2017-01-26T15:14:00-05:00"),
        ("Thu, 26 Jan 2017 15:14:00 GMT", "2017-01-26T15:14:00+00:00"),
        ("July 4, 2016 9:00am ET", "2016-07-04T09:00-04:00"),
        ("31/12/2016", "2016-12-31"),
        ("January 2017", "2017-01"),
        ("2017", "2017"),
    ])
    func `a printed date is read with what it tells and no more`(text: String, value: String) {
        #expect(read(text)?.value == value)
    }

    @Test(arguments: [
        "February 30, 2017", "February 29, 2015", "January 26, 1500", "January 26, 2201",
        "2017-13-01", "2017-00-10", "January 32, 2017", "January 26, 2017 25:00",
        "January 26, 2017 13:00pm", "03/04/2016", "26 apples 2017", "by the river", "", "3:14pm",
        "January 26", "12345678901234567890", "2017 2018",
    ])
    func `what is no date, or no certain one, is not read`(text: String) {
        #expect(read(text) == nil)
    }

    @Test(arguments: [
        ("January 26, 2017 3:14pm", "2017-01-26T15:14-05:00"),
        ("July 4, 2016 9:00am", "2016-07-04T09:00-04:00"),
        ("March 13, 2016 1:59am", "2016-03-13T01:59-05:00"),
        ("March 13, 2016 3:00am", "2016-03-13T03:00-04:00"),
        ("03/04/2016", "2016-03-04"),
        ("July 4, 2016", "2016-07-04"),
    ])
    func `the style's clocks give the offset`(text: String, value: String) {
        #expect(read(text, zone: "America/New_York")?.value == value)
    }

    @Test func `precision is that of the text`() {
        #expect(read("2017")?.precision == .year)
        #expect(read("January 2017")?.precision == .month)
        #expect(read("January 26, 2017")?.precision == .day)
        #expect(read("January 26, 2017 3:14pm")?.precision == .minute)
        #expect(read("2017-01-26T15:14:09Z")?.precision == .second)
    }
}
