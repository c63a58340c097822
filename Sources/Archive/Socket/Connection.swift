internal import ArchiveProtocol
internal import CLinux
internal import Glibc

/// One client's connection: its begun line, its requests under way, its waiting answers.
///
/// Used on the loop's thread only. The loop calls in with what happened and then asks `isOver` and
/// `interest`; nothing in here blocks.
final class Connection {
    let descriptor: Descriptor
    let token: UInt64

    /// What the poller was last told; nil after it was told to forget this connection.
    var polled: UInt32? = 0
    /// Whether the loop counts this connection among those with a deadline.
    var isTimed = false
    /// What the loop has added up for this connection of `heldBytes`.
    var countedBytes = 0

    private let rights: Rights
    private let peer: Peer
    private let outlet: ConnectionOutlet
    private let context: LoopContext
    private let output: Output
    private var framing = LineFraming()
    private var input = Input.open
    private var lineNumber = 0
    private var attachments: [(line: Int, descriptor: Descriptor)] = []
    private var tasks: [Int: (task: Task<Void, Never>, bytes: Int)] = [:]
    private var taskBytes = 0
    private var lastTask = 0
    private var outletWaits = false
    /// What was made for the client and is not known to be taken.
    private var untaken = 0
    /// When a client counts as stalled that leaves unread what the kernel holds for it.
    private var untakenDeadline: Int64 = .max
    private var kernelBytes = 0
    /// How many requests may be under way: more for a client that takes answers.
    private var window: Int
    private var isOverdue = false
    private var lineDeadline: Int64 = .max
    private var lingerDeadline: Int64 = .max

    private enum Input {
        /// Lines are read.
        case open
        /// Lines wait unread until requests end or the client reads.
        case paused
        /// The client sends nothing more, or is not listened to.
        case ended
        /// What the client sends is thrown away until it has had its refusal.
        case refused
    }

    init(
        _ descriptor: Descriptor, token: UInt64, rights: Rights, peer: Peer, context: LoopContext
    ) {
        self.descriptor = descriptor
        self.token = token
        self.rights = rights
        self.peer = peer
        self.context = context
        window = min(Self.firstWindow, context.limits.inFlight)
        outlet = ConnectionOutlet(token: token, mailbox: context.mailbox, limits: context.limits)
        output = Output(socket: descriptor.number, context: context)
    }

    /// What the poller is to wait for.
    var interest: UInt32 {
        var interest: UInt32 = 0
        if input == .open || input == .refused { interest |= Poller.readable }
        if !output.isEmpty || untaken >= AnswerGate.bound { interest |= Poller.writable }
        return interest
    }

    /// Whether nothing is left to do for this client.
    var isOver: Bool {
        if isOverdue { return true }
        switch input {
        case .open, .paused: return false
        case .refused: return output.isBroken
        case .ended: return output.isBroken || tasks.isEmpty && output.isEmpty
        }
    }

    /// What is held for this client: begun lines, requests under way, answers that wait.
    ///
    /// Results that others may be waiting for too are counted by the context.
    var heldBytes: Int {
        framing.count + taskBytes + tasks.count * Self.taskOverhead + output.ownCount
    }

    /// About what a request under way takes beside its line.
    private static let taskOverhead = 3 << 10
    /// Requests under way of a client that took no answer yet.
    private static let firstWindow = 8

    /// How much the client leaves unread of what was made for it.
    var unreadBytes: Int { output.count }

    /// When the client counts as stalled; `.max` while it takes all that it is sent.
    var stallDeadline: Int64 { min(output.stallDeadline, untakenDeadline) }

    /// Whether a moment is set at which this connection must be looked at.
    var hasDeadline: Bool {
        lineDeadline != .max || lingerDeadline != .max || stallDeadline != .max
    }
}

// What the loop tells a connection.
extension Connection {
    /// Deals with what the poller saw.
    ///
    /// - Returns: false where the client is gone for good and the poller must not report it again,
    ///   although some of its lines may still wait for their turn.
    @inline(__always)
    func handle(ready: UInt32) -> Bool {
        if ready & Poller.writable != 0 {
            send(isWritable: true)
            resume()
        }
        if ready & (Poller.readable | Poller.closed) != 0 {
            if input == .open {
                read()
            } else if input == .refused {
                discard()
            }
        }
        guard ready & Poller.closed != 0, input != .open else { return true }
        output.breakOff()
        for (task, _) in tasks.values { task.cancel() }
        noteTaken()
        return false
    }

