import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// Pages of text in `Tests/Fixtures/pages`: each is a folder with what goes in and what comes out.
struct PageTextParserTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let pages = root.appending(path: "Tests/Fixtures/pages")

    static var folders: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: pages.path)) ?? []
        return names.filter {
            FileManager.default.fileExists(atPath: pages.appending(path: $0 + "/input.txt").path)
        }.sorted()
    }

    static func page(_ text: [UInt8], url: String? = nil) -> Page {
        let capture = Capture(name: [], bytes: text, digest: Digest(of: text), url: url)
        return Page(capture: capture, text: text, encoding: "utf-8", origin: 0, checkpoints: [])
    }

    private func read(_ text: String, url: String? = nil) throws -> Reading.Finding {
        try PageTextParser(styles: .none).read(Self.page(Array(text.utf8), url: url)).finding
    }

    @Test(arguments: Self.folders)
    func `a page of text is read as its fixture says`(folder: String) throws {
        let folder = Self.pages.appending(path: folder)
        let input = [UInt8](try Data(contentsOf: folder.appending(path: "input.txt")))
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "expected.json")))
        let expected = try JSONParser.parse(bytes)
        let styles = try OutletsDirectory.load(
            Self.root.appending(path: "etc/archived/outlets").path)
        let reading = try PageTextParser(styles: styles).read(
            Self.page(input, url: expected["url"]?.string))
        #expect(reading.form == "page-text")
        switch reading.finding {
        case .article(let article):
            var document = expected
            if case .object(var members) = document {
                members.append(JSON.Member("id", ""))
                document = .object(members)
            }
            let wanted = try #require(Article(document))
            #expect(article == wanted)
            for evidence in reading.evidence {
                #expect(evidence.range.upperBound <= input.count && !evidence.range.isEmpty)
            }
        case .noArticle(let reason, _):
            #expect(expected["noArticle"]?.string == reason.rawValue)
        case .withdrawal(let notice): Issue.record("read \(notice), wanted a story")
        }
    }

    @Test func `there are fixtures`() { #expect(Self.folders.count >= 8) }

    @Test(arguments: ["", " \n\t\r\n ", "\u{A0}\u{200B}\n\u{FEFF}"])
    func `a page without text is empty`(text: String) throws {
        guard case .noArticle(.empty, _) = try read(text) else {
            Issue.record("not told as empty")
            return
        }
    }

    @Test(arguments: [
        "hello", "a few words only", "# Tool\n\n## Install\n\nRun the thing and it works well.\n",
        "import Foundation\n\nfunc main() {\n    print(1);\n}\n", "\"\"\"\"\"\"", "By Jane Roe",
        "{\"a\": [1, 2, 3]}", "1\n2\n3\n4\n",
    ])
    func `text that is no news page has no article`(text: String) throws {
        guard case .noArticle(.noArticle, let why) = try read(text) else {
            Issue.record("read as an article")
            return
        }
        #expect(!why.isEmpty)
    }

    @Test func `evidence points at the bytes that a field was read from`() throws {
        let text =
            "Bees Move Into the Old Fire Tower\n\nBy Jane\u{A0}Roe | March 4, 2015\n\n"
            + "HOLLIS — The bees came on a Tuesday, and the tower has hummed since then.\n"
        let reading = try PageTextParser(styles: .none).read(Self.page(Array(text.utf8)))
        let bytes = Array(text.utf8)
        func evidence(_ field: String) -> String? {
            reading.evidence.first { $0.field == field }
                .map { String(decoding: bytes[$0.range], as: UTF8.self) }
        }
        #expect(evidence("headline") == "Bees Move Into the Old Fire Tower")
        #expect(evidence("published") == "By Jane\u{A0}Roe | March 4, 2015")
        #expect(evidence("body[0]")?.hasPrefix("HOLLIS") == true)
    }

    @Test func `the address of a tag page makes it a listing`() throws {
        let text =
            "Gardens in the Neighborhood\n\nBees Move Into the Old Fire Tower\n\nMore gardens"
        guard
            case .noArticle(.noArticle, _) = try read(
                text, url: "https://example.org/tags/gardens/page/3")
        else {
            Issue.record("read as an article")
            return
        }
    }

    @Test func `the first of two copies of a caption may be cut at a quotation mark`() {
        let caption = Caption.read([
            Array("The cake called ".utf8), Array("The cake called \"last word\" won.".utf8),
        ])
        #expect(
            caption.text.map { TextScanning.string($0) } == "The cake called \"last word\" won.")
        #expect(caption.title == nil)
    }

    @Test func `a page with more lines than a story has is refused before they cost memory`() throws
    {
        let text = String(repeating: "a\n", count: PageTextParser.mostLines + 10)
        guard case .noArticle(.noArticle, _) = try read(text) else {
            Issue.record("read as an article")
            return
        }
    }

    @Test(arguments: [
        "\"", "“", "a \"Big Day.\" ", "Jane Roe said, \"We go on. ", "By ", "x — ", "( ",
    ])
    func `a body of one repeated piece is read to its end`(piece: String) throws {
        let head = "Bees Move Into the Old Fire Tower\n\nBy Jane Roe | March 4, 2015\n\nHOLLIS — "
        let text = head + String(repeating: piece, count: 100_000)
        guard case .article(let article) = try read(text) else {
            Issue.record("no article")
            return
        }
        #expect(article.quotations.count <= QuotationFinder.most)
        #expect(article.body.count == 1)
    }
}
