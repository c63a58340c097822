/// The named fields at the head of a record or an HTTP message, found by name whatever its case.
///
/// Lines may end in LF alone and may be folded; lines without a colon are passed over, as crawlers
/// have written them for twenty years.
struct HeaderFields {
    /// The most bytes that a head may have.
    static let limit = 1 << 20

    private(set) var bytes: [UInt8] = []
    private var fields: [(name: Range<Int>, value: Range<Int>)] = []
    /// Whether the blank line that ends them was there.
    private(set) var isWhole = false

    /// Reads fields up to and with the blank line.
    ///
    /// - Parameter isOver: asked before each line; true where it is none of the head any more, and
    ///   is left to the body.
    /// - Throws: a refusal where there is no end within the limit.
    init(
        from cursor: any ByteCursor, isOver: (UnsafeRawBufferPointer) -> Bool = { _ in false }
    ) throws(Refusal) {
        bytes.reserveCapacity(1024)
        fields.reserveCapacity(16)
        while true {
            let start = bytes.count
            let first = try cursor.available()
            if first.isEmpty || isOver(first) { break }
            try cursor.appendLine(to: &bytes, Self.limit - start)
            guard bytes.last == 0x0a || bytes.count < Self.limit else {
                throw Refusal(.corrupt, "a head of more than \(Self.limit) bytes")
            }
            if bytes.last != 0x0a { break }
            if bytes[start] == 0x0a || bytes[start] == 0x0d && bytes.count - start == 2 {
                isWhole = true
                break
            }
            addLine(start..<bytes.count)
        }
    }

    private mutating func addLine(_ line: Range<Int>) {
        if Self.isSpace(bytes[line.lowerBound]), let last = fields.indices.last {
            let value = trimmed(line)
            guard !value.isEmpty else { return }
            let before = fields[last].value
            fields[last].value =
                before.isEmpty ? value : before.lowerBound..<value.upperBound
            return
        }
        guard let colon = bytes[line].firstIndex(of: 0x3a) else { return }
        fields.append((trimmed(line.lowerBound..<colon), trimmed(colon + 1..<line.upperBound)))
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, Self.isSpace(bytes[first]) { range.removeFirst() }
        while let last = range.last, Self.isSpace(bytes[last]) { range.removeLast() }
        return range
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    // MARK: Values

    /// The first value of a field; `name` is in small letters.
    func value(_ name: StaticString) -> ArraySlice<UInt8>? {
        for field in fields where isNamed(name, field.name) { return bytes[field.value] }
        return nil
    }

    /// All values of a field, in order.
    func values(_ name: StaticString) -> [ArraySlice<UInt8>] {
        fields.filter { isNamed(name, $0.name) }.map { bytes[$0.value] }
    }

    /// The first value as text, with folds as one space; nil where it is missing or empty.
    func text(_ name: StaticString) -> String? {
        guard let value = value(name), !value.isEmpty else { return nil }
        guard value.contains(0x0a) else { return String(decoding: value, as: UTF8.self) }
        let words = value.split(whereSeparator: Self.isSpace)
        return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
    }

    private func isNamed(_ name: StaticString, _ range: Range<Int>) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        var letter = name.utf8Start
        for index in range {
            let byte = bytes[index]
            guard ((0x41...0x5a).contains(byte) ? byte | 0x20 : byte) == letter.pointee else {
                return false
            }
            letter += 1
        }
        return true
    }
}

/// Reads numbers that strangers wrote.
enum StatedNumber {
    /// A row of decimal digits; nil for anything else and for what no `Int` holds.
    static func decimal(_ digits: some Sequence<UInt8>) -> Int? {
        var value = 0
        var isEmpty = true
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (product, over) = value.multipliedReportingOverflow(by: 10)
            let (sum, more) = product.addingReportingOverflow(Int(digit - 0x30))
            guard !over, !more else { return nil }
            value = sum
            isEmpty = false
        }
        return isEmpty ? nil : value
    }
}
