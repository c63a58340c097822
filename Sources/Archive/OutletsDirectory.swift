internal import Configuration
internal import Foundation

/// Reads the house styles, one YAML file an outlet.
///
/// The keys are those of `etc/archived/outlets/dnainfo.yaml`; an unknown key, a value of the wrong
/// type and a missing `outlet` are refused with the file's and the key's name.
enum OutletsDirectory {
    /// Why a house style cannot be read.
    struct Failure: Error, Hashable, CustomStringConvertible {
        /// The file.
        var path: String
        /// The line at fault, counted from 1, where one is.
        var line: Int?
        /// The key at fault, where one is.
        var key: String?
        /// What is wrong with it.
        var detail: String
        /// What to do about it.
        var remedy: String?

        var description: String {
            let place = [path, line.map { "line \($0)" }, key].compactMap(\.self)
            return (place + [detail]).joined(separator: ": ") + (remedy.map { "; " + $0 } ?? "")
        }
    }

    /// A house style larger than this is none.
    static let mostBytes = 1 << 16

    private static let keys: Set<String> = [
        "outlet", "hosts", "timeZone", "editions", "banners", "furniture", "readMoreMarks",
        "captionMarks", "endMarks", "creditPrefixes", "section",
    ]

    /// The styles of all `*.yaml` in the directory `path`, in the order of their names.
    static func load(_ path: String) throws -> HouseStyles {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw Failure(path: path, detail: "the directory cannot be read")
        }
        let files = names.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
        return HouseStyles(try files.map { try style(path + "/" + $0) })
    }

    private static func style(_ path: String) throws -> HouseStyle {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(path: path, detail: "the file cannot be read")
        }
        return try style([UInt8](data), named: path)
    }

    /// The style that the bytes of a file say.
    static func style(_ bytes: [UInt8], named path: String) throws -> HouseStyle {
        guard bytes.count <= mostBytes else {
            throw Failure(
                path: path, detail: "is larger than \(mostBytes) bytes",
                remedy: "shorten its lists")
        }
        try refuseUnknownKeys(bytes, path)
        let snapshot: YAMLSnapshot
        do {
            snapshot = try YAMLSnapshot(
                data: bytes.span.bytes, providerName: path, parsingOptions: .default)
        } catch {
            // The parser tells place and fault over several lines.
            let words = "\(error)".split(whereSeparator: \.isWhitespace).joined(separator: " ")
            throw Failure(path: path, detail: "is no YAML mapping of keys: \(words)")
        }
        return try style(Values(path: path, bytes: bytes, snapshot: snapshot))
    }

    private static func style(_ values: Values) throws -> HouseStyle {
        guard let outlet = try values.text("outlet"), !outlet.isEmpty else {
            throw values.failure(
                "outlet", "is missing", remedy: "begin the file with a line `outlet: its name`")
        }
        var style = HouseStyle(outlet: outlet)
        style.hosts = try values.list("hosts").map(PageAddress.plainHost)
        style.timeZone = try values.text("timeZone").map { try values.zone("timeZone", $0) }
        style.editions = try values.list("editions").map { entry in
            guard let mark = entry.firstIndex(of: "=") else {
                throw values.failure(
                    "editions", "\"\(entry)\" is not of the form path = zone",
                    remedy: "write it like `chicago = America/Chicago`")
            }
            let path = entry[..<mark].trimmingCharacters(in: .whitespaces)
            let zone = entry[entry.index(after: mark)...].trimmingCharacters(in: .whitespaces)
            guard !path.isEmpty else { throw values.failure("editions", "a path is missing") }
            return HouseStyle.Edition(
                path: path.lowercased(), timeZone: try values.zone("editions", zone))
        }
        style.banners = try values.list("banners")
        style.furniture = try values.list("furniture")
        style.readMoreMarks = try values.list("readMoreMarks")
        style.captionMarks = try values.list("captionMarks")
        style.endMarks = try values.list("endMarks")
        style.creditPrefixes = try values.list("creditPrefixes")
        if let rule = try values.text("section") {
            guard let section = HouseStyle.SectionRule(rawValue: rule) else {
                let known = HouseStyle.SectionRule.allCases.map(\.rawValue).joined(separator: ", ")
                throw values.failure("section", "\"\(rule)\" is none of \(known)")
            }
            style.section = section
        }
        return style
    }

    /// Refuses a key at the start of a line that no style has: a misspelt key would be passed over.
    private static func refuseUnknownKeys(_ bytes: [UInt8], _ path: String) throws {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), let first = line.first,
                TextScanning.isASCIILetter(first)
            else { continue }
            let key = TextScanning.string(line[..<colon])
            guard keys.contains(key) else {
                throw Failure(
                    path: path, line: number + 1, key: key, detail: "is no key of a house style",
                    remedy: "the keys are " + keys.sorted().joined(separator: ", "))
            }
        }
    }

    /// The values of one file.
    private struct Values {
        let path: String
        let bytes: [UInt8]
        let snapshot: YAMLSnapshot

        func failure(_ key: String, _ detail: String, remedy: String? = nil) -> Failure {
            Failure(path: path, line: line(of: key), key: key, detail: detail, remedy: remedy)
        }

        /// The line that a key stands on, counted from 1.
        private func line(of key: String) -> Int? {
            let key = Array((key + ":").utf8)
            return bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                .firstIndex { $0.starts(with: key) }.map { $0 + 1 }
        }

        private let remedies = [
            "a list of texts": "write each on a line of its own, behind a hyphen",
            "a text": "write one text behind the colon",
        ]

        init(path: String, bytes: [UInt8], snapshot: YAMLSnapshot) {
            self.path = path
            self.bytes = bytes
            self.snapshot = snapshot
        }

        private func value(_ key: String, _ type: ConfigType, _ form: String) throws
            -> ConfigContent?
        {
            do {
                return try snapshot.value(forKey: AbsoluteConfigKey([key]), type: type).value?
                    .content
            } catch {
                throw failure(key, "is not \(form)", remedy: remedies[form])
            }
        }

        func text(_ key: String) throws -> String? {
            guard case .string(let text)? = try value(key, .string, "a text") else { return nil }
            return text
        }

        func list(_ key: String) throws -> [String] {
            guard case .stringArray(let list)? = try value(key, .stringArray, "a list of texts")
            else { return [] }
            return list
        }

        func zone(_ key: String, _ name: String) throws -> TimeZone {
            guard let zone = TimeZone(identifier: name) else {
                throw failure(
                    key, "\"\(name)\" is no IANA time zone",
                    remedy: "write it like America/New_York; timedatectl list-timezones has all")
            }
            return zone
        }
    }
}
