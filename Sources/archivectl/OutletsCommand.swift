import ArchiveProtocol
import ArgumentParser
import Glibc

/// The outlets with a house style, and what another style would change.
struct OutletsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outlets",
        abstract: "Show the outlets that have a house style, or try a style.",
        discussion: """
            Examples:
              archivectl outlets
              archivectl outlets check /etc/archived/outlets/harbor-post.yaml
              archivectl outlets check harbor-post.yaml --limit 100 -o json

            A check reads the newest articles of the outlet again, with and without the style,
            and shows what would be different. Nothing is stored; archivectl reload puts a style
            that lies in the directory of outlets into use.
            """)

    /// What is to be done.
    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, check
    }

    @Argument(help: "list (as without it), or check.") var action: Action = .list

    @Argument(help: "The file of the house style to check.") var file: String?

    @Option(
        name: [.customShort("n"), .long],
        help: "Look at so many articles (1 to 200, default: 20).")
    var limit: Int?

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        switch action {
        case .list:
            if file != nil || limit != nil { throw ValidationError("list takes no file") }
        case .check:
            if file == nil { throw ValidationError("name the file of a house style") }
            if let limit, !(1...200).contains(limit) {
                throw ValidationError("--limit is 1 to 200")
            }
        }
    }

    func run() throws {
        let output = Output(options)
        if let file { try check(file, output) } else { try list(output) }
    }

    private func list(_ output: Output) throws {
        let answer = try options.reader().call("outlets.list", [:]).result
        let items = answer["items"]?.array ?? []
        switch output.format {
        case .json: output.json(answer)
        case .jsonLines: items.forEach(output.json)
        case .short:
            for item in items {
                let hosts = (item["hosts"]?.array ?? []).compactMap(\.string)
                output.line(
                    .joined(
                        [
                            "\(strong: item.text("outlet"))", "\(item.text("timeZone"))",
                            "\(hosts.joined(separator: ", "))",
                        ], "  "))
            }
            output.legend("\(items.count) house styles")
        }
    }

    /// A style larger than this is refused by the daemon; less is read than would fill a line.
    private static let mostBytes = 1 << 16

    private func check(_ file: String, _ output: Output) throws {
        let bytes = try Self.contents(of: file)
        guard let style = String(validating: bytes, as: UTF8.self) else {
            throw Complaint("\(file): is no UTF-8", hint: "save it as UTF-8", 1)
        }
        var parameters = Parameters()
        parameters.add("style", style)
        parameters.add("name", file)
        parameters.add("limit", limit)
        // Articles are read again, twice each.
        let client = try options.administrator(patience: .seconds(90))
        let answer = try client.call("outlets.check", parameters.json).result
        let items = answer["items"]?.array ?? []
        switch output.format {
        case .json: output.json(answer)
        case .jsonLines: items.forEach(output.json)
        case .short:
            items.forEach { Self.show($0, output) }
            Self.conclude(answer, changed: items.count, output)
        }
    }

    private static func contents(of file: String) throws -> [UInt8] {
        let number = open(file, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            throw Complaint("cannot open \(file): \(String(cString: strerror(errno)))", 1)
        }
        defer { close(number) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(number, &piece, piece.count)
            guard count >= 0 else {
                throw Complaint("cannot read \(file): \(String(cString: strerror(errno)))", 1)
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= mostBytes else {
                throw Complaint(
                    "\(file): is larger than \(mostBytes) bytes", hint: "shorten its lists", 1)
            }
        }
    }

    private static func show(_ item: JSON, _ output: Output) {
        output.line("\(strong: item.text("id"))  \(item.text("headline"))")
        for change in item["changes"]?.array ?? [] {
            let field: TerminalText = "\(change.text("field")): "
            switch (change["before"]?.string, change["after"]?.string) {
            case (let before?, let after?):
                output.paragraph(field + "\(before) → \(after)", indent: 4)
            case (let before?, nil): output.paragraph(field + "no more: \(before)", indent: 4)
            case (nil, let after?): output.paragraph(field + "new: \(after)", indent: 4)
            case (nil, nil): output.paragraph(field, indent: 4)
            }
        }
    }

    private static func conclude(_ answer: JSON, changed: Int, _ output: Output) {
        let unread = answer.count("unread")
        let rest: TerminalText =
            unread > 0 ? "; \(unread) could not be read again" : ""
        output.legend(
            "\(answer.text("outlet"))\(answer["isNew"]?.bool == true ? ", new" : ""): "
                + "\(changed) would change of \(answer.count("checked")) looked at"
                + ", \(answer.count("total")) in all" + rest)
    }
}
