/// The dictionary that a zstd stream may have in its first frame.
///
/// The IIPC's "Zstandard Compression for WARC Files" puts it into a skippable frame with the
/// magic number 0x184D2A5D, as it is or as a zstd frame of its own.
enum ZstdDictionary {
    static let magic: [UInt8] = [0x5d, 0x2a, 0x4d, 0x18]
    /// The most bytes of a dictionary; zstd makes them of 110 KiB by itself.
    static let limit = 16 << 20

    /// Takes the dictionary's frame from the beginning of `source`, empty where there is none.
    static func take(from source: SourceCursor, read: inout Int) throws(Refusal) -> [UInt8] {
        guard try source.available().first == magic[0] else { return [] }
        let head = try bytes(8, of: source)
        read = head.count
        guard head.count == 8, head.starts(with: magic) else {
            throw Refusal(.corrupt, "the zstd stream is damaged: no frame", offset: 0)
        }
        let size = (4..<8).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
        guard size <= limit else {
            throw Refusal(.expansion, "a zstd dictionary of \(size) bytes", offset: 4)
        }
        let content = try bytes(size, of: source)
        read += content.count
        guard content.count == size else {
            throw Refusal(.truncated, "the zstd stream ends in its dictionary", offset: read)
        }
        let decoder = try ZstdDecoder()
        guard content.starts(with: decoder.magic) else { return content }
        return try unpacked(content, decoder)
    }

    private static func bytes(_ count: Int, of source: SourceCursor) throws(Refusal) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let block = try source.available()
            if block.isEmpty { break }
            let part = block.prefix(count - bytes.count)
            bytes.append(contentsOf: part)
            source.take(part.count)
        }
        return bytes
    }

    private static func unpacked(
        _ content: [UInt8], _ decoder: ZstdDecoder
    ) throws(Refusal) -> [UInt8] {
        var dictionary: [UInt8] = []
        var at = 0
        let input = UnsafeMutableRawBufferPointer.allocate(
            byteCount: content.count, alignment: 16)
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer {
            input.deallocate()
            room.deallocate()
        }
        input.copyBytes(from: content)
        while true {
            let decoded = decoder.decode(
                UnsafeRawBufferPointer(rebasing: input[at...]), into: room)
            at += decoded.used
            dictionary.append(contentsOf: room[..<decoded.made])
            if decoded.isEnd { return dictionary }
            guard decoded.damage == nil, decoded.used > 0 || decoded.made > 0,
                dictionary.count <= limit
            else {
                throw Refusal(.corrupt, "the zstd dictionary is damaged", offset: 8)
            }
        }
    }
}

extension PartedStream {
    /// Unpacks zstd, with the dictionary that the first frame may hold.
    convenience init(zstd source: any ByteSource, meter: Meter) throws(Refusal) {
        let cursor = SourceCursor(source)
        var read = 0
        let dictionary = try ZstdDictionary.take(from: cursor, read: &read)
        self.init(
            cursor, decoder: try ZstdDecoder(dictionary: dictionary), meter: meter, at: read)
    }
}
