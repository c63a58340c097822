/// The files that came to rest, on their way to the lanes: the oldest first, but large ones never
/// take all lanes.
///
/// A small file so waits for no bundle that is being read.
struct InboxQueue {
    /// Paths in the order in which they came.
    private struct Line {
        private var paths: [(path: InboxPath, number: Int)] = []
        private var head = 0

        var first: (path: InboxPath, number: Int)? { head < paths.count ? paths[head] : nil }

        mutating func append(_ path: InboxPath, _ number: Int) { paths.append((path, number)) }

        mutating func removeFirst() {
            head += 1
            if head == paths.count || head > 4096 {
                paths.removeFirst(head)
                head = 0
            }
        }
    }

    private var small = Line()
    private var large = Line()
    private var count = 0
    /// The large files that lanes are reading.
    private var reading: Set<InboxPath> = []

    mutating func append(_ path: InboxPath, isLarge: Bool) {
        count += 1
        if isLarge { large.append(path, count) } else { small.append(path, count) }
    }

    /// Takes the next files out: a large one alone, or many small ones.
    ///
    /// - Parameters:
    ///   - mostLarge: so many large ones may be on their way at once.
    ///   - take: is told each path with whether it is the first; returns nil where the file is not
    ///     to be taken any more, and false where it is to stay.
    mutating func next(mostLarge: Int, take: (InboxPath, _ isFirst: Bool) -> Bool?) {
        var isFirst = true
        while let path = small.first {
            if isFirst, takeLarge(before: path.number, mostLarge, take) { return }
            switch take(path.path, isFirst) {
            case true?: isFirst = false
            case false?: return
            case nil: break
            }
            small.removeFirst()
        }
        if isFirst { _ = takeLarge(before: .max, mostLarge, take) }
    }

    private mutating func takeLarge(
        before number: Int, _ most: Int, _ take: (InboxPath, Bool) -> Bool?
    ) -> Bool {
        while reading.count < most, let path = large.first, path.number < number {
            large.removeFirst()
            guard take(path.path, true) == true else { continue }
            reading.insert(path.path)
            return true
        }
        return false
    }

    /// Notes that a lane is done with a file.
    mutating func finish(_ path: InboxPath) { reading.remove(path) }
}
