internal import CLinux
internal import Glibc

/// What one client is still to be sent, and the descriptors that go along with it.
final class Output {
    private let socket: Int32
    private let context: LoopContext
    private var buffer: OutputBuffer?
    private var attached: [Attachment] = []
    private var sent = 0

    /// When the client counts as stalled; `.max` while nothing waits.
    private(set) var stallDeadline: Int64 = .max
    /// Whether nothing can be sent any more.
    private(set) var isBroken = false

    private struct Attachment {
        /// The position of its line's first byte, counted over all that was ever sent.
        var position: Int
        var descriptor: Descriptor
    }

    init(socket: Int32, context: LoopContext) {
        self.socket = socket
        self.context = context
    }

    /// How many bytes wait.
    var count: Int { buffer?.count ?? 0 }

    /// Whether bytes wait because the client takes no more.
    var isStalled: Bool { stallDeadline != .max }

    /// Whether nothing waits.
    var isEmpty: Bool { buffer == nil }

    /// Adds a line, with a descriptor for its first byte.
    func append(_ line: [UInt8], descriptor: Descriptor? = nil) {
        guard !isBroken, !line.isEmpty else { return }
        if let descriptor {
            attached.append(Attachment(position: sent + count, descriptor: descriptor))
        }
        line.withUnsafeBytes { writable.append($0) }
    }

    /// Adds the answer with this id and result.
    @inline(__always)
    func appendAnswer(id: UnsafeRawBufferPointer, result: [UInt8]) {
        guard !isBroken else { return }
        let buffer = writable
        result.withUnsafeBytes { buffer.appendAnswer(id: id, result: $0) }
    }

    /// Sends what the client takes now.
    func send() {
        while let buffer {
            let part = nextPart(of: buffer.waiting)
            let count = write(part)
            guard count >= 0 else {
                if errno == EINTR { continue }
                if errno != EAGAIN && errno != ENOBUFS { return breakOff() }
                if stallDeadline == .max { startWaiting() }
                return
            }
            sent += count
            buffer.consume(count)
            if let first = attached.first, first.position < sent { attached.removeFirst() }
            if buffer.count == 0 {
                self.buffer = nil
                context.giveBack(buffer)
                stallDeadline = .max
            } else if count < part.count {
                return startWaiting()
            }
        }
    }

    /// Gives up: nothing more is sent or kept.
    func breakOff() {
        isBroken = true
        buffer = nil
        attached = []
        stallDeadline = .max
    }

    private var writable: OutputBuffer {
        if let buffer { return buffer }
        let fresh = context.takeBuffer()
        buffer = fresh
        return fresh
    }

    private func startWaiting() {
        stallDeadline = LoopClock.now &+ context.limits.stallTime.nanoseconds
    }

    /// The bytes up to the next line that a descriptor goes with.
    @inline(__always)
    private func nextPart(of waiting: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let next = attached.first(where: { $0.position > sent }) else { return waiting }
        return UnsafeRawBufferPointer(rebasing: waiting.prefix(next.position - sent))
    }

    @inline(__always)
    private func write(_ part: UnsafeRawBufferPointer) -> Int {
        if let first = attached.first, first.position == sent {
            return DescriptorPassing.send(socket, part, descriptor: first.descriptor.number)
        }
        return Glibc.send(
            socket, part.baseAddress, part.count,
            Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
}
