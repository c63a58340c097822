internal import ArchiveProtocol
internal import CLinux
internal import Glibc

/// What one client is still to be sent, and the descriptors that go along with it.
///
/// Small lines share a buffer. The result of a large answer is not copied: it waits where it was
/// encoded, once for however many clients asked for it.
final class Output {
    private let socket: Int32
    private let context: LoopContext
    /// What stands before the lines in `buffer`; empty while nothing large waits.
    private var parts: [Part] = []
    private var buffer: OutputBuffer?
    private var attached: [Attachment] = []
    private var sent = 0

    /// When the client counts as stalled; `.max` while nothing waits.
    private(set) var stallDeadline: Int64 = .max
    /// Whether nothing can be sent any more.
    private(set) var isBroken = false
    /// How many bytes wait.
    private(set) var count = 0
    /// How many of them are this client's alone.
    private(set) var ownCount = 0

    private enum Part {
        case lines(OutputBuffer)
        case answer(WholeAnswer)
    }

    private struct Attachment {
        /// The position of its line's first byte, counted over all that was ever sent.
        var position: Int
        var descriptor: Descriptor
    }

    init(socket: Int32, context: LoopContext) {
        self.socket = socket
        self.context = context
    }

    deinit { breakOff() }

    /// Whether bytes wait because the client takes no more.
    var isStalled: Bool { stallDeadline != .max }

    /// Whether nothing waits.
    var isEmpty: Bool { count == 0 }

    /// Adds a line.
    func append(_ line: [UInt8]) {
        guard !isBroken, !line.isEmpty else { return }
        line.withUnsafeBytes { writable.append($0) }
        note(own: line.count)
    }

    /// Adds the answer with this id and result, and a descriptor for its first byte.
    @inline(__always)
    func appendAnswer(
        id: UnsafeRawBufferPointer, result: [UInt8], descriptor: Descriptor? = nil
    ) {
        guard !isBroken else { return }
        if let descriptor {
            attached.append(Attachment(position: sent + count, descriptor: descriptor))
        }
        if result.count >= WholeAnswer.leastBytes { return appendWhole(id, result) }
        let length = result.withUnsafeBytes { writable.appendAnswer(id: id, result: $0) }
        note(own: length)
    }

    /// Sends what the client takes now.
    func send() {
        while count > 0 {
            let (asked, taken) = sendFirst()
            guard taken >= 0 else {
                if errno == EINTR { continue }
                if errno != EAGAIN && errno != ENOBUFS { return breakOff() }
                if stallDeadline == .max { startWaiting() }
                return
            }
            sent += taken
            consume(taken)
            if let first = attached.first, first.position < sent { attached.removeFirst() }
            if count == 0 {
                stallDeadline = .max
            } else if taken < asked {
                return startWaiting()
            }
        }
    }

    /// Gives up: nothing more is sent or kept.
    func breakOff() {
        isBroken = true
        for case .answer(let answer) in parts { context.release(answer.result) }
        parts = []
        buffer = nil
        attached = []
        (count, ownCount) = (0, 0)
        stallDeadline = .max
    }

    private var writable: OutputBuffer {
        if let buffer { return buffer }
        let fresh = context.takeBuffer()
        buffer = fresh
        return fresh
    }

    @inline(__always)
    private func note(own bytes: Int) {
        count += bytes
        ownCount += bytes
    }

    private func appendWhole(_ id: UnsafeRawBufferPointer, _ result: [UInt8]) {
        if let buffer { parts.append(.lines(buffer)) }
        buffer = nil
        let answer = WholeAnswer(id: id, result: result)
        context.hold(result)
        parts.append(.answer(answer))
        note(own: answer.count - result.count)
        count += result.count
    }

    private func startWaiting() {
        stallDeadline = LoopClock.now &+ context.limits.stallTime.nanoseconds
    }
}

// Sending.
extension Output {
    /// Sends of what stands first.
    ///
    /// - Returns: how many bytes were to be sent, and what the kernel returned.
    @inline(__always)
    private func sendFirst() -> (asked: Int, taken: Int) {
        switch parts.first {
        case nil: return buffer.map { write(nextPart(of: $0.waiting)) } ?? (0, 0)
        case .lines(let buffer)?: return write(nextPart(of: buffer.waiting))
        case .answer(let answer)?:
            // A descriptor goes with the first bytes that are sent in one piece with it.
            if attached.first?.position == sent { return answer.head.withUnsafeBytes(write) }
            return (answer.count, answer.send(on: socket))
        }
    }

    /// Takes what was sent off the front.
    @inline(__always)
    private func consume(_ taken: Int) {
        count -= taken
        switch parts.first {
        case nil:
            guard let buffer else { return }
            ownCount -= taken
            if consume(taken, of: buffer) { self.buffer = nil }
        case .lines(let buffer)?:
            ownCount -= taken
            if consume(taken, of: buffer) { parts.removeFirst() }
        case .answer(var answer)?:
            answer.sent += taken
            if answer.count == 0 {
                parts.removeFirst()
                context.release(answer.result)
                ownCount -= answer.frameCount
            } else {
                parts[0] = .answer(answer)
            }
        }
    }

    /// - Returns: whether the buffer is empty, and given back.
    @inline(__always)
    private func consume(_ taken: Int, of buffer: OutputBuffer) -> Bool {
        buffer.consume(taken)
        guard buffer.count == 0 else { return false }
        context.giveBack(buffer)
        return true
    }

    /// The bytes up to the next line that a descriptor goes with.
    @inline(__always)
    private func nextPart(of waiting: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let next = attached.first(where: { $0.position > sent }) else { return waiting }
        return UnsafeRawBufferPointer(rebasing: waiting.prefix(next.position - sent))
    }

    @inline(__always)
    private func write(_ part: UnsafeRawBufferPointer) -> (asked: Int, taken: Int) {
        if let first = attached.first, first.position == sent {
            return (
                part.count,
                DescriptorPassing.send(socket, part, descriptors: [first.descriptor.number])
            )
        }
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        return (part.count, Glibc.send(socket, part.baseAddress, part.count, flags))
    }
}
