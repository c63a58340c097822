internal import ArchiveProtocol
internal import Glibc

/// The text of an article out of its record, without reading the rest of it.
///
/// One scan over the bytes as the archive writes them, pictures before the body: it passes strings
/// whole, and ends where the body does.
struct RecordText {
    private let document: UnsafeRawBufferPointer
    private var place = 0
    /// Where the strings that count stand, their quotation marks left out.
    private var paragraphs: [Range<Int>] = []
    private var captions: [Range<Int>] = []

    /// A member of the record whose elements have texts.
    private enum List {
        case body, images
    }

    /// Paragraphs, captions and credits, each on a line.
    static func body(of document: UnsafeRawBufferPointer) -> [UInt8] {
        var scan = RecordText(document)
        scan.findTexts()
        var text: [UInt8] = []
        text.reserveCapacity(scan.place)
        for literal in scan.paragraphs + scan.captions {
            scan.append(literal, to: &text)
            text.append(0x0A)
        }
        _ = text.popLast()
        return text
    }

    private init(_ document: UnsafeRawBufferPointer) { self.document = document }

    private mutating func findTexts() {
        var depth = 0
        var list: List?
        var isText = false
        while place < document.count {
            switch document[place] {
            case UInt8(ascii: "\""):
                guard let string = passString() else { return }
                if place < document.count, document[place] == UInt8(ascii: ":") {
                    if depth == 1 { list = self.list(string) }
                    isText = depth == 3 && counts(string, in: list)
                } else if isText, depth == 3 {
                    if list == .body { paragraphs.append(string) } else { captions.append(string) }
                }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 || depth == 1 && list == .body { return }
            default: break
            }
            place += 1
        }
    }

    private func list(_ name: Range<Int>) -> List? {
        if document[name].elementsEqual("body".utf8) { return .body }
        return document[name].elementsEqual("images".utf8) ? .images : nil
    }

    /// Whether the member of that name is a text of the list's elements.
    private func counts(_ name: Range<Int>, in list: List?) -> Bool {
        switch list {
        case .body: document[name].elementsEqual("text".utf8)
        case .images:
            document[name].elementsEqual("caption".utf8)
                || document[name].elementsEqual("credit".utf8)
        case nil: false
        }
    }

    /// The first such byte in a range.
    private func first(_ byte: UInt8, in range: Range<Int>) -> Int? {
        guard let start = document.baseAddress, !range.isEmpty, range.upperBound <= document.count,
            let found = memchr(start + range.lowerBound, Int32(byte), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - start
    }

    /// Passes the string that begins here; nil where it does not end.
    private mutating func passString() -> Range<Int>? {
        let start = place + 1
        var from = start
        while let quote = first(UInt8(ascii: "\""), in: min(from, document.count)..<document.count)
        {
            var escapes = quote
            while escapes > from, document[escapes - 1] == UInt8(ascii: "\\") { escapes -= 1 }
            from = quote + 1
            if (quote - escapes) % 2 == 0 {
                place = from
                return start..<quote
            }
        }
        return nil
    }

    /// Appends what a string of the record says.
    private func append(_ string: Range<Int>, to text: inout [UInt8]) {
        let before = text.count
        var rest = string
        while let escape = first(UInt8(ascii: "\\"), in: rest) {
            text.append(contentsOf: document[rest.lowerBound..<escape])
            let code = escape + 1 < string.upperBound ? document[escape + 1] : 0
            switch code {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(code)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            default:
                // A letter by its number, which is seldom.
                text.removeLast(text.count - before)
                let literal = Array(document[string.lowerBound - 1..<string.upperBound + 1])
                text += ((try? JSONParser.parse(literal))?.string ?? "").utf8
                return
            }
            rest = escape + 2..<string.upperBound
        }
        text.append(contentsOf: document[rest])
    }
}
