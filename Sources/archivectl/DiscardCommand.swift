import ArchiveProtocol
import ArgumentParser

/// Removes quarantined files for good.
struct DiscardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Remove quarantined files for good.",
        discussion: """
            Examples:
              archivectl list-failed
              archivectl discard sha256:9f86d081884c7d65…
              archivectl why broken.zip      (the ledger keeps its row)
            """)

    @Argument(help: "The digests of the files.") var digest: [String]

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let client = try options.administrator()
        var tally = Tally()
        for digest in digest {
            try tally.attempt {
                let answer = try client.call("inbox.discard", ["digest": .string(digest)]).result
                if output.format == .short {
                    output.confirmation("\(answer.text("digest")): discarded")
                } else {
                    output.json(answer)
                }
            }
        }
        try tally.finish()
    }
}
