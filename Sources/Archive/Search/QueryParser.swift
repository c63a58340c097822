internal import ArchiveProtocol

/// Reads the search language: words, "phrases", prefix*, fuzzy~, NEAR, field:…, -not, OR, (…).
///
/// Parts next to each other must all be met. `OR` binds tighter than that, as in the search
/// engines that people know: `mayor OR governor budget` is (mayor or governor) and budget. The
/// grammar stands in `archived-query(7)`; this reads it from left to right, once.
struct QueryParser {
    let text: [UInt8]
    /// What `today` is.
    let clock: WallClock
    var position = 0
    /// Words and conditions so far.
    private var terms = 0
    /// Parentheses and NOTs that are open.
    private var depth = 0

    /// Most words and conditions of one query.
    static let termLimit = 256
    /// Most parentheses within parentheses; the index follows three branches for each.
    static let depthLimit = 16

    /// Reads `text`; an empty one finds everything.
    ///
    /// - Returns: `.all` of its parts; within there is no `all` in an `all`, no `any` in an `any`,
    ///   and none of these with a single part.
    /// - Throws: Failure `querySyntax` with the byte offset and what was expected there.
    static func query(_ text: String, clock: WallClock = .now) throws(Failure) -> Query {
        var parser = QueryParser(text: Array(text.utf8), clock: clock)
        let parts = try parser.sequence(in: nil)
        guard parser.position == parser.text.count else {
            throw parser.failure(
                parser.position, "an opening parenthesis before this one", hint: Self.quoteIt)
        }
        return .all(parts)
    }

    private init(text: [UInt8], clock: WallClock) {
        self.text = text
        self.clock = clock
    }

    static let quoteIt = "what is meant as text is put in quotation marks"

    // MARK: Parts

    /// Parts that must all be met, up to the end or a closing parenthesis.
    private mutating func sequence(in field: FieldName?) throws(Failure) -> [Query] {
        var parts: [Query] = []
        var isAwaiting = false
        while let start = nextPart() {
            if takeOperator("AND") {
                guard !parts.isEmpty, !isAwaiting else {
                    throw failure(start, "a word before AND", hint: Self.quoteIt)
                }
                isAwaiting = true
                continue
            }
            guard let part = try alternatives(in: field) else { continue }
            if case .all(let inner) = part { parts += inner } else { parts.append(part) }
            isAwaiting = false
        }
        if isAwaiting { throw failure(position, "a word after AND", hint: Self.quoteIt) }
        return parts
    }

    /// A part, or several with OR between them; nil where there is no word in it.
    private mutating func alternatives(in field: FieldName?) throws(Failure) -> Query? {
        var parts: [Query] = []
        var isAwaiting = false
        while let start = nextPart() {
            if takeOperator("OR") {
                guard !parts.isEmpty, !isAwaiting else {
                    throw failure(start, "a word before OR", hint: Self.quoteIt)
                }
                isAwaiting = true
                continue
            }
            if !parts.isEmpty, !isAwaiting || isOperator("AND") { break }
            guard let part = try part(in: field) else {
                if isAwaiting { continue }
                return nil
            }
            if case .any(let inner) = part { parts += inner } else { parts.append(part) }
            isAwaiting = false
        }
        if isAwaiting { throw failure(position, "a word after OR", hint: Self.quoteIt) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func part(in field: FieldName?) throws(Failure) -> Query? {
        let start = position
        if takeOperator("NOT") {
            try descend(start)
            guard nextPart() != nil, !isOperator("AND"), !isOperator("OR"),
                let inner = try part(in: field)
            else { throw failure(position, "a word after NOT", hint: Self.quoteIt) }
            depth -= 1
            return .not(inner)
        }
        if isAt("-"), position + 1 < text.count, !Self.ends(text[position + 1]) {
            position += 1
            return try positive(in: field).map { .not($0) }
        }
        return try positive(in: field)
    }

    private mutating func positive(in outer: FieldName?) throws(Failure) -> Query? {
        let start = position
        let own = try takeFieldName()
        if own != nil, let outer {
            throw failure(
                start, "no other field: \(outer.text): holds for all in these parentheses",
                hint: Self.quoteIt)
        }
        let field = own ?? outer
        if isAt("(") { return try group(in: field) }
        let found = if let field { try value(of: field) } else { try words(in: nil) }
        if found == nil, let own {
            throw failure(start, "a word after \(own.text):", hint: Self.quoteIt)
        }
        return found
    }

    private mutating func group(in field: FieldName?) throws(Failure) -> Query {
        let start = position
        try descend(start)
        position += 1
        let parts = try sequence(in: field)
        guard isAt(")") else {
            throw failure(start, "a closing parenthesis to this one", hint: Self.quoteIt)
        }
        guard !parts.isEmpty else {
            throw failure(position, "a word in the parentheses", hint: Self.quoteIt)
        }
        position += 1
        depth -= 1
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func descend(_ start: Int) throws(Failure) {
        depth += 1
        guard depth <= Self.depthLimit else {
            throw failure(start, "at most \(Self.depthLimit) parentheses within each other")
        }
    }

    /// Counts words or conditions that begin at `start`.
    mutating func count(_ count: Int, at start: Int) throws(Failure) {
        terms += count
        guard terms <= Self.termLimit else {
            throw failure(
                start, "at most \(Self.termLimit) words and conditions",
                hint: "ask in several queries")
        }
    }

    // MARK: Bytes

    /// Whether a byte parts two words of a query.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

    /// Whether a word ends before this byte.
    static func ends(_ byte: UInt8) -> Bool { isSpace(byte) || byte == UInt8(ascii: ")") }

    func isAt(_ character: Unicode.Scalar) -> Bool {
        position < text.count && text[position] == UInt8(ascii: character)
    }

    /// Where the next part begins; nil at the end and at a closing parenthesis.
    private mutating func nextPart() -> Int? {
        while position < text.count, Self.isSpace(text[position]) { position += 1 }
        return position < text.count && !isAt(")") ? position : nil
    }

    /// Whether the capital word `name` stands here alone.
    private func isOperator(_ name: String) -> Bool {
        let end = position + name.utf8.count
        guard end <= text.count, text[position..<end].elementsEqual(name.utf8) else { return false }
        return end == text.count || Self.ends(text[end])
            || [UInt8(ascii: "("), UInt8(ascii: "\"")].contains(text[end])
    }

    private mutating func takeOperator(_ name: String) -> Bool {
        guard isOperator(name) else { return false }
        position += name.utf8.count
        return true
    }

    func failure(
        _ offset: Int, _ expected: String, hint: String = "archived-query(7) describes the language"
    ) -> Failure {
        Failure(
            .querySyntax, "the query cannot be read at byte \(offset): expected \(expected)",
            hint: hint,
            data: [.init("offset", .integer(offset)), .init("expected", .string(expected))])
    }
}
