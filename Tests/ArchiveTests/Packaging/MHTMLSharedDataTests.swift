import Foundation
import Testing

@testable import Archive

/// Saved pages that lie beside the repository on some machines; nothing of them is within it.
struct MHTMLSharedDataTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let data = root.deletingLastPathComponent().appending(
        path: "shared/data/formats-dev.tar.zst")
    private static let isPresent = FileManager.default.fileExists(atPath: data.path)

    /// A message as the manifest describes it: how many parts, and the address of the page.
    private struct Row {
        var path: String
        var parts: Int
        var location: String?
    }

    private static func rows(in folder: URL) throws -> [Row] {
        let text = try String(
            contentsOf: folder.appending(path: "MANIFEST.tsv"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count > 5, columns[0].hasPrefix("mhtml/"),
                let match = columns[5].firstMatch(of: /(\d+) parts.*location (\S+),/),
                let parts = Int(match.1)
            else { return nil }
            let location = match.2 == "None" ? nil : String(match.2)
            return Row(path: String(columns[0]), parts: parts, location: location)
        }
    }

    @Test(.enabled(if: isPresent, "needs ../shared/data/formats-dev.tar.zst"))
    func `pages that browsers saved come out as another reader counted them`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "formats-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let unpack = Process()
        unpack.executableURL = URL(filePath: "/bin/sh")
        unpack.arguments = [
            "-c", "zstd -dc \"$0\" | tar x -C \"$1\"", Self.data.path, folder.path,
        ]
        try unpack.run()
        unpack.waitUntilExit()
        let manifest = try #require(
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?
                .compactMap { $0 as? URL }.first { $0.lastPathComponent == "MANIFEST.tsv" })
        let base = manifest.deletingLastPathComponent()
        let rows = try Self.rows(in: base)
        #expect(!rows.isEmpty)
        for row in rows {
            let bytes = Array(try Data(contentsOf: base.appending(path: row.path)))
            let opened = try Opened(bytes, name: row.path)
            #expect(opened.members.count == row.parts, "\(row.path)")
            #expect(opened.reasons == [], "\(row.path)")
            let captures = opened.members.compactMap {
                if case .capture(let capture) = $0.content { capture } else { nil }
            }
            #expect(captures.count == 1, "\(row.path)")
            if let location = row.location {
                #expect(captures.first?.url == location, "\(row.path)")
            }
        }
    }
}
