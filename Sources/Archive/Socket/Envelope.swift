internal import ArchiveProtocol

/// What stands around a request on its line (JSON-RPC 2.0).
struct Envelope: Sendable, Equatable {
    /// The id as it was written; nil for a notification.
    var id: [UInt8]?
    var method: String
    var params: JSON

    /// A line that is no request, with the id to answer it under.
    struct Refused: Error, Equatable {
        var id: [UInt8]
        var failure: Failure
    }

    /// Takes the envelope off a line.
    init(_ line: UnsafeRawBufferPointer) throws(Refused) {
        let json: JSON
        do throws(JSONError) { json = try JSONParser.parse(line, depthLimit: 32) } catch {
            throw Refused(
                id: Self.null,
                failure: Failure(
                    .parseError, error.description, data: [.init("offset", .integer(error.offset))])
            )
        }
        guard let members = json.members else {
            throw Self.invalid(
                Self.null,
                json.array == nil ? "a request is an object" : "batches are not taken",
                hint: "send one object a line")
        }
        let id = try Self.identifier(json, line)
        let echo = id ?? Self.null
        let known = ["jsonrpc", "id", "method", "params"]
        if let unknown = members.first(where: { !known.contains($0.key) }) {
            throw Self.invalid(
                echo, "a request has no member \"\(unknown.key.prefix(64))\"",
                hint: "parameters stand within params")
        }
        guard json["jsonrpc"]?.string == "2.0" else {
            throw Self.invalid(echo, "jsonrpc must be \"2.0\"")
        }
        guard let method = json["method"]?.string else {
            throw Self.invalid(echo, "method must be a string")
        }
        let params = json["params"] ?? [:]
        guard params.members != nil else {
            throw Refused(
                id: echo, failure: Failure(.invalidParams, "params must be an object"))
        }
        (self.id, self.method, self.params) = (id, method, params)
    }

    /// The text `null`, the id of answers to what has none.
    static let null = Array("null".utf8)

    private static func invalid(_ id: [UInt8], _ message: String, hint: String? = nil) -> Refused {
        Refused(id: id, failure: Failure(.invalidRequest, message, hint: hint))
    }

    private static func identifier(_ json: JSON, _ line: UnsafeRawBufferPointer) throws(Refused)
        -> [UInt8]?
    {
        switch json["id"] {
        case nil: return nil
        case .string: return Array(line[stringValue(of: "id", in: line)])
        case .number(let text): return Array(text.utf8)
        default: throw invalid(null, "id must be a string or a number")
        }
    }

    /// Where the string value of the outermost member `key` stands, quotation marks included.
    ///
    /// `line` is known to be an object of correct JSON that has this member.
    private static func stringValue(of key: String, in line: UnsafeRawBufferPointer) -> Range<Int> {
        var depth = 0
        var at = 0
        var isValue = false
        var matches = false
        while at < line.count {
            switch line[at] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == 1: isValue = true
            case UInt8(ascii: ",") where depth == 1: isValue = false
            case UInt8(ascii: "\""):
                let start = at
                at += 1
                while at < line.count, line[at] != UInt8(ascii: "\"") {
                    at += line[at] == UInt8(ascii: "\\") ? 2 : 1
                }
                let range = start..<min(at + 1, line.count)
                guard depth == 1 else { break }
                if isValue, matches { return range }
                if !isValue { matches = (try? JSONParser.parse(line[range]))?.string == key }
            default: break
            }
            at += 1
        }
        return 0..<0
    }
}
