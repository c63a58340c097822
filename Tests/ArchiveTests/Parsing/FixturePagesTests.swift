import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// One page to be read, and what is to be read from it: a folder of `Tests/Fixtures/pages`.
///
/// The folder holds `input.*` and `expected.json`, the article's document without `id` and
/// `captures`. An empty file named `house-style` asks for the house styles of `etc/archived`.
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
        return Capture(name: Array(input.utf8), bytes: bytes, digest: Digest(of: bytes))
    }

    func expected() throws -> Article {
        guard case .object(var members) = try JSONParser.parse(file("expected.json")) else {
            throw Refusal(.malformed, "expected.json is no object")
        }
        members.insert(JSON.Member("id", ""), at: 0)
        return try #require(Article(.object(members)))
    }

    func styles() throws -> HouseStyles {
        let mark = folder.appending(path: "house-style")
        guard FileManager.default.fileExists(atPath: mark.path) else { return .none }
        let outlets = Self.repository.appending(path: "etc/archived/outlets")
        return try OutletsDirectory.read(outlets.path)
    }
}

@Suite struct FixturePagesTests {
    @Test func `there are pages to read`() {
        #expect(!FixturePage.all.isEmpty)
    }

    @Test(arguments: FixturePage.all)
    func `a page is read into the article beside it`(page: FixturePage) throws {
        let reading = try Parser(styles: page.styles()).read(page.capture())
        guard case .article(let article) = reading.finding else {
            Issue.record("\(reading.finding)")
            return
        }
        let expected = try page.expected()
        if article != expected {
            // Both documents, so that the difference can be read and taken over.
            Issue.record("read \(text(article))\nwanted \(text(expected))")
        }
    }

    @Test(arguments: FixturePage.all)
    func `every field of a page is traced to its bytes`(page: FixturePage) throws {
        let capture = try page.capture()
        let reading = try Parser(styles: page.styles()).read(capture)
        let fields = Set(reading.evidence.map(\.field))
        #expect(fields.contains("headline"))
        for evidence in reading.evidence {
            #expect(evidence.range.upperBound <= capture.bytes.count, "\(evidence)")
        }
    }

    private func text(_ article: Article) -> String {
        String(decoding: article.bytes, as: UTF8.self)
    }
}
