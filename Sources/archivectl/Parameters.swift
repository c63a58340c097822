import ArchiveProtocol

/// The parameters of a request; those that are nil are left out.
struct Parameters {
    private(set) var members: [JSON.Member] = []

    /// The parameters as the protocol wants them.
    var json: JSON { .object(members) }

    mutating func add(_ name: String, _ value: String?) {
        if let value { members.append(.init(name, .string(value))) }
    }

    mutating func add(_ name: String, _ value: Int?) {
        if let value { members.append(.init(name, .integer(value))) }
    }

    mutating func add(_ name: String, _ values: [String]) {
        if !values.isEmpty { members.append(.init(name, .array(values.map { .string($0) }))) }
    }

    mutating func add(_ name: String, _ value: Bool) {
        members.append(.init(name, .bool(value)))
    }
}
