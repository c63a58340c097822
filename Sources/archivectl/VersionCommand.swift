import ArchiveProtocol
import ArgumentParser

/// Which archivectl this is.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Show which archivectl this is.",
        discussion: """
            Examples:
              archivectl version
              archivectl version -o json
              archivectl status -o json      (tells the daemon's version)
            """)

    /// The version of this program.
    static let number = "0.1.0"
    /// The version of the protocol that it speaks.
    static let protocolVersion = "1.0"
    /// Both in one line.
    static let text = "archivectl \(number) (protocol \(protocolVersion))"

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func run() {
        let output = Output(options)
        if output.format == .short {
            output.line("\(Self.text)")
        } else {
            output.json([
                "name": "archivectl", "version": .string(Self.number),
                "protocol": .string(Self.protocolVersion),
            ])
        }
    }
}
