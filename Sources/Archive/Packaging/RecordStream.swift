internal import Glibc

/// The bytes of a web archive in one row, unpacked, with the joints of the compressed file known.
final class RecordStream: ByteCursor {
    /// A damage of the source, and the part that it is in.
    struct Damage {
        var refusal: Refusal
        var part: Int?
    }

    /// Unpacked bytes that were taken.
    private(set) var position = 0
    /// What ended the bytes before their end; nil as long as they come.
    private(set) var damage: Damage?
    /// The part, if the file is compressed in parts, that the last byte taken came from.
    private(set) var part: Int?

    private let source: any ByteSource
    private let parts: PartedStream?
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Unpacked bytes that came out of the source.
    private var fetched = 0
    /// Parts that began in bytes that are not taken yet.
    private var joints: [(position: Int, part: Int)] = []
    private var lastPart: Int?
    private var isAtEnd = false
    private let carry = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    /// Reads `source`; `parts` is the stream that unpacks it, where it is one of many parts.
    init(_ source: any ByteSource, parts: PartedStream?) {
        self.source = source
        self.parts = parts
    }

    deinit { carry.deallocate() }

    /// Bytes that come next, without any of a part that begins behind `position`.
    func available() throws(Refusal) -> UnsafeRawBufferPointer {
        if block.isEmpty { block = try fetch() }
        guard let joint = joints.first, joint.position < fetched else { return block }
        if joint.position > position {
            return UnsafeRawBufferPointer(rebasing: block.prefix(joint.position - position))
        }
        return block
    }

    func take(_ count: Int) {
        position += count
        block = UnsafeRawBufferPointer(rebasing: block[count...])
        while let joint = joints.first, joint.position < position {
            part = joint.part
            joints.removeFirst()
        }
    }

    /// The part that begins at `position`, told once a byte of it is available.
    var partHere: Int? {
        guard let joint = joints.first, joint.position == position else { return nil }
        return joint.part
    }

    /// At least `count` of the next bytes, fewer before the end or damage; at most 4096.
    func peek(_ count: Int) throws(Refusal) -> UnsafeRawBufferPointer {
        while block.count < count {
            let rest = block.count
            // The bytes lie in the source's buffer, or in the carry at any place.
            if let base = carry.baseAddress, let start = block.baseAddress {
                memmove(base, start, rest)
            }
            let more = try fetch()
            guard rest + more.count <= carry.count else { break }
            if let base = carry.baseAddress, let start = more.baseAddress {
                memmove(base + rest, start, more.count)
            }
            block = UnsafeRawBufferPointer(rebasing: carry[..<(rest + more.count)])
            if more.isEmpty { break }
        }
        return block
    }

    /// The next block; empty at the end and at damage, which is kept.
    ///
    /// - Throws: an error of the disk.
    private func fetch() throws(Refusal) -> UnsafeRawBufferPointer {
        guard !isAtEnd, damage == nil else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        do throws(Refusal) {
            let bytes = try source.next()
            if bytes.isEmpty { isAtEnd = true }
            if let parts, parts.partOfBlock != lastPart, !bytes.isEmpty {
                lastPart = parts.partOfBlock
                joints.append((fetched, parts.partOfBlock))
            }
            fetched += bytes.count
            return bytes
        } catch {
            if error.reason == .ioError { throw error }
            damage = Damage(refusal: error, part: parts?.partOfBlock)
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }
}

// MARK: Going elsewhere

extension RecordStream {
    /// Whether the bytes are those of the file itself, so that one can go back in them.
    var canSeek: Bool { parts == nil && source.length != nil }

    /// Passes over so many bytes without reading them, where one can and they are many.
    ///
    /// - Returns: how many could be passed over; fewer where the file ends.
    func skip(_ count: Int) -> Int {
        guard canSeek, count > Self.worthSkipping, let length = source.length else { return 0 }
        let step = min(count, max(0, length - position))
        seek(to: position + step)
        return step
    }

    /// Bytes above which it costs less to go elsewhere than to read on.
    private static let worthSkipping = 1 << 19

    /// Makes the byte at `offset` the next one, where one can.
    func seek(to offset: Int) {
        source.seek(to: offset)
        position = offset
        fetched = offset
        isAtEnd = false
        damage = nil
        block = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Where the source knows of bytes behind its end that belong to nothing.
    var trailing: Int? { parts?.trailing }

    /// Goes on in the next part behind damage or trailing bytes; false where there is none.
    func resume() throws(Refusal) -> Bool {
        guard let parts, try parts.resume() else { return false }
        position += block.count
        fetched = position
        block = UnsafeRawBufferPointer(start: nil, count: 0)
        joints = []
        lastPart = nil
        isAtEnd = false
        damage = nil
        return true
    }
}
