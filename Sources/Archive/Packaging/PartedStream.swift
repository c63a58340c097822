/// A gzip or zstd stream being unpacked, metered, with every joint between its parts looked at.
///
/// A file is one or many parts, each with a check sum of its own; after the last, zero bytes are
/// padding and anything else is trailing data. A block that is handed on never spans two parts.
/// libarchive checks neither sum nor tail of gzip and does not tell where a part begins.
final class PartedStream: ByteSource {
    /// The offset of bytes after the last part that belong to nothing, once they were met.
    private(set) var trailing: Int?
    /// Where the part begins, in the compressed bytes, that the last block came from.
    private(set) var partOfBlock = 0

    private let source: any ByteSource
    private let decoder: any PartDecoder
    private let meter: Meter
    private let magic: [UInt8]
    private let magicBytes: UnsafeMutableRawBufferPointer
    private var charged = 0
    /// Blocks that were looked at before they were asked for.
    private var ahead: [(bytes: [UInt8], part: Int)] = []
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    /// The last block of the source, and what is left of it.
    private var block = UnsafeRawBufferPointer(start: nil, count: 0)
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Bytes of the source that were used up.
    private var consumed: Int
    /// Where the part at hand begins.
    private var partStart: Int
    private var parts = 0
    private var isFull = false
    private var state = State.inside
    private var failure: Refusal?
    /// Bytes that may be read a second time in search of the next part behind damage.
    private var rereads: Int

    private enum State { case inside, between, ended }

    /// Begins at `offset`, where `source` stands.
    init(_ source: any ByteSource, decoder: any PartDecoder, meter: Meter, at offset: Int = 0) {
        self.source = source
        self.decoder = decoder
        self.meter = meter
        magic = decoder.magic
        magicBytes = .allocate(byteCount: magic.count, alignment: 16)
        magicBytes.copyBytes(from: magic)
        consumed = offset
        partStart = offset
        rereads = 4 * (source.length ?? 0) + 1 << 20
    }

    deinit {
        output.deallocate()
        magicBytes.deallocate()
    }

    /// Some of the first bytes, which are still to come.
    ///
    /// Damage among them is met on the way.
    func peekHead(_ count: Int) -> [UInt8] {
        var head: [UInt8] = []
        while head.count < count, let block = try? decodeBlock(), !block.isEmpty {
            head += block
            ahead.append((Array(block), partStart))
        }
        return head
    }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        guard ahead.isEmpty else {
            let block = ahead.removeFirst()
            partOfBlock = block.part
            output.copyBytes(from: block.bytes)
            return UnsafeRawBufferPointer(rebasing: output[..<block.bytes.count])
        }
        defer { partOfBlock = partStart }
        return try decodeBlock()
    }

    private func decodeBlock() throws(Refusal) -> UnsafeRawBufferPointer {
        var count = 0
        do {
            while count == 0, failure == nil, state != .ended { count = try step() }
        } catch {
            failure = error
        }
        // What was unpacked before the damage is handed on first.
        if count == 0, let failure { throw failure }
        do {
            try meter.charge(count, to: .stream)
            charged += count
        } catch {
            meter.release(charged + count, from: .stream)
            charged = 0
            failure = error
            throw error
        }
        return UnsafeRawBufferPointer(rebasing: output[..<count])
    }

    func twin(at offset: Int) -> (any ByteSource)? {
        guard let source = source.twin(at: offset), let decoder = try? decoder.twin() else {
            return nil
        }
        return PartedStream(source, decoder: decoder, meter: meter, at: offset)
    }

    /// Moves on by one call of the decoder or one byte between parts; the count of bytes put out.
    private func step() throws(Refusal) -> Int {
        // A decoder that filled the output may hold more.
        if input.isEmpty, !isFull || state == .between {
            try fetch()
            if input.isEmpty {
                guard state == .between else {
                    throw Refusal(
                        .truncated, "the \(decoder.name) stream ends early", offset: consumed)
                }
                state = .ended
                return 0
            }
        }
        if state == .between {
            passJoint()
            return 0
        }
        return decodeSome(input)
    }

    private func fetch() throws(Refusal) {
        block = try source.next()
        input = block
    }

    private func decodeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
        let decoded = decoder.decode(bytes, into: output)
        if bytes.baseAddress == input.baseAddress { take(decoded.used) }
        isFull = decoded.made == output.count
        if let damage = decoded.damage {
            fail(damage)
        } else if decoded.isEnd {
            parts += 1
            state = .between
        } else if decoded.used == 0, decoded.made == 0, !bytes.isEmpty {
            fail(Refusal(.corrupt, "the \(decoder.name) stream is damaged"))
        }
        return decoded.made
    }

    private func fail(_ damage: Refusal) {
        if parts > 0, damage.reason == .malformed {
            // What looked like a further part is none.
            trailing = partStart
            state = .ended
            return
        }
        var damage = damage
        if damage.reason == .malformed { damage.reason = .corrupt }
        damage.offset = consumed
        failure = damage
    }

    /// Passes zero padding; another part begins with the first byte of the magic.
    private func passJoint() {
        switch input[0] {
        case let byte where byte == magic[0] || decoder.isSkippable(byte):
            beginPart(at: consumed)
        case 0:
            take(input.firstIndex { $0 != 0 } ?? input.endIndex)
        default:
            trailing = consumed
            state = .ended
        }
    }

    private func beginPart(at offset: Int) {
        decoder.begin()
        partStart = offset
        isFull = false
        state = .inside
    }

    private func take(_ count: Int) {
        consumed += count
        input = UnsafeRawBufferPointer(rebasing: input[count...])
    }
}

