import ArchiveProtocol
import Foundation
import Testing

@testable import Archive

/// Web archives of other tools' test suites, which lie beside the repository on some machines,
/// against what warcio and FastWARC report of them; nothing of them is within it.
@Suite struct SharedWebArchiveTests {
    private static let data = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data")
    private static let formats = data.appending(path: "formats-dev.tar.zst")
    private static let hostile = data.appending(path: "hostile-dev.tar.zst")

    private static func isPresent(_ file: URL) -> Bool {
        FileManager.default.fileExists(atPath: file.path)
    }

    /// Unpacks into a folder of its own, which `body` may read.
    private static func unpacked(_ file: URL, _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "web-archives-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "zstd -dc \"$1\" | tar x -C \"$2\"", "-", file.path, folder.path,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "zstd and tar are needed")
        try body(folder)
    }

    /// What the records of a file say of themselves.
    private struct Account: Equatable {
        var types: [String: Int] = [:]
        var html: [String] = []
        var urls: Set<String> = []
        var dates: Set<String> = []

        var records: Int { types.values.reduce(0, +) }

        init() {}

        /// Reads all records of a file.
        init(of file: URL) throws {
            let descriptor = open(file.path, O_RDONLY)
            defer { close(descriptor) }
            let source = try FileSource(descriptor: descriptor)
            let head = try source.head(Recognition.headBytes)
            source.seek(to: 0)
            let meter = Meter(fileBytes: source.length ?? 0, limits: Limits())
            var form = Recognition.form(of: head, name: Array(file.lastPathComponent.utf8))
            var inner: any ByteSource = source
            if form == .gzip {
                let stream = PartedStream(source, decoder: DeflateDecoder(.gzip), meter: meter)
                form = RecordReader.form(of: stream.peekHead(Recognition.headBytes)) ?? form
                inner = stream
            } else if form == .lz4 {
                inner = try CompressedSource(source, form: form, head: head, meter: meter)
                form = .warc
            }
            guard form == .warc || form == .arc else { return }
            let reader = RecordReader(
                inner, parts: inner as? PartedStream, isARC: form == .arc)
            while let found = try reader.next() {
                switch found {
                case .damage: break
                case .refused(let record, _): count(record, html: false)
                case .record(let record):
                    var isHTML = false
                    if record.kind == .response,
                        let message = try HTTPMessage(
                            from: reader.body, isClaimed: true)
                    {
                        isHTML = message.mediaType?.lowercased().contains("html") == true
                    }
                    _ = try reader.finish()
                    count(record, html: isHTML)
                }
            }
        }

        private mutating func count(_ record: ArchiveRecord, html isHTML: Bool) {
            let isHead = record.isARC && record.kind == .warcinfo
            types[isHead ? "arc_header" : record.type, default: 0] += 1
            if let url = record.url { urls.insert(Self.plain(url)) }
            if let date = record.captured { dates.insert(date) }
            if isHTML { html.append(Self.plain(record.url ?? "")) }
        }

        /// warcio writes spaces as `%20`.
        static func plain(_ url: String) -> String {
            url.replacingOccurrences(of: "%20", with: " ").trimmingCharacters(in: .whitespaces)
        }
    }

    @Test(.enabled(if: isPresent(formats), "needs ../shared/data/formats-dev.tar.zst"))
    func `records, addresses and dates are those that other readers find`() throws {
        try Self.unpacked(Self.formats) { folder in
            let lines = try String(
                contentsOf: folder.appending(path: "formats-dev/warc_truth.jsonl"), encoding: .utf8)
            var compared = 0
            for line in lines.split(separator: "\n") {
                let truth = try JSONParser.parse(line.utf8)
                let path = try #require(truth["path"]?.string)
                let account = try Account(of: folder.appending(path: "formats-dev/" + path))
                Self.compare(account, truth, path)
                compared += 1
            }
            #expect(compared > 50)
        }
    }

    /// The types without white space of folded fields, in small letters; records without a type or
    /// of an unknown one are left out, because the peers name them each in its own way.
    private static func types(_ types: [String: Int]) -> [String: Int] {
        var plain: [String: Int] = [:]
        for (type, count) in types {
            let type = type.trimmingCharacters(in: .whitespaces).lowercased()
            if ["", "null", "unknown"].contains(type) { continue }
            plain[type, default: 0] += count
        }
        return plain
    }

    private static func types(_ json: JSON?) -> [String: Int] {
        var types: [String: Int] = [:]
        guard case .object(let members)? = json else { return types }
        for member in members { types[member.key] = member.value.int }
        return types
    }

    private static func compare(_ account: Account, _ truth: JSON, _ path: String) {
        let comment = Comment(rawValue: path)
        let (warcio, fastWARC) = (truth["warcio"], truth["fastwarc"])
        let counts = (warcio?["records"]?.int ?? 0, fastWARC?["records"]?.int ?? 0)
        let errors = warcio?["errors"]?.array?.compactMap(\.string).joined() ?? ""
        if errors.contains("Invalid ARC record") {
            // warcio stops at a length that is wrong by one; the records behind it are found here.
            #expect(account.records > counts.0, comment)
            return
        }
        if counts.1 > counts.0 {
            // FastWARC reads on in one gzip member, in lz4, and where a block or a length is
            // missing.
            let found = types(types(fastWARC?["types"]))
            if !found.isEmpty { #expect(types(account.types) == found, comment) }
            #expect(account.records == counts.1, comment)
        } else {
            #expect(types(account.types) == types(types(warcio?["types"])), comment)
            let html = (warcio?["html_urls"]?.array ?? []).compactMap { $0.array?.first?.string }
            #expect(account.html == html.map(Account.plain), comment)
        }
        for url in (warcio?["urls"]?.array ?? []).compactMap(\.string) {
            #expect(account.urls.contains(Account.plain(url)), comment)
        }
        for date in (warcio?["dates"]?.array ?? []).compactMap(\.string) {
            guard let date = CaptureDate(date.trimmingCharacters(in: .whitespaces)) else {
                continue
            }
            #expect(account.dates.contains(date.text), comment)
        }
    }

    // MARK: Hostile files

    @Test(.enabled(if: isPresent(hostile), "needs ../shared/data/hostile-dev.tar.zst"))
    func `hostile web archives come out as one of the ways that are right`() throws {
        try Self.unpacked(Self.hostile) { folder in
            let folder = folder.appending(path: "hostile-dev")
            let lines = try String(
                contentsOf: folder.appending(path: "manifest.jsonl"), encoding: .utf8)
            var compared = 0
            for line in lines.split(separator: "\n") {
                let hostile = try JSONParser.parse(line.utf8)
                let group = hostile["group"]?.string
                guard group == "warc" || group == "wacz",
                    let path = hostile["path"]?.string
                else { continue }
                try Self.check(folder.appending(path: "files/" + path), hostile)
                compared += 1
            }
            #expect(compared > 20)
        }
    }

    private static func check(_ file: URL, _ hostile: JSON) throws {
        let opened = try Opened(
            Array(Data(contentsOf: file)), name: file.lastPathComponent)
        let reasons = Set((opened.refused + opened.reasons).map(\.rawValue))
        let articles = opened.captures.filter { $0.bytes.contains(0x3c) }.count
        let isRight = (hostile["expect"]?.array ?? []).contains { expected in
            let wanted = expected["articles"]?.int ?? 0
            switch expected["do"]?.string {
            case "ingest": return articles == wanted
            // The bomb is no text by its first bytes, so that it is never unpacked: better still.
            case "salvage":
                return articles == wanted
                    && (reasons.contains(expected["reason"]?.string ?? "")
                        || expected["reason"]?.string == "expansion" && !opened.passed.isEmpty)
            default:
                return articles == 0
                    && (reasons.contains(expected["reason"]?.string ?? "")
                        || expected["reason"]?.string == "no-article")
            }
        }
        #expect(isRight, "\(file.lastPathComponent): \(articles) articles, \(reasons)")
        let checks = (hostile["checks"]?.array ?? []).compactMap(\.string)
        if checks.contains("warn:digest") {
            #expect(reasons.contains("digest"), "\(file.lastPathComponent)")
        }
    }
}
