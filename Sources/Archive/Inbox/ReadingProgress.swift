internal import Synchronization

/// How far the files are that are being read just now.
///
/// The lanes write it, `inbox.status` and `inbox.explain` read it: a large bundle takes minutes,
/// and who waits for it sees that it moves.
final class ReadingProgress: Sendable {
    /// One file that is being read.
    struct Entry: Sendable, Hashable {
        var path: InboxPath
        /// Bytes of the file.
        var size: Int
        /// Members read so far, in this run and in earlier ones.
        var members: Int
        /// Articles among them.
        var articles = 0
        /// How far into the file the last member began, in bytes, where its container tells.
        var offset: Int?
        /// When this run began.
        var since: Timestamp
    }

    private let present = Mutex<[Int: Entry]>([:])

    /// The files that are being read, by path.
    var entries: [Entry] {
        present.withLock { Array($0.values) }
            .sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }

    /// What is known of the file at `path`; nil where it is not being read.
    func entry(_ path: InboxPath) -> Entry? {
        present.withLock { $0.values.first { $0.path == path } }
    }

    /// A lane begins on a file.
    func begin(_ entry: Entry, lane: Int) { present.withLock { $0[lane] = entry } }

    /// A lane read one more member.
    func note(isArticle: Bool, offset: Int?, lane: Int) {
        present.withLock { present in
            present[lane]?.members += 1
            present[lane]?.articles += isArticle ? 1 : 0
            if let offset { present[lane]?.offset = offset }
        }
    }

    /// A lane is done with its file.
    func end(lane: Int) { present.withLock { $0[lane] = nil } }
}
