internal import Glibc
internal import Synchronization

/// The full-text index: takes articles, is searched through snapshots, keeps itself in files.
///
/// Articles come into a buffer, which becomes a segment in memory as soon as anybody searches. The
/// segments in memory are written to one file when they are many; files are merged when there are
/// many of a size. Everything in it can be had again from the archive: after a crash whoever owns
/// it adds again what is later than `durableRevision`, and after damage everything.
///
/// One thread adds; any may search; `settle`, `flush` and `merge` belong on other threads, and keep
/// nobody waiting while they work.
final class ArticleIndex: Sendable {
    /// Words, each under each of its fields, after which a buffer becomes a segment.
    static let bufferWords = 4_000_000
    /// The same right after a search: the next one waits until the buffer is a segment.
    static let leastBufferWords = 1 << 16
    /// Bytes of segments in memory after which they should be flushed; the segment of a full
    /// buffer has about as many.
    static let memoryBudget = 12 << 20
    /// How many small segments in memory are left before they are merged.
    static let mostSmall = 8
    /// How many segments there may be before a search sees to it that they are merged.
    static let mostSegments = 256

    private struct State: ~Copyable {
        var buffer = ArticleBuffer()
        /// The greatest row in the buffer.
        var bufferRow = Int64.min
        /// How many words the buffer takes.
        var bufferLimit = ArticleIndex.bufferWords
        /// Buffers that take no more, and are not yet segments; the oldest first.
        var full: [FullBuffer] = []
        var sources: [Merge.Source] = []
        var revision = 0
        var nextNumber: UInt64 = 1
        var snapshot: IndexSnapshot?
    }

    /// A buffer that is to become a segment.
    private struct FullBuffer {
        /// Touched by who holds `sealing` alone.
        let content: SealedOnce
        let wordCount: Int
        let greatestRow: Int64
        /// Rows that make way, once there is a segment.
        var removed: [Int64] = []
    }

    private final class SealedOnce: @unchecked Sendable {
        private var buffer: ArticleBuffer

        init(_ buffer: consuming ArticleBuffer) { self.buffer = buffer }

        func segment() throws -> Segment { try buffer.seal(name: "memory") }
    }

    private let directory: String
    private let state: Mutex<State>
    private let durable: Mutex<Manifest>
    private let sealing = Mutex<Void>(())
    private let flushing = Mutex<Void>(())
    private let merging = Mutex<Void>(())

    /// Opens the index in a directory, which is there; an empty one if it holds none.
    init(directory: String) throws {
        self.directory = directory
        let manifest = try Manifest(directory: directory)
        var opened = State()
        opened.revision = manifest.revision
        opened.nextNumber = manifest.nextNumber
        for entry in manifest.entries {
            let segment = try Segment(directory: directory, name: String(entry.number))
            guard segment.lists.fingerprint == entry.lists,
                segment.positions.fingerprint == entry.positions,
                entry.dead.words.isEmpty || entry.dead.words.count == (segment.count + 63) / 64
            else {
                throw IndexDamage(
                    file: segment.lists.name, offset: 0,
                    detail: "it is not the one that was written")
            }
            opened.sources.append(Merge.Source(segment: segment, dead: entry.dead))
        }
        manifest.removeOthers(in: directory)
        durable = Mutex(manifest)
        state = Mutex(opened)
    }

    /// Removes the index of a directory.
    static func erase(_ directory: String) {
        unlink("\(directory)/\(Manifest.fileName)")
        Manifest().removeOthers(in: directory)
    }

    /// Up to which revision the files are complete: what is later is lost in a crash.
    var durableRevision: Int { durable.withLock { $0.revision } }

    // MARK: Writing

    /// Takes articles, each in place of what was there under its row, and notes the revision
    /// that the archive has with them; all of them are in memory at once.
    func add(_ articles: [IndexedArticle], removing rows: [Int64] = [], revision: Int) throws {
        let isMuch = state.withLock { state in
            state.snapshot = nil
            for row in rows { Self.remove(row, from: &state) }
            for article in articles {
                Self.remove(article.row, from: &state)
                state.buffer.add(article)
                state.bufferRow = max(state.bufferRow, article.row)
            }
            state.revision = max(state.revision, revision)
            if state.buffer.wordCount >= state.bufferLimit {
                Self.close(&state)
                // Of what nobody searches, larger segments cost less.
                state.bufferLimit = min(Self.bufferWords, 2 * state.bufferLimit)
            }
            return state.full.reduce(0) { $0 + $1.wordCount } > Self.bufferWords
        }
        if isMuch { try seal() }
    }

