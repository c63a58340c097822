/// The JSON of a page's scripts, read as forgivingly as browsers read the page around it.
///
/// An arena: the values are numbers into one array, and texts are runs of the page, so that each
/// can be traced to its bytes.
struct LinkedJSON {
    /// What a value is.
    enum Kind: UInt8 {
        case object, array, text, other
    }

    /// A value, with the name that its object gives it.
    struct Value {
        var kind: Kind
        var parent: Int32 = -1
        var firstChild: Int32 = -1
        var lastChild: Int32 = -1
        var next: Int32 = -1
        /// The name before the colon, without its quotation marks; empty within a list.
        var key = HTMLSpan(0, 0)
        /// A text without its quotation marks; of an object, from brace to brace.
        var span: HTMLSpan
    }

    /// The page.
    let bytes: [UInt8]
    var values: [Value] = []

    /// Values of one page beyond these are passed over.
    static let valueLimit = 20_000

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    subscript(_ value: Int32) -> Value { values[Int(value)] }

    /// The member of an object that is named `name`; the first, where it is named twice.
    func member(_ value: Int32, _ name: StaticString) -> Int32? {
        guard self[value].kind == .object else { return nil }
        return children(of: value).first { isKey(self[$0].key, name) }
    }

    /// The members of an object or the elements of a list, in order.
    func children(of value: Int32) -> some Sequence<Int32> {
        sequence(state: self[value].firstChild) { child -> Int32? in
            guard child >= 0 else { return nil }
            defer { child = values[Int(child)].next }
            return child
        }
    }

    /// The elements of a list, those of lists within it too; any other value itself.
    func elements(of value: Int32) -> [Int32] {
        var queue = [value]
        var found: [Int32] = []
        var index = 0
        while index < queue.count, queue.count < 1000 {
            if self[queue[index]].kind == .array {
                queue += children(of: queue[index])
            } else {
                found.append(queue[index])
            }
            index += 1
        }
        return found
    }

    /// Whether a key is `name`.
    func isKey(_ key: HTMLSpan, _ name: StaticString) -> Bool {
        key.count == name.utf8CodeUnitCount
            && name.withUTF8Buffer { zip(bytes[key.range], $0).allSatisfy { $0 == $1 } }
    }

    /// The words of a text: escapes, character references and tags read, white space folded; nil
    /// where it has none.
    func text(_ value: Int32?) -> String? {
        guard let value, self[value].kind == .text else { return nil }
        let folded = HTMLBytes.folded(characters(value))
        return folded.isEmpty ? nil : String(decoding: folded, as: UTF8.self)
    }

    /// The lines of a long text, such as that of a story; nil where it has no words.
    func passage(_ value: Int32?) -> String? {
        guard let value, self[value].kind == .text else { return nil }
        let lines = characters(value).split(separator: 0x0A).map { HTMLBytes.folded(Array($0)) }
        let text = Array(lines.filter { !$0.isEmpty }.joined(separator: [0x0A]))
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }

    /// A text with its escapes, character references and tags read.
    private func characters(_ value: Int32) -> [UInt8] {
        var text = unescaped(self[value].span.range)
        // What was made for a page before it was put into JSON has references twice.
        for _ in 0..<2 where text.contains(0x26) {
            var read: [UInt8] = []
            text.withUnsafeBufferPointer {
                HTMLReferences.append($0, isAttribute: true, to: &read)
            }
            text = read
        }
        return text.contains(0x3C) ? Self.withoutTags(text) : text
    }

    private static func withoutTags(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            let next = index + 1 < text.count ? text[index + 1] : 0
            if text[index] == 0x3C, next == 0x2F || next | 0x20 >= 0x61 && next | 0x20 <= 0x7A,
                let end = text[index...].prefix(400).firstIndex(of: 0x3E)
            {
                index = end + 1
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    // MARK: Escapes

    private func unescaped(_ range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(min(range.count, 1 << 16))
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 0x5C, index + 1 < range.upperBound {
                index = unescape(at: index + 1, upTo: range.upperBound, into: &text)
            } else {
                text.append(max(bytes[index], 0x20))
                index += 1
            }
        }
        return text
    }

    /// Reads what stands behind a backslash; where the rest begins.
    private func unescape(at index: Int, upTo end: Int, into text: inout [UInt8]) -> Int {
        switch bytes[index] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"),
            UInt8(ascii: "f"):
            text.append(0x20)
        case UInt8(ascii: "u"):
            guard let unit = unit(at: index + 1, upTo: end) else { return index + 1 }
            var scalar = unit
            var rest = index + 5
            if 0xD800..<0xDC00 ~= unit, rest + 1 < end, bytes[rest] == 0x5C,
                let low = self.unit(at: rest + 2, upTo: end), 0xDC00..<0xE000 ~= low
            {
                scalar = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                rest += 6
            }
            text += Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
            return rest
        default: text.append(max(bytes[index], 0x20))
        }
        return index + 1
    }

    private func unit(at index: Int, upTo end: Int) -> UInt32? {
        guard index + 4 <= end else { return nil }
        return UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    }
}
