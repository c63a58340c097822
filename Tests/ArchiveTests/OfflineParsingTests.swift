import Foundation
import Testing

@testable import Archive

@Suite struct OfflineParsingTests {
    private static func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "offline-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appending(path: name)
        try Data(bytes).write(to: file)
        return file
    }

    private static func remove(_ file: URL) {
        try? FileManager.default.removeItem(at: file.deletingLastPathComponent())
    }

    @Test func `the shipped configuration has no fault`() {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "etc/archived/archived.yaml").path
        #expect(OfflineParsing.objection(toConfiguration: path) == nil)
    }

    @Test func `a fault is told with file and key`() throws {
        let file = try Self.file("archived.yaml", Array("limits:\n  nesting: 99\n".utf8))
        defer { Self.remove(file) }
        let words = try #require(OfflineParsing.objection(toConfiguration: file.path))
        #expect(words.hasPrefix(file.path))
        #expect(words.contains("limits.nesting") && words.contains("1 to 32"))
        #expect(OfflineParsing.objection(toConfiguration: "/nowhere/a.yaml") != nil)
    }

    @Test func `house styles are looked at too`() throws {
        let style = try Self.file("a.yaml", Array("outlet: [\n".utf8))
        defer { Self.remove(style) }
        let directory = style.deletingLastPathComponent().path
        let file = try Self.file(
            "archived.yaml", Array("outlets:\n  directory: \(directory)\n".utf8))
        defer { Self.remove(file) }
        #expect(OfflineParsing.objection(toConfiguration: file.path) != nil)
    }

    @Test func `whether all could be read is told`() throws {
        let parsing = try OfflineParsing(configuration: "/nowhere/a.yaml")
        let good = try Self.file("a.txt", Array(Holdings.story("quarrel").utf8))
        defer { Self.remove(good) }
        #expect(parsing.parse(good.path, listsMembers: true))
        let bad = try Self.file("a.zip", Array("PK\u{3}\u{4} and no more".utf8))
        defer { Self.remove(bad) }
        #expect(!parsing.parse(bad.path, listsMembers: true))
        #expect(!parsing.parse("/nowhere/a.txt", listsMembers: false))
    }
}
