import ArchiveProtocol
import ArgumentParser

/// The files of the inbox that are not settled yet.
struct ListQueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-queue",
        abstract: "List the files of the inbox that are not settled yet.",
        discussion: """
            Examples:
              archivectl list-queue
              archivectl list-queue --state waiting
              archivectl list-queue --all -o json-lines
            """)

    @Option(help: "Only this state.") var state: State?

    @OptionGroup var pages: PageOptions
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    /// The states of the ledger.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case seen, settling, queued, parsing, waiting
        case stored, duplicate, quarantined, ignored, gone

        /// Those of files that are not settled, nearest to the end first.
        static let unsettled: [State] = [.parsing, .queued, .settling, .seen, .waiting]
    }

    func validate() throws {
        if pages.cursor != nil, state == nil {
            throw ValidationError("--cursor goes with --state: a cursor belongs to one list")
        }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader()
        var rows: [JSON] = []
        var last: JSON = [:]
        for state in state.map({ [$0] }) ?? State.unsettled {
            let left = pages.wanted.map { $0 - rows.count }
            if let left, left <= 0 { break }
            var parameters = Parameters()
            parameters.add("state", state.rawValue)
            last = try Pages(
                method: "inbox.list", parameters: parameters, wanted: left, cursor: pages.cursor
            ).follow(client) { page in
                let items = page["items"]?.array ?? []
                rows += items
                if output.format == .jsonLines { items.forEach(output.json) }
                if output.format == .short { items.forEach { Self.show($0, output) } }
            }
        }
        if output.format == .json {
            var members: [JSON.Member] = [.init("items", .array(rows))]
            if state != nil, let cursor = last["nextCursor"] {
                members.append(.init("nextCursor", cursor))
            }
            if let revision = last["revision"] { members.append(.init("revision", revision)) }
            output.json(.object(members))
        }
        output.legend(state == nil ? "\(rows.count) shown" : .total(last, shown: rows.count))
    }

    private static func show(_ json: JSON, _ output: Output) {
        let row = LedgerRow(json: json)
        let state: TerminalText = "\(row.state)"
        output.line(
            .joined(
                [state.padded(to: 9), "\(json.text("since"))", "\(row.path)", row.reason], "  "))
    }
}
