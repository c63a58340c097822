/// An error as it goes over the wire: one number, one name, one exit code.
///
/// The numbers below zero are JSON-RPC's own; ours are positive, outside its reserved range.
public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which error.
    public var code: Code
    /// What happened, to what; lower case, no full stop.
    public var message: String
    /// What to do about it.
    public var hint: String?
    /// Further facts of this kind of error, such as `offset` for `querySyntax`.
    public var data: [JSON.Member]

    /// Takes the parts as they are.
    public init(
        _ code: Code, _ message: String, hint: String? = nil, data: [JSON.Member] = []
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.data = data
    }

    /// The error in one line.
    public var description: String { message }

    /// The closed list of errors.
    public enum Code: Int, Sendable, CaseIterable {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case internalError = -32603
        case notFound = 1001
        case withdrawn = 1002
        case embargoed = 1003
        case notPermitted = 1004
        case querySyntax = 1005
        case cursorExpired = 1006
        case tooLarge = 1007
        case versionMismatch = 1008
        case deadlineExceeded = 1009
        case cancelled = 1010
        case busy = 1011
        case notReady = 1012
        case readOnly = 1013
        case storageFull = 1014
        case syncTimeout = 1015

        /// The stable name, sent as `data.code`.
        public var name: String { String(describing: self) }

        /// Whether the same request may succeed later.
        public var isRetryable: Bool {
            switch self {
            case .busy, .notReady, .storageFull, .syncTimeout, .deadlineExceeded, .readOnly: true
            default: false
            }
        }

        /// What `archivectl` exits with.
        public var exitCode: Int32 {
            switch self {
            case .parseError, .invalidRequest, .methodNotFound, .invalidParams, .querySyntax: 2
            case .notFound: 4
            case .notPermitted: 5
            case .deadlineExceeded, .syncTimeout: 6
            case .withdrawn, .embargoed: 7
            case .versionMismatch: 8
            default: 1
            }
        }
    }
}

extension Failure {
    /// The `error` object of a JSON-RPC response.
    public var json: JSON {
        var data: [JSON.Member] = [
            .init("code", .string(code.name)), .init("retryable", .bool(code.isRetryable)),
        ]
        if let hint { data.append(.init("hint", .string(hint))) }
        data += self.data
        return [
            "code": .integer(code.rawValue), "message": .string(message), "data": .object(data),
        ]
    }

    /// Reads the `error` object of a response; an unknown code becomes `internalError`.
    public init?(_ json: JSON) {
        guard let number = json["code"]?.int, let message = json["message"]?.string else {
            return nil
        }
        let members = json["data"]?.members ?? []
        self.init(
            Code(rawValue: number) ?? .internalError, message,
            hint: json["data"]?["hint"]?.string,
            data: members.filter { !["code", "retryable", "hint"].contains($0.key) })
    }
}
