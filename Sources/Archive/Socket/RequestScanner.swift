/// The shape of the commonest request, told apart without building a value of it.
///
/// Only `articles.get` with nothing but an `id` is recognised, with members in any order, and only
/// where every string is plain: printable ASCII with no backslash. All else is for the full parser,
/// which also tells what is wrong.
struct RequestScanner {
    /// The `id` of the envelope as it was written, quotation marks included.
    private(set) var id: Range<Int> = 0..<0
    /// The text of the article's id, without its quotation marks.
    private(set) var article: Range<Int> = 0..<0

    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    /// Nil where `line` is anything but that request.
    @inline(__always)
    init?(_ line: UnsafeRawBufferPointer) {
        bytes = line
        guard scan() else { return nil }
    }

    private struct Members: OptionSet {
        var rawValue: UInt8
        static let version = Members(rawValue: 1)
        static let id = Members(rawValue: 2)
        static let method = Members(rawValue: 4)
        static let params = Members(rawValue: 8)
        static let all: Members = [.version, .id, .method, .params]
    }

    private mutating func scan() -> Bool {
        skipSpace()
        guard take(0x7B) else { return false }
        var seen: Members = []
        while true {
            skipSpace()
            guard let member = member(), seen.insert(member).inserted else { return false }
            skipSpace()
            if take(0x2C) { continue }
            guard take(0x7D), seen == .all else { return false }
            skipSpace()
            return at == bytes.count
        }
    }

    @inline(__always)
    private mutating func member() -> Members? {
        if take("\"id\"") {
            guard colon(), let range = identifier() else { return nil }
            id = range
            return .id
        }
        if take("\"jsonrpc\"") { return colon() && take("\"2.0\"") ? .version : nil }
        if take("\"method\"") { return colon() && take("\"articles.get\"") ? .method : nil }
        if take("\"params\"") { return colon() && params() ? .params : nil }
        return nil
    }

    @inline(__always)
    private mutating func params() -> Bool {
        guard take(0x7B) else { return false }
        skipSpace()
        guard take("\"id\""), colon(), let text = plainString() else { return false }
        article = text
        skipSpace()
        return take(0x7D)
    }

    @inline(__always)
    private mutating func identifier() -> Range<Int>? {
        guard at < bytes.count else { return nil }
        let start = at
        if bytes[at] == 0x22 {
            guard let text = plainString() else { return nil }
            return text.lowerBound - 1..<text.upperBound + 1
        }
        _ = take(0x2D)
        let digits = at
        while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
        // A leading zero, a fraction or an exponent is left to the full parser.
        guard at > digits, at - digits == 1 || bytes[digits] != 0x30 else { return nil }
        return start..<at
    }

    @inline(__always)
    private mutating func plainString() -> Range<Int>? {
        guard take(0x22) else { return nil }
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0x22 {
                at += 1
                return start..<at - 1
            }
            guard byte >= 0x20, byte < 0x7F, byte != 0x5C else { return nil }
            at += 1
        }
        return nil
    }

    @inline(__always)
    private mutating func colon() -> Bool {
        skipSpace()
        guard take(0x3A) else { return false }
        skipSpace()
        return true
    }

    @inline(__always)
    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    @inline(__always)
    private mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - at >= count else { return false }
        let start = text.utf8Start
        for index in 0..<count where bytes[at + index] != start[index] { return false }
        at += count
        return true
    }

    @inline(__always)
    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D {
            at += 1
        }
    }
}
