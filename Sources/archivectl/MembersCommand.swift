import ArchiveProtocol
import ArgumentParser

/// What became of each member of a bundle.
struct MembersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "Show what became of each member of a file.",
        discussion: """
            Examples:
              archivectl members captures.warc.gz
              archivectl members 9f86d081884c7d65
              archivectl members captures.warc.gz --all -o json-lines
            """)

    @Argument(help: "The name a file was dropped under, or 8 or more digits of its digest.")
    var file: String

    @OptionGroup var pages: PageOptions
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let client = try options.reader()
        var parameters = Parameters()
        parameters.add(Designation.isDigest(file) ? "digest" : "name", file)
        var shown = 0
        let last = try Pages(
            method: "originals.members", parameters: parameters, wanted: pages.wanted,
            cursor: pages.cursor
        ).print(client, to: output) { member in
            shown += 1
            Self.show(member, output)
        }
        output.legend(.total(last, shown: shown))
    }

    private static func show(_ member: JSON, _ output: Output) {
        let reason = TerminalText.joined(
            ["\(member.text("reason"))", "\(member.text("detail"))"], ": ")
        let ordinal: TerminalText = "\(member.count("ordinal"))"
        let outcome: TerminalText = "\(member.text("outcome"))"
        output.line(
            .joined(
                [
                    ordinal.padded(to: 5), outcome.padded(to: 10), "\(member.text("article"))",
                    "\(member.text("path"))", reason,
                ], "  "))
    }
}
