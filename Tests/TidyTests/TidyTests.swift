import Testing

/// The rules on the code itself, and that each of them can fail.
@Suite struct TidyTests {
    private let sources: [SourceFile]
    private let all: [SourceFile]

    init() throws {
        sources = try Repository.files(below: "Sources")
        all = try sources + Repository.files(below: "Tests")
    }

    private func planted(_ text: String, at path: String = "Sources/Archive/Parsing/Planted.swift")
        -> SourceFile
    {
        SourceFile(path: path, text: text)
    }

    @Test func `the rules read the whole repository`() {
        #expect(sources.contains { $0.path == "Sources/ArchiveProtocol/Article.swift" })
        #expect(Set(sources.compactMap(\.station)).isSuperset(of: Rules.stations))
    }

    @Test func `no file is longer than 400 lines`() {
        #expect(all.flatMap(Rules.tooLong) == [])
        let text = String(repeating: "let a = 1\n", count: 400)
        #expect(Rules.tooLong(planted(text)) == [])
        #expect(Rules.tooLong(planted(text + "\n")).count == 1)
    }

    @Test func `no line is wider than 100 columns`() {
        #expect(all.flatMap(Rules.tooWide) == [])
        let line = String(repeating: "é", count: 100)
        #expect(Rules.tooWide(planted(line)) == [])
        #expect(Rules.tooWide(planted(line + "x")).count == 1)
    }

    @Test func `no function is longer than 70 lines`() {
        #expect(all.flatMap(Rules.longFunctions) == [])
        let body = String(repeating: "    print(\"}\") // }\n", count: 68)
        #expect(Rules.longFunctions(planted("func a() {\n\(body)}\n")) == [])
        #expect(Rules.longFunctions(planted("func a() {\n\(body)\n}\n")).count == 1)
        #expect(Rules.longFunctions(planted("init(\n) {\n\(body)}\n")).count == 1)
        #expect(Rules.longFunctions(planted("protocol P {\n    func a()\n}\n\(body)")) == [])
    }

    @Test func `stations and programs import what is theirs and nothing else`() {
        #expect(sources.flatMap(Rules.foreignImports) == [])
        #expect(Rules.foreignImports(planted("internal import GRDB\n")).count == 1)
        #expect(Rules.foreignImports(planted("import struct Foundation.Date\n")).count == 1)
        #expect(Rules.foreignImports(planted("// import Foundation\n")) == [])
        let program = planted("import Foundation\n", at: "Sources/archivectl/Planted.swift")
        #expect(Rules.foreignImports(program).count == 1)
        let daemon = planted("import GRDB\n", at: "Sources/archived/Planted.swift")
        #expect(Rules.foreignImports(daemon).count == 1)
        #expect(Rules.timeZoneFiles.isSubset(of: sources.map(\.path)))
    }

    @Test func `no station names a type of a later one`() {
        #expect(Rules.laterNames(sources) == [])
        let later = planted("struct Kept {}\n", at: "Sources/Archive/Repository/Kept.swift")
        #expect(Rules.laterNames([planted("let a: Kept\n"), later]).count == 1)
        #expect(Rules.laterNames([planted("let a: Page.Kept // Kept\n"), later]) == [])
        let own = planted("enum Page { struct Kept {} }\nlet a: Kept\n")
        #expect(Rules.laterNames([own, later]) == [])
        let host = planted("let a: Kept\n", at: "Sources/Archive/System/Planted.swift")
        #expect(Rules.laterNames([host, later]).count == 1)
        let search = planted("let a: Kept\n", at: "Sources/Archive/Search/Planted.swift")
        #expect(Rules.laterNames([search, later]) == [])
    }

    @Test(arguments: ["// TO" + "DO: later", "fatalError()", "try! a()", "a as! B", "Regex(a)"])
    func `no source has a word that is banned`(violation: String) {
        #expect(sources.flatMap(Rules.bannedWords) == [])
        #expect(Rules.bannedWords(planted(violation)).count == 1)
        #expect(Rules.bannedWords(planted("try a() as? B // fatalError, \"try!\"")) == [])
    }

    @Test func `no stored value is read in a way that can trap`() {
        #expect(sources.flatMap(Rules.trappingColumns) == [])
        let head = "import GRDB\n"
        #expect(Rules.trappingColumns(planted(head + "let a: Int = row[\"a\"]")).count == 1)
        #expect(Rules.trappingColumns(planted(head + "Int.fromDatabaseValue(row[\"a\"])")) == [])
        #expect(Rules.trappingColumns(planted("row[0] = 1")) == [])
    }

    @Test func `nothing speaks of how it was made`() throws {
        let files = all.filter { !$0.path.hasPrefix("Tests/TidyTests/") }
        #expect(
            files.flatMap { Rules.workplaceWords(path: $0.path, lines: $0.lines) } == [])
        let words = ["the age" + "nt", "in this ses" + "sion", "/wo" + "rk/main"]
        for word in words {
            #expect(Rules.workplaceWords(path: "a", lines: [word]).count == 1)
        }
        #expect(Rules.workplaceWords(path: "a", lines: ["User-Agent: x; jsessionid"]) == [])
    }

    @Test func `the protocol lists each method once`() throws {
        let methods = Rules.methods(try Repository.text("docs/protocol.md"))
        #expect(methods.contains("articles.get"))
        #expect(methods.contains("events.subscribe"))
        #expect(Rules.repeated(methods) == [])
        let table = "| method | right |\n|---|---|\n| `a.b` | read |\n"
        #expect(Rules.repeated(Rules.methods(table + "\n" + table)) == ["a.b"])
        #expect(Rules.methods("| word |\n| `a.b` |") == [])
    }

    @Test func `the journal's numbers are the same in the catalog, the table and the code`() throws
    {
        let table = Rules.messageNumbers(try Repository.text("docs/journal.md"))
        let catalog = Rules.messageNumbers(try Repository.text("systemd/archived.catalog"))
        let code = Rules.messageNumbers(
            try Repository.text("Sources/Archive/System/MessageID.swift"))
        #expect(catalog.count == 12)
        #expect(catalog == table)
        #expect(catalog == code)
        #expect(Rules.messageNumbers("a \(String(repeating: "0f", count: 16)).").count == 1)
        #expect(Rules.messageNumbers(String(repeating: "0f", count: 32)) == [])
    }
}
