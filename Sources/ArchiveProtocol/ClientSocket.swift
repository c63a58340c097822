internal import Glibc

/// The client's end of a Unix socket: whole lines in and out, with a descriptor where one goes
/// along.
///
/// It blocks its thread, by `poll`, until its deadline.
struct ClientSocket: ~Copyable {
    private let number: Int32
    private var received: [UInt8] = []
    private var searched = 0
    private var chunk = [UInt8](repeating: 0, count: 64 << 10)

    /// The descriptor that came with the latest bytes; the caller's, once taken.
    private var arrived: Int32?

    /// Longer lines than this are not believed.
    private static let lineLimit = 256 << 20

    init(path: String, deadline: Int64?) throws(ClientError) {
        number = try Self.connected(to: path, deadline)
    }

    private static func connected(to path: String, _ deadline: Int64?) throws(ClientError) -> Int32
    {
        let bytes = Array(path.utf8)
        guard bytes.count <= 107, !bytes.contains(0) else {
            throw .unreachable(path, ENAMETOOLONG)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let number = socket(AF_UNIX, Int32(kind), 0)
        guard number >= 0 else { throw .unreachable(path, errno) }
        while true {
            let status = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            if status == 0 { return number }
            let failure = errno
            if failure == EINTR { continue }
            // EAGAIN: the queue of the listener is full, and nothing tells when it no longer is.
            guard failure == EAGAIN, deadline.map({ now < $0 }) ?? true else {
                close(number)
                throw .unreachable(path, failure)
            }
            poll(nil, 0, 20)
        }
    }

    deinit {
        if let arrived { close(arrived) }
        close(number)
    }

    /// Milliseconds of the monotonic clock.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Sends all of `bytes`; `descriptor` goes with the first.
    func send(_ bytes: [UInt8], descriptor: Int32?, deadline: Int64?) throws(ClientError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
                guard let descriptor, sent == 0 else {
                    return Glibc.send(number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                }
                return DescriptorPassing.send(number, rest, descriptors: [descriptor])
            }
            if count >= 0 {
                sent += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: try wait(for: Int16(POLLOUT), deadline)
            // The daemon's reason, such as `tooLarge`, may still be there to be read.
            case EPIPE, ECONNRESET: return
            default: throw .closed
            }
        }
    }

    /// Reads the next line, without its line feed.
    mutating func line(deadline: Int64?) throws(ClientError) -> (bytes: [UInt8], descriptor: Int32?)
    {
        while true {
            if let end = received[searched...].firstIndex(of: 0x0A) {
                let line = Array(received[..<end])
                received.removeSubrange(...end)
                searched = 0
                return (line, arrived.take())
            }
            searched = received.count
            guard searched <= Self.lineLimit else { throw .protocolError("the line does not end") }
            try fill(deadline)
        }
    }

    private mutating func fill(_ deadline: Int64?) throws(ClientError) {
        while true {
            var came: Int32?
            let number = number
            let count = chunk.withUnsafeMutableBytes { buffer in
                DescriptorPassing.receive(number, into: buffer) { passed in
                    if came == nil { came = passed } else { close(passed) }
                }
            }
            if let came {
                if let arrived { close(arrived) }
                arrived = came
            }
            if count > 0 {
                received += chunk[..<count]
                return
            }
            guard count < 0, errno == EAGAIN || errno == EINTR else { throw .closed }
            if errno == EAGAIN { try wait(for: Int16(POLLIN), deadline) }
        }
    }

    private func wait(for events: Int16, _ deadline: Int64?) throws(ClientError) {
        var left: Int32 = -1
        if let deadline {
            let rest = deadline - Self.now
            guard rest > 0 else { throw .timedOut }
            left = Int32(clamping: rest)
        }
        var entry = pollfd(fd: number, events: events, revents: 0)
        if poll(&entry, 1, left) == 0 { throw .timedOut }
    }
}
