import ArchiveProtocol
import ArgumentParser

/// Reads originals from disk and compares them with their digests.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check originals against their digests (fixity check).",
        discussion: """
            Examples:
              archivectl verify
              archivectl verify sha256:9f86d081884c7d65…
              archivectl verify --limit 1000 -o json-lines

            All originals are read unless some are named or --limit says how many. \
            Damaged ones are listed; 1 is the exit code where there is one.
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
        var items: [JSON] = []
        var count = 0
        var damaged = 0
        var last: JSON = [:]
        var tally = Tally()
        for digest in digest.isEmpty ? [nil] : digest.map(Optional.some) {
            var parameters = Parameters()
            parameters.add("digest", digest)
            try tally.attempt {
                last = try Pages(
                    method: "originals.verify", parameters: parameters, wanted: limit,
                    cursor: cursor
                ).follow(client) { page in
                    for item in page["items"]?.array ?? [] {
                        count += 1
                        if output.format == .json { items.append(item) }
                        if output.format == .jsonLines { output.json(item) }
                        guard item["ok"]?.bool != true else { continue }
                        damaged += 1
                        if output.format == .short { Self.show(item, output) }
                    }
                }
            }
        }
        if output.format == .json {
            output.json(["items": .array(items), "damaged": .integer(damaged)])
        } else if output.format == .short {
            output.confirmation("\(count) verified, \(damaged) damaged")
            if let cursor = last["nextCursor"]?.string {
                output.legend("go on with --cursor \(cursor)")
            }
        }
        if damaged > 0 { tally.fail() }
        try tally.finish()
    }

    private static func show(_ item: JSON, _ output: Output) {
        let found: TerminalText = item["found"]?.string.map { "found \($0)" } ?? "cannot be read"
        output.line("\(item.text("digest")): \(strong: "damaged"); \(found)")
    }
}
