import ArchiveProtocol
import ArgumentParser

/// Compares the inbox with the ledger now.
struct RescanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescan",
        abstract: "Look through the whole inbox now.",
        discussion: """
            Examples:
              archivectl rescan
              archivectl rescan && archivectl wait
              archivectl rescan -o json
            """)

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let answer = try options.administrator().call("inbox.rescan", [:]).result
        guard output.format == .short else { return output.json(answer) }
        output.confirmation("\(answer.count("found")) found")
    }
}
