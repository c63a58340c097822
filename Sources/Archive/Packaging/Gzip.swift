internal import CZlib

/// A gzip stream being unpacked, with every check sum and every joint between its parts looked at.
///
/// A gzip file is one or many parts (RFC 1952), each with a CRC-32 and a length at its end; after
/// the last, zero bytes are padding and anything else is trailing data. zlib is called directly,
/// because libarchive's gzip reader checks neither sum nor tail.
final class Gzip: ByteSource {
    /// The offset of bytes after the last part that belong to nothing, once they were met.
    private(set) var trailing: Int?

    private let source: any ByteSource
    private let meter: Meter
    private var charged = 0
    private let stream: UnsafeMutablePointer<z_stream>
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Bytes of the source that were used up.
    private var consumed = 0
    private var partStart = 0
    private var parts = 0
    private var state = State.inside
    private var failure: Refusal?

    private enum State { case inside, between, ended }

    init(_ source: any ByteSource, meter: Meter) {
        self.source = source
        self.meter = meter
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 16 asks zlib for the gzip header and trailer, 15 for the largest window there is.
        let size = Int32(MemoryLayout<z_stream>.size)
        if inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) != Z_OK {
            failure = Refusal(.limit, "no memory to unpack gzip")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
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

    /// Moves on by one call of zlib or one byte between parts; the count of bytes put out.
    private func step() throws(Refusal) -> Int {
        if input.isEmpty {
            input = try source.next()
            if input.isEmpty {
                guard state == .between else {
                    throw Refusal(.truncated, "the gzip stream ends early", offset: consumed)
                }
                state = .ended
                return 0
            }
        }
        return state == .between ? passJoint() : inflateSome()
    }

    private func inflateSome() -> Int {
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?
            .assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let result = inflate(stream, Z_NO_FLUSH)
        take(input.count - Int(stream.pointee.avail_in))
        let count = output.count - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            parts += 1
            state = .between
        default: fail(result)
        }
        return count
    }

    private func fail(_ result: Int32) {
        if parts > 0, stream.pointee.total_out == 0 {
            // What looked like a further part is none.
            trailing = partStart
            state = .ended
            return
        }
        let detail = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
        failure = Refusal(.corrupt, "the gzip stream is damaged: \(detail)", offset: consumed)
    }

    /// Passes zero padding; another part begins with 0x1f.
    private func passJoint() -> Int {
        switch input[0] {
        case 0x1f:
            inflateReset(stream)
            partStart = consumed
            state = .inside
        case 0:
            let zeros = input.firstIndex { $0 != 0 } ?? input.endIndex
            take(zeros)
        default:
            trailing = consumed
            state = .ended
        }
        return 0
    }

    private func take(_ count: Int) {
        consumed += count
        input = UnsafeRawBufferPointer(rebasing: input[count...])
    }
}
