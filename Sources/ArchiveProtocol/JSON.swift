/// A JSON value (RFC 8259) as this protocol uses it.
///
/// Numbers keep the text they were sent with, so that an `id` above 2^53 is echoed exactly.
/// Objects keep the order of their members; a repeated key is refused when read.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The literal as written, such as `12`, `-0.5` or `1e9`.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One name and value of an object.
    public struct Member: Sendable, Hashable {
        /// The name before the colon.
        public var key: String
        /// What stands after the colon.
        public var value: JSON

        /// Takes the parts as they are.
        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// The number `value` as JSON.
    public static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }
}

extension JSON {
    /// The value of the member named `key`, or nil where this is no object or has none.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a string value.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of a number without fraction or exponent that fits 64 bits.
    public var int: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    /// The value of any number.
    public var double: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    /// The value of `true` or `false`.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array value.
    public var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object value.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// The literal as a value.
    public init(stringLiteral value: String) { self = .string(value) }
    /// The literal as a value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// The literal as a value.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// The literal as a value.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// The literal as a value.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSON {
    /// The value in one line, without a line feed at its end.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The value in one line, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
