internal import ArchiveProtocol

/// One parameter that a method takes.
struct Parameter: Sendable {
    /// What its value is.
    enum Kind: Sendable {
        case string
        case integer(ClosedRange<Int>)
        case boolean
        case strings
        case choice([String])
    }

    var name: String
    var kind: Kind
    var isRequired = false
    /// What it means, one line.
    var meaning: String

    /// Its JSON Schema.
    var schema: JSON {
        var members: [JSON.Member] = []
        switch kind {
        case .string: members = [.init("type", "string")]
        case .integer(let range):
            members = [
                .init("type", "integer"), .init("minimum", .integer(range.lowerBound)),
                .init("maximum", .integer(range.upperBound)),
            ]
        case .boolean: members = [.init("type", "boolean")]
        case .strings:
            members = [.init("type", "array"), .init("items", ["type": "string"])]
        case .choice(let values):
            members = [
                .init("type", "string"), .init("enum", .array(values.map { .string($0) })),
            ]
        }
        return .object(members + [.init("description", .string(meaning))])
    }
}

/// The parameters of one request, checked against what the method takes.
struct Parameters: Sendable {
    private let values: JSON

    /// Checks names, types and bounds.
    ///
    /// - Throws: Failure `invalidParams` naming the parameter at fault.
    init(_ values: JSON, for parameters: [Parameter]) throws(Failure) {
        guard let members = values.members else {
            throw Failure(.invalidParams, "params is an object")
        }
        for member in members {
            guard let parameter = parameters.first(where: { $0.name == member.key }) else {
                throw Self.unknown(member.key, parameters)
            }
            guard Self.fits(member.value, parameter.kind) else {
                throw Failure(
                    .invalidParams,
                    "the parameter \(member.key) does not fit: \(parameter.schema.text)")
            }
        }
        for parameter in parameters where parameter.isRequired {
            guard values[parameter.name] != nil else {
                throw Failure(
                    .invalidParams, "the parameter \(parameter.name) is missing",
                    hint: parameter.meaning)
            }
        }
        self.values = values
    }

    private static func unknown(_ name: String, _ parameters: [Parameter]) -> Failure {
        let known = parameters.map(\.name).joined(separator: ", ")
        return Failure(
            .invalidParams, "unknown parameter \(name)",
            hint: known.isEmpty ? "this method takes none" : "it takes \(known)",
            data: [.init("unknown", .string(name))])
    }

    private static func fits(_ value: JSON, _ kind: Parameter.Kind) -> Bool {
        switch kind {
        case .string: value.string != nil
        case .integer(let range): value.int.map(range.contains) ?? false
        case .boolean: value.bool != nil
        case .strings: value.array?.allSatisfy { $0.string != nil } ?? false
        case .choice(let choices): value.string.map(choices.contains) ?? false
        }
    }

    func string(_ name: String) -> String? { values[name]?.string }
    func int(_ name: String) -> Int? { values[name]?.int }
    func bool(_ name: String) -> Bool { values[name]?.bool ?? false }
    func strings(_ name: String) -> [String]? { values[name]?.array?.compactMap(\.string) }

    /// Exactly one of these is given.
    func requireOne(of names: String...) throws(Failure) {
        guard names.filter({ values[$0] != nil }).count == 1 else {
            throw Failure(
                .invalidParams, "give one of \(names.joined(separator: ", "))")
        }
    }

    /// What a cursor is bound to: all parameters that choose and order the items.
    var question: JSON {
        .object(
            (values.members ?? []).filter {
                !["cursor", "limit", "sync"].contains($0.key)
            }.sorted { $0.key < $1.key })
    }
}
