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
        if head.isEmpty, total > segment.count / 128 {
            return try dense(forms, min(total, segment.count))
        }
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

    /// Articles that are counted at a time: their sums stay in the processor's nearest memory.
    private static let stretch = 1 << 13

    /// Gathers many articles, a stretch of all after the other.
    ///
    /// - Parameter most: more of them there cannot be.
    private func dense(_ forms: [TermEntry], _ most: Int) throws(IndexDamage) -> ListCursor {
        let own = Scratch()
        defer { withExtendedLifetime(own) {} }
        var cursors: [ListCursor] = []
        for form in forms {
            var cursor = try open(form, own.room(2 * BitPacking.blockSize, of: UInt32.self))
            _ = try cursor.nextBlock()
            cursors.append(cursor)
        }
        let set = own.zeros(Self.stretch / 64, of: UInt64.self)
        let sums = own.room(Self.stretch, of: UInt32.self)
        let list = scratch.room(most, of: UInt32.self)
        let counts = scratch.room(most, of: UInt32.self)
        var total = 0
        for base in stride(from: 0, to: segment.count, by: Self.stretch) {
            for index in cursors.indices {
                try add(&cursors[index], from: base, set, sums)
            }
            for word in 0..<Self.stretch / 64 where set[word] != 0 {
                var left = set[word]
                set[word] = 0
                while left != 0 {
                    let place = (word << 6) | left.trailingZeroBitCount
                    left &= left &- 1
                    list[total] = UInt32(truncatingIfNeeded: base + place)
                    counts[total] = sums[place]
                    total += 1
                }
            }
        }
        return ListCursor(list: list, counts: counts, count: total, limit: segment.count)
    }

    /// Counts the articles of a stretch; of those that were not counted yet `set` has no bit, and
    /// `sums` anything.
    private func add(
        _ cursor: inout ListCursor, from base: Int, _ set: UnsafeMutablePointer<UInt64>,
        _ sums: UnsafeMutablePointer<UInt32>
    ) throws(IndexDamage) {
        let end = UInt32(truncatingIfNeeded: base + Self.stretch)
        while cursor.article < end {
            let counts = try cursor.loadCounts()
            var index = cursor.index
            while index < cursor.count, cursor.list[index] < end {
                let place = Int(cursor.list[index] &- UInt32(truncatingIfNeeded: base))
                guard place < Self.stretch else {
                    throw IndexDamage(
                        file: segment.lists.name, offset: 0, detail: "a list goes back")
                }
                let bit: UInt64 = 1 &<< UInt64(place & 63)
                let isNew = set[place >> 6] & bit == 0
                set[place >> 6] |= bit
                sums[place] = (isNew ? 0 : sums[place]) &+ counts[index]
                index += 1
            }
            cursor.index = index
            if index == cursor.count { _ = try cursor.nextBlock() }
        }
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
