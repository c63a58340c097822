import ArgumentParser
import Glibc

/// Asks the daemon, and tells it what to do: `archivectl VERB`.
@main
struct Archivectl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archivectl",
        abstract: "Ask the archive of a newsroom, and look after its inbox.",
        discussion: """
            Examples:
              archivectl search 'sanctuary cities by:mays' --since 2017
              archivectl show k3x97qpm2d4f
              archivectl add captures.warc.gz --wait

            Without a verb the status is shown. Exit codes: 0 done, 1 ran and found \
            trouble, 2 usage, 3 daemon unreachable, 4 no such record, 5 not permitted, \
            6 timed out, 7 withdrawn or embargoed, 8 protocol versions do not meet, \
            130 interrupted.
            """,
        version: VersionCommand.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Ask",
                subcommands: [
                    SearchCommand.self, SearchesCommand.self, RelatedCommand.self,
                    ShowCommand.self, CatCommand.self, QuotesCommand.self, VersionsCommand.self,
                    MembersCommand.self, WhyCommand.self,
                ]),
            CommandGroup(
                name: "Inbox",
                subcommands: [
                    StatusCommand.self, AddCommand.self, WaitCommand.self, ListQueueCommand.self,
                    ListFailedCommand.self, RetryCommand.self, DiscardCommand.self,
                    RescanCommand.self, MonitorCommand.self,
                ]),
            CommandGroup(
                name: "Run",
                subcommands: [
                    VerifyCommand.self, OutletsCommand.self, ReloadCommand.self,
                    CallCommand.self,
                    DescribeCommand.self, VersionCommand.self, CompletionCommand.self,
                ]),
        ],
        defaultSubcommand: StatusCommand.self)

    static func main() {
        // A pipe that nobody reads is met as EPIPE, a daemon that went as an error to report.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGINT) { _ in _exit(130) }
        do {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst())).prepared
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch {
            Glibc.exit(report(error))
        }
    }

    /// Says what `error` means, and returns what to exit with.
    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if let complaint = Complaint(error) {
            Output.complain(complaint)
            return complaint.exitCode
        }
        switch exitCode(for: error) {
        case .success:
            Output.help(fullMessage(for: error))
            return 0
        case .validationFailure:
            Output.complain(
                Complaint(message(for: error), hint: "see archivectl --help, or man archivectl", 2))
            return 2
        default:
            Output.complain(Complaint(message(for: error), 1))
            return 1
        }
    }
}
