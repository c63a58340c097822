import ArchiveProtocol
import ArgumentParser

/// Shows articles to read.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show articles to read.",
        discussion: """
            Examples:
              archivectl show k3x97qpm2d4f
              archivectl show k3x9 --quotes --confidence
              archivectl show k3x97qpm2d4f --version 1 -o json
              archivectl show k3x97qpm2d4f --at 1200
            """)

    @Argument(help: "Articles: whole ids, or their first characters.") var id: [String]

    @Option(name: .customLong("version"), help: "Which version (default: the newest).")
    var versionNumber: Int?

    @Option(
        help: ArgumentHelp(
            "The version that was the newest at that revision.", valueName: "revision"))
    var at: Int?

    @Flag(help: "Show the quotations too.") var quotes = false

    @Flag(help: "Mark fields that were read with low confidence: (?).") var confidence = false

    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if let at, at < 0 { throw ValidationError("--at is a revision, 0 or more") }
        if versionNumber != nil, at != nil {
            throw ValidationError("--version and --at both tell which version: give one of them")
        }
        guard confidence else { return }
        if versionNumber != nil || at != nil {
            throw ValidationError("--confidence is known of the newest version only")
        }
        if options.output != .short {
            throw ValidationError("--confidence is for people; archivectl why tells it as JSON")
        }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        var records: [JSON] = []
        var tally = Tally()
        for (index, id) in id.enumerated() {
            try tally.attempt {
                let record = try client.article(
                    id, version: versionNumber, at: at, sync: sync)
                switch output.format {
                case .json: records.append(record)
                case .jsonLines: output.json(record)
                case .short:
                    if index > 0 { output.line() }
                    guard let article = Article(record) else {
                        throw Complaint("the daemon's answer is no article", 1)
                    }
                    let doubts = confidence ? try client.doubts(article.id) : []
                    ArticleText(article: article, withQuotations: quotes, doubts: doubts)
                        .print(to: output)
                }
            }
        }
        if output.format == .json {
            if id.count > 1 { output.json(.array(records)) } else { records.forEach(output.json) }
        }
        try tally.finish()
    }
}

extension ArchiveClient {
    /// The record of an article that may be shown.
    func article(_ id: String, version: Int?, at revision: Int? = nil, sync: SyncOption) throws
        -> JSON
    {
        var parameters = Parameters()
        parameters.add("id", id)
        parameters.add("version", version)
        parameters.add("at", revision)
        parameters.add("sync", sync.milliseconds)
        let record = try call("articles.get", parameters.json).result
        if let reason = record["withdrawn"]?.string {
            throw Failure(.withdrawn, "article \(id) is withdrawn: \(reason)")
        }
        return record
    }

    /// The fields of an article that were read with low confidence.
    func doubts(_ id: String) throws -> Set<String> {
        let evidence = try call("articles.evidence", ["id": .string(id)]).result
        let items = evidence["items"]?.array ?? []
        return Set(items.filter { $0["confidence"]?.string == "low" }.map { $0.text("field") })
    }
}
