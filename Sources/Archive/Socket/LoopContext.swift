internal import Logging

/// What all connections of a loop share; used on the loop's thread only.
final class LoopContext {
    let service: any Answering
    let limits: SocketLimits
    let logger: Logger
    let mailbox: Mailbox
    let freeMemory = FreeMemory()
    /// Where every read of every connection goes first.
    let readBuffer: UnsafeMutableRawBufferPointer
    private var spare: [OutputBuffer] = []
    private var held: [UnsafeRawPointer: Int] = [:]
    /// Bytes of results that wait for one client or more, each counted once.
    private(set) var heldBytes = 0

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

    /// Notes that a result waits for one client more.
    func hold(_ result: [UInt8]) {
        // An array that is held stays where it is.
        guard let place = result.withUnsafeBytes({ $0.baseAddress }) else { return }
        if held[place] == nil { heldBytes += result.count }
        held[place, default: 0] += 1
    }

    /// Notes that a result waits for one client less.
    func release(_ result: [UInt8]) {
        guard let place = result.withUnsafeBytes({ $0.baseAddress }), let count = held[place] else {
            return
        }
        held[place] = count > 1 ? count - 1 : nil
        if count == 1 { heldBytes -= result.count }
    }
}
