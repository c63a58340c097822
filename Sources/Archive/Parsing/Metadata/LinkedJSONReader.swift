/// Cuts a script into values, whatever is wrong with it.
///
/// Passed over: marks of comments and of CDATA, commas and semicolons too many or too few, control
/// characters, brackets that close nothing. Quotation marks within a text are told from those at
/// its end by what follows. A script that ends early gives what it has.
struct LinkedJSONReader {
    private var json: LinkedJSON
    private let end: Int
    private var index: Int
    private var open: [Int32] = []
    private var key = HTMLSpan(0, 0)

    /// Values within values are followed to this depth.
    private static let depthLimit = 64

    /// Adds the values of the script in `span` to `json`.
    static func read(_ span: HTMLSpan, into json: inout LinkedJSON) {
        var reader = LinkedJSONReader(json, span)
        reader.read()
        json = reader.json
    }

    private init(_ json: LinkedJSON, _ span: HTMLSpan) {
        self.json = json
        index = span.range.lowerBound
        end = min(span.range.upperBound, json.bytes.count)
    }

    private mutating func read() {
        while index < end, json.values.count < LinkedJSON.valueLimit {
            switch json.bytes[index] {
            case 0x7B: begin(.object)
            case 0x5B: begin(.array)
            case 0x7D: close(.object)
            case 0x5D: close(.array)
            case 0x22: text()
            case 0x2F: comment()
            case 0x2C, 0x3A, 0x3B, 0...0x20: index += 1
            default: bare()
            }
        }
        while !open.isEmpty { closeLast() }
    }

    private mutating func begin(_ kind: LinkedJSON.Kind) {
        guard open.count < Self.depthLimit else {
            index = end
            return
        }
        // The bracket of `<![CDATA[` opens no list.
        if kind == .array, open.isEmpty, index > 0, json.bytes[index - 1] == UInt8(ascii: "A") {
            index += 1
            return
        }
        open.append(add(kind, index, index))
        index += 1
    }

    private mutating func close(_ kind: LinkedJSON.Kind) {
        index += 1
        key = HTMLSpan(0, 0)
        guard let place = open.lastIndex(where: { json[$0].kind == kind }) else { return }
        while open.count > place { closeLast() }
    }

    private mutating func closeLast() {
        if let last = open.popLast() {
            // A text that nothing ends is read to one byte behind the script.
            json.values[Int(last)].span.end = Int32(truncatingIfNeeded: min(index, end))
        }
    }

    private mutating func add(_ kind: LinkedJSON.Kind, _ from: Int, _ to: Int) -> Int32 {
        let number = Int32(truncatingIfNeeded: json.values.count)
        let parent = open.last ?? -1
        json.values.append(
            LinkedJSON.Value(kind: kind, parent: parent, key: key, span: HTMLSpan(from, to)))
        key = HTMLSpan(0, 0)
        guard parent >= 0 else { return number }
        let last = json[parent].lastChild
        if last >= 0 {
            json.values[Int(last)].next = number
        } else {
            json.values[Int(parent)].firstChild = number
        }
        json.values[Int(parent)].lastChild = number
        return number
    }

    // MARK: Texts

    private mutating func text() {
        let start = index + 1
        var at = start
        while at < end, json.bytes[at] != 0x22 || !endsText(at) {
            at += json.bytes[at] == 0x5C ? 2 : 1
        }
        at = min(at, end)
        index = at + 1
        take(start, at, .text)
    }

    /// Takes a run as the name of what follows a colon, else as a value.
    private mutating func take(_ from: Int, _ to: Int, _ kind: LinkedJSON.Kind) {
        if let last = open.last, json[last].kind == .object, key.isEmpty,
            byte(afterSpace: index) == 0x3A
        {
            key = HTMLSpan(from, to)
        } else {
            _ = add(kind, from, to)
        }
    }

    private func byte(afterSpace start: Int) -> UInt8 {
        var at = start
        while at < end, json.bytes[at] <= 0x20 { at += 1 }
        return at < end ? json.bytes[at] : 0
    }

    /// Whether the quotation mark at `at` ends its text: a comma, a colon or a bracket follows, or
    /// the name of the next member, its comma forgotten.
    private func endsText(_ at: Int) -> Bool {
        var next = at + 1
        while next < end, json.bytes[next] <= 0x20 { next += 1 }
        guard next < end else { return true }
        switch json.bytes[next] {
        case 0x2C, 0x3A, 0x7D, 0x5D, 0x3B, 0x2F: return true
        case 0x22:
            let name = json.bytes[(next + 1)..<min(end, next + 40)]
            guard let close = name.firstIndex(of: 0x22) else { return false }
            return byte(afterSpace: close + 1) == 0x3A
        default: return false
        }
    }

    // MARK: The rest

    /// Passes over `/* … */`; of any other comment over its mark alone.
    private mutating func comment() {
        guard index + 1 < end, json.bytes[index + 1] == 0x2A else {
            index += 1
            return
        }
        index += 2
        while index < end, json.bytes[index] != 0x2F || json.bytes[index - 1] != 0x2A { index += 1 }
        index += 1
    }

    /// Takes a number, a word, or a name without quotation marks.
    private mutating func bare() {
        let start = index
        while index < end, json.bytes[index] > 0x20,
            !",:;{}[]\"/".utf8.contains(json.bytes[index])
        {
            index += 1
        }
        guard !open.isEmpty else { return }
        take(start, index, .other)
    }
}
