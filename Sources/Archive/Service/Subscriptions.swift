internal import ArchiveProtocol
internal import Logging
internal import Synchronization

/// Who listens to events, and how far each one is.
///
/// A listener first is read the log, as fast as it takes it, until it has caught up; then it is
/// told what is committed. Nobody waits for a listener: one that is too slow then is told that it
/// `lagged`, and from which revision to ask again.
final class Subscriptions: Sendable {
    fileprivate struct Listener {
        let outlet: any Outlet
        let types: Set<String>?
        /// The last revision that was sent or passed over.
        var revision: Int
        /// Whether commits are sent at once; false while the log is read.
        var isLive = false
    }

    private let repository: Repository
    private let logger: Logger
    private let listeners = Mutex<[ObjectIdentifier: Listener]>([:])
    /// Where the log is read: it blocks.
    private let executor = QueueExecutor(label: "archived.subscriptions")

    /// Events of the log that are read at once.
    private static let stretch = 64

    init(repository: Repository, logger: Logger) {
        self.repository = repository
        self.logger = logger
    }

    /// Begins to send to `outlet` the events after a revision, in place of what it had asked for.
    func begin(_ outlet: any Outlet, after revision: Int, types: Set<String>?) {
        let key = ObjectIdentifier(outlet)
        listeners.withLock {
            $0[key] = Listener(outlet: outlet, types: types, revision: revision)
        }
        catchUp(key, outlet)
    }

    /// Ends the stream of one connection.
    func end(_ outlet: any Outlet) {
        listeners.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(outlet)) }
    }

    /// Sends what a commit added to those who have caught up.
    func publish(_ events: [Event]) {
        guard !events.isEmpty else { return }
        let lines = events.map { Self.notification("event", $0.params) }
        listeners.withLock { listeners in
            for (key, listener) in listeners where listener.isLive {
                // Two commits may be published in the other order: the log has the right one.
                if events[0].revision > listener.revision + 1 {
                    listeners[key]?.isLive = false
                    catchUp(key, listener.outlet)
                } else if !listeners.send(zip(events, lines), to: key) {
                    listeners[key] = nil
                }
            }
        }
    }

    /// Reads the log for a listener until nothing in it is new to them.
    private func catchUp(_ key: ObjectIdentifier, _ outlet: any Outlet) {
        Task(executorPreference: executor) {
            while await self.catchUpFurther(key) { await outlet.taking() }
        }
    }

    /// Sends one stretch of the log.
    ///
    /// - Returns: whether there may be more.
    private func catchUpFurther(_ key: ObjectIdentifier) async -> Bool {
        guard let revision = listeners.withLock({ $0[key]?.revision }) else { return false }
        do {
            let events = try repository.events(after: revision, limit: Self.stretch)
            let lines = events.map { Self.notification("event", $0.params) }
            return try listeners.withLock { listeners in
                // A newer subscription of the same client begins elsewhere.
                guard listeners[key]?.revision == revision else { return true }
                if events.isEmpty {
                    // A commit waits for this lock before it is published: what is in the log
                    // by now and is not yet published will be sent by `publish`.
                    guard try repository.revision() == revision else { return true }
                    listeners[key]?.isLive = true
                    return false
                }
                if !listeners.send(zip(events, lines), to: key) { listeners[key] = nil }
                return true
            }
        } catch {
            logger.error("cannot read the events: \(error)")
            listeners.withLock { $0[key] = nil }
            return false
        }
    }

    static func notification(_ method: String, _ params: JSON) -> [UInt8] {
        (["jsonrpc": "2.0", "method": .string(method), "params": params] as JSON).bytes
    }
}

extension [ObjectIdentifier: Subscriptions.Listener] {
    /// - Returns: false where the listener is gone or lags.
    fileprivate mutating func send(_ events: some Sequence<(Event, [UInt8])>, to key: Key) -> Bool {
        guard var listener = self[key] else { return true }
        for (event, line) in events where event.revision > listener.revision {
            let isWanted = listener.types?.contains(event.type) ?? true
            if isWanted, !listener.outlet.send(line) {
                let params: JSON = [
                    "from": .integer(listener.revision), "to": .integer(event.revision),
                ]
                listener.outlet.sendLast(Subscriptions.notification("lagged", params))
                return false
            }
            listener.revision = event.revision
        }
        self[key] = listener
        return true
    }
}
