internal import ArchiveProtocol
internal import CLinux
internal import Glibc

/// One end of the socket between the daemon and a worker.
///
/// Blocking, and used by one thread at a time.
final class WorkerChannel {
    /// The other end is gone, or said what no frame is.
    struct Closed: Error {}
    /// Nothing came for so long.
    struct Silent: Error {}

    private let socket: Descriptor
    private var pending: [UInt8] = []
    private var taken = 0
    /// What came along with the bytes, which may be ahead of the frame that it belongs to.
    private var descriptors: [Descriptor] = []
    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    init(_ socket: Descriptor) { self.socket = socket }

    deinit { block.deallocate() }

    /// Two ends that are connected with each other.
    static func pair() -> (Descriptor, Descriptor)? {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// Sends a frame, with a descriptor attached to its first byte where one is given.
    func send(_ frame: [UInt8], descriptor: Int32? = nil) throws(Closed) {
        let isSent = frame.withUnsafeBytes { bytes in
            var rest = bytes[...]
            if let descriptor {
                let count = DescriptorPassing.send(
                    socket.number, UnsafeRawBufferPointer(rebasing: rest), descriptors: [descriptor]
                )
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.send(
                    socket.number, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                guard count > 0 || errno == EINTR else { return false }
                rest = rest.dropFirst(max(0, count))
            }
            return true
        }
        if !isSent { throw Closed() }
    }

    /// The next frame, without its length.
    ///
    /// - Parameter timeout: the longest silence; nil waits for ever.
    func receive(within timeout: Duration? = nil) throws -> [UInt8] {
        while true {
            if let length = frameLength {
                guard length <= FrameReader.limit else { throw Closed() }
                if pending.count - taken >= 4 + length { return take(length) }
            }
            try fill(within: timeout)
        }
    }

    /// A large frame is all that is pending, and is not copied.
    private func take(_ length: Int) -> [UInt8] {
        let start = taken + 4
        guard length >= block.count, pending.count == start + length else {
            taken = start + length
            return Array(pending[start..<taken])
        }
        var frame: [UInt8] = []
        swap(&frame, &pending)
        taken = 0
        frame.removeFirst(start)
        return frame
    }

    /// The next descriptor that was passed; frames and descriptors come in the same order.
    func takeDescriptor() -> Descriptor? {
        descriptors.isEmpty ? nil : descriptors.removeFirst()
    }

    private var frameLength: Int? {
        guard pending.count - taken >= 4 else { return nil }
        return (0..<4).reduce(0) { $0 | Int(pending[taken + $1]) << (8 * $1) }
    }

    private func fill(within timeout: Duration?) throws {
        if taken > 0 {
            pending.removeFirst(taken)
            taken = 0
        }
        if let timeout { try wait(timeout) }
        while true {
            let count = DescriptorPassing.receive(socket.number, into: block, isWaiting: true) {
                descriptors.append(Descriptor(owning: $0))
            }
            if count > 0 {
                pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: block[..<count]))
                return
            }
            guard count < 0, errno == EINTR else { throw Closed() }
        }
    }

    private func wait(_ timeout: Duration) throws {
        let milliseconds = Int32(clamping: timeout.components.seconds * 1000)
        var end = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&end, 1, milliseconds)
            if count > 0 { return }
            if count == 0 { throw Silent() }
            guard errno == EINTR else { throw Closed() }
        }
    }
}
