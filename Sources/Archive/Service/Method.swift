internal import ArchiveProtocol

/// One method of the protocol: what `describe` tells of it, and what carries it out.
struct Method: Sendable {
    var name: String
    /// The least right that it needs.
    var rights: Rights
    /// What it does, one line.
    var summary: String
    var parameters: [Parameter] = []
    var result: Shape
    var carryOut: @Sendable (Service, Parameters, Request) async throws -> Answer

    init(
        _ name: String, _ rights: Rights, _ summary: String, _ parameters: [Parameter] = [],
        returns result: Shape,
        _ carryOut: @escaping @Sendable (Service, Parameters, Request) async throws -> Answer
    ) {
        self.name = name
        self.rights = rights
        self.summary = summary
        self.parameters = parameters
        self.result = result
        self.carryOut = carryOut
    }

    /// The method as `describe` tells it.
    var description: JSON {
        let params: JSON = [
            "type": "object",
            "properties": .object(parameters.map { .init($0.name, $0.schema) }),
            "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
            "additionalProperties": false,
        ]
        return [
            "name": .string(name), "right": .string(rights.rawValue),
            "summary": .string(summary), "params": params, "result": result.json,
        ]
    }
}

/// The shape of a result, as JSON Schema.
///
/// A name that ends with `?` may be left out.
indirect enum Shape: Sendable {
    case string
    case integer
    case boolean
    case number
    case array(Shape)
    case object(KeyValuePairs<String, Shape>)
    case any

    /// A page of items.
    static func page(of item: Shape) -> Shape {
        .object(["items": .array(item), "nextCursor?": .string, "revision": .integer])
    }

    var json: JSON {
        switch self {
        case .string: ["type": "string"]
        case .integer: ["type": "integer"]
        case .boolean: ["type": "boolean"]
        case .number: ["type": "number"]
        case .any: [:]
        case .array(let item): ["type": "array", "items": item.json]
        case .object(let members):
            [
                "type": "object",
                "properties": .object(
                    members.map { .init(Self.bare($0.key), $0.value.json) }),
                "required": .array(
                    members.filter { !$0.key.hasSuffix("?") }.map { .string($0.key) }),
            ]
        }
    }

    private static func bare(_ name: String) -> String {
        name.hasSuffix("?") ? String(name.dropLast()) : name
    }
}
