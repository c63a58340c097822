internal import ArchiveProtocol

/// Reads the search language: words, "phrases", prefix*, field:…, -not, OR, and date ranges.
///
/// Words next to each other must all be found. `OR` binds tighter than that, as in the search
/// engines that people know: `mayor OR governor budget` is (mayor or governor) and budget.
struct QueryParser {
    private let text: [UInt8]
    private var position = 0

    /// Most words and conditions of one query.
    static let termLimit = 256

    /// Reads `text`; an empty one finds everything.
    ///
    /// - Throws: Failure `querySyntax` with the byte offset and what was expected there.
    static func query(_ text: String) throws(Failure) -> Query {
        var parser = QueryParser(text: Array(text.utf8))
        return try parser.query()
    }

    private init(text: [UInt8]) { self.text = text }

    private mutating func query() throws(Failure) -> Query {
        var groups: [[Query]] = []
        var count = 0
        var joinsNext = false
        while let start = skipSpace() {
            if isOperator("OR") {
                guard !groups.isEmpty, !joinsNext else { throw failure(start, "a word before OR") }
                position += 2
                joinsNext = true
                continue
            }
            if isOperator("AND") {
                position += 3
                continue
            }
            count += 1
            guard count <= Self.termLimit else {
                throw failure(start, "at most \(Self.termLimit) words")
            }
            guard let term = try term() else { continue }
            if joinsNext {
                guard Self.isWords(term), groups.last?.allSatisfy(Self.isWords) == true else {
                    throw failure(start, "words on both sides of OR, not -, date:, url: or has:")
                }
                groups[groups.count - 1].append(term)
            } else {
                groups.append([term])
            }
            joinsNext = false
        }
        if joinsNext { throw failure(text.count, "a word after OR") }
        return .all(groups.map { $0.count == 1 ? $0[0] : .any($0) })
    }

    private static func isWords(_ query: Query) -> Bool {
        if case .words = query { true } else { false }
    }

    /// Whether a byte parts two words of a query.
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    private mutating func term() throws(Failure) -> Query? {
        if text[position] == UInt8(ascii: "-"), position + 1 < text.count,
            !Self.isSpace(text[position + 1])
        {
            position += 1
            return try positive().map { .not($0) }
        }
        return try positive()
    }

    private mutating func positive() throws(Failure) -> Query? {
        let start = position
        if let name = takeFieldName() {
            switch name {
            case "date": return .filter(.published(try dates()))
            case "url": return .filter(.url(try value(of: name)))
            case "has": return .filter(.has(try feature()))
            default:
                guard let field = Query.Field(rawValue: name) else {
                    throw failure(start, "one of the fields \(Self.fieldNames)")
                }
                return try words(in: field)
            }
        }
        return try words(in: nil)
    }

    private static var fieldNames: String {
        (Query.Field.allCases.map(\.rawValue) + ["date", "url", "has"]).map { $0 + ":" }
            .joined(separator: " ")
    }

    /// Takes `name:` where letters stand before a colon that something follows.
    private mutating func takeFieldName() -> String? {
        var end = position
        while end < text.count, (0x61...0x7A).contains(text[end] | 0x20) { end += 1 }
        guard end > position, end + 1 < text.count, text[end] == UInt8(ascii: ":"),
            !Self.isSpace(text[end + 1]), !text[(end + 1)...].starts(with: "//".utf8)
        else { return nil }
        defer { position = end + 1 }
        return String(decoding: text[position..<end], as: UTF8.self).lowercased()
    }

    private mutating func words(in field: Query.Field?) throws(Failure) -> Query? {
        if text[position] == UInt8(ascii: "\"") {
            let phrase = try quoted()
            let isPrefix = takeStar()
            return Self.words(phrase, in: field, isPrefix: isPrefix)
        }
        var word = bare()
        let isPrefix = word.last == UInt8(ascii: "*")
        if isPrefix { word.removeLast() }
        return Self.words(String(decoding: word, as: UTF8.self), in: field, isPrefix: isPrefix)
    }

    /// The letters and digits of `text` as words; nil where there are none.
    private static func words(_ text: String, in field: Query.Field?, isPrefix: Bool) -> Query? {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isAlphabetic || properties.numericType != nil
                || properties.generalCategory == .nonspacingMark
            {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(String(word))
                word = .init()
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words.isEmpty ? nil : .words(field, words, isPrefix: isPrefix)
    }

    private mutating func quoted() throws(Failure) -> String {
        let start = position
        position += 1
        guard let end = text[position...].firstIndex(of: UInt8(ascii: "\"")) else {
            throw failure(start, "a closing quotation mark")
        }
        defer { position = end + 1 }
        return String(decoding: text[position..<end], as: UTF8.self)
    }

    private mutating func takeStar() -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: "*") else { return false }
        position += 1
        return true
    }

    private mutating func bare() -> [UInt8] {
        let end = text[position...].firstIndex(where: Self.isSpace) ?? text.count
        defer { position = end }
        return Array(text[position..<end])
    }

    private mutating func value(of name: String) throws(Failure) -> String {
        let start = position
        let value =
            text[position] == UInt8(ascii: "\"")
            ? try quoted() : String(decoding: bare(), as: UTF8.self)
        if value.isEmpty { throw failure(start, "something after \(name):") }
        return value
    }

    private mutating func dates() throws(Failure) -> DateRange {
        let start = position
        let bytes = Array(try value(of: "date").utf8)
        var bounds = [bytes[...]]
        for index in bytes.indices.dropLast()
        where bytes[index] == UInt8(ascii: ".") && bytes[index + 1] == UInt8(ascii: ".") {
            bounds = [bytes[..<index], bytes[(index + 2)...]]
            break
        }
        let texts = bounds.map { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) }
        guard let range = DateRange(since: texts[0], until: texts[texts.count - 1]),
            range.from != nil || range.to != nil
        else {
            throw failure(start, "a date as 2017, 2017-01, 2017-01-26, or two of them around ..")
        }
        return range
    }

    private mutating func feature() throws(Failure) -> Query.Feature {
        let start = position
        guard let feature = Query.Feature(rawValue: try value(of: "has").lowercased()) else {
            let names = Query.Feature.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(start, "one of \(names)")
        }
        return feature
    }

    private mutating func skipSpace() -> Int? {
        while position < text.count, Self.isSpace(text[position]) { position += 1 }
        return position < text.count ? position : nil
    }

    /// Whether the capital word `name` stands here alone.
    private func isOperator(_ name: String) -> Bool {
        let end = position + name.utf8.count
        guard end <= text.count, text[position..<end].elementsEqual(name.utf8) else { return false }
        return end == text.count || Self.isSpace(text[end])
    }

    private func failure(_ offset: Int, _ expected: String) -> Failure {
        Failure(
            .querySyntax, "the query cannot be read at byte \(offset): expected \(expected)",
            hint: "archived-query(7) describes the language",
            data: [.init("offset", .integer(offset)), .init("expected", .string(expected))])
    }
}
