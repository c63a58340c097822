/// The body of a part with its transfer encoding taken off, metered.
final class MIMEBody: ByteSource {
    private let message: MIMEMessage
    private let meter: Meter
    private var decoder: TransferDecoder
    private var charged = 0
    private var isAtEnd = false
    private var failure: Refusal?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 4 * MIMELines.pieceBytes, alignment: 16)

    /// Reads the part at which `message` stands.
    init(_ message: MIMEMessage, encoding: TransferEncoding, meter: Meter) {
        self.message = message
        self.meter = meter
        decoder = TransferDecoder(encoding)
    }

    deinit { buffer.deallocate() }

    /// Whether base64 ended within a byte: something is lost.
    var isCut: Bool { decoder.isCut }

    func next() throws(Refusal) -> UnsafeRawBufferPointer {
        if let failure { throw failure }
        do throws(Refusal) {
            try fill()
            let count = min(decoder.output.count, buffer.count)
            buffer.copyBytes(from: decoder.output.prefix(count))
            decoder.output.removeAll(keepingCapacity: true)
            charged += count
            try meter.charge(count, to: .members)
            return UnsafeRawBufferPointer(rebasing: buffer[..<count])
        } catch {
            meter.release(charged, from: .members)
            failure = error
            throw error
        }
    }

    /// Decodes lines until a block is full or the part ends.
    private func fill() throws(Refusal) {
        // One more line is a piece and what was held back: it has room behind this.
        while !isAtEnd, decoder.output.count < MIMELines.pieceBytes {
            if let line = try message.bodyLine() {
                decoder.decode(line)
            } else {
                decoder.finish()
                isAtEnd = true
            }
        }
    }
}
