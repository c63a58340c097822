internal import Synchronization

/// Gathers the articles that have any of several words into one list.
struct Gathering {
    let segment: Segment
    let scratch: Scratch

    /// The articles that have one of `forms`, counted together; where `head` is not empty, those
    /// that have it right before one of them.
    func list(of forms: [TermEntry], behind head: [TermEntry], field: WordField)
        throws(IndexDamage) -> ListCursor
    {
        guard forms.count > 1 || !head.isEmpty else {
            guard let only = forms.first else { return gathered([]) }
            return try open(only, scratch.room(2 * BitPacking.blockSize, of: UInt32.self))
        }
        let total = forms.reduce(0) { $0 + $1.articles }
        if head.isEmpty, total > segment.count / 128 { return try dense(forms) }
        var found: [UInt64] = []
        if head.isEmpty {
            found.reserveCapacity(total)
            let buffer = scratch.room(2 * BitPacking.blockSize, of: UInt32.self)
            for form in forms {
                try forEach(form, buffer) { found.append(UInt64($0) << 32 | UInt64($1)) }
            }
        } else {
            for form in forms { try follow(head + [form], field, &found) }
        }
        found.sort()
        return gathered(found)
    }

    private func open(_ entry: TermEntry, _ buffer: UnsafeMutablePointer<UInt32>)
        throws(IndexDamage) -> ListCursor
    {
        try ListCursor(entry, in: segment.lists, limit: segment.count, buffer: buffer)
    }

    @inline(__always)
    private func forEach(
        _ entry: TermEntry, _ buffer: UnsafeMutablePointer<UInt32>,
        _ body: (UInt32, UInt32) -> Void
    ) throws(IndexDamage) {
        var cursor = try open(entry, buffer)
        while try cursor.nextBlock() != ListCursor.end {
            let counts = try cursor.loadCounts()
            for index in 0..<cursor.count { body(cursor.list[index], counts[index]) }
            cursor.index = cursor.count
        }
    }

    /// The articles where a phrase stands, with its count.
    private func follow(_ entries: [TermEntry], _ field: WordField, _ found: inout [UInt64])
        throws(IndexDamage)
    {
        // Memory for each form goes when it is done.
        let scratch = Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let matcher = try PhraseMatcher(
            entries[...], field: field, distance: nil, in: segment, scratch: scratch)
        var article = try matcher.seek(0)
        while article != ListCursor.end {
            let count = try matcher.countHere(article)
            if count > 0 { found.append(UInt64(article) << 32 | UInt64(count)) }
            article = try matcher.seek(article + 1)
        }
    }

    /// Counts many articles in an array of all.
    private func dense(_ forms: [TermEntry]) throws(IndexDamage) -> ListCursor {
        let own = Scratch()
        defer { withExtendedLifetime(own) {} }
        let words = (segment.count + 63) / 64
        let set = own.zeros(words, of: UInt64.self)
        // What was not counted yet has no bit in the set, and need not be 0.
        let room = Room.taken(segment.count)
        defer { room.giveBack() }
        let sums = room.numbers
        let buffer = own.zeros(2 * BitPacking.blockSize, of: UInt32.self)
        for form in forms {
            try forEach(form, buffer) { article, count in
                let article = Int(article)
                let bit: UInt64 = 1 &<< UInt64(article & 63)
                let isNew = set[article >> 6] & bit == 0
                set[article >> 6] |= bit
                sums[article] = (isNew ? 0 : sums[article]) &+ count
            }
        }
        var total = 0
        for word in 0..<words { total += set[word].nonzeroBitCount }
        let list = scratch.room(total, of: UInt32.self)
        let counts = scratch.room(total, of: UInt32.self)
        var index = 0
        for word in 0..<words {
            var left = set[word]
            while left != 0 {
                let article = (word << 6) | left.trailingZeroBitCount
                left &= left &- 1
                list[index] = UInt32(article)
                counts[index] = sums[article]
                index += 1
            }
        }
        return ListCursor(list: list, counts: counts, count: total, limit: segment.count)
    }

    /// A list of articles, in the upper half, and counts, in the lower.
    private func gathered(_ found: [UInt64]) -> ListCursor {
        let list = scratch.room(found.count, of: UInt32.self)
        let counts = scratch.room(found.count, of: UInt32.self)
        var total = 0
        for pair in found {
            let article = UInt32(truncatingIfNeeded: pair >> 32)
            if total > 0, list[total - 1] == article {
                counts[total - 1] &+= UInt32(truncatingIfNeeded: pair)
            } else {
                list[total] = article
                counts[total] = UInt32(truncatingIfNeeded: pair)
                total += 1
            }
        }
        return ListCursor(list: list, counts: counts, count: total, limit: segment.count)
    }
}

/// A number for each article of a segment, kept for the next query: from the system it would come
/// page by page, which takes longer than to count.
private final class Room: @unchecked Sendable {
    /// Numbers of a room that is kept.
    private static let mostKept = 1 << 21
    private static let spare = Mutex<[Room]>([])

    /// Whatever was written last.
    let numbers: UnsafeMutablePointer<UInt32>
    private let capacity: Int

    private init(_ capacity: Int) {
        numbers = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { numbers.deallocate() }

    /// One that another query has given back, or a new one: it is one query's at a time.
    static func taken(_ count: Int) -> Room {
        let kept = spare.withLock { spare in
            spare.lastIndex { $0.capacity >= count }.map { spare.remove(at: $0) }
        }
        return kept ?? Room(count)
    }

    /// Lets another query have it, in the place of a smaller one.
    func giveBack() {
        guard capacity <= Self.mostKept else { return }
        Self.spare.withLock { spare in
            spare.append(self)
            spare.sort { $0.capacity > $1.capacity }
            if spare.count > 2 { spare.removeLast() }
        }
    }
}
