import ArchiveProtocol
import Foundation
import Testing

/// Real captures that lie beside the repository on some machines; nothing of them is within it.
@Suite struct SharedDataTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let data = root.deletingLastPathComponent().appending(path: "shared/data")
    private static let seed = data.appending(path: "seed")
    private static let isPresent = FileManager.default.fileExists(
        atPath: seed.appending(path: "truth.json").path)

    @Test(.enabled(if: isPresent, "needs ../shared/data/seed"))
    func `the first capture comes out as it was read by hand`() throws {
        let truth = try JSONParser.parse(
            Data(contentsOf: Self.seed.appending(path: "truth.json")))
        let file = Self.seed.appending(path: try #require(truth["file"]?.string))
        let settings = URL(filePath: "/tmp/archived-seed-\(UUID().uuidString.prefix(8)).yaml")
        defer { try? FileManager.default.removeItem(at: settings) }
        let outlets = Self.root.appending(path: "etc/archived/outlets").path
        try Data("outlets:\n  directory: \(outlets)\n".utf8).write(to: settings)

        let run = try ProgramRun(
            ["parse", "--config", settings.path, file.path], of: "archived")
        #expect(run.exitCode == 0, "\(run.errors)")
        let article = try #require(Article(try JSONParser.parse(run.output.utf8)))
        #expect(article.headline == truth["headline"]?.string)
        #expect(article.authors == truth["bylines"]?.array?.compactMap(\.string))
        #expect(article.published?.value.prefix(16) == truth["published"]?.string?.prefix(16))
        #expect(article.published?.precision == .minute)
        #expect(article.modified == nil)
        #expect(article.dateline == truth["dateline"]?.string)
        let captions = truth["captions"]?.array ?? []
        #expect(article.images.map(\.credit) == captions.map { $0["credit"]?.string })
        #expect(article.images.allSatisfy { $0.caption?.contains("  ") == false })
        let paragraphs = article.body.filter { $0.kind == .paragraph }
        #expect(paragraphs.count == truth["paragraphs"]?.int)
        #expect(
            paragraphs.first?.text.hasPrefix(truth["first_paragraph_starts"]?.string ?? "?")
                == true)
        #expect(
            paragraphs.last?.text.hasSuffix(truth["last_paragraph_ends"]?.string ?? "?") == true)
        #expect(article.related.map(\.headline) == truth["related"]?.array?.compactMap(\.string))
        let embedded = truth["embedded"]?.array ?? []
        #expect(article.embeds.map(\.title) == embedded.map { $0["title"]?.string })
        #expect(article.embeds.map(\.creator) == embedded.map { $0["by"]?.string })
        #expect(article.embeds.map(\.provider) == embedded.map { $0["on"]?.string })
        let quotes = truth["quotes"]?.array ?? []
        #expect(article.quotations.map(\.speaker) == quotes.map { $0["speaker"]?.string })
        for (quotation, quote) in zip(article.quotations, quotes) {
            #expect(quotation.text.hasPrefix(quote["starts"]?.string ?? "?"))
        }
    }

    private static let hostile = data.appending(path: "hostile-dev.tar.zst")

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: hostile.path), "needs ../shared/data"))
    func `a bundle of hostile files costs no more than its bad members`() throws {
        let daemon = try RunningDaemon()
        let bytes = try Data(contentsOf: Self.hostile)
        try daemon.drop("hostile.tar.zst", Array(bytes))
        try daemon.drop("kestrel.txt", RunningDaemon.story("kestrel"))
        _ = try daemon.ask("sync", ["timeout": 600_000])
        #expect(try daemon.ctl("search", "kestrel", "-o", "json-lines").output.contains("Kestrel"))
        let row = try daemon.ask("inbox.explain", ["path": "hostile.tar.zst"])
        // It unpacks to more than 250 times its size: what came before that is kept.
        #expect(row["state"] == "stored", "\(row.text)")
        #expect(row["reason"] == "expansion", "\(row.text)")
        let members = try daemon.ask(
            "originals.members", ["name": "hostile.tar.zst", "limit": 1000])["items"]?.array
        #expect(members?.count ?? 0 > 100)
    }
}
