internal import ArchiveProtocol

/// What stands before a colon in a query.
enum FieldName {
    case words(Query.Field)
    case stem(Query.Field?)
    case date, url, lang, has, state
    case confidence(FieldConfidences.Field)

    /// The field of a name in small letters.
    init?(_ name: String) {
        switch name {
        case "stem": self = .stem(nil)
        case "date": self = .date
        case "url": self = .url
        case "lang": self = .lang
        case "has": self = .has
        case "state": self = .state
        case "place": self = .words(.in)
        default:
            if let field = Query.Field(rawValue: name) {
                self = .words(field)
            } else if name.hasSuffix(Self.suffix),
                let field = FieldConfidences.Field(
                    rawValue: String(name.dropLast(Self.suffix.count)))
            {
                self = .confidence(field)
            } else {
                return nil
            }
        }
    }

    static let suffix = ".confidence"

    /// All fields, as an error tells them.
    static var all: String {
        (Query.Field.allCases.map(\.rawValue) + ["stem", "date", "url", "lang", "has", "state"]
            + FieldConfidences.Field.allCases.map { $0.rawValue + suffix })
            .map { $0 + ":" }.joined(separator: " ")
    }

    var text: String {
        switch self {
        case .words(let field): field.rawValue
        case .stem(let field): (field.map { $0.rawValue + ":" } ?? "") + "stem"
        case .confidence(let field): field.rawValue + Self.suffix
        case .date: "date"
        case .url: "url"
        case .lang: "lang"
        case .has: "has"
        case .state: "state"
        }
    }
}

/// The fields of a query, and the conditions that are no matter of words.
extension QueryParser {
    /// Takes `name:` where letters stand before a colon that something follows.
    mutating func takeFieldName() throws(Failure) -> FieldName? {
        let start = position
        var end = position
        while end < text.count, Self.isLetter(text[end]) { end += 1 }
        let suffix = FieldName.suffix.utf8
        if end > start, text[end...].prefix(suffix.count).map({ $0 | 0x20 }).elementsEqual(suffix) {
            end += suffix.count
        }
        guard end > start, end + 1 < text.count, text[end] == UInt8(ascii: ":"),
            !Self.ends(text[end + 1]), !text[(end + 1)...].starts(with: "//".utf8)
        else { return nil }
        let name = String(decoding: text[start..<end], as: UTF8.self).lowercased()
        guard let field = FieldName(name) else {
            throw failure(
                start, "one of the fields \(FieldName.all)",
                hint: "a text with a colon in it is put in quotation marks")
        }
        position = end + 1
        if case .words(let field) = field, takeStem() { return .stem(field) }
        return field
    }

    /// Takes the `stem:` of `headline:stem:run`.
    private mutating func takeStem() -> Bool {
        let name = "stem:".utf8
        guard text[position...].prefix(name.count).map({ $0 | 0x20 }).elementsEqual(name),
            position + name.count < text.count, !Self.ends(text[position + name.count])
        else { return false }
        position += name.count
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Reads what stands behind the colon of a field.
    mutating func value(of field: FieldName) throws(Failure) -> Query? {
        switch field {
        case .words(let field): return try words(in: field)
        case .stem(let field): return try stem(in: field)
        default: break
        }
        let start = position
        let filter = try filter(field)
        try count(1, at: start)
        return .filter(filter)
    }

    private mutating func filter(_ field: FieldName) throws(Failure) -> Query.Filter {
        let start = position
        let value = try value(field.text)
        switch field {
        case .words, .stem, .url: return .url(value)
        case .date: return .published(try dates(value, start))
        case .lang: return .language(try language(value, start))
        case .has: return .has(try choice(value, of: Query.Feature.allCases, start))
        case .state:
            if value.lowercased() == "withdrawn" {
                throw failure(
                    start, "a state that can be searched for",
                    hint: "no search finds what is withdrawn; archivectl show tells why it is")
            }
            return .state(try choice(value, of: Query.State.allCases, start))
        case .confidence(let field):
            return .confidence(field, try choice(value, of: FieldConfidences.levels, start))
        }
    }

    /// Reads up to the next space or a parenthesis that closes; what is quoted counts as it is.
    private mutating func value(_ name: String) throws(Failure) -> String {
        let start = position
        var value: [UInt8] = []
        var open = 0
        while position < text.count, !Self.isSpace(text[position]) {
            if isAt("\"") {
                value += try quoted()
                continue
            }
            if isAt("(") { open += 1 }
            if isAt(")") {
                if open == 0 { break }
                open -= 1
            }
            value.append(text[position])
            position += 1
        }
        if value.isEmpty { throw failure(start, "something after \(name):") }
        return String(decoding: value, as: UTF8.self)
    }

    private func choice<Choice: RawRepresentable<String>>(
        _ value: String, of choices: [Choice], _ start: Int
    ) throws(Failure) -> Choice {
        let value = value.lowercased()
        guard let choice = choices.first(where: { $0.rawValue == value }) else {
            let names = choices.map(\.rawValue).joined(separator: ", ")
            throw failure(start, "one of \(names)")
        }
        return choice
    }

    private func language(_ value: String, _ start: Int) throws(Failure) -> String {
        let isTag =
            value.utf8.count <= 35
            && value.utf8.allSatisfy {
                Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "-")
            }
        guard isTag else { throw failure(start, "a tag of a language, such as en or pt-BR") }
        return value.lowercased()
    }

    // MARK: Dates

    private func dates(_ value: String, _ start: Int) throws(Failure) -> DateRange {
        guard let range = compared(value) ?? span(value), range.from != nil || range.to != nil
        else {
            throw failure(
                start,
                "a date as 2017, 2017-01, 2017-01-26, today or -3d, or two of them around ..",
                hint: "words with a space in them are quoted: date:\"2 weeks ago..now\"")
        }
        if range.isEmpty { throw failure(start, "the earlier date before the later one") }
        return range
    }

    /// `>2017`, `>=2017`, `<2017`, `<=2017`.
    private func compared(_ value: String) -> DateRange? {
        let isEqual = value.dropFirst().first == "="
        let date = date(value.dropFirst(isEqual ? 2 : 1))
        return switch value.first {
        case ">": isEqual ? DateRange(since: date, until: nil) : DateRange(after: date)
        case "<": isEqual ? DateRange(since: nil, until: date) : DateRange(before: date)
        default: nil
        }
    }

    /// A date, or two around `..`, either of which may be left out.
    private func span(_ value: String) -> DateRange? {
        let bytes = Array(value.utf8)
        let dot = UInt8(ascii: ".")
        let gap = bytes.indices.dropLast().first { bytes[$0] == dot && bytes[$0 + 1] == dot }
        let bounds = gap.map { [bytes[..<$0], bytes[($0 + 2)...]] } ?? [bytes[...]]
        let texts = bounds.map {
            $0.isEmpty ? nil : date(String(decoding: $0, as: UTF8.self)[...])
        }
        return DateRange(since: texts[0], until: texts[texts.count - 1])
    }

    /// The date that a bound names, a word of time by the clock.
    private func date(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return clock.date(String(text)) ?? String(text)
    }
}
