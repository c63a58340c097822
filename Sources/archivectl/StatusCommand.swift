import ArchiveProtocol
import ArgumentParser

/// How the archive and its inbox are.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the archive and its inbox are (the default).",
        discussion: """
            Examples:
              archivectl
              archivectl status -o json
              archivectl status -q && echo healthy

            Exits with 1 where the archive is degraded.
            """)

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() throws {
        let output = Output(options)
        let client = try options.reader()
        let archive = try client.call("archive.status", [:]).result
        let inbox = try client.call("inbox.status", [:]).result
        if output.format == .short {
            if !options.quiet { Self.show(archive, inbox, output) }
        } else {
            output.json(.object((archive.members ?? []) + [.init("inbox", inbox)]))
        }
        if archive.text("state") == "degraded" { throw ExitCode(1) }
    }

    private static func show(_ archive: JSON, _ inbox: JSON, _ output: Output) {
        output.line(
            "archived \(archive.text("version")): \(strong: archive.text("state"))"
                + " since \(archive.text("started"))")
        for problem in archive["problems"]?.array ?? [] {
            row("problem", "\(strong: problem.string ?? "")", output)
        }
        row("archive", "\(archive.text("uuid")), revision \(archive.count("revision"))", output)
        row(
            "articles",
            "\(grouped: archive.count("articles")) in "
                + "\(grouped: archive.count("versions")) versions, "
                + "\(grouped: archive.count("quotations")) quotations", output)
        if let rebuilding = archive["rebuilding"] {
            row("index", "made anew, \(progress: rebuilding)", output)
        }
        row(
            "originals",
            "\(grouped: archive.count("originals")), \(bytes: archive.count("storageBytes"))",
            output)
        row(
            "inbox",
            "\(inbox.text("path")) (\(inbox.text("watch"))): "
                + "\(grouped: inbox.count("queued")) queued, "
                + "\(grouped: inbox.count("inFlight")) being read, "
                + "\(grouped: inbox.count("waiting")) waiting", output)
        for file in inbox["reading"]?.array ?? [] { row("reading", progress(of: file), output) }
        row(
            "taken in",
            "\(grouped: inbox.count("stored")) stored, "
                + "\(grouped: inbox.count("duplicates")) duplicates, "
                + "\(grouped: inbox.count("ignored")) ignored", output)
        let quarantined = max(inbox.count("quarantined"), archive.count("quarantined"))
        let advice: TerminalText = quarantined > 0 ? " (see: archivectl list-failed)" : ""
        row("failed", "\(grouped: quarantined) in quarantine" + advice, output)
        row(
            "daemon",
            "\(bytes: archive.count("residentBytes")) of memory, "
                + "\(grouped: archive.count("connections")) connections", output)
    }

    /// How far a file is; of one whose container tells no place, how many members were read.
    private static func progress(of file: JSON) -> TerminalText {
        let counts: TerminalText =
            "\(file.text("path")): \(grouped: file.count("members")) members, "
            + "\(grouped: file.count("articles")) articles"
        guard let offset = file["offset"]?.int else {
            return counts + ", \(bytes: file.count("size"))"
        }
        return counts + ", \(bytes: offset) of \(bytes: file.count("size"))"
    }

    private static func row(_ name: String, _ text: TerminalText, _ output: Output) {
        let label: TerminalText = "\(name):"
        output.line(("  " + label).padded(to: 14) + text)
    }
}

extension TerminalText.StringInterpolation {
    /// Appends a number with its thousands set apart.
    mutating func appendInterpolation(grouped number: Int) {
        let digits = Array(String(number.magnitude).utf8)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        appendLiteral(text)
    }

    /// Appends a number of bytes in the unit that suits it.
    mutating func appendInterpolation(bytes number: Int) {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        var tenths = number.multipliedReportingOverflow(by: 10).partialValue
        var unit = 0
        while tenths >= 10_240, unit + 1 < units.count {
            tenths /= 1024
            unit += 1
        }
        let fraction = unit == 0 ? "" : ".\(tenths % 10)"
        appendLiteral("\(tenths / 10)\(fraction) \(units[unit])")
    }
}
