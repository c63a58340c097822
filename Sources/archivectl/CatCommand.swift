import ArchiveProtocol
import ArgumentParser
import Glibc

/// Prints an article's plain text, or its bytes as captured.
struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Print an article's plain text, or its bytes as captured.",
        discussion: """
            Examples:
              archivectl cat k3x97qpm2d4f | wc -w
              archivectl cat k3x97qpm2d4f --raw > page.html
              archivectl cat k3x97qpm2d4f --raw --version 1 | sha256sum

            Plain text has one paragraph a line, with an empty line between. With --raw \
            the bytes come as they were captured, control characters and all.
            """)

    @Argument(help: "Articles: whole ids, or their first characters.") var id: [String]

    @Flag(help: "The bytes as captured.") var raw = false

    @Option(name: .customLong("version"), help: "Which version (default: the newest).")
    var versionNumber: Int?

    @OptionGroup var sync: SyncOption
    @OptionGroup(title: "Options of every verb") var options: GlobalOptions

    func validate() throws {
        if raw, options.output != .short {
            throw ValidationError("--raw and --output exclude each other")
        }
        if raw, sync.sync != nil {
            throw ValidationError("--raw and --sync exclude each other; use: archivectl wait")
        }
    }

    func run() throws {
        let output = Output(options)
        let client = try options.reader(patience: sync.patience)
        var tally = Tally()
        for id in id {
            try tally.attempt {
                if raw {
                    try Capture(id: id, version: versionNumber).print(client, to: output)
                } else {
                    let record = try client.article(id, version: versionNumber, sync: sync)
                    show(record, output)
                }
            }
        }
        try tally.finish()
    }

    private func show(_ record: JSON, _ output: Output) {
        let blocks = record["body"]?.array ?? []
        guard output.format == .short else {
            output.json([
                "id": record["id"] ?? .null, "headline": record["headline"] ?? .null,
                "text": .string(blocks.map { $0.text("text") }.joined(separator: "\n\n")),
            ])
            return
        }
        output.line("\(record.text("headline"))")
        if let byline = record["byline"]?.string { output.line("\(byline)") }
        for block in blocks {
            output.line()
            output.line("\(block.text("text"))")
        }
    }

    /// The bytes that an article was read from.
    private struct Capture {
        var id: String
        var version: Int?

        /// The most that one answer carries.
        private static let pieceLength = 524_288

        func print(_ client: ArchiveClient, to output: Output) throws {
            var parameters = Parameters()
            parameters.add("id", id)
            parameters.add("version", version)
            parameters.add("descriptor", true)
            let answer = try client.call("articles.raw", parameters.json)
            if let descriptor = answer.descriptor {
                defer { close(descriptor) }
                try copy(descriptor, to: output)
            } else {
                try printPieces(client, to: output)
            }
        }

        private func copy(_ descriptor: Int32, to output: Output) throws {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            var offset: off_t = 0
            while true {
                let count = pread(descriptor, &buffer, buffer.count, offset)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else {
                    throw Complaint(
                        "cannot read the capture of \(id): \(String(cString: strerror(errno)))", 1)
                }
                guard count > 0 else { return }
                output.raw(buffer[..<count])
                offset += off_t(count)
            }
        }

        private func printPieces(_ client: ArchiveClient, to output: Output) throws {
            var offset = 0
            while true {
                var parameters = Parameters()
                parameters.add("id", id)
                parameters.add("version", version)
                parameters.add("offset", offset)
                parameters.add("length", Self.pieceLength)
                let piece = try client.call("articles.raw", parameters.json).result
                guard let bytes = Base64.bytes(piece.text("data")) else {
                    throw Complaint("the daemon's answer is no base64", 1)
                }
                output.raw(bytes)
                offset += bytes.count
                guard !bytes.isEmpty, offset < piece.count("size") else { return }
            }
        }
    }
}
