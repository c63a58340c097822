/// A media type, or a disposition, with its parameters (RFC 2045, 5.1; RFC 2231).
struct MediaType {
    /// In small letters, such as `multipart/related`.
    var name: String
    /// By their names in small letters; values as they stand, percent-encoding taken off.
    var parameters: [String: [UInt8]] = [:]

    /// Parameters beyond these are not looked at; honest headers have a handful.
    private static let parametersAllowed = 100

    /// Reads the value of a field; nil where it names nothing.
    init?(_ value: [UInt8]) {
        let end = value.firstIndex(of: 0x3b) ?? value.endIndex
        let word = value[..<end].filter { $0 > 0x20 }
        guard !word.isEmpty else { return nil }
        name = String(decoding: word, as: UTF8.self).lowercased()
        var rest = value[end...]
        var sections: [String: [(number: Int, isEncoded: Bool, value: [UInt8])]] = [:]
        for _ in 0..<Self.parametersAllowed {
            guard let (attribute, value) = Self.parameter(&rest) else { break }
            let section = Self.section(attribute)
            sections[section.name, default: []].append((section.number, section.isEncoded, value))
        }
        for (name, parts) in sections { parameters[name] = Self.joined(parts) }
    }

    var subtype: Substring { name.drop { $0 != "/" }.dropFirst() }
    var isMultipart: Bool { name.hasPrefix("multipart/") }

    // MARK: Parameters

    /// Takes the next `; name=value`, quoted or not.
    private static func parameter(_ rest: inout ArraySlice<UInt8>) -> (String, [UInt8])? {
        rest = rest.drop { $0 <= 0x20 || $0 == 0x3b }
        guard !rest.isEmpty else { return nil }
        let name = rest.prefix { $0 != 0x3d && $0 != 0x3b }
        rest = rest.dropFirst(name.count)
        var value: [UInt8] = []
        if rest.first == 0x3d {
            rest = rest.dropFirst().drop { $0 <= 0x20 }
            value = rest.first == 0x22 ? quoted(&rest) : bare(&rest)
        }
        let word = String(decoding: name.filter { $0 > 0x20 }, as: UTF8.self).lowercased()
        return (word, value)
    }

    private static func bare(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let value = rest.prefix { $0 != 0x3b }
        rest = rest.dropFirst(value.count)
        guard let end = value.lastIndex(where: { $0 > 0x20 }) else { return [] }
        return Array(value[...end])
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        var isEscaped = false
        rest = rest.dropFirst()
        while let byte = rest.popFirst() {
            if isEscaped {
                // Windows writes its paths unescaped: only `"` and `\` are escaped by `\`.
                if byte != 0x22 && byte != 0x5c { value.append(0x5c) }
                value.append(byte)
                isEscaped = false
            } else if byte == 0x5c {
                isEscaped = true
            } else if byte == 0x22 {
                break
            } else {
                value.append(byte)
            }
        }
        return value
    }

    // MARK: Sections (RFC 2231)

    /// `filename*1*` is the section 1 of `filename`, percent-encoded.
    private static func section(
        _ attribute: String
    ) -> (name: String, number: Int, isEncoded: Bool) {
        let parts = attribute.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let name = parts.first else { return (attribute, 0, false) }
        return (String(name), Int(parts[1]) ?? 0, parts[parts.count - 1].isEmpty)
    }

    /// The sections in order; where a name is given twice, the encoded form counts, else the first.
    private static func joined(
        _ sections: [(number: Int, isEncoded: Bool, value: [UInt8])]
    ) -> [UInt8] {
        var whole: [UInt8] = []
        var done = -1
        let ordered = sections.enumerated().sorted {
            ($0.element.number, $0.element.isEncoded ? 0 : 1, $0.offset)
                < ($1.element.number, $1.element.isEncoded ? 0 : 1, $1.offset)
        }
        for (_, section) in ordered where section.number > done {
            done = section.number
            var value = section.value[...]
            if section.isEncoded, section.number == 0 {
                // The charset and the language stand before: utf-8'en'name.
                let quotes = value.indices.filter { value[$0] == 0x27 }
                if quotes.count >= 2 { value = value[(quotes[1] + 1)...] }
            }
            whole += section.isEncoded ? EncodedWord.unescaped(value, mark: 0x25) : Array(value)
        }
        return whole
    }
}