// MARK: Behind damage

extension PartedStream {
    /// Goes on behind damage or trailing bytes, at the next bytes that a part may begin with;
    /// false where there are none, or where reading on was forbidden.
    ///
    /// The search begins behind the beginning of the damaged part, because a broken length or code
    /// makes a decoder run into the next part.
    func resume() throws(Refusal) -> Bool {
        if let failure, failure.reason == .expansion || failure.reason == .ioError { return false }
        let again = max(trailing ?? 0, partStart + 1)
        let inBlock = again - (consumed + input.count - block.count)
        if inBlock >= 0 {
            input = UnsafeRawBufferPointer(rebasing: block[min(inBlock, block.count)...])
            consumed = again
        } else if source.length != nil, consumed - again <= rereads {
            // To go back costs a block, however short the way is.
            rereads -= max(1 << 17, consumed - again)
            source.seek(to: again)
            input = UnsafeRawBufferPointer(start: nil, count: 0)
            consumed = again
        }
        var matched = 0
        while true {
            if input.isEmpty {
                try fetch()
                if input.isEmpty { return false }
            }
            if matched == 0 {
                take(input.firstIndex(of: magic[0]) ?? input.endIndex)
                if input.isEmpty { continue }
            }
            let byte = input[0]
            if byte == magic[matched] {
                matched += 1
            } else {
                matched = byte == magic[0] ? 1 : 0
            }
            take(1)
            if matched == magic.count { break }
        }
        failure = nil
        trailing = nil
        beginPart(at: consumed - magic.count)
        // The magic may lie in a block that is gone by now; the decoder is given it anew.
        _ = decodeSome(UnsafeRawBufferPointer(magicBytes))
        return true
    }

    /// The head of the first part that is one, where the parts before it are damaged.
    func headBehindDamage(
        _ count: Int, isHead: ([UInt8]) -> Bool
    ) throws(Refusal) -> [UInt8]? {
        guard failure != nil, let source = source.twin(at: 0) else { return nil }
        let probe = PartedStream(source, decoder: try decoder.twin(), meter: meter)
        defer { meter.release(probe.charged, from: .stream) }
        _ = probe.peekHead(1)
        while try probe.resume() {
            probe.ahead = []
            let head = probe.peekHead(count)
            if isHead(head) { return head }
        }
        return nil
    }
}
