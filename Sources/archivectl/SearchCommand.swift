import ArchiveProtocol
import ArgumentParser

/// Finds articles by their words and fields.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find articles.",
        discussion: """
            Examples:
              archivectl search sanctuary cities
              archivectl search '"executive order" by:mays -council' --sort newest
              archivectl search said:mayor --since 2016-11 -o json-lines --all

            The query language is told by archived-query(7). Put a query in single quotes, \
            so that the shell leaves it alone; one that begins with - goes behind --.
            """)

    @Argument(help: "What to look for.") var query: [String] = []

    @Option(help: "relevance, newest or oldest.") var sort: Order?

    @OptionGroup var dates: DateOptions
    @OptionGroup var pages: PageOptions
    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    /// In which order articles are told.
    enum Order: String, ExpressibleByArgument, CaseIterable {
        case relevance, newest, oldest
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        var parameters = Parameters()
        parameters.add("query", query.joined(separator: " "))
        parameters.add("sort", sort?.rawValue)
        parameters.add("since", dates.since?.date)
        parameters.add("until", dates.until?.date)
        parameters.add("sync", sync.milliseconds)
        var shown = 0
        let last = try Pages(
            method: "articles.search", parameters: parameters, wanted: pages.wanted,
            cursor: pages.cursor
        ).print(client, to: output) { hit in
            shown += 1
            Self.show(hit, output)
        }
        output.legend(.total(last, shown: shown))
    }

    private static func show(_ hit: JSON, _ output: Output) {
        let date = hit.date("published")
        let outlet = hit["outlet"]?.string ?? ""
        let head = TerminalText.joined(
            [
                "\(hit["id"]?.string ?? "")", "\(String(date.prefix(10)))", "\(outlet)",
                "\(strong: hit["headline"]?.string ?? "")",
            ], "  ")
        output.line(head)
        if let snippet = hit["snippet"]?.string, !snippet.isEmpty {
            output.paragraph("\(snippet: snippet)", indent: 14)
        }
    }
}
