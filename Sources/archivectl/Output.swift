import ArchiveProtocol
import Glibc

/// Everything that archivectl prints: answers to standard output, all else to standard error.
///
/// Text for people is taken as `TerminalText` only, so that nothing of an archive reaches the
/// terminal unsanitised. Each line is one `write`, so that a reader of a pipe sees it at once.
struct Output {
    /// The form that was asked for.
    let format: OutputFormat
    private let isQuiet: Bool
    private let showsLegend: Bool
    let isTerminal: Bool
    private let isStyled: Bool
    private let isErrorStyled: Bool
    /// How many columns a line may fill.
    let width: Int

    init(_ options: GlobalOptions) {
        format = options.output
        isQuiet = options.quiet
        showsLegend = !options.noLegend && !options.quiet
        isTerminal = isatty(STDOUT_FILENO) == 1
        isStyled = Self.isStyled(options.color, STDOUT_FILENO)
        isErrorStyled = Self.isStyled(options.color, STDERR_FILENO)
        width = Self.width(isTerminal: isTerminal)
    }

    /// Prints one line for people.
    func line(_ text: TerminalText = "") {
        Self.write(text.rendered(isStyled: isStyled) + "\n", to: STDOUT_FILENO)
    }

    /// Prints text for people, broken between words, each line begun with `indent` spaces.
    func paragraph(_ text: TerminalText, indent: Int = 0) {
        for text in text.wrapped(to: max(20, min(width, 100) - indent)) {
            line(text.indented(by: indent))
        }
    }

    /// Prints what was done, unless that is not wanted.
    func confirmation(_ text: TerminalText) {
        if !isQuiet { line(text) }
    }

    /// Prints a total or a heading to standard error, unless that is not wanted.
    func legend(_ text: TerminalText) {
        guard showsLegend, format == .short else { return }
        Self.write(text.rendered(isStyled: isErrorStyled) + "\n", to: STDERR_FILENO)
    }

    /// Prints a value as the format asks: over several lines, or in one.
    func json(_ value: JSON) {
        var bytes = value.bytes
        if isTerminal { bytes = JSONText.escaped(bytes) }
        if format != .jsonLines { bytes = JSONText.indented(bytes) }
        bytes.append(UInt8(ascii: "\n"))
        Self.write(bytes, to: STDOUT_FILENO)
    }

    /// Prints bytes as they are.
    func raw(_ bytes: some Sequence<UInt8>) {
        Self.write(Array(bytes), to: STDOUT_FILENO)
    }

    /// Says what went wrong and what to do about it.
    static func complain(_ complaint: Complaint) {
        let isStyled = isStyled(.auto, STDERR_FILENO)
        var text: TerminalText = "archivectl: \(strong: "error:") \(complaint.message)"
        write(text.rendered(isStyled: isStyled) + "\n", to: STDERR_FILENO)
        guard let hint = complaint.hint else { return }
        text = "archivectl: hint: \(hint)"
        write(text.rendered(isStyled: isStyled) + "\n", to: STDERR_FILENO)
    }

    /// Prints the parser's own help, which holds nothing of an archive.
    static func help(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    private static func isStyled(_ choice: GlobalOptions.ColorChoice, _ descriptor: Int32) -> Bool {
        switch choice {
        case .always: true
        case .never: false
        case .auto:
            isatty(descriptor) == 1 && GlobalOptions.environment("NO_COLOR") == nil
                && GlobalOptions.environment("TERM") != "dumb"
        }
    }

    private static func width(isTerminal: Bool) -> Int {
        if let columns = GlobalOptions.environment("COLUMNS").flatMap(Int.init), columns > 0 {
            return min(columns, 1000)
        }
        var size = winsize()
        guard isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return 80 }
        return Int(size.ws_col)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(
                    descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                stop(errno, at: descriptor)
            }
        }
    }

    /// Ends the program where nobody reads on, or where the disk is full.
    private static func stop(_ error: Int32, at descriptor: Int32) -> Never {
        if error == EPIPE {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        if descriptor == STDOUT_FILENO {
            complain(Complaint("cannot write the answer: \(String(cString: strerror(error)))", 1))
        }
        exit(1)
    }
}
