internal import CIsal

/// The directory of a 7z, read as far as it tells how much memory unpacking takes.
///
/// libarchive gives each block the dictionary that the directory asks for, up to 4 GiB, and has no
/// limit of its own. The directory stands at the end and is packed itself as a rule, by LZMA or
/// LZMA2 (7zFormat.txt). One that cannot be followed here is left to libarchive.
enum SevenZipDirectory {
    /// A dictionary or a model of more is refused; `7z -mx=9` asks for 64 MiB.
    static let memoryAllowed = 128 << 20
    /// Bytes of a directory: about 100 a member.
    static let bytesAllowed = 64 << 20

    /// Why the 7z in `source`, which begins with `head`, is not unpacked.
    static func refusal(of source: any ByteSource, head: [UInt8]) throws(Refusal) -> Refusal? {
        guard let length = source.length, head.count >= SevenZipStart.bytes else { return nil }
        let offset = little(head[12..<20])
        let size = little(head[20..<28])
        guard offset < length, size <= length - offset else { return nil }
        guard size <= bytesAllowed else { return tooLarge }
        source.seek(to: SevenZipStart.bytes + offset)
        var bytes = Array(try source.head(size).prefix(size))
        // A packed directory may hold a packed one; nobody does it twice.
        for _ in 0..<3 {
            var fields = SevenZipFields(bytes)
            let isPacked = bytes.first == 0x17
            guard let streams = fields.streams(isPacked: isPacked) else { return nil }
            if let refusal = refusal(of: streams) { return refusal }
            guard isPacked, let folder = streams.folders.first else { return nil }
            guard folder.unpacked.allSatisfy({ $0 <= bytesAllowed }) else { return tooLarge }
            guard let inner = try unpacked(folder, streams, from: source) else { return nil }
            bytes = inner
        }
        return nil
    }

    private static let tooLarge = Refusal(
        .expansion, "the directory of the 7z is larger than \(bytesAllowed) bytes")

    private static func refusal(of streams: SevenZipFields.Streams) -> Refusal? {
        for folder in streams.folders {
            for coder in folder.coders where coder.memory > memoryAllowed {
                return Refusal(
                    .expansion, "the 7z asks for \(coder.memory) bytes of memory to be unpacked",
                    remedy: "pack it anew with a dictionary of at most 64 MiB")
            }
            // All streams of BCJ2 but the main one are held in memory as a whole.
            let sizes = folder.unpacked.sorted(by: >)
            if folder.coders.contains(where: \.isBCJ2), sizes.count > 2, sizes[2] > memoryAllowed {
                return Refusal(.expansion, "the 7z asks for \(sizes[2]) bytes of memory")
            }
        }
        return nil
    }

    /// The bytes of a packed directory; nil where they are packed in a way not followed here.
    private static func unpacked(
        _ folder: SevenZipFields.Folder, _ streams: SevenZipFields.Streams,
        from source: any ByteSource
    ) throws(Refusal) -> [UInt8]? {
        guard folder.coders.count == 1, let coder = folder.coders.first,
            let size = folder.unpacked.first, let packed = streams.packedSizes.first,
            packed <= bytesAllowed, streams.packedAt < (source.length ?? 0)
        else { return nil }
        source.seek(to: SevenZipStart.bytes + streams.packedAt)
        let bytes = Array(try source.head(packed).prefix(packed))
        let stream: [UInt8]
        let kind: LibArchive.Kind
        switch coder.id {
        case [3, 1, 1] where coder.properties.count == 5:
            let count = (0..<8).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }
            (stream, kind) = (coder.properties + count + bytes, .lzma)
        case [0x21] where coder.properties.count == 1:
            (stream, kind) = (xz(bytes, dictionary: coder.properties[0], size: size), .xz)
        default: return nil
        }
        guard let archive = try? LibArchive(MemorySource(stream), kind: kind),
            (try? archive.next()) != nil, archive.isFiltered
        else { return nil }
        var inner: [UInt8] = []
        while inner.count < size, let block = try? archive.readBlock(), !block.isEmpty {
            inner.append(contentsOf: block)
        }
        return inner.count < size ? nil : Array(inner.prefix(size))
    }

    /// LZMA2 as the one block of an xz stream of `size` bytes (xz file format 2 to 4).
    private static func xz(_ bytes: [UInt8], dictionary: UInt8, size: Int) -> [UInt8] {
        func padded(_ bytes: [UInt8]) -> [UInt8] {
            bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        }
        func number(_ value: Int) -> [UInt8] {
            value < 0x80
                ? [UInt8(value)] : [UInt8(value & 0x7f) | 0x80] + number(value >> 7)
        }
        let flags: [UInt8] = [0, 0]
        let block: [UInt8] = [2, 0, 0x21, 1, dictionary, 0, 0, 0]
        let index = padded([0, 1] + number(block.count + 4 + bytes.count) + number(size))
        let end = (0..<4).map { UInt8(truncatingIfNeeded: (index.count / 4) >> ($0 * 8)) } + flags
        return [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] + flags + sum(flags) + block + sum(block)
            + padded(bytes) + index + sum(index) + sum(end) + end + [0x59, 0x5a]
    }

    private static func sum(_ bytes: [UInt8]) -> [UInt8] {
        let sum = crc32_gzip_refl(0, bytes, UInt64(bytes.count))
        return (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
    }

    /// A number, the lowest byte first; what does not fit is larger than any file.
    static func little(_ bytes: ArraySlice<UInt8>) -> Int {
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value) ?? .max
    }
}

