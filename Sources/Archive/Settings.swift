internal import Configuration
internal import Foundation
internal import Logging

/// Every setting of the daemon with its default: the file `archived.yaml`.
struct Settings: Sendable {
    var inbox: InboxSettings
    var limits = Limits()
    var socket = SocketLimits()
    /// Bytes of encoded records that are kept in memory.
    var cacheBytes = 16 << 20
    /// Bytes of free space that are left untouched.
    var reserveBytes = 64 << 20
    /// Where the house styles of this archive are.
    var outletsDirectory = "/etc/archived/outlets"
    var logLevel = Logger.Level.notice

    /// The defaults, for an inbox within the state directory.
    init(stateDirectory: String) {
        inbox = InboxSettings(path: "\(stateDirectory)/inbox")
    }

    /// The settings of a file; the defaults where it does not exist.
    ///
    /// - Throws: SettingsError naming the file, the line or key, and what it may be.
    init(file path: String, stateDirectory: String) throws(SettingsError) {
        self.init(stateDirectory: stateDirectory)
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20 else {
            throw SettingsError(path: path, detail: "the file cannot be read, or exceeds 1 MiB")
        }
        let bytes = [UInt8](data)
        try SettingsKeys.check(bytes, path: path)
        guard SettingsKeys.hasContent(bytes) else { return }
        let snapshot: YAMLSnapshot
        do {
            snapshot = try YAMLSnapshot(
                data: bytes.span.bytes, providerName: path, parsingOptions: .default)
        } catch {
            throw SettingsError(path: path, detail: "the file is no YAML: \(error)")
        }
        try apply(SettingsFile(path: path, snapshot: snapshot))
    }

    private mutating func apply(_ file: SettingsFile) throws(SettingsError) {
        if let path = try file.text("inbox.path") {
            guard path.hasPrefix("/") else {
                throw file.error("inbox.path", "is no absolute path")
            }
            inbox.path = path
        }
        try file.set(&inbox.settle, "inbox.settleMilliseconds", 0...60_000) { .milliseconds($0) }
        try file.set(&inbox.maximumWait, "inbox.maximumWaitSeconds", 1...86_400) { .seconds($0) }
        try file.set(&inbox.rescan, "inbox.rescanSeconds", 1...86_400) { .seconds($0) }
        try file.set(&inbox.poll, "inbox.networkPollSeconds", 1...3_600) { .seconds($0) }
        try file.set(&limits.pageBytes, "limits.pageBytes", 1024...1 << 30) { $0 }
        try file.set(&limits.fileBytes, "limits.fileBytes", 1024...1 << 40) { $0 }
        try file.set(&limits.expandedBytes, "limits.expandedBytes", 1024...1 << 40) { $0 }
        try file.set(&limits.expansionRatio, "limits.expansionRatio", 1...100_000) { $0 }
        try file.set(&limits.expansionFloor, "limits.expansionFloor", 0...1 << 30) { $0 }
        try file.set(&limits.members, "limits.members", 1...100_000_000) { $0 }
        try file.set(&limits.nesting, "limits.nesting", 1...32) { $0 }
        try file.set(&limits.pageSeconds, "limits.pageSeconds", 1...86_400) { $0 }
        try file.set(&limits.workerBytes, "limits.workerBytes", 1 << 28...1 << 40) { $0 }
        try file.set(&socket.connections, "socket.connections", 1...10_000) { $0 }
        try file.set(&socket.lineBytes, "socket.lineBytes", 1024...1 << 24) { $0 }
        try file.set(&socket.inFlight, "socket.inFlight", 1...1024) { $0 }
        try file.set(&socket.outputBytes, "socket.outputBytes", 1 << 16...1 << 26) { $0 }
        try file.set(&socket.lineTime, "socket.partialLineSeconds", 1...3_600) { .seconds($0) }
        try file.set(&socket.stallTime, "socket.stalledSeconds", 1...3_600) { .seconds($0) }
        try file.set(&cacheBytes, "cache.bytes", 0...1 << 32) { $0 }
        try file.set(&reserveBytes, "storage.reserveBytes", 0...1 << 40) { $0 }
        if let path = try file.text("outlets.directory") { outletsDirectory = path }
        if let level = try file.text("log.level") {
            guard let known = Logger.Level(rawValue: level) else {
                let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw file.error("log.level", "\"\(level)\" is none of \(names)")
            }
            logLevel = known
        }
    }

