internal import ArchiveProtocol
internal import GRDB
internal import Glibc
internal import Logging
internal import Synchronization

/// Keeps the index of the articles in step with the archive, and whole.
///
/// What a transaction changed is taken in the writer's turn that committed it. Articles so come
/// in the order of their commits, and no version is overwritten by an earlier one. What the index
/// lacks, after a crash, after damage or when its disk was full, is read again from the records
/// beside the commits (`IndexCatchUp.swift`); searches tell of it meanwhile.
///
/// Lanes call `committed`, searches `view`; all else belongs on one thread, `archived.indexer`,
/// save merging, which has its own.
final class Indexer: ArticleIndexing {
    /// How far the index is while it is made anew.
    struct Progress: Sendable, Equatable {
        var done: Int
        var total: Int
    }

    /// What the index lacks of the archive.
    struct Missing: Sendable, Equatable {
        /// Articles whose rows come after this one.
        var rows: Int64?
        /// What was changed by the events after this one.
        var events: Int?
        /// The revision before the first commit that was not taken, since this was last looked at.
        var untaken: Int?
        /// Where the present reading ends, in rows or events, and began.
        var end = 0
        var start = 0

        var isNothing: Bool { rows == nil && events == nil && untaken == nil }

        /// Notes that the commit after one revision, up to another, was not taken.
        mutating func miss(after revision: Int, to last: Int) {
            if isNothing { (start, end) = (revision, last) }
            untaken = untaken ?? revision
        }
    }

    /// What changes with each commit; held while articles are added.
    struct Taking: Sendable {
        var missing = Missing(rows: 0)
        /// The archive's revision with the last commit.
        var revision = 0
        /// The rows that commits changed while records are being read.
        var touched: Set<Int64>?
    }

    /// The archive that is indexed.
    struct Archive: Sendable {
        var pool: DatabasePool
        /// What stands in the file `archive` of the index of this archive.
        var stamp: String
    }

    /// When something was done last.
    struct Pace: Sendable {
        var committed = ContinuousClock.now
        /// No write is tried before.
        var retry = ContinuousClock.now
        /// Whether few files were made fewer since then.
        var isTidy = false
    }

    /// What searches see; never held for long.
    private struct Shown: Sendable {
        var index: ArticleIndex?
        var rebuilding: Progress? = Progress(done: 0, total: 0)
        var problem: String?
    }

    /// Articles added at once, so that nobody waits long for the index.
    private static let slice = 8