/// The fields of a 7z directory, one after the other; nil wherever they are not as they should be.
struct SevenZipFields {
    /// One way of packing, with what it was set to.
    struct Coder {
        var id: [UInt8]
        var properties: [UInt8]

        var isBCJ2: Bool { id == [3, 3, 1, 0x1b] }

        /// Bytes that unpacking holds: the dictionary of LZMA and LZMA2, the model of PPMd.
        var memory: Int {
            switch id {
            case [3, 1, 1], [3, 4, 1]:
                return properties.count < 5 ? 0 : SevenZipDirectory.little(properties[1..<5])
            case [0x21]:
                guard let bits = properties.first else { return 0 }
                return bits >= 40 ? 1 << 32 : (2 | Int(bits & 1)) << (Int(bits / 2) + 11)
            default: return 0
            }
        }
    }

    /// What was packed together.
    struct Folder {
        var coders: [Coder] = []
        var outputs = 0
        var unpacked: [Int] = []
    }

    struct Streams {
        var packedAt = 0
        var packedSizes: [Int] = []
        var folders: [Folder] = []
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// The streams of a packed directory, or of the members.
    mutating func streams(isPacked: Bool) -> Streams? {
        guard rest.popFirst() == (isPacked ? 0x17 : 1) else { return nil }
        if !isPacked { guard rest.popFirst() == 4 else { return nil } }
        var streams = Streams()
        guard rest.popFirst() == 6, packInfo(&streams), rest.popFirst() == 7,
            rest.popFirst() == 0x0b,
            let count = number(), count <= rest.count, rest.popFirst() == 0
        else { return nil }
        for _ in 0..<count {
            guard let folder = folder() else { return nil }
            streams.folders.append(folder)
        }
        guard rest.popFirst() == 0x0c else { return nil }
        for index in streams.folders.indices {
            for _ in 0..<streams.folders[index].outputs {
                guard let size = number() else { return nil }
                streams.folders[index].unpacked.append(size)
            }
        }
        return streams
    }

    private mutating func packInfo(_ streams: inout Streams) -> Bool {
        guard let start = number(), let count = number(), count <= rest.count else { return false }
        streams.packedAt = start
        while let field = rest.popFirst(), field != 0 {
            guard field == 9 || field == 0x0a else { return false }
            if field == 0x0a {
                // Check sums: of all, for one bit each would be as rare as it is useless.
                guard rest.popFirst() == 1, rest.count >= count * 4 else { return false }
                rest = rest.dropFirst(count * 4)
            } else {
                for _ in 0..<count {
                    guard let size = number() else { return false }
                    streams.packedSizes.append(size)
                }
            }
        }
        return true
    }

    private mutating func folder() -> Folder? {
        var folder = Folder()
        var inputs = 0
        guard let count = number(), (1...32).contains(count) else { return nil }
        for _ in 0..<count {
            guard let flags = rest.popFirst(), flags & 0xc0 == 0, let id = bytes(Int(flags & 15))
            else { return nil }
            var (ins, outs) = (1, 1)
            if flags & 0x10 != 0 {
                guard let first = number(), let second = number(), first <= 32, second <= 32 else {
                    return nil
                }
                (ins, outs) = (first, second)
            }
            var properties: [UInt8] = []
            if flags & 0x20 != 0 {
                guard let size = number(), let stated = bytes(size) else { return nil }
                properties = stated
            }
            inputs += ins
            folder.outputs += outs
            folder.coders.append(Coder(id: id, properties: properties))
        }
        let pairs = folder.outputs - 1
        guard pairs >= 0, inputs >= pairs else { return nil }
        let packed = inputs - pairs
        for _ in 0..<(pairs * 2 + (packed > 1 ? packed : 0)) {
            guard number() != nil else { return nil }
        }
        return folder
    }

    private mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// A number of one to nine bytes: the first says by its leading ones how many follow.
    private mutating func number() -> Int? {
        guard let first = rest.popFirst() else { return nil }
        let more = (~first).leadingZeroBitCount
        guard let tail = bytes(more) else { return nil }
        let high = more < 7 ? UInt64(first & (0x7f >> UInt8(more))) << UInt64(more * 8) : 0
        let low = tail.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: high | low)
    }
}
