internal import ArchiveProtocol

/// Refusals from the daemon, each a line with its line feed.
enum ResponseLine {
    /// The refusal of the request with this id.
    static func error(_ failure: Failure, id: [UInt8] = Envelope.null) -> [UInt8] {
        let value = failure.json.bytes
        var line: [UInt8] = []
        line.reserveCapacity(value.count + id.count + 48)
        line += "{\"jsonrpc\":\"2.0\",\"id\":".utf8
        line += id
        line += ",\"error\":".utf8
        line += value
        line += "}\n".utf8
        return line
    }
}
