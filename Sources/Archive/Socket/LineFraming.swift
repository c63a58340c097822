internal import CLinux
internal import Glibc

/// Finds the lines in what a client sends, in whatever pieces it arrives.
///
/// A piece is looked at where it was read; only what a piece leaves over is kept.
struct LineFraming {
    private var kept: [UInt8] = []
    private var start = 0
    private var searched = 0

    /// Whether bytes are kept that no handler took yet.
    var isEmpty: Bool { start == kept.count }

    /// How many bytes are kept.
    var count: Int { kept.count - start }

    /// What becomes of the line that was just found.
    enum Verdict {
        /// It was dealt with.
        case next
        /// It cannot be dealt with now: keep it, and all that follows.
        case wait
    }

    /// What a search ended with.
    enum End {
        /// All whole lines were dealt with; a begun line may be kept.
        case needsMore
        /// A handler asked to wait.
        case waits
        /// The line at the front is longer than the limit.
        case tooLong
    }

    /// Hands each whole line of what is kept and `piece` to `handle`, without its line feed.
    ///
    /// - Parameter began: set to true where a line begins in this piece and does not end in it.
    mutating func take(
        _ piece: UnsafeRawBufferPointer, limit: Int, began: inout Bool,
        handle: (UnsafeRawBufferPointer) -> Verdict
    ) -> End {
        if isEmpty {
            var (used, searched) = (0, 0)
            let end = Self.lines(piece, &used, &searched, limit, handle)
            kept.removeAll(keepingCapacity: false)
            start = 0
            if used < piece.count {
                kept.append(contentsOf: UnsafeRawBufferPointer(rebasing: piece[used...]))
                began = end == .needsMore
            }
            self.searched = searched - used
            return end
        }
        kept.append(contentsOf: piece)
        var used = start
        var searched = self.searched
        let end = kept.withUnsafeBytes { Self.lines($0, &used, &searched, limit, handle) }
        began = end == .needsMore && used > start && used < kept.count
        start = used
        self.searched = searched
        compact()
        return end
    }

    /// Throws away what is kept.
    mutating func clear() {
        kept = []
        (start, searched) = (0, 0)
    }

    private mutating func compact() {
        if start == kept.count {
            clear()
        } else if start > kept.count / 2 {
            kept.removeSubrange(..<start)
            searched -= start
            start = 0
        }
    }

    @inline(__always)
    private static func lines(
        _ bytes: UnsafeRawBufferPointer, _ used: inout Int, _ searched: inout Int, _ limit: Int,
        _ handle: (UnsafeRawBufferPointer) -> Verdict
    ) -> End {
        guard let base = bytes.baseAddress else { return .needsMore }
        searched = max(searched, used)
        while searched < bytes.count {
            guard let feed = memchr(base + searched, 0x0A, bytes.count - searched) else { break }
            let end = UnsafeRawPointer(feed) - base
            searched = used
            guard end - used <= limit else { return .tooLong }
            switch handle(UnsafeRawBufferPointer(start: base + used, count: end - used)) {
            case .next: break
            case .wait: return .waits
            }
            used = end + 1
            searched = used
        }
        searched = bytes.count
        return bytes.count - used > limit ? .tooLong : .needsMore
    }
}
