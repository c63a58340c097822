import Foundation
import Logging
import Testing

@testable import Archive

@Suite struct SettingsTests {
    /// One setting of the file as shipped: its key, what is shown, and the bounds told above it.
    private struct Shown {
        var key: String
        var value: String
        var bounds: ClosedRange<Int>?
    }

    private static var shippedPath: String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "etc/archived/archived.yaml").path
    }

    private static func shipped() throws -> String {
        try String(contentsOfFile: shippedPath, encoding: .utf8)
    }

    /// The file with the `#` before each key taken away.
    private static func uncommented() throws -> String {
        try shipped().split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = line.drop { $0 == " " }
            guard text.first == "#", text.dropFirst().first?.isLowercase == true else {
                return String(line)
            }
            return String(line).replacing("#", with: "", maxReplacements: 1)
        }.joined(separator: "\n")
    }

    private static func shown() throws -> [Shown] {
        var group = ""
        var comment = ""
        var shown: [Shown] = []
        for line in try uncommented().split(separator: "\n") {
            let text = line.trimmingCharacters(in: .whitespaces)
            if text.hasPrefix("#") {
                comment += text
                continue
            }
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            if line.first != " " {
                group = parts[0]
                // What stands above a group of one setting tells of that.
                continue
            }
            shown.append(
                Shown(
                    key: "\(group).\(parts[0])",
                    value: parts[1].trimmingCharacters(in: .whitespaces), bounds: bounds(comment)))
            comment = ""
        }
        return shown
    }

    /// The last `0 to 100` of a comment.
    private static func bounds(_ comment: String) -> ClosedRange<Int>? {
        let words = comment.split { $0 == " " || $0 == "." || $0 == "," || $0 == "#" }
        return words.indices.dropFirst().dropLast().last { index in
            words[index] == "to" && Int(words[index - 1]) != nil && Int(words[index + 1]) != nil
        }.flatMap { index in
            guard let low = Int(words[index - 1]), let high = Int(words[index + 1]) else {
                return nil
            }
            return low...high
        }
    }

    private static func settings(_ yaml: String) throws -> Settings {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "settings-\(UUID().uuidString).yaml")
        try Data(yaml.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try Settings(file: file.path, stateDirectory: "/var/lib/archived")
    }

    private static func yaml(_ key: String, _ value: String) -> String {
        let parts = key.split(separator: ".")
        return "\(parts[0]):\n  \(parts[1]): \(value)\n"
    }

    private static let defaults = Settings(stateDirectory: "/var/lib/archived")

    @Test func `the shipped file is accepted as it stands and changes nothing`() throws {
        let settings = try Settings(
            file: Self.shippedPath, stateDirectory: "/var/lib/archived")
        #expect(settings.changes(to: Self.defaults) == [])
    }

    @Test func `with every key uncommented it shows the defaults`() throws {
        let settings = try Self.settings(try Self.uncommented())
        #expect(settings.changes(to: Self.defaults) == [])
    }

    @Test func `it shows every key that is known, and no other`() throws {
        let known = SettingsKeys.all.flatMap { group, names in names.map { "\(group).\($0)" } }
        #expect(try Self.shown().map(\.key).sorted() == known.sorted())
    }

    @Test func `each number is read, and its bounds are those that the file tells`() throws {
        var count = 0
        for shown in try Self.shown() where Int(shown.value) != nil {
            let bounds = try #require(shown.bounds, "no bounds are told of \(shown.key)")
            let low = try Self.settings(Self.yaml(shown.key, "\(bounds.lowerBound)"))
            let high = try Self.settings(Self.yaml(shown.key, "\(bounds.upperBound)"))
            let group = shown.key.split(separator: ".").first.map(String.init) ?? ""
            #expect(low.changes(to: high) == [group], "\(shown.key)")
            for value in ["\(bounds.lowerBound - 1)", "\(bounds.upperBound + 1)", "x", "1.5"] {
                let error = #expect(throws: SettingsError.self, "\(shown.key) \(value)") {
                    _ = try Self.settings(Self.yaml(shown.key, value))
                }
                #expect(error?.key == shown.key)
                #expect(error?.detail.contains("\(bounds.lowerBound)") == true)
            }
            count += 1
        }
        #expect(count == 21)
    }

    @Test func `the texts are read`() throws {
        #expect(try Self.settings(Self.yaml("inbox.path", "/srv/in")).inbox.path == "/srv/in")
        #expect(
            try Self.settings(Self.yaml("outlets.directory", "/srv/out")).outletsDirectory
                == "/srv/out")
        #expect(try Self.settings(Self.yaml("log.level", "debug")).logLevel == .debug)
        for (key, value) in [("inbox.path", "srv/in"), ("log.level", "loud")] {
            #expect(throws: SettingsError.self) { _ = try Self.settings(Self.yaml(key, value)) }
        }
    }

    @Test(arguments: [
        ("limit:\n  pageBytes: 4096\n", 1, "limit"),
        ("limits:\n  pagebytes: 4096\n", 2, "limits.pagebytes"),
        ("# a comment\n\nlog:\n  level: notice\n  colour: red\n", 5, "log.colour"),
        ("cache:\n  members: 4\n", 2, "cache.members"),
        ("limits: {pageBytes: 4096, pages: 3}\n", 1, "limits"),
    ])
    func `an unknown key is refused with its line`(_ yaml: String, _ line: Int, _ key: String) {
        let error = #expect(throws: SettingsError.self) { _ = try Self.settings(yaml) }
        #expect(error?.line == line && error?.key == key)
    }

    @Test(arguments: [
        "\"limits\":\n  \"pages\": 3\n", "{limits: {pages: 3}}\n", "- limits\n",
        "limits:\n  ? pages\n  : 3\n", "limits: 3\n", "cache:\n  bytes: [1]\n",
        "cache:\n  bytes: 1\n  bytes: 2\n", "cache:\n\tbytes: 1\n", "inbox:\n  path: \"/a\n",
    ])
    func `a file that is written otherwise is refused, not passed over`(_ yaml: String) {
        #expect(throws: SettingsError.self) { _ = try Self.settings(yaml) }
    }

    @Test(arguments: [
        "", "\n\n", "# nothing\n", "cache:\n", "---\ncache:\n  bytes: 16777216\n",
        "cache: # of records\r\n  bytes: 16777216 # as shipped\r\n",
    ])
    func `an empty file and comments are the defaults`(_ yaml: String) throws {
        #expect(try Self.settings(yaml).changes(to: Self.defaults) == [])
    }

    @Test func `a file that does not exist is the defaults`() throws {
        let settings = try Settings(file: "/nowhere/a.yaml", stateDirectory: "/var/lib/archived")
        #expect(settings.changes(to: Self.defaults) == [])
        #expect(settings.inbox.path == "/var/lib/archived/inbox")
    }
}
