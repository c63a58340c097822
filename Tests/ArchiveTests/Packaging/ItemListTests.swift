import Testing

@testable import Archive

struct ItemListTests {
    private let rss = """
        <?xml version="1.0"?>
        <rss version="2.0"><channel><title>Gazette</title>
        <item><title>One / 1</title><guid isPermaLink="false">g1</guid></item>
        <item><link>http://gazette.example/2?a=1&amp;b=2</link><title>Two</title></item>
        <item><guid>http://gazette.example/3</guid></item>
        </channel></rss>
        """

    private func captures(_ opened: Opened) -> [Capture] {
        opened.members.compactMap {
            if case .capture(let capture) = $0.content { capture } else { nil }
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `each item of a feed is a member, with its own name, address and path`() throws {
        let opened = try Opened(Array(rss.utf8))
        #expect(opened.package.form == "feed")
        #expect(opened.package.members == 3)
        #expect(opened.reasons == [])
        let captures = captures(opened)
        #expect(
            captures.map { text($0.name) }
                == ["0001 One - 1", "0002 Two", "0003 http:--gazette.example-3"])
        #expect(captures.map(\.recordID) == ["g1", nil, "http://gazette.example/3"])
        #expect(
            captures.map(\.url)
                == [nil, "http://gazette.example/2?a=1&b=2", "http://gazette.example/3"])
        #expect(captures.allSatisfy { $0.captured == nil })
    }

