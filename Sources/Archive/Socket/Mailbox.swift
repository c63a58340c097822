internal import CLinux
internal import Glibc
internal import Synchronization

/// Where other threads leave word for the loop's thread.
///
/// The loop is woken once for a batch: only the first message after it emptied the box writes to
/// the eventfd.
final class Mailbox: Sendable {
    /// What the loop can be told.
    enum Message: Sendable {
        /// The request `number` of a connection ended.
        case answer(token: UInt64, number: Int, reply: Reply)
        /// A connection's outlet has lines.
        case outlet(token: UInt64)
        /// Somebody wants to know that the loop runs.
        case heartbeat(@Sendable () -> Void)
        /// No more connections: finish what is under way.
        case stop
    }

    /// Readable when there are messages.
    let descriptor: Descriptor
    private let messages = Mutex<[Message]>([])

    init() throws(SocketError) {
        let number = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw .last("eventfd") }
        descriptor = Descriptor(owning: number)
    }

    /// Leaves a message, from any thread.
    func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if isFirst { eventfd_write(descriptor.number, 1) }
    }

    /// Takes all messages, on the loop's thread.
    func takeAll() -> [Message] {
        var count: eventfd_t = 0
        eventfd_read(descriptor.number, &count)
        return messages.withLock { messages in
            let taken = messages
            messages = []
            return taken
        }
    }
}
