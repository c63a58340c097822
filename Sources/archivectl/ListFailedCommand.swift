import ArchiveProtocol
import ArgumentParser

/// The files that were set aside, why, and what to do.
struct ListFailedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-failed",
        abstract: "List the files in quarantine: why, and what to do.",
        discussion: """
            Examples:
              archivectl list-failed
              archivectl list-failed --all -o json-lines
              archivectl list-failed -q || echo 'the archive cannot be asked'
            """)

    @OptionGroup var pages: PageOptions
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let client = try options.reader()
        var parameters = Parameters()
        parameters.add("state", "quarantined")
        var shown = 0
        let last = try Pages(
            method: "inbox.list", parameters: parameters, wanted: pages.wanted,
            cursor: pages.cursor
        ).print(client, to: output) { row in
            shown += 1
            LedgerRow(json: row).print(to: output)
        }
        output.legend(.total(last, shown: shown))
    }
}
