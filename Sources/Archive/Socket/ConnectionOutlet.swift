internal import Synchronization

/// The notifications that wait for one client.
final class ConnectionOutlet: Outlet {
    private let token: UInt64
    private let mailbox: Mailbox
    private let limits: SocketLimits
    private let waiting = Mutex(Waiting())
    private let gate = AnswerGate()

    private struct Waiting {
        var lines: [[UInt8]] = []
        var bytes = 0
        var isClosed = false
    }

    init(token: UInt64, mailbox: Mailbox, limits: SocketLimits) {
        self.token = token
        self.mailbox = mailbox
        self.limits = limits
    }

    func send(_ line: [UInt8]) -> Bool {
        queue(line) { waiting in
            waiting.lines.count < limits.outletLines
                && waiting.bytes + line.count <= limits.outletBytes
        }
    }

    func sendLast(_ line: [UInt8]) { _ = queue(line) { _ in true } }

    var isTaking: Bool { gate.isOpen }

    func taking() async { await gate.pass() }

    func made(_ bytes: Int) { gate.note(made: bytes) }

    /// Notes that the client took so many bytes of what was made for it.
    func took(_ bytes: Int) { gate.note(taken: bytes) }

    /// Keeps nobody waiting any more for a client that is gone.
    func abandon() { gate.abandon() }

    private func queue(_ line: [UInt8], mayWait: (Waiting) -> Bool) -> Bool {
        let (isTaken, isFirst) = waiting.withLock { waiting in
            guard !waiting.isClosed, mayWait(waiting) else { return (false, false) }
            waiting.lines.append(line)
            waiting.bytes += line.count
            return (true, waiting.lines.count == 1)
        }
        if isTaken { gate.note(made: line.count) }
        if isFirst { mailbox.post(.outlet(token: token)) }
        return isTaken
    }

    /// Hands lines to `body` in their order, until about `bytes` bytes are handed over.
    ///
    /// - Returns: whether lines are left.
    func take(upTo bytes: Int, _ body: ([UInt8]) -> Void) -> Bool {
        waiting.withLock { waiting in
            var (taken, count) = (0, 0)
            while count < waiting.lines.count, taken < bytes {
                taken += waiting.lines[count].count
                body(waiting.lines[count])
                count += 1
            }
            waiting.lines.removeFirst(count)
            waiting.bytes -= taken
            return !waiting.lines.isEmpty
        }
    }

    /// Takes no more lines: the client is gone.
    func close() {
        waiting.withLock { $0 = Waiting(isClosed: true) }
        gate.abandon()
    }
}
