import ArchiveProtocol
import ArgumentParser
import Glibc

/// Calls any method of the protocol.
struct CallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call any method of the protocol.",
        discussion: """
            Examples:
              archivectl call archive.status
              archivectl call articles.get '{"id":"k3x97qpm2d4f"}'
              archivectl call --admin archive.reload

            The administrators' socket is used for the methods that need it, \
            and with --admin.
            """)

    @Argument(help: "The method's name.") var method: String

    @Argument(help: "Its parameters, a JSON object.") var parameters = "{}"

    @Flag(help: "Use the administrators' socket.") var admin = false

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    private static let administration: Set<String> = [
        "inbox.add", "inbox.retry", "inbox.discard", "inbox.rescan", "archive.reload",
    ]

    func run() throws {
        let parameters: JSON
        do throws(JSONError) {
            parameters = try JSONParser.parse(self.parameters.utf8)
        } catch {
            throw Complaint(
                "the parameters are no JSON: \(error)",
                hint: "put them in single quotes, such as '{\"limit\":5}'", 2)
        }
        guard case .object = parameters else {
            throw Complaint("the parameters are no JSON object", 2)
        }
        let client =
            admin || Self.administration.contains(method)
            ? try options.administrator() : try options.reader()
        let answer = try client.call(method, parameters)
        if let descriptor = answer.descriptor { close(descriptor) }
        Output(options).json(answer.result)
    }
}
