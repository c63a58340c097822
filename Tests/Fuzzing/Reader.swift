@testable import Archive

/// What is fuzzed: each reader of bytes that strangers made, of a client's words, and of files
/// that a disk may have spoiled.
enum Reader: String, CaseIterable {
    /// A page of any form, from bytes to an article.
    case page
    case html
    case markdown
    case text
    case xml
    case json
    /// Bytes in any encoding, to text and back to their places.
    case charset
    /// A body of text, to what people said in it.
    case quotations
    /// Dates, addresses and names of files as pages and messages print them.
    case fields
    /// A dropped file of any container, to its last member.
    case container
    case warc
    case mhtml
    /// A zip of web archives, whole, with made-up parts.
    case wacz
    /// What a client sends, in pieces, to the requests in it.
    case request
    /// What a broken worker says to the daemon.
    case worker
    /// A text of the search language, read, written, read again and answered.
    case query
    /// A part of the index with check sums that hold, whatever is in it.
    case segment
    /// A record as it is kept, to its text and a snippet of it.
    case record
    /// The configuration, and house styles.
    case settings

    /// Reads `bytes` to the end; a refusal is an answer like any other.
    ///
    /// A trap is what is sought, and a promise that does not hold.
    func read(_ bytes: [UInt8]) {
        switch self {
        case .page: Pages.read(bytes, name: "page")
        case .html: Pages.read(Self.begun(bytes, as: "<!doctype html>", "<"), name: "page.html")
        case .markdown: Pages.read(bytes, name: "page.md")
        case .text: Pages.read(bytes, name: "page.txt")
        case .xml:
            Pages.read(Self.begun(bytes, as: "<?xml version=\"1.0\"?>", "<?"), name: "page.xml")
        case .json: Pages.read(Self.begun(bytes, as: "{", "[", "{"), name: "page.json")
        case .charset: Words.decode(bytes)
        case .quotations: Words.listen(bytes)
        case .fields: Words.scan(bytes)
        case .container: Containers.open(bytes, name: "drop")
        case .warc:
            let records = Self.begun(bytes, as: "WARC/1.1\r\n", "WARC/", "filedesc:", "\u{1f}")
            Containers.open(records, name: "drop")
        case .mhtml:
            let head = "MIME-Version: 1.0\r\nContent-Type: multipart/related;"
            let message = Self.begun(bytes, as: head, "From", "MIME-Version", "Content-")
            Containers.open(message, name: "drop")
        case .wacz: Containers.open(Containers.zip(of: bytes), name: "drop.wacz")
        case .request: Talk.listen(bytes)
        case .worker: Talk.hear(bytes)
        case .query: Searches.ask(bytes)
        case .segment: Searches.open(bytes)
        case .record: Searches.show(bytes)
        case .settings: Words.configure(bytes)
        }
    }

    /// The bytes as they are where they begin like one of `marks`, else behind `head`.
    private static func begun(_ bytes: [UInt8], as head: String, _ marks: String...) -> [UInt8] {
        marks.contains { bytes.starts(with: $0.utf8) } ? bytes : Array(head.utf8) + bytes
    }

    /// Inputs that only the program itself can make.
    var seeds: [[UInt8]] {
        switch self {
        case .worker: Talk.seeds
        case .segment: Searches.segments
        case .record: Searches.records
        default: []
        }
    }
}
