internal import ArchiveProtocol
internal import CLinux
internal import Glibc
internal import Logging

/// The thread that all clients' sockets belong to: it waits, reads, answers and sends.
///
/// Whatever takes time happens elsewhere and comes back through the mailbox.
final class EventLoop {
    private let poller: Poller
    private let listeners: [Listener]
    private let context: LoopContext
    private let count: ConnectionCount
    private var connections: [Connection?] = []
    private var generation: UInt64 = 0
    private var timed = 0
    private var heldBytes = 0
    /// The most clients since memory was given back.
    private var crowd = 0
    private var stopDeadline: Int64?
    private var acceptsAgain: Int64 = .max
    private var warnsAgain: Int64 = 0
    private var warnsOfHeldAgain: Int64 = 0
    /// Given up for a moment to tell a client that there are no descriptors left.
    private var reserve: Int32

    init(listeners: [Listener], context: LoopContext, count: ConnectionCount) throws(SocketError) {
        self.listeners = listeners
        self.context = context
        self.count = count
        poller = try Poller()
        reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard poller.add(mailboxNumber, interest: Poller.readable, token: Self.mailboxToken) else {
            throw .last("epoll_ctl")
        }
        for (index, listener) in listeners.enumerated() {
            let token = Self.listenerToken | UInt64(index)
            guard
                poller.add(listener.descriptor.number, interest: Poller.readable, token: token)
            else { throw .last("epoll_ctl") }
        }
    }

    deinit {
        if reserve >= 0 { close(reserve) }
    }

    /// Runs until it was told to stop and all is sent, or the time for that is over.
    func run() {
        while !isDone {
            let waits = timed > 0 || stopDeadline != nil || acceptsAgain != .max
            let ready = poller.wait(milliseconds: waits ? context.limits.tick : -1)
            for index in 0..<ready {
                let event = poller.event(index)
                dispatch(event.token, event.ready)
                if allHeldBytes > context.limits.heldBytes { relieve() }
            }
            if waits { tick() }
        }
        for connection in connections { if let connection { drop(connection) } }
    }

    private static let mailboxToken = UInt64.max
    private static let listenerToken: UInt64 = 1 << 63

    /// What is held for all clients together.
    private var allHeldBytes: Int { heldBytes + context.heldBytes }

    private var mailboxNumber: Int32 { context.mailbox.descriptor.number }

    private var isDone: Bool {
        guard let stopDeadline else { return false }
        return count.value == 0 || LoopClock.now >= stopDeadline
    }

    @inline(__always)
    private func dispatch(_ token: UInt64, _ ready: UInt32) {
        if token & Self.listenerToken == 0 {
            guard let connection = connection(token) else { return }
            let isThere = connection.handle(ready: ready)
            if !isThere, connection.polled != nil {
                poller.remove(connection.descriptor.number)
                connection.polled = nil
                // Where it waited for the client to read, nothing else would wake it.
                connection.resume()
            }
            settle(connection)
        } else if token == Self.mailboxToken {
            for message in context.mailbox.takeAll() { receive(message) }
        } else {
            accept(listeners[Int(token & ~Self.listenerToken)])
        }
    }

    private func receive(_ message: Mailbox.Message) {
        switch message {
        case .answer(let token, let number, let reply):
            guard let connection = connection(token) else { return }
            connection.answered(number, reply)
            settle(connection)
        case .outlet(let token):
            guard let connection = connection(token) else { return }
            connection.drainOutlet()
            settle(connection)
        case .heartbeat(let beat): beat()
        case .stop: stop()
        }
    }

    @inline(__always)
    private func connection(_ token: UInt64) -> Connection? {
        let index = Int(token & 0xFFFF_FFFF)
        guard index < connections.count, let connection = connections[index],
            connection.token == token
        else { return nil }
        return connection
    }

    /// Closes a connection that is over, or tells the poller what it waits for now.
    @inline(__always)
    private func settle(_ connection: Connection) {
        if connection.isOver { return drop(connection) }
        let interest = connection.interest
        if let polled = connection.polled, polled != interest {
            poller.change(
                connection.descriptor.number, interest: interest, token: connection.token)
            connection.polled = interest
        }
        if connection.hasDeadline != connection.isTimed {
            connection.isTimed.toggle()
            timed += connection.isTimed ? 1 : -1
        }
        let held = connection.heldBytes
        heldBytes += held - connection.countedBytes
        connection.countedBytes = held
    }

