import ArchiveProtocol
import ArgumentParser

/// The methods that the daemon answers.
struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "List the methods that the daemon answers.",
        discussion: """
            Examples:
              archivectl describe
              archivectl describe -o json      (with their JSON Schemas)
              archivectl describe -o json-lines | grep articles
            """)

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let answer = try options.reader().call("describe", [:]).result
        let methods = answer["methods"]?.array ?? []
        switch output.format {
        case .json: output.json(answer)
        case .jsonLines: methods.forEach(output.json)
        case .short:
            for method in methods {
                let name: TerminalText = "\(method.text("name"))"
                let right: TerminalText = "\(method.text("right"))"
                output.line(
                    name.padded(to: 20) + "  " + right.padded(to: 5)
                        + "  \(method.text("summary"))")
            }
            output.legend("protocol \(answer.text("protocol")), \(methods.count) methods")
        }
    }
}
