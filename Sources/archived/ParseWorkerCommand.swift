import Archive
import ArgumentParser

/// Reads files for the daemon, which starts it; of no use by hand.
struct ParseWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse-worker", abstract: "Reads files for the daemon.", shouldDisplay: false)

    func run() { ParseWorker.run() }
}
