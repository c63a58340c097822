import CLinux
import Glibc

@testable import Archive

/// What is fuzzed: each reader of bytes that strangers made, and of queries.
enum Reader: String, CaseIterable {
    /// A page of any form, from bytes to an article.
    case page
    case html
    case markdown
    case text
    case xml
    case json
    /// A dropped file of any container, to its last member.
    case container
    case warc
    case mhtml
    /// A text of the search language, read, written and read again.
    case query

    /// Reads `bytes` to the end; a refusal is an answer like any other, a trap is what is sought.
    func read(_ bytes: [UInt8]) {
        switch self {
        case .page: Self.parse(bytes, name: "page")
        case .html: Self.parse(Array("<!doctype html>".utf8) + bytes, name: "page.html")
        case .markdown: Self.parse(bytes, name: "page.md")
        case .text: Self.parse(bytes, name: "page.txt")
        case .xml: Self.parse(Array("<?xml version=\"1.0\"?>".utf8) + bytes, name: "page.xml")
        case .json: Self.parse(Array("{".utf8) + bytes, name: "page.json")
        case .container: Self.open(bytes)
        case .warc: Self.open(Array("WARC/1.1\r\n".utf8) + bytes)
        case .mhtml:
            Self.open(
                Array("MIME-Version: 1.0\r\nContent-Type: multipart/related;".utf8) + bytes)
        case .query: Self.ask(String(decoding: bytes, as: UTF8.self))
        }
    }

    private static let parser = Parser(styles: .none)

    private static func parse(_ bytes: [UInt8], name: String) {
        _ = try? parser.read(Capture(name: Array(name.utf8), bytes: bytes))
    }

    /// A query that can be read must be the same when it is written and read again.
    private static func ask(_ text: String) {
        let clock = WallClock(seconds: 1_485_443_640)
        guard let query = try? QueryParser.query(text, clock: clock) else { return }
        let again = try? QueryParser.query(query.description, clock: clock)
        precondition(again == query, "written otherwise than it was read")
    }

    private static let limits: Limits = {
        var limits = Limits()
        limits.pageBytes = 1 << 20
        limits.expandedBytes = 8 << 20
        limits.members = 1000
        return limits
    }()

    /// Opens the bytes as a dropped file, and parses each page in it.
    private static func open(_ bytes: [UInt8]) {
        let file = memfd_create("fuzz", 0)
        defer { close(file) }
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        _ = try? Opener(limits: limits).open(descriptor: file, name: Array("drop".utf8)) { piece in
            guard let capture = piece.capture else { return }
            _ = try? parser.read(capture)
        }
    }
}

extension Piece {
    /// The page in it, if any.
    fileprivate var capture: Capture? {
        switch self {
        case .page(let capture): return capture
        case .member(let member):
            if case .capture(let capture) = member.content { return capture }
            return nil
        }
    }
}
