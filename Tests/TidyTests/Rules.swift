/// The rules on the code: each returns a line for every place that breaks it.
enum Rules {
    static let fileLines = 400
    static let functionLines = 70
    static let columns = 100

    /// The stations in the order of a file's way through them.
    static let stations = [
        "Inbox", "Packaging", "Parsing", "Repository", "Worker", "Lane", "Upkeep", "Search",
        "Service", "Socket",
    ]

    /// What every station may import.
    static let everywhere: Set<String> = [
        "ArchiveProtocol", "Dispatch", "Glibc", "Logging", "ServiceLifecycle",
        "Synchronization",
    ]

    /// The stations that are pure, bytes in and values out, and so may import less than others.
    static let pure: Set<String> = ["Packaging", "Parsing"]

    /// What a station may import beyond that.
    static let stationImports: [String: Set<String>] = [
        "Inbox": ["CCrypto", "CLinux"],
        "Packaging": [
            "ArchiveProtocol", "CArchive", "CBrotli", "CCrypto", "CIsal", "CLinux", "CZstd",
            "Glibc",
        ],
        "Parsing": ["ArchiveProtocol", "CUchardet", "Glibc"],
        "Repository": ["CLinux", "Foundation", "GRDB", "GRDBSQLite"],
        "Search": ["CLinux", "CStemmer", "Foundation", "GRDB"],
        "Service": ["CLinux"],
        "Socket": ["CLinux"],
        "Worker": ["CLinux", "CSeccomp", "Foundation"],
        "System": ["CLinux", "CSystemd", "UnixSignals"],
    ]

    /// Where parsing may ask Foundation: for the rules of time zones, and nothing else.
    static let timeZoneFiles: Set<String> = [
        "Sources/Archive/Parsing/CivilTime.swift", "Sources/Archive/Parsing/HouseStyle.swift",
        "Sources/Archive/Parsing/NewsDateFields.swift",
    ]

    static func tooLong(_ file: SourceFile) -> [String] {
        file.lines.count > fileLines ? ["\(file.path): \(file.lines.count) lines"] : []
    }

    static func tooWide(_ file: SourceFile) -> [String] {
        file.lines.enumerated().filter { $1.count > columns }
            .map { "\(file.path):\($0.offset + 1): \($0.element.count) columns" }
    }

    /// A function is counted from the line of its `func` to that of its closing brace.
    static func longFunctions(_ file: SourceFile) -> [String] {
        let tokens = file.tokens
        var broken: [String] = []
        for (index, token) in tokens.enumerated() where beginsFunction(tokens, index) {
            guard let last = lastLine(tokens, from: index + 1) else { continue }
            let count = last - token.line + 1
            if count > functionLines { broken.append("\(file.path):\(token.line): \(count) lines") }
        }
        return broken
    }

    private static func beginsFunction(_ tokens: [Token], _ index: Int) -> Bool {
        switch tokens[index].text {
        case "func", "deinit", "subscript": true
        case "init": index == 0 || tokens[index - 1].text != "."
        default: false
        }
    }

    /// The line on which the body closes; nil for a requirement of a protocol.
    private static func lastLine(_ tokens: [Token], from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for token in tokens[start...] {
            switch token.text {
            case "(": parentheses += 1
            case ")": parentheses -= 1
            case "{" where parentheses == 0 || braces > 0: braces += 1
            case "}" where braces > 0:
                braces -= 1
                if braces == 0 { return token.line }
            case "}", "func", "var", "let", "init", "static", "case":
                if parentheses == 0, braces == 0 { return nil }
            default: break
            }
        }
        return nil
    }

    static func foreignImports(_ file: SourceFile) -> [String] {
        guard let allowed = allowedImports(file) else { return [] }
        return file.imports.filter { !allowed.contains($0) }
            .map { "\(file.path): imports \($0)" }
    }

    private static func allowedImports(_ file: SourceFile) -> Set<String>? {
        if file.path.hasPrefix("Sources/archivectl/") {
            return ["ArchiveProtocol", "ArgumentParser", "Glibc"]
        }
        if file.path.hasPrefix("Sources/archived/") { return ["Archive", "ArgumentParser"] }
        if file.path.hasPrefix("Sources/ArchiveProtocol/") { return ["Glibc"] }
        guard let station = file.station, let own = stationImports[station] else { return nil }
        if timeZoneFiles.contains(file.path) { return own.union(["Foundation"]) }
        return pure.contains(station) ? own : own.union(everywhere)
    }

