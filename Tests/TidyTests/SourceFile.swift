import Foundation

/// One Swift file as the rules read it.
struct SourceFile {
    /// The path from the root of the repository.
    let path: String
    /// The text as it stands.
    let lines: [String]
    /// The text with comments, literals and raw identifiers blanked out, line by line.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = Self.lines(of: text)
        code = Self.lines(of: Blanking.code(of: text))
    }

    /// The station of the daemon that the file belongs to: `Inbox` for `Sources/Archive/Inbox/…`.
    var station: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 3, parts[0] == "Sources", parts[1] == "Archive" else { return nil }
        return String(parts[2])
    }

    /// The modules that the file imports.
    var imports: [String] {
        code.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
                words[..<index].allSatisfy({ $0.hasPrefix("@") || Self.access.contains($0) })
            else { return nil }
            return String(words.last?.split(separator: ".").first ?? "")
        }
    }

    /// The words and marks of the code, each with its line counted from 1.
    var tokens: [Token] {
        code.enumerated().flatMap { index, line in Token.tokens(of: line, number: index + 1) }
    }

    private static let access: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

/// A word or a mark of Swift.
struct Token: Equatable {
    let text: String
    let line: Int

    static func tokens(of line: String, number: Int) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        for character in line + " " {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(Token(text: word, line: number)) }
            word = ""
            if character != " " { tokens.append(Token(text: String(character), line: number)) }
        }
        return tokens
    }
}

/// The files of the repository.
enum Repository {
    /// The directory of `Package.swift`.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file below the directories named, in the order of their paths.
    static func files(below directories: String...) throws -> [SourceFile] {
        try directories.flatMap { directory in
            let base = root.appending(path: directory).path
            let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String }
            return try (names ?? []).filter { $0.hasSuffix(".swift") }.sorted().map { name in
                let path = "\(directory)/\(name)"
                return SourceFile(path: path, text: try text(path))
            }
        }
    }

    /// The text of one file.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
