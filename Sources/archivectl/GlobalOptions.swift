import ArchiveProtocol
import ArgumentParser
import Glibc

/// What every verb takes: how to print, and which daemon to ask.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: "short (for people), json (one document) or json-lines (one object a line).")
    var output: OutputFormat = .short

    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"))
    var socket: String?

    @Option(
        help: ArgumentHelp("Give up after so many seconds (default: 30).", valueName: "seconds"))
    var timeout: Seconds?

    @Flag(name: [.short, .long], help: "Print no confirmations and no totals.")
    var quiet = false

    @Flag(name: .customLong("no-legend"), help: "Print no headings and no totals.")
    var noLegend = false

    @Option(help: "Mark with colour: auto, always or never.")
    var color: ColorChoice = .auto

    /// When marks are printed in colour.
    enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    /// How long an answer may take, when nothing else is said.
    static let defaultTimeout = Seconds(seconds: 30)

    /// A connection to the socket for readers.
    func reader(patience: Duration? = defaultTimeout.duration) throws(Complaint) -> ArchiveClient {
        do throws(ClientError) {
            return try ArchiveClient(path: readingPath, timeout: timeout?.duration ?? patience)
        } catch {
            throw Complaint(connecting: error, administration: false)
        }
    }

    /// A connection to the socket for administrators.
    func administrator(patience: Duration? = defaultTimeout.duration) throws(Complaint)
        -> ArchiveClient
    {
        let path = administrationPath
        do throws(ClientError) {
            return try ArchiveClient(path: path, timeout: timeout?.duration ?? patience)
        } catch {
            throw Complaint(connecting: error, administration: true)
        }
    }

    /// Where the socket for readers is.
    var readingPath: String {
        socket ?? Self.environment("ARCHIVED_SOCKET") ?? "/run/archived/archived.sock"
    }

    /// Where the socket for administrators is: `admin.sock` beside the other.
    var administrationPath: String {
        if socket == nil, let path = Self.environment("ARCHIVED_ADMIN_SOCKET") { return path }
        let path = readingPath
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "admin.sock" }
        return path[...slash] + "admin.sock"
    }

    /// The variable's value; nil where it is unset or empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}

/// The forms in which answers are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case short
    case json
    case jsonLines = "json-lines"
}
