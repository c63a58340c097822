import ArchiveProtocol
import ArgumentParser

/// Reads originals from disk and compares them with their digests, then looks through the database.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check originals and records against their digests (fixity check).",
        discussion: """
            Examples:
              archivectl verify
              archivectl verify sha256:9f86d081884c7d65…
              archivectl verify --limit 1000 -o json-lines

            All originals are read, then every record of the database is compared with its \
            digest and what stands beside it, and every row is looked for in each index. Where \
            originals are named, or --limit or --cursor says which, those alone are read. \
            What is damaged is listed; 1 is the exit code where there is anything.
            """)

    @Argument(help: "The digests of the originals.") var digest: [String] = []

    @Option(name: [.customShort("n"), .long], help: "At most so many (default: all).")
    var limit: Int?

    @Option(help: ArgumentHelp("Go on after an earlier page.", valueName: "cursor"))
    var cursor: String?

    @Flag(help: "Everything, page after page (the default).") var all = false

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        if all, limit != nil { throw ValidationError("--all and --limit exclude each other") }
        if digest.count > 1, cursor != nil { throw ValidationError("--cursor is for one list") }
    }

    func run() throws {
        let output = Output(options)
        // Reading a whole archive takes as long as it takes.
        let client = try options.reader(patience: nil)
        var tally = Tally()
        let originals = try verifyOriginals(client, output, &tally)
        var database = Findings()
        if digest.isEmpty, limit == nil, cursor == nil {
            try tally.attempt { try Self.verifyDatabase(client, output, &database) }
        }
        if output.format == .json {
            output.json([
                "items": .array(originals.items), "damaged": .integer(originals.damaged),
                "database": [
                    "items": .array(database.items), "rows": .integer(database.count),
                ],
            ])
        }
        if originals.damaged + database.damaged > 0 { tally.fail() }
        try tally.finish()
    }

    /// What was looked at, and what of it is damaged.
    private struct Findings {
        var items: [JSON] = []
        var count = 0
        var damaged = 0
    }

    private func verifyOriginals(_ client: ArchiveClient, _ output: Output, _ tally: inout Tally)
        throws -> Findings
    {
        var found = Findings()
        var last: JSON = [:]
        for digest in digest.isEmpty ? [nil] : digest.map(Optional.some) {
            var parameters = Parameters()
            parameters.add("digest", digest)
            try tally.attempt {
                last = try Pages(
                    method: "originals.verify", parameters: parameters, wanted: limit,
                    cursor: cursor
                ).follow(client) { page in
                    for item in page["items"]?.array ?? [] {
                        found.count += 1
                        if output.format == .json { found.items.append(item) }
                        if output.format == .jsonLines { output.json(item) }
                        guard item["ok"]?.bool != true else { continue }
                        found.damaged += 1
                        if output.format == .short { Self.show(item, output) }
                    }
                }
            }
        }
        guard output.format == .short else { return found }
        output.confirmation("\(found.count) verified, \(found.damaged) damaged")
        if let cursor = last["nextCursor"]?.string {
            output.legend("go on with --cursor \(cursor)")
        }
        return found
    }

    private static func verifyDatabase(
        _ client: ArchiveClient, _ output: Output, _ found: inout Findings
    ) throws {
        try Pages(method: "archive.verify", parameters: Parameters()).follow(client) { page in
            found.count += page.count("rows")
            for item in page["items"]?.array ?? [] {
                found.damaged += 1
                found.items.append(item)
                if output.format == .jsonLines { output.json(item) }
                if output.format == .short {
                    output.line("database: \(strong: "damaged"); \(item.text("detail"))")
                }
            }
        }
        guard output.format == .short else { return }
        output.confirmation(
            "\(found.count) rows of the database verified, \(found.damaged) damages")
        if found.damaged > 0 {
            output.legend("archived mends what it can; archivectl status tells what it cannot")
        }
    }

    private static func show(_ item: JSON, _ output: Output) {
        let found: TerminalText = item["found"]?.string.map { "found \($0)" } ?? "cannot be read"
        output.line("\(item.text("digest")): \(strong: "damaged"); \(found)")
    }
}
