import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// One page to be read, and what is to be read from it: a folder of `Tests/Fixtures/pages`.
///
/// The folder holds `input.*` and `expected.json`, the article's document without `id` and
/// `captures`; for a page that holds no story, `{"noArticle": "the reason"}`; for one that takes a
/// story back, `{"withdrawal": …}` with what the notice says. A file named `url`
/// holds the address of the capture; an empty one named `house-style` asks for the house styles
/// of `etc/archived`.
struct FixturePage: Sendable, CustomTestStringConvertible {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let all: [FixturePage] = {
        let pages = repository.appending(path: "Tests/Fixtures/pages")
        let folders = try? FileManager.default.contentsOfDirectory(
            at: pages, includingPropertiesForKeys: nil)
        return (folders ?? []).map(FixturePage.init)
            .sorted { $0.testDescription < $1.testDescription }
    }()

    private func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    func capture() throws -> Capture {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let input = try #require(names.first { $0.hasPrefix("input.") })
        let bytes = try file(input)
        let url = (try? file("url")).map {
            String(decoding: $0, as: UTF8.self).split(separator: "\n")
        }
        return Capture(
            name: Array(input.utf8), bytes: bytes, digest: Digest(of: bytes),
            url: url?.first.map(String.init))
    }

    /// The article; nil with the reason where the page holds none.
    func expected() throws -> (Article?, Reason?) {
        let document = try JSONParser.parse(file("expected.json"))
        if let reason = document["noArticle"]?.string {
            let known: Reason = try #require(Reason(rawValue: reason))
            return (nil, known)
        }
        if document["withdrawal"] != nil { return (nil, nil) }
        guard case .object(var members) = document else {
            throw Refusal(.malformed, "expected.json is no object")
        }
        members.insert(JSON.Member("id", ""), at: 0)
        let article: Article = try #require(Article(.object(members)))
        return (article, nil)
    }

    /// The notice; nil where the page takes no story back.
    func expectedWithdrawal() throws -> WithdrawalNotice? {
        guard let notice = try JSONParser.parse(file("expected.json"))["withdrawal"],
            let status = notice["status"]?.string.flatMap(WithdrawalNotice.Status.init)
        else { return nil }
        return WithdrawalNotice(
            status: status, url: notice["url"]?.string, identifier: notice["identifier"]?.string,
            outlet: notice["outlet"]?.string, headline: notice["headline"]?.string,
            issued: notice["issued"]?.string, words: notice["words"]?.string)
    }

    func styles() throws -> HouseStyles {
        let mark = folder.appending(path: "house-style")
        guard FileManager.default.fileExists(atPath: mark.path) else { return .none }
        let outlets = Self.repository.appending(path: "etc/archived/outlets")
        return try OutletsDirectory.load(outlets.path)
    }
}

@Suite struct FixturePagesTests {
    @Test func `there are pages to read`() {
        #expect(!FixturePage.all.isEmpty)
    }

    @Test(arguments: FixturePage.all)
    func `a page is read into the article beside it`(page: FixturePage) throws {
        let reading = try Parser(styles: page.styles()).read(page.capture())
        let (expected, reason) = try page.expected()
        switch reading.finding {
        case .noArticle(let found, let why):
            #expect(found == reason, "\(why)")
        case .article(let article) where article != expected:
            // Both documents, so that the difference can be read and taken over.
            Issue.record("read \(text(article))\nwanted \(expected.map(text) ?? "no article")")
        case .article: break
        case .withdrawal(let notice):
            let wanted = try page.expectedWithdrawal()
            #expect(notice == wanted)
        }
    }

    @Test(arguments: FixturePage.all)
    func `every field of a page is traced to its bytes`(page: FixturePage) throws {
        let capture = try page.capture()
        let reading = try Parser(styles: page.styles()).read(capture)
        if case .article = reading.finding {
            #expect(reading.evidence.contains { $0.field == "headline" })
        }
        for evidence in reading.evidence {
            #expect(evidence.range.upperBound <= capture.bytes.count, "\(evidence)")
        }
    }

    private func text(_ article: Article) -> String {
        String(decoding: article.bytes, as: UTF8.self)
    }
}
