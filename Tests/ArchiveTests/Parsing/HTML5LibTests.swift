import Foundation
import Testing

@testable import Archive

/// The html5lib suite, which browsers' parsers are held to; it lies beside the repository on some
/// machines, and nothing of it is within.
@Suite struct HTML5LibTests {
    private static let suite = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/html5lib-tests-dev.tar.zst")
    private static let isPresent = FileManager.default.fileExists(atPath: suite.path)

    @Test(.enabled(if: isPresent, "needs ../shared/data/html5lib-tests-dev.tar.zst"))
    func `every tokenizer case of the standard passes`() throws {
        try Self.withSuite { files in
            var count = 0
            for file in try Self.files(files.appending(path: "tokenizer"), ".test") {
                let bytes = Array(try Data(contentsOf: file))
                let cases = try HTML5LibTokenTest.cases(bytes)
                count += cases.count
                Self.report(cases, file)
            }
            #expect(count > 6000)
        }
    }

    @Test(.enabled(if: isPresent, "needs ../shared/data/html5lib-tests-dev.tar.zst"))
    func `every tree case passes but those that copy an option into its button`() throws {
        try Self.withSuite { files in
            var count = 0
            for file in try Self.files(files.appending(path: "tree-construction"), ".dat") {
                let text = try String(contentsOf: file, encoding: .utf8)
                let cases = try HTML5LibTreeTest.read(text).flatMap { try $0.cases() }
                count += cases.count
                // `selectedcontent` shows a copy of what is chosen: not the page's words twice.
                Self.report(cases.filter { !$0.input.contains("<selectedcontent>") }, file)
            }
            #expect(count > 2000)
        }
    }

    private static func report(_ cases: [HTML5LibCase], _ file: URL) {
        for failure in cases where !failure.passes {
            Issue.record(
                """
                \(file.lastPathComponent): \(failure.name): \(failure.input.debugDescription)
                expected
                \(failure.expected)
                found
                \(failure.found)
                """)
        }
    }

    private static func files(_ folder: URL, _ ending: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(ending) }
            .sorted { $0.path < $1.path }
    }

    /// Unpacks the suite, and takes it away again.
    private static func withSuite(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "html5lib-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c", "zstd -dc \"$1\" | tar -x -C \"$2\"", "sh", suite.path, folder.path,
        ]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let inner = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        try body(try #require(inner.first))
    }
}