    private static func remove(_ row: Int64, from state: inout State) {
        if row <= state.bufferRow, state.buffer.remove(row: row) { return }
        for index in state.full.indices where row <= state.full[index].greatestRow {
            state.full[index].removed.append(row)
        }
        for index in state.sources.indices {
            let segment = state.sources[index].segment
            guard segment.rows.contains(row), let article = segment.columns.article(row: row) else {
                continue
            }
            _ = state.sources[index].dead.insert(article, of: segment.count)
        }
    }

    /// Puts an empty buffer in the place of the one that takes articles.
    private static func close(_ state: inout State) {
        guard !state.buffer.isEmpty else { return }
        let (wordCount, row) = (state.buffer.wordCount, state.bufferRow)
        var buffer = ArticleBuffer()
        swap(&buffer, &state.buffer)
        state.bufferRow = .min
        state.full.append(
            FullBuffer(content: SealedOnce(buffer), wordCount: wordCount, greatestRow: row))
    }

    /// Makes segments of the full buffers; only searches wait for it.
    private func seal() throws {
        try sealing.withLock { _ in
            while let full = state.withLock({ $0.full.first }) {
                let segment = try full.content.segment()
                state.withLock { state in
                    var dead = Tombstones()
                    for row in state.full.removeFirst().removed {
                        guard let article = segment.columns.article(row: row) else { continue }
                        _ = dead.insert(article, of: segment.count)
                    }
                    state.sources.append(Merge.Source(segment: segment, dead: dead))
                }
            }
        }
    }

    /// Bytes of the segments that are in memory alone.
    var memorySize: Int {
        state.withLock { state in
            state.sources.reduce(0) { $0 + ($1.segment.lists.isMapped ? 0 : $1.segment.size) }
                + state.full.reduce(0) { $0 + 2 * $1.wordCount }
        }
    }

    /// Whether `flush` should be called soon.
    var isFlushDue: Bool { memorySize > Self.memoryBudget }

    // MARK: Searching

    /// The index as it is now, with every article that was added.
    func snapshot() throws -> IndexSnapshot {
        while true {
            let (snapshot, isMuch) = try state.withLock { state in
                if let snapshot = state.snapshot { return (Optional(snapshot), false) }
                if state.buffer.wordCount > Self.leastBufferWords { Self.close(&state) }
                state.bufferLimit = Self.leastBufferWords
                guard state.full.isEmpty else { return (nil, false) }
                if !state.buffer.isEmpty {
                    let segment = try state.buffer.seal(name: "memory")
                    state.bufferRow = .min
                    state.sources.append(Merge.Source(segment: segment, dead: Tombstones()))
                }
                let snapshot = IndexSnapshot(sources: state.sources, revision: state.revision)
                state.snapshot = snapshot
                return (snapshot, state.sources.count > Self.mostSegments)
            }
            if isMuch { try settle() }
            if let snapshot { return snapshot }
            try seal()
        }
    }

    /// Makes segments of full buffers, and one of many small ones, so that articles that come one
    /// by one stay few segments.
    func settle() throws {
        try seal()
        _ = try flushing.withLockIfAvailable { _ in
            while let small = state.withLock({ Self.small($0.sources) }) {
                install(try Merge.merged(small, directory: nil, name: "memory"), for: small)
            }
        }
    }

    /// The small segments in memory, where there are many.
    private static func small(_ sources: [Merge.Source]) -> [Merge.Source]? {
        for most in [8, 64, 512] {
            let small = sources.filter {
                !$0.segment.lists.isMapped && $0.segment.count <= most
            }
            if small.count > mostSmall { return small }
        }
        return nil
    }

    // MARK: Files

    /// Has the system read all lists into its cache, where they are no great part of the memory:
    /// otherwise the first searches after a start of the machine wait for the disk.
    func readAhead() {
        let lists = state.withLock { $0.sources.map(\.segment.lists) }
        let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        guard lists.reduce(0, { $0 + $1.count }) <= memory / 8 else { return }
        for list in lists { list.readAhead() }
    }

    /// Writes what is in memory to files; all that was added before is durable then.
    func flush() throws {
        try flushing.withLock { _ in
            let revision = state.withLock { state in
                Self.close(&state)
                return state.revision
            }
            try seal()
            let sources = state.withLock { state in
                state.sources.filter { !$0.segment.lists.isMapped }
            }
            for file in Self.files(sources) { try replace(file) }
            try publish(revision)
        }
    }

