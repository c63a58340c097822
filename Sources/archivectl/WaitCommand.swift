import ArchiveProtocol
import ArgumentParser

/// Waits until every file that was dropped before is settled.
struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until every file dropped before is settled.",
        discussion: """
            Examples:
              archivectl wait
              archivectl wait --timeout 600 && archivectl list-failed
              cp *.html /var/lib/archived/inbox/ && archivectl wait

            Exits with 6 where --timeout (30 seconds) is over before.
            """)

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let patience = options.timeout ?? GlobalOptions.defaultTimeout
        // The daemon is to say that the time is over, so the connection waits a little longer.
        var connection = options
        connection.timeout = nil
        let client = try connection.reader(patience: patience.duration + .seconds(5))
        let answer = try client.call("sync", ["timeout": .integer(patience.milliseconds)]).result
        if output.format == .short {
            output.confirmation("settled at revision \(answer.count("revision"))")
        } else {
            output.json(answer)
        }
    }
}