    let directory: String
    /// Bytes in memory from which commits are not taken, but read again when there is room.
    let memoryLimit: Int
    let logger: Logger
    let taking = Mutex(Taking())
    private let shown = Mutex(Shown())
    let told = RevisionMark()
    /// What the index is of; nil until it is opened.
    let archive = Mutex<Archive?>(nil)
    let pace = Mutex(Pace())
    let merger = PatientThread()
    private let merging = Mutex<Void>(())
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)
    private let damageListener = Mutex<(@Sendable (Int64) -> Void)?>(nil)

    /// - Parameter directory: of the index; it and all it holds may be deleted at any time when
    ///   no daemon runs.
    init(
        directory: String, memoryLimit: Int = 80 << 20, logger: Logger
    ) {
        self.directory = directory
        self.memoryLimit = memoryLimit
        self.logger = logger
    }

    // MARK: The present

    var index: ArticleIndex? { shown.withLock { $0.index } }

    /// How far the index is where it lacks articles; nil where it has all.
    var rebuilding: Progress? { shown.withLock { $0.rebuilding } }

    /// Why the index cannot be kept on disk, and what to do; nil where it can.
    var problem: String? { shown.withLock { $0.problem } }

    /// Notes a problem, or that there is none.
    ///
    /// - Returns: whether that is news.
    @discardableResult
    func note(problem: String?) -> Bool {
        shown.withLock { shown in
            defer { shown.problem = problem }
            return shown.problem != problem
        }
    }

    /// Calls `body` whenever there may be work for `keep`.
    func onWork(_ body: @escaping @Sendable () -> Void) { wake.withLock { $0 = body } }

    /// Calls `body` with the row of each article whose record proves to be damaged.
    func onDamage(_ body: @escaping @Sendable (Int64) -> Void) {
        damageListener.withLock { $0 = body }
    }

    func tellDamage(ofArticle row: Int64) { damageListener.withLock { $0 }?(row) }

    private func wakeKeeper() { wake.withLock { $0 }?() }

    /// Puts an index in the place of the one before.
    func show(_ index: ArticleIndex, lacking missing: Missing) {
        shown.withLock { shown in
            shown.index = index
            shown.rebuilding = Progress(missing)
        }
    }

    /// Tells what an index lacks, if it is the present one.
    func tell(_ missing: Missing, of index: ArticleIndex?) {
        shown.withLock { shown in
            guard let index, shown.index === index else { return }
            shown.rebuilding = Progress(missing)
        }
    }

    /// Runs `body` while no merge is at work.
    func withoutMerge<Result>(_ body: () throws -> Result) rethrows -> Result {
        try merging.withLock { _ in try body() }
    }

    // MARK: Taking commits

    func prepare(_ db: Database) throws { try QuotationTable.prepare(db) }

    func add(_ article: Article, seq: Int64, isNew: Bool, in db: Database) throws {
        try QuotationTable.add(article, seq: seq, isNew: isNew, in: db)
    }

    func remove(_ seq: Int64, in db: Database) throws { try QuotationTable.remove(seq, in: db) }

    func tidy(_ db: Database) throws -> Bool { try QuotationTable.merge(db) }

    func committed(_ changed: ShownArticles, revision: Int) {
        let articles = changed.shown.map { IndexedArticle($0.value, row: $0.key) }
        let hidden = Array(changed.hidden)
        taking.withLock { taking in
            taking.touched?.formUnion(changed.hidden)
            taking.touched?.formUnion(changed.shown.keys)
            let index = index
            if !take(articles, hidden, revision, taking, into: index) {
                taking.missing.miss(after: taking.revision, to: revision)
                tell(taking.missing, of: index)
            }
            taking.revision = max(taking.revision, revision)
        }
        told.reach(revision)
        pace.withLock { pace in
            pace.committed = .now
            pace.isTidy = false
        }
        wakeKeeper()
    }

    /// Puts changed articles into the index.
    ///
    /// - Returns: whether it could take them.
    private func take(
        _ articles: [IndexedArticle], _ hidden: [Int64], _ revision: Int, _ taking: Taking,
        into index: ArticleIndex?
    ) -> Bool {
        guard let index else { return false }
        // What is incomplete must not count as complete up to here.
        let complete = taking.missing.isNothing ? revision : 0
        do {
            guard index.memorySize < memoryLimit else {
                try index.add([], removing: hidden + articles.map(\.row), revision: 0)
                return false
            }
            var rest = articles[...]
            while rest.count > Self.slice {
                try index.add(Array(rest.prefix(Self.slice)), revision: 0)
                rest = rest.dropFirst(Self.slice)
            }
            try index.add(Array(rest), removing: hidden, revision: complete)
            return true
        } catch {
            discard(index, for: error)
            return false
        }
    }

    // MARK: Searching

    /// The index at one moment, for one search.
    struct View: Sendable {
        var snapshot = IndexSnapshot(sources: [], revision: 0)
        var rebuilding: Progress?
        fileprivate var index: ArticleIndex?
    }

    /// The index with all that was committed up to a revision, save what it is known to lack.
    func view(of revision: Int) -> View {
        // A reader of the database may see a commit that is being added at this moment.
        let isCurrent = told.wait(for: revision)
        var (index, progress) = shown.withLock { ($0.index, $0.rebuilding) }
        if !isCurrent { progress = progress ?? Progress(done: revision - 1, total: revision) }
        guard let index else { return View(rebuilding: progress) }
        do {
            return View(snapshot: try index.snapshot(), rebuilding: progress, index: index)
        } catch {
            discard(index, for: error)
            return View(rebuilding: rebuilding)
        }
    }

    /// Leaves an index that cannot be used; it is made anew.
    func discard(_ view: View, for error: any Error) {
        guard let index = view.index else { return }
        discard(index, of: view.snapshot.count, for: error)
    }

    func discard(_ index: ArticleIndex, of count: Int = 0, for error: any Error) {
        let isPresent = shown.withLock { shown in
            guard shown.index === index else { return false }
            shown.index = nil
            shown.rebuilding = Progress(done: 0, total: count)
            return true
        }
        guard isPresent else { return }
        tellDamage(error)
        wakeKeeper()
    }

    func tellDamage(_ error: any Error) {
        logger.error(
            "the search index is made anew: \(error)",
            metadata: ["message-id": .string(MessageID.indexRebuilt), "detail": "\(error)"])
    }
}

extension Indexer.Progress {
    /// Nil where nothing is missing.
    init?(_ missing: Indexer.Missing) {
        if missing.isNothing { return nil }
        let place = missing.rows.map { Int($0) } ?? missing.events ?? missing.start
        done = max(0, place - missing.start)
        total = max(done, missing.end - missing.start)
    }

    /// In words, as `1,200/15,780` without the commas.
    var words: String { "\(done)/\(total)" }
}
