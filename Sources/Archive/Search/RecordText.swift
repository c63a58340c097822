internal import ArchiveProtocol

/// The text of an article out of its record, without reading the rest of it.
enum RecordText {
    /// Paragraphs, captions and credits, each on a line.
    static func body(of document: [UInt8]) -> String {
        var body: [String] = []
        var captions: [String] = []
        for member in JSONSlices.members(document, in: document.indices) ?? [] {
            if document[member.key].elementsEqual("body".utf8) {
                body = texts(["text"], of: member.value, in: document)
            } else if document[member.key].elementsEqual("images".utf8) {
                captions = texts(["caption", "credit"], of: member.value, in: document)
            }
        }
        return (body + captions).joined(separator: "\n")
    }

    /// The members of these names in a list of objects.
    private static func texts(_ names: [String], of list: Range<Int>, in document: [UInt8])
        -> [String]
    {
        var found: [String] = []
        for element in JSONSlices.elements(document, in: list) ?? [] {
            for member in JSONSlices.members(document, in: element) ?? []
            where names.contains(where: { document[member.key].elementsEqual($0.utf8) }) {
                if let text = string(document[member.value]) { found.append(text) }
            }
        }
        return found
    }

    private static func string(_ literal: ArraySlice<UInt8>) -> String? {
        guard literal.count >= 2, literal.first == UInt8(ascii: "\"") else { return nil }
        guard literal.contains(UInt8(ascii: "\\")) else {
            return String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        }
        return (try? JSONParser.parse(literal))?.string
    }
}