    @Test func `a member is the feed with that one item, and is read as such again`() throws {
        let opened = try Opened(Array(rss.utf8))
        let second = try #require(captures(opened).dropFirst().first)
        #expect(
            text(second.bytes) == """
                <?xml version="1.0"?>
                <rss version="2.0"><channel><title>Gazette</title>
                <item><link>http://gazette.example/2?a=1&amp;b=2</link><title>Two</title></item>\
                </channel></rss>
                """)
        let offset = try #require(opened.members[1].offset)
        #expect(Array(rss.utf8)[offset...].starts(with: "<item><link>".utf8))
        #expect(second.digest == Digest(of: second.bytes))
        let again = try Opened(second.bytes)
        #expect(captures(again).map(\.bytes) == [second.bytes])
    }

    @Test func `a feed without items is a page`() throws {
        let opened = try Opened(Array("<rss><channel><title>x</title></channel></rss>".utf8))
        #expect(opened.package.form == "file")
        #expect(opened.pieces.count == 1)
    }

    @Test func `a feed that is cut off gives its items and says where`() throws {
        let cut = "<feed><entry><id>1</id></entry><entry><id>2</id></entry><entry><id>3"
        let opened = try Opened(Array(cut.utf8))
        #expect(captures(opened).map(\.recordID) == ["1", "2", "3"])
        #expect(opened.reasons == [.truncated])
        #expect(opened.package.refusals.first?.offset == 63)
    }

    @Test func `items of a news message and of NewsML 1 are members`() throws {
        let message = """
            <newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header/><itemSet>
            <newsItem guid="a"><contentMeta><headline>A</headline></contentMeta></newsItem>
            <packageItem guid="b"/></itemSet></newsMessage>
            """
        let opened = try Opened(Array(message.utf8))
        #expect(opened.package.form == "news-message")
        #expect(captures(opened).map(\.recordID) == ["a", "b"])
        #expect(captures(opened).map { text($0.name) } == ["0001 A", "0002 b"])
        let old = "<NewsML><NewsEnvelope/><NewsItem>x</NewsItem><NewsItem>y</NewsItem></NewsML>"
        #expect(
            captures(try Opened(Array(old.utf8))).map { text($0.bytes) } == [
                "<NewsML><NewsEnvelope/><NewsItem>x</NewsItem></NewsML>",
                "<NewsML><NewsEnvelope/><NewsItem>y</NewsItem></NewsML>",
            ])
    }

    @Test func `items beside the channel keep its title`() throws {
        let rdf = """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
            <channel><title>Gazette</title></channel>\
            <item rdf:about="http://gazette.example/1"><title>x</title></item></rdf:RDF>
            """
        let capture = try #require(captures(try Opened(Array(rdf.utf8))).first)
        #expect(capture.recordID == "http://gazette.example/1")
        #expect(text(capture.bytes) == rdf)
    }

    @Test func `JSON lists, lines and feeds are cut into their objects`() throws {
        let list = "[{\"uri\":\"a\",\"headline\":\"A ]\\\"\"},\n {\"uri\":\"b\"}]"
        let opened = try Opened(Array(list.utf8))
        #expect(opened.package.form == "json-list")
        #expect(
            captures(opened).map { text($0.bytes) } == [
                "{\"uri\":\"a\",\"headline\":\"A ]\\\"\"}", "{\"uri\":\"b\"}",
            ])
        let lines = "{\"uri\":\"a\"}\n{\"uri\":\"b\"}\n"
        #expect(captures(try Opened(Array(lines.utf8))).map(\.recordID) == ["a", "b"])
        let feed = """
            {"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2"}],"title":"G"}
            """
        let members = captures(try Opened(Array(feed.utf8)))
        #expect(
            members.map { text($0.bytes) } == [
                #"{"version":"https://jsonfeed.org/version/1","title":"G","items":[{"id":"1"}]}"#,
                #"{"version":"https://jsonfeed.org/version/1","title":"G","items":[{"id":"2"}]}"#,
            ])
        #expect(try Opened(Array("[{\"x\":1},{\"x\":2}]".utf8)).package.form == "file")
        #expect(try Opened(Array("{\"uri\":\"a\"}".utf8)).package.form == "file")
    }

    @Test func `lines whose first object is longer than the head are told apart too`() throws {
        let long = "{\"uri\":\"a\",\"body_text\":\"\(String(repeating: "x", count: 9000))\"}\n"
        #expect(captures(try Opened(Array((long + long).utf8))).count == 2)
    }

    @Test func `bytes of another encoding stay as they are, UTF-16 becomes UTF-8`() throws {
        let latin =
            Array("<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss><item><title>".utf8)
            + [0xc4] + Array("</title></item></rss>".utf8)
        let capture = try #require(captures(try Opened(latin)).first)
        #expect(capture.bytes == latin)
        #expect(capture.name == Array("0001 ".utf8) + [0xc4])
        let wide = "<rss><item><title>Ä</title></item></rss>".utf16
        var bytes: [UInt8] = [0xff, 0xfe]
        for unit in wide { bytes += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)] }
        let opened = try Opened(bytes)
        #expect(
            captures(opened).map { text($0.bytes) }
                == ["<rss><item><title>Ä</title></item></rss>"])
        #expect(opened.members.first?.offset == nil)
    }

    @Test func `a feed within a bundle is a container within it`() throws {
        let zip = BrokenContainers.zip([BrokenContainers.Part("f.xml", rss)])
        let opened = try Opened(zip)
        #expect(opened.lines.first == "f.xml>feed")
        #expect(opened.members.map(\.ordinal) == [0, 1, 2, 3])
        #expect(text(opened.members[2].path) == "f.xml!/0002 Two")
        var limits = Limits()
        limits.nesting = 1
        #expect(try Opened(zip, limits: limits).members.count == 1)
    }

    @Test func `a long head is cut where many short items would repeat it`() throws {
        let long = String(repeating: "x", count: 60000)
        let head = "<rss><channel><title>G</title><description>\(long)</description>"
        let feed = head + String(repeating: "<item><title>a</title></item>", count: 2000)
        let opened = try Opened(Array((feed + "</channel></rss>").utf8))
        let captures = captures(opened)
        #expect(captures.count == 2000)
        #expect(
            captures.last.map { text($0.bytes) }
                == "<rss><channel><title>G</title><item><title>a</title></item></channel></rss>")
        let few = head + "<item><title>a</title></item></channel></rss>"
        #expect(self.captures(try Opened(Array(few.utf8))).first?.bytes.count == few.utf8.count)
    }

    @Test func `the limits of members and of a page hold`() throws {
        var limits = Limits()
        limits.members = 2
        let opened = try Opened(Array(rss.utf8), limits: limits)
        #expect(opened.members.count == 2)
        #expect(opened.reasons == [.entryCount])
        limits.pageBytes = 100
        let refusal = #expect(throws: Refusal.self) { try Opened(Array(rss.utf8), limits: limits) }
        #expect(refusal?.reason == .tooLarge)
    }

    @Test func `slices of JSON are within it, whatever its bytes`() {
        var seed: UInt64 = 5
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let text = Array("[{\"a\":[1,2,{\"b\":\"c\\\"]\"}],\"uri\":null},{\"d\":true}]".utf8)
        for _ in 0..<4000 {
            var bytes = text
            for _ in 0..<(1 + random(4)) {
                bytes[random(bytes.count)] = [0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x5c][random(7)]
            }
            bytes.removeLast(random(bytes.count))
            for value in JSONSlices.values(bytes) {
                #expect(value.upperBound <= bytes.count && !value.isEmpty)
                _ = JSONSlices.elements(bytes, in: value)
                _ = JSONSlices.members(bytes, in: value)
            }
            _ = ItemList.read(bytes, form: .json)
        }
    }
}