    /// The keys whose values differ, for those who ask for a reload.
    func changes(to other: Settings) -> [String] {
        var changes: [String] = []
        if inbox != other.inbox { changes.append("inbox") }
        if limits != other.limits { changes.append("limits") }
        if socket != other.socket { changes.append("socket") }
        if cacheBytes != other.cacheBytes { changes.append("cache") }
        if reserveBytes != other.reserveBytes { changes.append("storage") }
        if outletsDirectory != other.outletsDirectory { changes.append("outlets") }
        if logLevel != other.logLevel { changes.append("log") }
        return changes
    }
}

/// Why the configuration is refused.
struct SettingsError: Error, Hashable, CustomStringConvertible {
    /// The file.
    var path: String
    var line: Int?
    /// The key at fault, as `inbox.path`.
    var key: String?
    /// What is wrong, and what it may be.
    var detail: String

    var description: String {
        path + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "\($0): " } ?? "") + detail
    }
}

/// Finds keys that no setting has: a misspelt one would be passed over.
enum SettingsKeys {
    static let all: [String: Set<String>] = [
        "inbox": [
            "path", "settleMilliseconds", "maximumWaitSeconds", "rescanSeconds",
            "networkPollSeconds",
        ],
        "limits": [
            "pageBytes", "fileBytes", "expandedBytes", "expansionRatio", "expansionFloor",
            "members", "nesting", "pageSeconds", "workerBytes",
        ],
        "socket": [
            "connections", "lineBytes", "inFlight", "outputBytes", "partialLineSeconds",
            "stalledSeconds",
        ],
        "cache": ["bytes"], "storage": ["reserveBytes"], "outlets": ["directory"],
        "log": ["level"],
    ]

    /// Whether any line is more than a comment: an empty file is no YAML mapping.
    static func hasContent(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 0x0A).contains { line in
            guard let first = line.first(where: { $0 != 0x20 && $0 != 0x0D }) else { return false }
            return first != UInt8(ascii: "#")
        }
    }

    /// Reads the keys line by line: groups at the margin, settings below them.
    static func check(_ bytes: [UInt8], path: String) throws(SettingsError) {
        var group = ""
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let text = line.drop { $0 == 0x20 }
            guard let first = text.first(where: { $0 != 0x0D }), first != UInt8(ascii: "#") else {
                continue
            }
            guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
                (0x61...0x7A).contains(first | 0x20)
            else {
                if text.elementsEqual("---".utf8) { continue }
                throw SettingsError(path: path, line: index + 1, detail: "is no key with its value")
            }
            let name = String(decoding: text[..<colon], as: UTF8.self)
            if text.startIndex == line.startIndex { group = name }
            let isGroup = text.startIndex == line.startIndex
            let known = isGroup ? all[name] != nil : all[group]?.contains(name) ?? false
            guard known else {
                let choices = isGroup ? all.keys.sorted() : (all[group] ?? []).sorted()
                throw SettingsError(
                    path: path, line: index + 1, key: isGroup ? name : "\(group).\(name)",
                    detail: "no such key; known are \(choices.joined(separator: ", "))")
            }
            let value = text[(colon + 1)...].first { $0 != 0x20 && $0 != 0x0D }
            if isGroup, let value, value != UInt8(ascii: "#") {
                throw SettingsError(
                    path: path, line: index + 1, key: name,
                    detail: "is a group; its settings stand on lines of their own below it")
            }
        }
    }
}

/// The values of one configuration file.
private struct SettingsFile {
    let path: String
    let snapshot: YAMLSnapshot

    func error(_ key: String, _ detail: String) -> SettingsError {
        SettingsError(path: path, key: key, detail: detail)
    }

    private func value(_ key: String, _ type: ConfigType, _ form: String) throws(SettingsError)
        -> ConfigContent?
    {
        let parts = key.split(separator: ".").map(String.init)
        do {
            return try snapshot.value(forKey: AbsoluteConfigKey(parts), type: type).value?.content
        } catch {
            throw self.error(key, "is not \(form)")
        }
    }

    func text(_ key: String) throws(SettingsError) -> String? {
        guard case .string(let text)? = try value(key, .string, "a text") else { return nil }
        return text
    }

    func set<T>(
        _ setting: inout T, _ key: String, _ bounds: ClosedRange<Int>, _ make: (Int) -> T
    ) throws(SettingsError) {
        let form = "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        guard case .int(let number)? = try value(key, .int, form) else { return }
        guard bounds.contains(number) else { throw error(key, "\(number) is not \(form)") }
        setting = make(number)
    }
}
