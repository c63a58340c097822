internal import CLinux
internal import Glibc

/// The kernel's list of descriptors that wait for something (epoll, level-triggered).
struct Poller: ~Copyable {
    private let epoll: Int32
    private let events: UnsafeMutableBufferPointer<epoll_event>

    static let readable = EPOLLIN.rawValue
    static let writable = EPOLLOUT.rawValue
    static let closed = EPOLLHUP.rawValue | EPOLLERR.rawValue

    init() throws(SocketError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last("epoll_create1") }
        events = .allocate(capacity: 128)
        events.initialize(repeating: epoll_event())
    }

    deinit {
        close(epoll)
        events.deallocate()
    }

    /// Begins to wait for `interest` on `descriptor`; its events carry `token`.
    func add(_ descriptor: Int32, interest: UInt32, token: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, descriptor, interest, token)
    }

    /// Waits for something else from now on.
    func change(_ descriptor: Int32, interest: UInt32, token: UInt64) {
        _ = control(EPOLL_CTL_MOD, descriptor, interest, token)
    }

    /// Waits for nothing any more, not even for the other end's going.
    func remove(_ descriptor: Int32) { _ = control(EPOLL_CTL_DEL, descriptor, 0, 0) }

    /// Waits until something is ready or `milliseconds` have passed; -1 is without end.
    ///
    /// - Returns: how many events there are, to be had by `event`.
    func wait(milliseconds: Int32) -> Int {
        Int(max(0, epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)))
    }

    /// One of the events that the last `wait` found.
    func event(_ index: Int) -> (token: UInt64, ready: UInt32) {
        precondition(index >= 0 && index < events.count)
        return (events[index].data.u64, events[index].events)
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, _ interest: UInt32, _ token: UInt64
    ) -> Bool {
        var event = epoll_event()
        event.events = interest
        event.data.u64 = token
        return epoll_ctl(epoll, operation, descriptor, &event) == 0
    }
}
