import ArchiveProtocol
import ArgumentParser
import Glibc

/// Puts files into the inbox.
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put files into the inbox.",
        discussion: """
            Examples:
              archivectl add captures.warc.gz pages/*.html
              archivectl add captures.warc.gz --wait
              curl -s https://news.example/story | archivectl add - --name story.html

            The daemon is handed the open file, so it needs no right to its place. \
            With --wait the verdict on each file is told; 1 is the exit code where one was \
            quarantined.
            """)

    @Argument(help: "Files, or - for standard input.") var file: [String]

    @Flag(help: "Wait until the files are settled, and tell what became of them.") var wait = false

    @Option(help: "The name to give the file in the inbox.") var name: String?

    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if name != nil, file.count > 1 { throw ValidationError("--name is for one file") }
    }

    func run() throws {
        let output = Output(options)
        let patience = options.timeout ?? GlobalOptions.defaultTimeout
        // The daemon is to say that the time is over, so the connection waits a little longer.
        var connection = options
        connection.timeout = nil
        let client = try connection.administrator(patience: patience.duration + .seconds(5))
        var added: [String] = []
        var tally = Tally()
        for file in file {
            try tally.attempt {
                let path = try add(file, client)
                added.append(path)
                if !wait { tell(path, output) }
            }
        }
        if wait, !added.isEmpty {
            _ = try client.call("sync", ["timeout": .integer(patience.milliseconds)])
            var failed = false
            for path in added {
                try tally.attempt {
                    let row = LedgerRow(
                        json: try client.call("inbox.explain", ["path": .string(path)]).result)
                    if row.isQuarantined { failed = true }
                    tell(row, output)
                }
            }
            if failed { tally.fail() }
        }
        try tally.finish()
    }

    private func tell(_ path: String, _ output: Output) {
        if output.format == .short {
            output.confirmation("\(path): added")
        } else {
            output.json(["path": .string(path)])
        }
    }

    private func tell(_ row: LedgerRow, _ output: Output) {
        guard output.format == .short else { return output.json(row.json) }
        output.confirmation(row.verdict)
        if row.isQuarantined, let remedy = row.remedy {
            output.confirmation(("to do: \(remedy)" as TerminalText).indented(by: 4))
        }
    }

    private func add(_ file: String, _ client: ArchiveClient) throws -> String {
        let descriptor = file == "-" ? try Self.standardInput() : try Self.opened(file)
        defer { close(descriptor) }
        var parameters = Parameters()
        parameters.add("name", name ?? (file == "-" ? "stdin" : Self.lastName(file)))
        return try client.call("inbox.add", parameters.json, sending: descriptor).result
            .text("path")
    }

    private static func lastName(_ path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? path
    }

    /// The file at `path`, open to read.
    private static func opened(_ path: String) throws(Complaint) -> Int32 {
        // Without O_NONBLOCK, opening a pipe waits for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Complaint("cannot read \(path): \(String(cString: strerror(errno)))", 1)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Complaint(
                "cannot add \(path): it is no regular file",
                hint: "name the files in a directory one by one; for a pipe use -", 1)
        }
        return descriptor
    }

    /// Standard input as a regular file that has no name.
    private static func standardInput() throws(Complaint) -> Int32 {
        var template = Array(
            ((GlobalOptions.environment("TMPDIR") ?? "/tmp") + "/archivectl.XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw Complaint(
                "cannot keep standard input: \(String(cString: strerror(errno)))",
                hint: "set TMPDIR to a directory with space", 1)
        }
        unlink(template)
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { return file }
            if count < 0, errno == EINTR { continue }
            guard count > 0, writeAll(buffer[..<count], to: file) else {
                let reason = String(cString: strerror(errno))
                close(file)
                throw Complaint("cannot keep standard input: \(reason)", 1)
            }
        }
    }

    private static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = write(
                    descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }
}
