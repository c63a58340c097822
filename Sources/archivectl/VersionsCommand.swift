import ArchiveProtocol
import ArgumentParser

/// The versions of an article, and where each was captured.
struct VersionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "Show the versions of an article, newest first.",
        discussion: """
            Examples:
              archivectl versions k3x97qpm2d4f
              archivectl versions https://news.example/2017/01/26/story
              archivectl versions k3x97qpm2d4f -o json-lines
            """)

    @Argument(help: "An article's id, or the address it was published at.") var article: String

    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        var parameters = Parameters()
        let isAddress = article.utf8.contains { [0x2E, 0x2F, 0x3A].contains($0) }
        parameters.add(isAddress ? "url" : "id", article)
        parameters.add("sync", sync.milliseconds)
        let answer = try client.call("articles.versions", parameters.json).result
        let items = answer["items"]?.array ?? []
        switch output.format {
        case .json: output.json(answer)
        case .jsonLines: items.forEach(output.json)
        case .short:
            output.line("\(strong: answer.text("id"))")
            for item in items { Self.show(item, output) }
        }
    }

    private static func show(_ version: JSON, _ output: Output) {
        output.line("version \(version.count("version")): \(version.text("headline"))")
        for capture in version["captures"]?.array ?? [] {
            let captured: TerminalText =
                capture["captured"]?.string.map { "captured \($0)" } ?? ""
            let member: TerminalText = capture["member"]?.string.map { " in \($0)" } ?? ""
            let text = TerminalText.joined(
                [
                    "\(capture.text("file"))" + member, captured,
                    "taken in \(capture.text("accessioned"))",
                ], ", ")
            output.line(text.indented(by: 4))
        }
    }
}