    /// Takes the answer to one of this connection's requests.
    func answered(_ number: Int, _ reply: Reply) {
        guard let ended = tasks.removeValue(forKey: number) else { return }
        taskBytes -= ended.bytes
        if let (id, result) = reply.answer {
            id.withUnsafeBytes {
                output.appendAnswer(id: $0, result: result, descriptor: reply.descriptor)
            }
            untaken += result.count
        }
        output.append(reply.line)
        reply.whenQueued?()
        send()
        resume()
    }

    /// Moves what the outlet holds to where it is sent from, and sends it.
    func drainOutlet() {
        repeat {
            outletWaits = outlet.take(upTo: Self.batchBytes - output.count) { line in
                output.append(line)
                output.append([0x0A])
                untaken += line.count
            }
            output.send()
        } while outletWaits && output.isEmpty
    }

    /// Looks at the deadlines.
    func tick(now: Int64) {
        if now >= output.stallDeadline || now >= lingerDeadline { isOverdue = true }
        if now >= untakenDeadline { lookForProgress(now) }
        if now >= lineDeadline {
            refuse(Failure(.deadlineExceeded, "a line was begun and did not end in time"))
        }
    }

    /// Reads nothing more; what is under way is still answered.
    func stopReading() {
        input = .ended
        lineDeadline = .max
        framing.clear()
        attachments = []
    }

    /// The end: requests that expect an answer are given up.
    func close() {
        for (task, _) in tasks.values { task.cancel() }
        output.breakOff()
        outlet.close()
        context.service.disconnected(outlet)
    }
}

// Reading.
extension Connection {
    @inline(__always)
    private func read() {
        var arrived: Descriptor?
        let count = DescriptorPassing.receive(descriptor.number, into: context.readBuffer) {
            let came = Descriptor(owning: $0)
            if arrived == nil { arrived = came }
        }
        if count > 0 {
            let piece = UnsafeRawBufferPointer(rebasing: context.readBuffer[..<count])
            if let arrived { attach(arrived, to: piece) }
            takeLines(piece)
        } else if count == 0 {
            endOfInput()
        } else if errno != EAGAIN && errno != EINTR {
            output.breakOff()
            stopReading()
        }
    }

    /// Deals with as many lines as may be dealt with, and answers in one write.
    @inline(__always)
    private func takeLines(_ piece: UnsafeRawBufferPointer) {
        var piece = piece
        while true {
            var began = false
            let end = framing.take(piece, limit: context.limits.lineBytes, began: &began) {
                take(line: $0)
            }
            send()
            switch end {
            case .needsMore:
                if framing.isEmpty {
                    lineDeadline = .max
                } else if began || lineDeadline == .max {
                    lineDeadline = LoopClock.now &+ context.limits.lineTime.nanoseconds
                }
                return
            case .waits:
                lineDeadline = .max
                guard hasRoom else {
                    input = .paused
                    return
                }
                piece = UnsafeRawBufferPointer(start: nil, count: 0)
            case .tooLong:
                refuse(
                    Failure(
                        .tooLarge, "a line is longer than \(context.limits.lineBytes) bytes",
                        data: [.init("limit", .integer(context.limits.lineBytes))]))
                return
            }
        }
    }

    @inline(__always)
    private func take(line: UnsafeRawBufferPointer) -> LineFraming.Verdict {
        guard hasRoom else { return .wait }
        let attached = attachments.isEmpty ? nil : takeAttachment()
        lineNumber &+= 1
        if line.isEmpty || line.count == 1 && line[0] == 0x0D { return .next }
        if let request = RequestScanner(line),
            let result = context.service.cachedArticle(
                id: UnsafeRawBufferPointer(rebasing: line[request.article]))
        {
            output.appendAnswer(
                id: UnsafeRawBufferPointer(rebasing: line[request.id]), result: result)
            return .next
        }
        start(
            Call(
                line: Array(line), rights: rights, peer: peer, descriptor: attached,
                outlet: outlet, service: context.service, isHeard: !output.isBroken))
        return .next
    }

