import ArchiveProtocol
import ArgumentParser

/// Puts quarantined or waiting files back into the queue.
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Put quarantined or waiting files back into the queue.",
        discussion: """
            Examples:
              archivectl retry captures.warc.gz
              archivectl retry sha256:9f86d081884c7d65…
              archivectl retry --all && archivectl wait
            """)

    @Argument(help: "Paths in the inbox, or digests.") var file: [String] = []

    @Flag(help: "All of them.") var all = false

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if file.isEmpty != all { throw ValidationError("name either files or --all") }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.administrator()
        var retried = 0
        var tally = Tally()
        for file in all ? [""] : file {
            try tally.attempt {
                var parameters = Parameters()
                if all {
                    parameters.add("all", true)
                } else {
                    parameters.add(Self.isWholeDigest(file) ? "digest" : "path", file)
                }
                retried += try client.call("inbox.retry", parameters.json).result.count("retried")
            }
        }
        if output.format == .short {
            output.confirmation("\(retried) put back into the queue")
        } else {
            output.json(["retried": .integer(retried)])
        }
        try tally.finish()
    }

    /// Whether `text` is a digest beyond doubt: a file's name may look like the start of one.
    private static func isWholeDigest(_ text: String) -> Bool {
        Designation.isDigest(text) && text.utf8.count >= 64
    }
}
