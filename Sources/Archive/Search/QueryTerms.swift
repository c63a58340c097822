internal import ArchiveProtocol

/// The words of a query: alone, as phrases, as beginnings, misspelt, or near each other.
extension QueryParser {
    /// How far apart words may stand where a query does not tell.
    static let usualDistance = 10

    /// Reads a word, a phrase or NEAR(…); nil where no letter or digit is in it.
    mutating func words(in field: Query.Field?) throws(Failure) -> Query? {
        if text[position...].starts(with: "NEAR(".utf8) { return try near(in: field) }
        let start = position
        if isAt("\"") {
            let words = Self.split(try quoted())
            if isAt("~") { return try near(words, in: field, start) }
            return try phrase(words, in: field, isPrefix: take("*"), start)
        }
        let token = bare()
        if let tilde = token.lastIndex(of: UInt8(ascii: "~")),
            token[(tilde + 1)...].allSatisfy(Self.isDigit)
        {
            let words = Self.split(token[..<tilde])
            if !words.isEmpty { return try fuzzy(words, token, tilde, in: field) }
        }
        return try phrase(
            Self.split(token), in: field, isPrefix: token.last == UInt8(ascii: "*"), start)
    }

    private mutating func phrase(
        _ words: [String], in field: Query.Field?, isPrefix: Bool, _ start: Int
    ) throws(Failure) -> Query? {
        try count(words.count, at: start)
        return words.isEmpty ? nil : .words(field, words, isPrefix: isPrefix)
    }

    /// Reads how a word may be misspelt, behind its tilde.
    private mutating func fuzzy(
        _ words: [String], _ token: ArraySlice<UInt8>, _ tilde: Int, in field: Query.Field?
    ) throws(Failure) -> Query {
        guard words.count == 1, text[tilde - 1] != UInt8(ascii: "*") else {
            throw failure(
                token.startIndex, "a single whole word before ~",
                hint: "\"several words\"~5 finds words near each other; " + Self.quoteIt)
        }
        let digits = token[(tilde + 1)...]
        guard digits.isEmpty || digits.elementsEqual("1".utf8) || digits.elementsEqual("2".utf8)
        else { throw failure(tilde + 1, "1 or 2 after ~, how many letters may differ") }
        try count(1, at: token.startIndex)
        return .fuzzy(field, words[0], edits: digits.elementsEqual("2".utf8) ? 2 : 1)
    }

    /// Reads a word that may have another ending.
    mutating func stem(in field: Query.Field?) throws(Failure) -> Query? {
        let start = position
        let words = Self.split(isAt("\"") ? try quoted() : bare())
        guard words.count < 2 else {
            throw failure(start, "a single word after stem:", hint: "as in stem:run stem:late")
        }
        try count(words.count, at: start)
        return words.first.map { .stem(field, $0) }
    }

    // MARK: Near each other

    /// Reads the distance behind a phrase, as Lucene has it: `"mayor budget"~5`.
    private mutating func near(_ words: [String], in field: Query.Field?, _ start: Int)
        throws(Failure) -> Query?
    {
        position += 1
        let place = position
        let digits = text[position...].prefix(while: Self.isDigit)
        position += digits.count
        return try near(
            words, digits.isEmpty ? Self.usualDistance : try distance(digits, place), in: field,
            start)
    }

    /// Reads `NEAR(mayor budget, 5)`, as FTS5 has it.
    private mutating func near(in field: Query.Field?) throws(Failure) -> Query {
        let start = position
        position += "NEAR(".utf8.count
        guard let end = text[position...].firstIndex(of: UInt8(ascii: ")")) else {
            throw failure(start, "a closing parenthesis to this one", hint: Self.quoteIt)
        }
        let inner = text[position..<end]
        let isForeign: (UInt8) -> Bool = { "\"(*~".utf8.contains($0) }
        if let place = inner.firstIndex(where: isForeign) {
            throw failure(
                place, "whole words alone in NEAR(…)", hint: "as in NEAR(mayor budget, 5)")
        }
        var within = Self.usualDistance
        var words = inner
        if let comma = inner.lastIndex(of: UInt8(ascii: ",")) {
            words = inner[..<comma]
            let number = inner[(comma + 1)...].drop(while: Self.isSpace)
            let digits = number.prefix(while: Self.isDigit)
            guard number[digits.endIndex...].allSatisfy(Self.isSpace) else {
                throw failure(
                    digits.endIndex, "how many words may stand between them",
                    hint: "as in NEAR(mayor budget, 5)")
            }
            within = try distance(digits, number.startIndex)
        }
        guard let query = try near(Self.split(words), within, in: field, start) else {
            throw failure(position, "words in NEAR(…)", hint: "as in NEAR(mayor budget, 5)")
        }
        position = end + 1
        return query
    }

    private func distance(_ digits: ArraySlice<UInt8>, _ place: Int) throws(Failure) -> Int {
        guard (1...4).contains(digits.count),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { throw failure(place, "a number of words up to 9999") }
        return number
    }

    /// A word that is asked for twice is one, and one word alone is near to itself.
    private mutating func near(
        _ words: [String], _ within: Int, in field: Query.Field?, _ start: Int
    ) throws(Failure) -> Query? {
        try count(words.count, at: start)
        var different: [String] = []
        for word in words where !different.contains(word) { different.append(word) }
        if different.isEmpty { return nil }
        return different.count == 1
            ? .words(field, different, isPrefix: false) : .near(field, different, within: within)
    }

    // MARK: Bytes

    /// The words of a text, as the index has them.
    private static func split(_ bytes: ArraySlice<UInt8>) -> [String] {
        WordSplitter.words(String(decoding: bytes, as: UTF8.self)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    mutating func quoted() throws(Failure) -> ArraySlice<UInt8> {
        let start = position
        guard let end = text[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
            throw failure(start, "a closing quotation mark")
        }
        position = end + 1
        return text[(start + 1)..<end]
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        position += 1
        return true
    }

    /// What stands up to the next space or parenthesis.
    private mutating func bare() -> ArraySlice<UInt8> {
        let end =
            text[position...].firstIndex { Self.ends($0) || $0 == UInt8(ascii: "(") } ?? text.count
        defer { position = end }
        return text[position..<end]
    }
}
