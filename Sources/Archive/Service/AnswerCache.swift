internal import Synchronization

/// Encoded records of articles, ready to be sent: what makes a second question cost a copy.
///
/// Bounded in bytes. When full, entries that were not asked for since the hand last passed go
/// first (the CLOCK scheme): a look-up only sets a mark.
final class AnswerCache: Sendable {
    fileprivate struct Entry {
        var key: ArticleID
        var bytes: [UInt8]
        var isUsed: Bool
    }

    fileprivate struct State {
        var limit: Int
        var bytes = 0
        var slots: [Entry?] = []
        var free: [Int] = []
        var positions: [ArticleID: Int] = [:]
        var hand = 0
        var hits = 0
        var misses = 0
        /// Counts invalidations: a record read before one may be old.
        var generation = 0
    }

    /// What `archive.status` tells.
    struct Counters: Sendable {
        var entries: Int
        var bytes: Int
        var hits: Int
        var misses: Int
    }

    private let state: Mutex<State>

    /// An empty cache of at most `limit` bytes of records.
    init(limit: Int) { state = Mutex(State(limit: limit)) }

    /// The record of an article, where it is here.
    func record(_ id: ArticleID) -> [UInt8]? {
        state.withLock { state in
            guard let position = state.positions[id] else {
                state.misses += 1
                return nil
            }
            state.hits += 1
            state.slots[position]?.isUsed = true
            return state.slots[position]?.bytes
        }
    }

    /// The present generation, to be given to `insert` with what is read after this.
    var generation: Int { state.withLock { $0.generation } }

    /// Keeps a record, unless an article changed since `generation`.
    func insert(_ id: ArticleID, _ bytes: [UInt8], generation: Int) {
        state.withLock { state in
            guard generation == state.generation, bytes.count <= state.limit / 4 else { return }
            state.remove(id)
            state.bytes += bytes.count
            while state.bytes > state.limit { state.evict() }
            let entry = Entry(key: id, bytes: bytes, isUsed: false)
            let position = state.free.popLast() ?? state.slots.count
            if position == state.slots.count {
                state.slots.append(entry)
            } else {
                state.slots[position] = entry
            }
            state.positions[id] = position
        }
    }

    /// Forgets articles that changed.
    func invalidate(_ ids: some Sequence<ArticleID>) {
        state.withLock { state in
            state.generation += 1
            for id in ids { state.remove(id) }
        }
    }

    /// Changes the bound.
    func resize(_ limit: Int) {
        state.withLock { state in
            state.limit = limit
            while state.bytes > state.limit { state.evict() }
        }
    }

    var counters: Counters {
        state.withLock {
            Counters(
                entries: $0.positions.count, bytes: $0.bytes, hits: $0.hits, misses: $0.misses)
        }
    }
}

extension AnswerCache.State {
    fileprivate mutating func remove(_ id: ArticleID) {
        guard let position = positions.removeValue(forKey: id), let entry = slots[position] else {
            return
        }
        bytes -= entry.bytes.count
        slots[position] = nil
        free.append(position)
    }

    /// Moves the hand to the next entry without a mark and drops that.
    fileprivate mutating func evict() {
        guard !positions.isEmpty else {
            bytes = 0
            return
        }
        while true {
            hand = (hand + 1) % slots.count
            guard let entry = slots[hand] else { continue }
            guard entry.isUsed else {
                return remove(entry.key)
            }
            slots[hand]?.isUsed = false
        }
    }
}