    /// Which segments in memory become one file: a large one by itself, as it is, since it would
    /// be written once more in vain, and all others together.
    private static func files(_ sources: [Merge.Source]) -> [[Merge.Source]] {
        let isLarge = { (source: Merge.Source) in source.segment.size > memoryBudget / 2 }
        let small = sources.filter { !isLarge($0) }
        return sources.filter(isLarge).map { [$0] } + (small.isEmpty ? [] : [small])
    }

    /// Merges files, if there are many of a size or many dead in one.
    ///
    /// - Parameter isIdle: whether there is time to make few files fewer.
    /// - Returns: whether there was something to do, and may be more.
    func merge(isIdle: Bool = false) throws -> Bool {
        try merging.withLock { _ in
            let files = state.withLock { $0.sources.filter { $0.segment.lists.isMapped } }
            var sources = MergeChoice.due(files)
            if sources.isEmpty, isIdle { sources = MergeChoice.idle(files) }
            guard !sources.isEmpty else { return false }
            try replace(sources)
            return true
        }
    }

    /// Makes one segment of all; for measuring, and before an index is put away for good.
    func mergeAll() throws {
        try flush()
        try merging.withLock { _ in
            let sources = state.withLock { $0.sources.filter { $0.segment.lists.isMapped } }
            if sources.count > 1 || sources.contains(where: { $0.dead.count > 0 }) {
                try replace(sources)
            }
        }
    }

    /// Puts one file in the place of `sources`; where they are files, the manifest tells of it.
    private func replace(_ sources: [Merge.Source]) throws {
        let number = state.withLock { state in
            defer { state.nextNumber += 1 }
            return state.nextNumber
        }
        let merged: Segment?
        do {
            merged = try Self.file(of: sources, directory, String(number))
        } catch {
            // What was begun of the file would take room until the next start.
            for kind in ["lists", "positions"] { unlink("\(directory)/\(number).\(kind)") }
            throw error
        }
        install(merged, for: sources)
        guard sources.contains(where: \.segment.lists.isMapped) else { return }
        try publish(nil)
        for source in sources where source.segment.lists.isMapped {
            unlink("\(directory)/\(source.segment.lists.name)")
            unlink("\(directory)/\(source.segment.positions.name)")
        }
    }

    /// Puts a segment, or none, in the place of those that it was made of.
    private func install(_ merged: Segment?, for sources: [Merge.Source]) {
        state.withLock { state in
            var dead = Tombstones()
            for source in sources {
                guard let index = state.sources.firstIndex(where: { $0.segment === source.segment })
                else { continue }
                if let merged {
                    Self.carryOver(state.sources[index], since: source, to: merged, &dead)
                }
                state.sources.remove(at: index)
            }
            if let merged { state.sources.append(Merge.Source(segment: merged, dead: dead)) }
            state.snapshot = nil
        }
    }

    /// Writes one file of several segments: what is one already, with all its articles, as it is.
    private static func file(of sources: [Merge.Source], _ directory: String, _ name: String)
        throws -> Segment?
    {
        if sources.count == 1, sources[0].dead.count == 0, !sources[0].segment.lists.isMapped {
            return try sources[0].segment.written(to: directory, name: name)
        }
        return try Merge.merged(sources, directory: directory, name: name)
    }

    /// Those that died while a merge was at work are dead in what came of it.
    private static func carryOver(
        _ now: Merge.Source, since then: Merge.Source, to merged: Segment, _ dead: inout Tombstones
    ) {
        guard now.dead.count > then.dead.count else { return }
        for article in 0..<UInt32(now.segment.count)
        where now.dead.contains(article) && !then.dead.contains(article) {
            if let place = merged.columns.article(row: now.segment.columns.row(article)) {
                _ = dead.insert(place, of: merged.count)
            }
        }
    }

    /// Writes the manifest of the files that there are now.
    private func publish(_ revision: Int?) throws {
        try durable.withLock { manifest in
            state.withLock { state in
                manifest.nextNumber = state.nextNumber
                manifest.entries = state.sources.filter { $0.segment.lists.isMapped }.map {
                    source in
                    Manifest.Entry(
                        number: UInt64(source.segment.name) ?? 0,
                        lists: source.segment.lists.fingerprint,
                        positions: source.segment.positions.fingerprint, dead: source.dead)
                }
            }
            manifest.revision = max(manifest.revision, revision ?? 0)
            try manifest.write(to: directory)
        }
    }
}