    private func start(_ call: Call) {
        lastTask += 1
        let task = Task { [token, number = lastTask, mailbox = context.mailbox] in
            let reply = await call.answer()
            mailbox.post(.answer(token: token, number: number, reply: reply))
        }
        tasks[lastTask] = (task, call.line.count)
        taskBytes += call.line.count
    }

    /// Whether the next line may be dealt with: not while the client leaves answers unread.
    private var hasRoom: Bool {
        if output.count >= Self.batchBytes { output.send() }
        return tasks.count < window && taskBytes < context.limits.lineBytes
            && output.count < context.limits.outputBytes && !output.isStalled
            && untaken < AnswerGate.bound
    }

    /// Answers are sent when there are so many bytes of them, or no more lines.
    private static let batchBytes = 16 << 10

    /// Goes on with lines that waited.
    func resume() {
        guard input == .paused, hasRoom else { return }
        input = .open
        takeLines(UnsafeRawBufferPointer(start: nil, count: 0))
        // The poller no longer reports a client that is gone: read to its last line from here.
        while polled == nil, input == .open { read() }
    }

    /// - Parameter isWritable: whether the kernel has room for much more.
    private func send(isWritable: Bool = false) {
        output.send()
        if outletWaits { drainOutlet() }
        noteTaken(isWritable: isWritable)
        if input == .refused, output.isEmpty, tasks.isEmpty {
            shutdown(descriptor.number, Int32(SHUT_WR))
        }
    }

    private func endOfInput() {
        if !framing.isEmpty {
            output.append(
                ResponseLine.error(
                    Failure(.parseError, "the last line is not ended by a line feed")))
        }
        stopReading()
        send()
    }

    /// Answers that this client is not listened to any more, and sees that it can read so.
    ///
    /// Closing at once, with bytes unread, would make the kernel break the client's next write.
    private func refuse(_ failure: Failure) {
        stopReading()
        input = .refused
        lingerDeadline = LoopClock.now &+ context.limits.lingerTime.nanoseconds
        output.append(ResponseLine.error(failure))
        send()
    }

    private func discard() {
        let count = DescriptorPassing.receive(descriptor.number, into: context.readBuffer) {
            Glibc.close($0)
        }
        if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { input = .ended }
    }
}

// Descriptors that come along.
extension Connection {
    /// Gives `came` to the last line that begins in `piece`, if one does.
    ///
    /// The kernel ends a read after the piece that carries descriptors, so that a client that sends
    /// each such line by itself has it at the end.
    private func attach(_ came: Descriptor, to piece: UnsafeRawBufferPointer) {
        let feeds = piece.count { $0 == 0x0A }
        let endsWithin = piece.last != 0x0A
        let begun = feeds + (endsWithin ? 1 : 0) - (framing.isEmpty ? 0 : 1)
        guard begun > 0 else { return }
        attachments.append((lineNumber + feeds - (endsWithin ? 0 : 1), came))
    }

    private func takeAttachment() -> Descriptor? {
        guard attachments.first?.line == lineNumber else { return nil }
        return attachments.removeFirst().descriptor
    }
}

// What the client takes.
extension Connection {
    /// Lets more be made for a client that takes what was made for it, or is gone.
    ///
    /// - Parameter isWritable: whether the kernel has room for much more.
    private func noteTaken(isWritable: Bool = false) {
        guard !output.isBroken else {
            (untaken, untakenDeadline) = (0, .max)
            return outlet.abandon()
        }
        guard untaken > 0, output.isEmpty else { return }
        if isWritable || untaken < AnswerGate.bound {
            outlet.took(untaken)
            (untaken, untakenDeadline) = (0, .max)
            window = min(window + 1, context.limits.inFlight)
        } else if untakenDeadline == .max {
            kernelBytes = unreadInKernel
            untakenDeadline = LoopClock.now &+ context.limits.stallTime.nanoseconds
        }
    }

    /// Counts a client as stalled that read nothing of what the kernel holds, and has more to come.
    private func lookForProgress(_ now: Int64) {
        let present = unreadInKernel
        if present >= kernelBytes, !tasks.isEmpty || input == .paused { isOverdue = true }
        kernelBytes = present
        untakenDeadline = now &+ context.limits.stallTime.nanoseconds
    }

    /// What the kernel holds for the client, by its own measure.
    private var unreadInKernel: Int {
        var count: Int32 = 0
        return ioctl(descriptor.number, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }
}