    /// Drops clients until half of what may be held is free again: first those who have left
    /// their answers unread for longest, then those for whom the most is held.
    private func relieve() {
        let ranked = connections.compactMap(\.self).filter { $0.countedBytes > 0 }.sorted {
            let (one, other) = ($0.countedBytes + $0.unreadBytes, $1.countedBytes + $1.unreadBytes)
            return ($0.stallDeadline, -one) < ($1.stallDeadline, -other)
        }
        for connection in ranked where allHeldBytes > context.limits.heldBytes / 2 {
            drop(connection)
        }
        let now = LoopClock.now
        guard now >= warnsOfHeldAgain else { return }
        warnsOfHeldAgain = now &+ Duration.seconds(60).nanoseconds
        context.logger.warning(
            "clients who do not read, or send without end, are dropped for the memory they take")
    }

    private func drop(_ connection: Connection) {
        if connection.polled != nil { poller.remove(connection.descriptor.number) }
        connection.close()
        connections[Int(connection.descriptor.number)] = nil
        count.change(by: -1)
        heldBytes -= connection.countedBytes
        if connection.isTimed { timed -= 1 }
        if crowd >= Self.crowd, count.value <= crowd / 2 {
            crowd = count.value
            context.freeMemory.giveBack()
        }
    }

    /// When half of so many clients are gone, what they took is given back.
    private static let crowd = 16

    private func tick() {
        let now = LoopClock.now
        if now >= acceptsAgain, stopDeadline == nil {
            acceptsAgain = .max
            listen(Poller.readable)
        }
        guard timed > 0 else { return }
        for connection in connections {
            guard let connection, connection.isTimed else { continue }
            connection.tick(now: now)
            settle(connection)
        }
    }

    private func stop() {
        guard stopDeadline == nil else { return }
        stopDeadline = LoopClock.now &+ context.limits.drainTime.nanoseconds
        for listener in listeners { poller.remove(listener.descriptor.number) }
        for connection in connections {
            guard let connection else { continue }
            connection.stopReading()
            settle(connection)
        }
    }
}

// New clients.
extension EventLoop {
    private func accept(_ listener: Listener) {
        // Not without end: the clients that are there have their turn too.
        for _ in 0..<64 {
            guard stopDeadline == nil else { return }
            let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let number = accept4(listener.descriptor.number, nil, nil, flags)
            if number >= 0 {
                admit(Descriptor(owning: number), listener.rights)
                continue
            }
            switch errno {
            case EAGAIN: return
            case EINTR, ECONNABORTED: continue
            default: return cannotAccept(listener, errno)
            }
        }
    }

    private func admit(_ descriptor: Descriptor, _ rights: Rights) {
        let limits = context.limits
        let cap =
            rights == .admin ? limits.connections : max(1, limits.connections - limits.reserved)
        guard count.value < cap else {
            turnAway(descriptor.number, "there are \(count.value) connections already")
            return
        }
        guard let peer = Peer(of: descriptor.number) else { return }
        let index = Int(descriptor.number)
        generation = (generation + 1) & 0x7FFF_FFFF
        let token = generation << 32 | UInt64(index)
        let connection = Connection(
            descriptor, token: token, rights: rights, peer: peer, context: context)
        guard poller.add(descriptor.number, interest: Poller.readable, token: token) else { return }
        connection.polled = Poller.readable
        if index >= connections.count {
            connections += Array(repeating: nil, count: index + 64 - connections.count)
        }
        connections[index] = connection
        count.change(by: 1)
        crowd = max(crowd, count.value)
    }

    private func turnAway(_ number: Int32, _ message: String) {
        let line = ResponseLine.error(Failure(.busy, message, hint: "try again in a moment"))
        send(number, line, line.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }

    /// Without descriptors or memory the clients in the queue keep the listener readable: they are
    /// told so by means of the reserve, and the listener rests.
    private func cannotAccept(_ listener: Listener, _ number: Int32) {
        let now = LoopClock.now
        if now >= warnsAgain {
            warnsAgain = now &+ Duration.seconds(60).nanoseconds
            context.logger.error(
                "new clients cannot be let in", metadata: ["errno": "\(number)"])
        }
        if number == EMFILE, reserve >= 0 {
            close(reserve)
            let client = accept4(
                listener.descriptor.number, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            if client >= 0 {
                turnAway(client, "the daemon has no file descriptors left")
                close(client)
            }
            reserve = open("/dev/null", O_RDONLY | O_CLOEXEC)
        }
        acceptsAgain = now &+ Duration.milliseconds(100).nanoseconds
        listen(0)
    }

    private func listen(_ interest: UInt32) {
        for (index, listener) in listeners.enumerated() {
            poller.change(
                listener.descriptor.number, interest: interest,
                token: Self.listenerToken | UInt64(index))
        }
    }
}