    /// A station may name what stations before it hand on, never what comes after it; `System`
    /// serves all and knows none.
    static func laterNames(_ files: [SourceFile]) -> [String] {
        var homes: [String: Set<String>] = [:]
        var ownNames: [String: Set<String>] = [:]
        for file in files {
            guard let station = file.station else { continue }
            for type in declared(file) {
                ownNames[station, default: []].insert(type.name)
                if type.depth == 0 { homes[type.name, default: []].insert(station) }
            }
        }
        return files.flatMap { file -> [String] in
            guard let station = file.station else { return [] }
            let place = stations.firstIndex(of: station) ?? -1
            let tokens = file.tokens
            let names = tokens.indices.filter { $0 == 0 || tokens[$0 - 1].text != "." }
            return names.compactMap { index in
                guard let home = homes[tokens[index].text],
                    ownNames[station]?.contains(tokens[index].text) != true,
                    home.allSatisfy({ (stations.firstIndex(of: $0) ?? -1) > place })
                else { return nil }
                let place = "\(file.path):\(tokens[index].line)"
                return "\(place): names \(tokens[index].text) of \(home.sorted().joined())"
            }
        }
    }

    /// The types of the file, and within how many braces each stands.
    private static func declared(_ file: SourceFile) -> [(name: String, depth: Int)] {
        let kinds: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        let tokens = file.tokens
        var depth = 0
        var names: [(name: String, depth: Int)] = []
        for (index, token) in tokens.enumerated() {
            if token.text == "{" { depth += 1 }
            if token.text == "}" { depth -= 1 }
            if kinds.contains(token.text), index + 1 < tokens.count {
                names.append((tokens[index + 1].text, depth))
            }
        }
        return names
    }

    static func bannedWords(_ file: SourceFile) -> [String] {
        let unfinished = ["TO" + "DO", "FIX" + "ME"]
        var broken: [String] = []
        for (index, line) in file.lines.enumerated() {
            for word in Token.tokens(of: line, number: index).map(\.text)
            where unfinished.contains(word) { broken.append("\(file.path):\(index + 1): \(word)") }
        }
        let tokens = file.tokens
        for (index, token) in tokens.enumerated() {
            let next = index + 1 < tokens.count ? tokens[index + 1].text : ""
            switch token.text {
            case "fatalError", "Regex": broken.append("\(file.path):\(token.line): \(token.text)")
            case "try" where next == "!", "as" where next == "!":
                broken.append("\(file.path):\(token.line): \(token.text)!")
            default: break
            }
        }
        return broken
    }

    /// A stored value may be damaged and of any type, on which GRDB's subscripts trap.
    static func trappingColumns(_ file: SourceFile) -> [String] {
        guard file.imports.contains("GRDB") else { return [] }
        let tokens = file.tokens
        return tokens.indices.dropFirst().compactMap { index in
            guard tokens[index].text == "[", tokens[index - 1].text == "row",
                index < 3 || tokens[index - 3].text != "fromDatabaseValue"
            else { return nil }
            return "\(file.path):\(tokens[index].line): row[…]; row.decode(forColumn:) throws"
        }
    }

    /// What speaks of how the text was made instead of what it says.
    static func workplaceWords(path: String, lines: [String]) -> [String] {
        let words: Set<String> = ["age" + "nt", "age" + "nts", "ses" + "sion", "ses" + "sions"]
        return lines.enumerated().flatMap { index, line -> [String] in
            let tokens = Token.tokens(of: line.lowercased(), number: index + 1)
            let found = tokens.indices.filter {
                words.contains(tokens[$0].text) && ($0 == 0 || tokens[$0 - 1].text != "-")
            }
            let place = line.contains("/wo" + "rk/") ? ["\(path):\(index + 1): a path"] : []
            return found.map { "\(path):\(index + 1): \(tokens[$0].text)" } + place
        }
    }

    /// The methods that the tables of the protocol list.
    static func methods(_ protocolText: String) -> [String] {
        var names: [String] = []
        var isTable = false
        for line in protocolText.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("| method |") {
                isTable = true
            } else if !line.hasPrefix("|") {
                isTable = false
            } else if isTable, line.hasPrefix("| `") {
                names.append(String(line.dropFirst(3).prefix { $0 != "`" }))
            }
        }
        return names
    }

    static func repeated(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys.sorted()
    }

    /// The 128-bit numbers of messages in a text.
    static func messageNumbers(_ text: String) -> Set<String> {
        Set(
            text.split { !($0.isHexDigit && $0.isASCII) }.map(String.init)
                .filter { $0.utf8.count == 32 })
    }
}
