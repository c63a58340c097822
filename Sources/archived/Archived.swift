import Archive
import ArgumentParser

/// The daemon that keeps a newsroom's archive alive.
@main
struct Archived: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archived",
        abstract:
            "Keeps a newsroom's archive: watches an inbox, reads articles, answers questions.",
        discussion: """
            archived --state-directory /srv/archive --runtime-directory /run/user/1000/archived
            archived parse story.html -o json-lines
            archived check-config /etc/archived/archived.yaml
            """,
        version: Release.version,
        subcommands: [Run.self, Parse.self, CheckConfig.self, ParseWorkerCommand.self],
        defaultSubcommand: Run.self)
}

/// Runs the daemon.
///
/// Synchronous, like all of the program: a worker must not have the threads that an asynchronous
/// `main` begins with.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs the daemon until SIGTERM (the default).")

    @Option(help: "Where the inbox, the originals and the database are.")
    var stateDirectory = "/var/lib/archived"

    @Option(help: "Where the sockets are made, unless systemd passes them.")
    var runtimeDirectory = "/run/archived"

    @Option(help: "The configuration file; defaults apply where it does not exist.")
    var config = "/etc/archived/archived.yaml"

    func run() {
        Daemon.runAndExit(
            Daemon.Options(
                stateDirectory: stateDirectory, runtimeDirectory: runtimeDirectory,
                configuration: config))
    }
}
