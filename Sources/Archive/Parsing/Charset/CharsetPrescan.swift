/// Looks for the encoding that a page tells of itself (HTML 13.2.3.2, "prescan a byte stream").
///
/// Every read is within the bytes: where they end within a tag, that tag tells nothing.
struct CharsetPrescan {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    /// The first name of a `<meta>` that nobody knows: the standard looks for another behind it.
    private var unknown: EncodingLabel?

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// How much of a page the standard has one look at before reading it.
    static let headBytes = 1024
    /// How much more is looked at for a `<meta>` that a reader of the standard meets later, and
    /// begins anew for.
    static let lateBytes = 16 * 1024

    /// The encoding of the first `<meta>` that names one that is known, or else what the first
    /// says; `isLate` has more than the head sought.
    static func meta(in bytes: ArraySlice<UInt8>, isLate: Bool) -> EncodingLabel? {
        var scan = CharsetPrescan(bytes.prefix(headBytes))
        if let label = scan.label() { return label }
        guard isLate, bytes.count > headBytes else { return scan.unknown }
        var late = CharsetPrescan(bytes.prefix(lateBytes))
        return late.label() ?? late.unknown
    }

    /// The encoding of the XML declaration at the very beginning.
    static func xmlDeclaration(in bytes: ArraySlice<UInt8>) -> EncodingLabel? {
        let head = bytes.prefix(headBytes)
        guard head.starts(with: Array("<?xml".utf8)), let end = head.firstIndex(of: 0x3e),
            var rest = after("encoding", in: head[..<end])
        else { return nil }
        rest = rest.drop { $0 <= 0x20 }
        guard rest.first == 0x3d else { return nil }
        rest = rest.dropFirst().drop { $0 <= 0x20 }
        guard let quote = rest.first, quote == 0x22 || quote == 0x27 else { return nil }
        rest = rest.dropFirst()
        guard let close = rest.firstIndex(of: quote) else { return nil }
        guard rest[..<close].allSatisfy({ $0 > 0x20 }) else { return nil }
        return EncodingLabel(rest[..<close])?.inReadableText
    }

    /// The encoding behind `charset=` in a media type, as an HTTP header or a `<meta>` has it.
    static func charset(in mediaType: some Collection<UInt8>) -> EncodingLabel? {
        var rest = Array(mediaType)[...]
        while let found = after("charset", in: rest) {
            rest = found.drop { Charset.isSpace($0) }
            guard rest.first == 0x3d else { continue }
            rest = rest.dropFirst().drop { Charset.isSpace($0) }
            if let quote = rest.first, quote == 0x22 || quote == 0x27 {
                rest = rest.dropFirst()
                guard let close = rest.firstIndex(of: quote) else { return nil }
                return EncodingLabel(rest[..<close])
            }
            return EncodingLabel(rest.prefix { !Charset.isSpace($0) && $0 != 0x3b })
        }
        return nil
    }

    /// What follows the first `mark`, whatever its case.
    private static func after(_ mark: String, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let mark = Array(mark.utf8)
        var rest = bytes
        while rest.count >= mark.count {
            if zip(rest, mark).allSatisfy({ Charset.lower($0) == $1 }) {
                return rest.dropFirst(mark.count)
            }
            rest = rest.dropFirst()
        }
        return nil
    }

    // MARK: Markup

    private mutating func label() -> EncodingLabel? {
        while skip(to: { $0 == 0x3c }) {
            if begins("<!--") {
                index += 2
                guard skip(past: "-->") else { return nil }
            } else if isMeta {
                index += 5
                if let label = metaLabel() {
                    if label.encoding != nil { return label }
                    unknown = unknown ?? label
                }
                index += 1
            } else if isTag {
                guard skip(to: { Charset.isSpace($0) || $0 == 0x3e }) else { return nil }
                while attribute() != nil {}
                index += 1
            } else if begins("<!") || begins("</") || begins("<?") {
                guard skip(past: ">") else { return nil }
            } else {
                index += 1
            }
        }
        return nil
    }

    private var isMeta: Bool {
        guard begins("<meta"), let next = byte(at: index + 5) else { return false }
        return Charset.isSpace(next) || next == 0x2f
    }

    private var isTag: Bool {
        guard bytes[index] == 0x3c, let next = byte(at: index + 1) else { return false }
        let first = next == 0x2f ? byte(at: index + 2) : next
        return first.map { (0x61...0x7a).contains($0 | 0x20) } ?? false
    }

    private mutating func metaLabel() -> EncodingLabel? {
        var seen: Set<[UInt8]> = []
        var hasPragma = false
        var needsPragma: Bool?
        var label: EncodingLabel?
        while let (name, value) = attribute() {
            guard seen.insert(name).inserted else { continue }
            switch String(decoding: name, as: UTF8.self) {
            case "http-equiv": hasPragma = value.elementsEqual("content-type".utf8)
            case "content":
                guard needsPragma == nil, let found = Self.charset(in: value) else { continue }
                label = found
                needsPragma = true
            case "charset":
                label = EncodingLabel(value)
                needsPragma = false
            default: break
            }
        }
        guard let needsPragma, !needsPragma || hasPragma, let label, index < bytes.endIndex
        else { return nil }
        return label.inMeta
    }

    /// The next attribute of a tag, in lower case; nil at the tag's end, on which the index then
    /// stands, and at the end of the bytes.
    private mutating func attribute() -> (name: [UInt8], value: [UInt8])? {
        guard skip(to: { !Charset.isSpace($0) && $0 != 0x2f }), bytes[index] != 0x3e else {
            return nil
        }
        var name: [UInt8] = []
        while let next = byte(at: index), next != 0x3d || name.isEmpty {
            if next == 0x2f || next == 0x3e { return (name, []) }
            if Charset.isSpace(next) { break }
            name.append(Charset.lower(next))
            index += 1
        }
        guard skip(to: { !Charset.isSpace($0) }) else { return nil }
        guard bytes[index] == 0x3d else { return (name, []) }
        index += 1
        guard skip(to: { !Charset.isSpace($0) }), let value = value() else { return nil }
        return (name, value)
    }

    private mutating func value() -> [UInt8]? {
        let first = bytes[index]
        if first == 0x3e { return [] }
        let isQuoted = first == 0x22 || first == 0x27
        if isQuoted { index += 1 }
        let start = index
        guard
            skip(to: { isQuoted ? $0 == first : Charset.isSpace($0) || $0 == 0x3e })
        else { return nil }
        let value = bytes[start..<index].map(Charset.lower)
        if isQuoted { index += 1 }
        return value
    }

    // MARK: Bytes

    private func byte(at index: Int) -> UInt8? { index < bytes.endIndex ? bytes[index] : nil }

    private func begins(_ mark: String) -> Bool {
        guard bytes.endIndex - index >= mark.utf8.count else { return false }
        return zip(bytes[index...], mark.utf8).allSatisfy { Charset.lower($0) == $1 }
    }

    /// Goes on to the first byte that `isWanted`; false where the bytes end before.
    private mutating func skip(to isWanted: (UInt8) -> Bool) -> Bool {
        while index < bytes.endIndex {
            if isWanted(bytes[index]) { return true }
            index += 1
        }
        return false
    }

    private mutating func skip(past mark: String) -> Bool {
        while index < bytes.endIndex {
            if begins(mark) {
                index += mark.utf8.count
                return true
            }
            index += 1
        }
        return false
    }
}
