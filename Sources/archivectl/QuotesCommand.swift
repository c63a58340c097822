import ArchiveProtocol
import ArgumentParser

/// Finds what people said.
struct QuotesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quotes",
        abstract: "Find what people said.",
        discussion: """
            Examples:
              archivectl quotes --speaker "Maria Alvarez"
              archivectl quotes 'budget cuts' --since 2016 --until 2016
              archivectl quotes --speaker mayor -o json-lines --all
            """)

    @Argument(help: "Words of the quotation.") var query: [String] = []

    @Option(help: "Who said it.") var speaker: String?

    @OptionGroup var dates: DateOptions
    @OptionGroup var pages: PageOptions
    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        var parameters = Parameters()
        parameters.add("query", query.isEmpty ? nil : query.joined(separator: " "))
        parameters.add("speaker", speaker)
        parameters.add("since", dates.since?.date)
        parameters.add("until", dates.until?.date)
        parameters.add("sync", sync.milliseconds)
        var shown = 0
        let last = try Pages(
            method: "quotes.search", parameters: parameters, wanted: pages.wanted,
            cursor: pages.cursor
        ).print(client, to: output) { quotation in
            shown += 1
            let role: TerminalText = quotation["role"]?.string.map { ", \($0)" } ?? ""
            let speaker = quotation["speaker"]?.string ?? "(nobody named)"
            let source = TerminalText.joined(
                [
                    "\(quotation.text("id"))", "\(String(quotation.date("published").prefix(10)))",
                ], ", ")
            output.line(
                "\(strong: speaker)\(role) — “\(quotation.text("text"))” (\(source))")
        }
        output.legend(.total(last, shown: shown))
    }
}
