internal import Foundation
internal import GRDB
internal import Glibc
internal import Logging
internal import Synchronization

/// Keeping the index on disk: opening it, writing it, merging it, making it anew.
extension Indexer {
    /// What of an article is in the index, and how; another number makes every index anew.
    private static let contentVersion = 2
    /// How long no commit has come when the few that did are written.
    private static let quiet = Duration.seconds(10)
    /// How long after a failure the disk is tried again.
    private static let patience = Duration.seconds(10)

    /// How much there is to index.
    private struct Extent {
        let revision: Int
        let lastRow: Int

        init(_ pool: DatabasePool) throws {
            (revision, lastRow) = try pool.read { db in
                (
                    try Int.fetchOne(db, sql: "SELECT max(revision) FROM event") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT max(seq) FROM article") ?? 0
                )
            }
        }
    }

    /// Opens the index of an archive, before anything is committed.
    ///
    /// What it lacks, which may be everything, is read later by `keep`.
    func open(_ pool: DatabasePool, archive uuid: String) throws {
        let extent = try Extent(pool)
        let stamp = "archived index \(Self.contentVersion)\n\(uuid)\n"
        archive.withLock { $0 = Archive(pool: pool, stamp: stamp) }
        taking.withLock { $0.revision = extent.revision }
        told.reach(extent.revision)
        if let index = opened(stamp, extent) {
            var missing = Missing(end: extent.revision, start: index.durableRevision)
            if index.durableRevision < extent.revision { missing.events = index.durableRevision }
            merger.run { index.readAhead() }
            begin(index, missing)
        } else {
            // Of an archive without articles nothing is missing.
            let rows: Int64? = extent.lastRow == 0 ? nil : 0
            begin(try empty(), Missing(rows: rows, end: extent.lastRow))
        }
    }

    /// The index on disk; nil where it is none of this archive, or not whole.
    private func opened(_ stamp: String, _ extent: Extent) -> ArticleIndex? {
        guard (try? Data(contentsOf: stampFile)) == Data(stamp.utf8) else { return nil }
        do {
            let index = try ArticleIndex(directory: directory)
            let revision = index.durableRevision
            // An index from the future is that of a database that was put back.
            return revision > 0 && revision <= extent.revision ? index : nil
        } catch {
            tellDamage(error)
            return nil
        }
    }

    private func begin(_ index: ArticleIndex, _ missing: Missing) {
        taking.withLock { taking in
            taking.missing = missing
            taking.touched = nil
            show(index, lacking: missing)
        }
    }

    private var stampFile: URL { URL(filePath: "\(directory)/archive") }

    /// Deletes what is on disk.
    private func empty() throws -> ArticleIndex {
        try withoutMerge {
            ArticleIndex.erase(directory)
            let index = try ArticleIndex(directory: directory)
            guard index.durableRevision == 0 else {
                throw IndexFailure("unlink", Manifest.fileName)
            }
            return index
        }
    }

    // MARK: The work

    /// Does a piece of what there is to do; called on one thread at a time.
    ///
    /// - Returns: whether there is more to do at once.
    func keep() -> Bool {
        guard let archive = archive.withLock({ $0 }) else { return false }
        do {
            guard let index else {
                begin(try empty(), Missing(rows: 0, end: try Extent(archive.pool).lastRow))
                return true
            }
            do {
                try index.settle()
                if isWriteDue(index) { try write(index, archive.stamp) }
                mergeIfIdle(index)
                guard index.memorySize < memoryLimit else { return false }
                return try catchUp(from: archive.pool)
            } catch let damage as IndexDamage {
                discard(index, for: damage)
                return true
            }
        } catch {
            tellFailure(error)
            return false
        }
    }

    /// Whether everything is done: nothing is missing, and all is on disk, in few files.
    var isSettled: Bool { isDurable && pace.withLock { $0.isTidy } }

    /// Whether nothing is missing, and all is on disk.
    var isDurable: Bool {
        guard let index, rebuilding == nil, problem == nil else { return false }
        return index.durableRevision >= taking.withLock { $0.revision }
    }

    /// Whether no commit has come for a while.
    private var isQuiet: Bool { pace.withLock { $0.committed + Self.quiet <= .now } }

    /// Has few files made fewer, once after the last of many commits.
    private func mergeIfIdle(_ index: ArticleIndex) {
        guard isDurable, isQuiet, !pace.withLock({ $0.isTidy }) else { return }
        pace.withLock { $0.isTidy = true }
        merger.run { [self] in merge(index, isIdle: true) }
    }

    private func isWriteDue(_ index: ArticleIndex) -> Bool {
        guard pace.withLock({ $0.retry }) <= .now else { return false }
        return index.isFlushDue || rebuilding == nil && !isDurable && isQuiet
    }

    /// Writes what is in memory; what was committed before is read from disk after that.
    func write() throws {
        guard let index, let archive = archive.withLock({ $0 }) else { return }
        try write(index, archive.stamp)
    }

    private func write(_ index: ArticleIndex, _ stamp: String) throws {
        if (try? Data(contentsOf: stampFile)) != Data(stamp.utf8) {
            if mkdir(directory, 0o750) != 0, errno != EEXIST {
                throw IndexFailure("mkdir", directory)
            }
            try Data(stamp.utf8).write(to: stampFile, options: .atomic)
        }
        try index.flush()
        // What the segments took in memory: the library would keep it for the next of their size.
        FreeMemory.trim()
        note(problem: nil)
        merger.run { [self] in merge(index) }
    }

    /// Merges files as long as there are many of a size, or few where there is time.
    private func merge(_ index: ArticleIndex, isIdle: Bool = false) {
        do {
            while self.index === index, try withoutMerge({ try index.merge(isIdle: isIdle) }) {
                FreeMemory.trim()
            }
        } catch let damage as IndexDamage {
            discard(index, for: damage)
        } catch {
            // The files serve as they are; the next write tells if there is no room for it either.
            logger.warning("the search index is not merged: \(error)")
        }
    }

    /// Writes what is in memory at the end, so that the next start has it.
    func close() {
        // A rebuild that is not done begins again.
        guard taking.withLock({ $0.missing.rows }) == nil else { return }
        do { try write() } catch { tellFailure(error) }
    }

    // MARK: Telling

    private func tellFailure(_ error: any Error) {
        pace.withLock { $0.retry = .now + Self.patience }
        let failure = error as? IndexFailure
        let isFull = failure?.errno == ENOSPC || failure?.errno == EDQUOT
        let words = "the search index cannot be kept up: \(error)\(isFull ? "; make room" : "")"
        guard note(problem: words) else { return }
        var metadata: Logger.Metadata = ["detail": "\(error)"]
        if isFull { metadata["message-id"] = .string(MessageID.storageFull) }
        logger.error("\(words)", metadata: metadata)
    }
}
