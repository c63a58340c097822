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
        /// The key at fault, where one is.
        var key: String?
        /// What is wrong with it.
        var detail: String

        var description: String { path + ": " + (key.map { $0 + ": " } ?? "") + detail }
    }

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
        let bytes = [UInt8](data)
        guard bytes.count <= 1 << 20 else {
            throw Failure(path: path, detail: "the file is larger than 1 MiB")
        }
        try refuseUnknownKeys(bytes, path)
        let snapshot: YAMLSnapshot
        do {
            snapshot = try YAMLSnapshot(
                data: bytes.span.bytes, providerName: path, parsingOptions: .default)
        } catch {
            throw Failure(path: path, detail: "no YAML mapping of keys: \(error)")
        }
        return try style(Values(path: path, snapshot: snapshot))
    }

    private static func style(_ values: Values) throws -> HouseStyle {
        guard let outlet = try values.text("outlet"), !outlet.isEmpty else {
            throw values.failure("outlet", "is missing")
        }
        var style = HouseStyle(outlet: outlet)
        style.hosts = try values.list("hosts").map(PageAddress.plainHost)
        style.timeZone = try values.text("timeZone").map { try values.zone("timeZone", $0) }
        style.editions = try values.list("editions").map { entry in
            guard let mark = entry.firstIndex(of: "=") else {
                throw values.failure("editions", "\"\(entry)\" is not of the form path = zone")
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
        for line in bytes.split(separator: 0x0A) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), let first = line.first,
                TextScanning.isASCIILetter(first)
            else { continue }
            let key = TextScanning.string(line[..<colon])
            guard keys.contains(key) else {
                throw Failure(path: path, key: key, detail: "is no key of a house style")
            }
        }
    }

    /// The values of one file.
    private struct Values {
        let path: String
        let snapshot: YAMLSnapshot

        func failure(_ key: String, _ detail: String) -> Failure {
            Failure(path: path, key: key, detail: detail)
        }

        private func value(_ key: String, _ type: ConfigType, _ form: String) throws
            -> ConfigContent?
        {
            do {
                return try snapshot.value(forKey: AbsoluteConfigKey([key]), type: type).value?
                    .content
            } catch {
                throw failure(key, "is not \(form)")
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
                throw failure(key, "\"\(name)\" is no IANA time zone")
            }
            return zone
        }
    }
}
