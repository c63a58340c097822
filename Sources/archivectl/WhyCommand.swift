import ArchiveProtocol
import ArgumentParser
import Glibc

/// Why a file is where it is, or an article's field says what it says.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Show why a file is where it is, or what a field was read from.",
        discussion: """
            Examples:
              archivectl why captures/page-07.html
              archivectl why k3x97qpm2d4f
              archivectl why k3x97qpm2d4f headline

            What looks like an article's id is taken for one; --path and --id decide.
            """)

    @Argument(help: "A file of the inbox, or an article's id.") var subject: String

    @Argument(help: "A field of the article, such as headline.") var field: String?

    @Flag(help: "The argument is a file.") var path = false

    @Flag(help: "The argument is an article's id.") var id = false

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if path, id { throw ValidationError("--path and --id exclude each other") }
        if path, field != nil { throw ValidationError("a file has no fields") }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader()
        if id || field != nil || (!path && Designation.isArticle(subject)) {
            try explainArticle(client, output)
        } else {
            try explainFile(client, output)
        }
    }

    private func explainFile(_ client: ArchiveClient, _ output: Output) throws {
        var name = subject
        if let absolute = Self.absolutePath(subject) {
            var inbox = try client.call("inbox.status", [:]).result.text("path")
            if inbox.utf8.last != UInt8(ascii: "/") { inbox += "/" }
            if absolute.utf8.starts(with: inbox.utf8) {
                name = String(absolute.utf8.dropFirst(inbox.utf8.count)) ?? subject
            }
        }
        var parameters = Parameters()
        parameters.add("path", name)
        let row = try client.call("inbox.explain", parameters.json).result
        guard output.format == .short else { return output.json(row) }
        LedgerRow(json: row).print(to: output)
    }

    /// Where `name` is, if it is absolute or a file from here.
    private static func absolutePath(_ name: String) -> String? {
        if let found = realpath(name, nil) {
            defer { free(found) }
            return String(cString: found)
        }
        return name.utf8.first == UInt8(ascii: "/") ? name : nil
    }

    private func explainArticle(_ client: ArchiveClient, _ output: Output) throws {
        var parameters = Parameters()
        parameters.add("id", subject)
        parameters.add("field", field)
        let evidence: JSON
        do {
            evidence = try client.call("articles.evidence", parameters.json).result
        } catch var failure as Failure {
            if failure.code == .notFound, !id, field == nil, failure.hint == nil {
                failure.hint = "if it is a file's name: archivectl why --path \(subject)"
            }
            throw failure
        }
        switch output.format {
        case .json: output.json(evidence)
        case .jsonLines: (evidence["items"]?.array ?? []).forEach(output.json)
        case .short: Self.show(evidence, output)
        }
    }

    /// How the encoding was told, in brackets.
    private static func encodingNote(_ evidence: JSON) -> TerminalText {
        guard let source = evidence["encodingSource"]?.string else { return "" }
        var note: TerminalText = " (told by \(source)"
        let overruled = (evidence["overruledEncodings"]?.array ?? []).compactMap(\.string)
        if !overruled.isEmpty {
            note = note + "; not believed: \(overruled.joined(separator: ", "))"
        }
        let malformed = evidence.count("malformedSequences")
        if malformed > 0 { note = note + "; \(malformed) malformed sequences" }
        return note + ")"
    }

    private static func show(_ evidence: JSON, _ output: Output) {
        let member: TerminalText = evidence["member"]?.string.map { " in \($0)" } ?? ""
        output.line(
            "\(strong: evidence.text("id")), version \(evidence.count("version")), "
                + "read from \(evidence.text("original"))" + member)
        output.line(
            "encoding \(evidence.text("encoding"))" + encodingNote(evidence)
                + ", parser \(evidence.text("parser"))")
        for item in evidence["items"]?.array ?? [] {
            let range = (item["range"]?.array ?? []).compactMap(\.int)
            let place: TerminalText =
                range.count == 2 ? ", bytes \(range[0]) to \(range[1])" : ""
            let confidence: TerminalText = item["confidence"]?.string.map { ", \($0)" } ?? ""
            output.line(
                "\(strong: item.text("field")): rule \(item.text("rule"))" + place + confidence)
            for line in item.text("bytes").utf8.split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            {
                output.line("    \(String(line) ?? "")")
            }
        }
    }
}
