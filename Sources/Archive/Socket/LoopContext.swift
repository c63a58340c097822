internal import Logging

/// What all connections of a loop share; used on the loop's thread only.
final class LoopContext {
    let service: any Answering
    let limits: SocketLimits
    let logger: Logger
    let mailbox: Mailbox
    /// Where every read of every connection goes first.
    let readBuffer: UnsafeMutableRawBufferPointer
    private var spare: [OutputBuffer] = []

    init(service: any Answering, limits: SocketLimits, logger: Logger, mailbox: Mailbox) {
        self.service = service
        self.limits = limits
        self.logger = logger
        self.mailbox = mailbox
        readBuffer = .allocate(byteCount: 32 << 10, alignment: 16)
    }

    deinit { readBuffer.deallocate() }

    /// An empty buffer; only connections with bytes to send hold one.
    func takeBuffer() -> OutputBuffer { spare.popLast() ?? OutputBuffer() }

    /// Takes back a buffer that was emptied.
    func giveBack(_ buffer: OutputBuffer) {
        if spare.count < 4, buffer.isKept { spare.append(buffer) }
    }
}
