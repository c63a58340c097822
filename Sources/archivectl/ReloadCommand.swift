import ArchiveProtocol
import ArgumentParser

/// Lets the daemon read its configuration anew.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let the daemon read its configuration anew.",
        discussion: """
            Examples:
              archivectl reload
              archivectl reload -o json
              sudo systemctl reload archived      (does the same)

            Where the new configuration is faulty, the old one stays.
            """)

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let answer = try options.administrator().call("archive.reload", [:]).result
        guard output.format == .short else { return output.json(answer) }
        let changed = (answer["changed"]?.array ?? []).compactMap(\.string)
        output.confirmation(
            changed.isEmpty
                ? "reloaded; nothing changed"
                : "reloaded; changed: \(changed.joined(separator: ", "))")
    }
}
