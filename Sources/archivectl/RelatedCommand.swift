import ArchiveProtocol
import ArgumentParser

/// Finds articles that are about the same as another.
struct RelatedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "related",
        abstract: "Find articles that are about the same as another.",
        discussion: """
            Examples:
              archivectl related k3x97qpm2d4f
              archivectl related k3x9 -n 5
              archivectl related k3x97qpm2d4f -o json-lines

            They are found by the words that stand often in the article and seldom in others.
            """)

    @Argument(help: "An article's id, or its first characters.") var id: String

    @Option(name: [.customShort("n"), .long], help: "At most so many (default: 20).")
    var limit: Int?

    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        var parameters = Parameters()
        parameters.add("id", id)
        parameters.add("limit", limit)
        parameters.add("sync", sync.milliseconds)
        let answer = try client.call("articles.related", parameters.json).result
        let items = answer["items"]?.array ?? []
        switch output.format {
        case .json: output.json(answer)
        case .jsonLines: items.forEach(output.json)
        case .short: for item in items { Hit(json: item).print(to: output) }
        }
        let words = (answer["words"]?.array ?? []).compactMap(\.string).joined(separator: " ")
        output.legend(.total(answer, shown: items.count) + "; by \(words)")
    }
}
