internal import ArchiveProtocol

/// Lines from the daemon, each with its line feed.
enum ResponseLine {
    /// The answer to the request with this id.
    static func result(_ result: [UInt8], id: [UInt8]) -> [UInt8] {
        line(id, "result", result)
    }

    /// The refusal of the request with this id.
    static func error(_ failure: Failure, id: [UInt8] = Envelope.null) -> [UInt8] {
        line(id, "error", failure.json.bytes)
    }

    private static func line(_ id: [UInt8], _ member: String, _ value: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(value.count + id.count + 48)
        line += "{\"jsonrpc\":\"2.0\",\"id\":".utf8
        line += id
        line += ",\"\(member)\":".utf8
        line += value
        line += "}\n".utf8
        return line
    }
}
