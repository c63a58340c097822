import ArchiveProtocol
import ArgumentParser

/// The queries that the user kept.
struct SearchesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "searches",
        abstract: "List the searches that you kept, or remove some.",
        discussion: """
            Examples:
              archivectl search 'ferry (delay* OR late)' --save ferries
              archivectl search @ferries date:-1w..
              archivectl searches --remove ferries

            They are kept in searches.json in ~/.config/archived; the daemon is not asked.
            """)

    @Option(help: ArgumentHelp("Remove that one; may be repeated.", valueName: "name"))
    var remove: [String] = []

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let searches = try SavedSearches()
        for name in remove {
            try searches.remove(name)
            output.confirmation("\(name): removed")
        }
        guard remove.isEmpty else { return }
        let all = try searches.all()
        switch output.format {
        case .json: output.json(.object(all))
        case .jsonLines:
            for search in all {
                output.json(
                    .object([.init("name", .string(search.key))] + (search.value.members ?? [])))
            }
        case .short:
            for search in all {
                output.line(
                    .joined(
                        [
                            "\(strong: "@" + search.key)", "\(search.value.text("query"))",
                            "\(search.value.text("sort"))",
                        ], "  "))
            }
            output.legend("\(all.count) saved")
        }
    }
}
