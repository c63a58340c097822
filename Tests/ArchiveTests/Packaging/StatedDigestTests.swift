import Testing

@testable import Archive

struct StatedDigestTests {
    typealias Builder = WebArchiveBuilder

    private static let body = Array("<html>ferry</html>".utf8)

    @Test(
        arguments: [
            "WARC-Block-Digest: sha1:T7YVRURV2PRRBWLLVTYZRSHVSW5KH7LW",
            "WARC-Block-Digest: sha1:9ff158d235d3e310d96bacf198c8f595baa3fd76",
            "WARC-Block-Digest: SHA-1:9FF158D235D3E310D96BACF198C8F595BAA3FD76",
            "WARC-Block-Digest: "
                + "sha256:85a866639db2a186fbc084613170154d508b6321c6e4f659995c45edf1554868",
            "WARC-Block-Digest: sha256:QWUGMY45WKQYN66AQRQTC4AVJVIIWYZBY3SPMWMZLRC634KVJBUA====",
            "WARC-Block-Digest: md5:57351a9fef817fdc3f560ea5f5efda80",
            "WARC-Payload-Digest: sha1:KBXDC5GNQPIPTZ7OTJ64JO4LFWZBRKLW",
            "WARC-Block-Digest: blake3:0011", "WARC-Block-Digest: sha1:what", "WARC-Block-Digest:",
        ])
    func `a digest that fits, or that nobody knows, is passed over in silence`(
        _ field: String
    ) throws {
        let opened = try Opened(
            Builder.record(block: Builder.http(Self.body), fields: [field]))
        #expect(opened.pages.count == 1)
        #expect(opened.reasons == [])
    }

    @Test(
        arguments: [
            "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "WARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "WARC-Block-Digest: md5:57351a9fef817fdc3f560ea5f5efda81",
        ])
    func `a page with another digest than is stated is read, and told`(_ field: String) throws {
        let opened = try Opened(
            Builder.record(block: Builder.http(Self.body), fields: [field])
                + Builder.response("next"))
        #expect(opened.pages.count == 2)
        #expect(opened.reasons == [.digest])
        #expect(opened.package.refusals.first?.detail.contains("member 0") == true)
    }

    @Test func `the payload's digest may be that with or without the chunks`() throws {
        let digest = "WARC-Payload-Digest: sha1:KBXDC5GNQPIPTZ7OTJ64JO4LFWZBRKLW"
        let chunked = Builder.chunked(["<html>", "ferry</html>"])
        let block = Builder.http(chunked, "Transfer-Encoding: chunked")
        #expect(try Opened(Builder.record(block: block, fields: [digest])).reasons == [])
        let wrong = Builder.http(
            Builder.chunked(["<html>", "Ferry</html>"]), "Transfer-Encoding: chunked")
        #expect(try Opened(Builder.record(block: wrong, fields: [digest])).reasons == [.digest])
    }

    @Test func `many wrong digests are told in few words`() throws {
        let record = Builder.record(
            block: Builder.http(Self.body),
            fields: ["WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
        let opened = try Opened(Array(repeatElement(record, count: 40).joined()))
        #expect(opened.pages.count == 40)
        #expect(opened.package.refusals.count == WebArchiveReading.toldDamages + 1)
        #expect(opened.package.refusals.last?.detail == "24 more places of damage")
    }
}
