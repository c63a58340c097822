internal import ArchiveProtocol

/// Makes JSON out of what pages take for it.
enum JSONRepair {
    /// Reads a document as it stands, else as it was meant.
    ///
    /// - Throws: what is wrong with it as it stands.
    static func parse(_ text: some Collection<UInt8>, depthLimit: Int) throws -> JSON {
        do {
            return try JSONParser.parse(text, depthLimit: depthLimit)
        } catch {
            guard
                let json = try? JSONParser.parse(repaired(Array(text)), depthLimit: depthLimit)
            else { throw error }
            return json
        }
    }

    /// The text without comments around it, control characters within texts, commas before a
    /// closing bracket, and semicolons at the end.
    private static func repaired(_ text: [UInt8]) -> [UInt8] {
        let first = text.firstIndex { $0 == 0x7B || $0 == 0x5B } ?? text.count
        let last = text.lastIndex { $0 == 0x7D || $0 == 0x5D } ?? -1
        guard first < last else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isText = false
        var index = first
        while index <= last {
            let byte = text[index]
            if isText {
                if byte == 0x5C, index < last {
                    appendEscape(text[index + 1], &result)
                    index += 2
                    continue
                }
                if byte == 0x22 { isText = false }
                result.append(byte < 0x20 ? 0x20 : byte)
            } else {
                if byte == 0x22 { isText = true }
                if byte == 0x7D || byte == 0x5D { dropComma(&result) }
                result.append(byte)
            }
            index += 1
        }
        return result
    }

    private static func appendEscape(_ byte: UInt8, _ result: inout [UInt8]) {
        let known: [UInt8] = [0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74, 0x75]
        if known.contains(byte) { result.append(0x5C) }
        result.append(byte < 0x20 ? 0x20 : byte)
    }

    private static func dropComma(_ result: inout [UInt8]) {
        var end = result.count
        while end > 0, HTMLBytes.isSpace(result[end - 1]) { end -= 1 }
        if end > 0, result[end - 1] == 0x2C { result.removeLast(result.count - end + 1) }
    }
}
