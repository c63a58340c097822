import ArchiveProtocol
import ArgumentParser

/// Tells what happens in the archive, as it happens.
struct MonitorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Tell what happens in the archive, until interrupted.",
        discussion: """
            Examples:
              archivectl monitor
              archivectl monitor --since 1200 -o json-lines
              archivectl monitor --type file.quarantined --type article.added
            """)

    @Flag(name: .shortAndLong, help: "Follow (always so).") var follow = false

    @Option(help: ArgumentHelp("First what happened after this revision.", valueName: "revision"))
    var since: Int?

    @Option(name: .customLong("type"), help: "Only events of this type; may be repeated.")
    var types: [String] = []

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if let since, since < 0 { throw ValidationError("--since must be 0 or more") }
    }

    func run() throws {
        let output = Output(options)
        var since = since
        while true {
            // A stream that lagged has ended: what was left out is asked for anew.
            let client = try options.reader(patience: nil)
            let answer = try client.call("events.subscribe", parameters(since)).result
            output.legend("from revision \(answer.count("revision")) on; end with Ctrl-C")
            var lagged: Int?
            try client.notifications { method, event in
                switch method {
                case "event": show(event, output)
                case "lagged": lagged = event["from"]?.int ?? 0
                default: break
                }
                return lagged == nil
            }
            guard let from = lagged else { return }
            since = from
        }
    }

    private func parameters(_ since: Int?) -> JSON {
        var members: [JSON.Member] = []
        if let since { members.append(.init("since", .integer(since))) }
        if !types.isEmpty { members.append(.init("types", .array(types.map { .string($0) }))) }
        return .object(members)
    }

    private func show(_ event: JSON, _ output: Output) {
        guard output.format == .short else { return output.json(event) }
        let shown: Set<String> = ["revision", "time", "type", "path", "id", "headline"]
        var texts: [TerminalText] = [
            "\(event.text("time"))", "\(event.text("revision"))", "\(strong: event.text("type"))",
            "\(event.text("path"))", "\(event.text("id"))", "\(event.text("headline"))",
        ]
        for member in event.members ?? [] where !shown.contains(member.key) {
            texts.append("\(member.key)=\(member.value.string ?? member.value.text)")
        }
        output.line(.joined(texts, "  "))
    }
}
