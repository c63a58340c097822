/// Makes one segment of several, without the articles that are dead.
///
/// The articles come in one order, newest first, so each list is woven from those of the
/// segments, article by article. Lists are read and written as streams: memory holds the columns,
/// the terms and a block of each list.
struct Merge {
    /// A segment with those of its articles that are dead.
    struct Source: Sendable {
        var segment: Segment
        var dead: Tombstones
    }

    private let sources: [Source]
    private let scratch: Scratch
    /// The new number of each article; `ListCursor.end` for the dead.
    private var numbers: [UnsafeMutablePointer<UInt32>] = []
    private var table = ArticleTable()

    /// Merges `sources`; nil where all their articles are dead.
    static func merged(_ sources: [Source], directory: String?, name: String) throws -> Segment? {
        let scratch = Scratch()
        defer { withExtendedLifetime(scratch) {} }
        var merge = Merge(sources, scratch)
        merge.order()
        guard merge.table.count > 0 else { return nil }
        var writer = try SegmentWriter(directory: directory, name: name, table: merge.table)
        merge.table = ArticleTable()
        try merge.weave(into: &writer)
        return try writer.finish()
    }

    private init(_ sources: [Source], _ scratch: Scratch) {
        self.sources = sources
        self.scratch = scratch
        numbers = sources.map { scratch.zeros($0.segment.count, of: UInt32.self) }
    }

    /// Numbers the articles that live, and gathers their columns.
    private mutating func order() {
        var next = [UInt32](repeating: 0, count: sources.count)
        var remap = sources.map { source in
            NameColumn.Kind.allCases.map { kind in
                [UInt32?](repeating: nil, count: source.segment.columns.names(kind).count)
            }
        }
        while let source = newest(next) {
            let article = next[source]
            next[source] += 1
            guard !sources[source].dead.contains(article) else {
                numbers[source][Int(article)] = ListCursor.end
                continue
            }
            numbers[source][Int(article)] = UInt32(table.count)
            let columns = sources[source].segment.columns
            table.append(article, of: columns)
            for kind in NameColumn.Kind.allCases {
                let names = columns.names(kind)
                var kept: [UInt32] = []
                for place in names.range(article) {
                    let old = names.value(place)
                    let new =
                        remap[source][kind.rawValue][old]
                        ?? table.names[kind.rawValue].number(names.name(old))
                    remap[source][kind.rawValue][old] = new
                    kept.append(new)
                }
                table.names[kind.rawValue].append(kept)
            }
        }
    }

    /// The source whose next article is the newest of all; nil at the end.
    private func newest(_ next: [UInt32]) -> Int? {
        var best: (source: Int, date: UInt64, row: Int64)?
        for (index, source) in sources.enumerated() where next[index] < source.segment.count {
            let date = source.segment.columns.date(next[index])
            let row = source.segment.columns.row(next[index])
            if let held = best, (held.date, held.row) >= (date, row) { continue }
            best = (index, date, row)
        }
        return best?.source
    }

    /// Writes all terms.
    private func weave(into writer: inout SegmentWriter) throws {
        var threads: [Thread] = []
        for (index, source) in sources.enumerated() {
            var thread = try Thread(source.segment, numbers[index], scratch)
            if try thread.nextTerm() { threads.append(thread) }
        }
        var term: [UInt8] = []
        var taking: [Int] = []
        while !threads.isEmpty {
            Self.least(threads, &taking)
            term.removeAll(keepingCapacity: true)
            term.append(contentsOf: threads[taking[0]].terms.term)
            try term.withUnsafeBytes { key in
                writer.begin(key)
                for index in taking { try threads[index].open() }
                try Self.weave(&threads, taking, into: &writer)
                try writer.end(key)
            }
            for index in taking.reversed() {
                let goesOn = try threads[index].nextTerm()
                if !goesOn { threads.remove(at: index) }
            }
        }
    }

    /// The threads that stand at the least term of all.
    private static func least(_ threads: [Thread], _ taking: inout [Int]) {
        taking.removeAll(keepingCapacity: true)
        for index in threads.indices {
            guard let first = taking.first else {
                taking.append(index)
                continue
            }
            let order = Thread.compare(threads[index], threads[first])
            if order < 0 { taking.removeAll(keepingCapacity: true) }
            if order <= 0 { taking.append(index) }
        }
    }

    /// Writes the list of one term.
    private static func weave(
        _ threads: inout [Thread], _ taking: [Int], into writer: inout SegmentWriter
    ) throws {
        while true {
            // The article that comes first, and the one at which another thread comes in.
            var first = -1
            var least = ListCursor.end
            var second = ListCursor.end
            for index in taking {
                let article = threads[index].article
                if article < least {
                    second = least
                    least = article
                    first = index
                } else if article < second {
                    second = article
                }
            }
            guard first >= 0 else { return }
            try threads[first].run(until: second, to: &writer)
        }
    }
}

/// One segment on its way through a merge: its terms, and the list of the one it stands at.
private struct Thread {
    private let segment: Segment
    private let numbers: UnsafeMutablePointer<UInt32>
    private let buffer: UnsafeMutablePointer<UInt32>
    private var positions: Positions
    private(set) var terms: TermCursor
    /// The first eight bytes of the term.
    private var prefix: UInt64 = 0
    private var list: ListCursor
    /// Up to where its files were read and let go.
    private var done = (list: 0, positions: 0, terms: 0)
    /// The new number of the article at which the list stands.
    private(set) var article = ListCursor.end

    init(_ segment: Segment, _ numbers: UnsafeMutablePointer<UInt32>, _ scratch: Scratch) throws {
        self.segment = segment
        self.numbers = numbers
        buffer = scratch.zeros(2 * BitPacking.blockSize, of: UInt32.self)
        terms = try segment.dictionary.terms(from: [])
        positions = Positions(file: segment.positions, entry: terms.entry, scratch: scratch)
        list = ListCursor(list: buffer, counts: buffer, count: 0, limit: 0)
    }

    /// Less than, equal to or greater than 0 as the terms of two threads are in order.
    static func compare(_ left: Thread, _ right: Thread) -> Int {
        if left.prefix != right.prefix { return left.prefix < right.prefix ? -1 : 1 }
        return left.terms.term.withUnsafeBytes { left in
            right.terms.term.withUnsafeBytes { TermDictionary.compare(left, $0) }
        }
    }

    mutating func nextTerm() throws -> Bool {
        guard try terms.next() else { return false }
        letGo()
        prefix = 0
        for index in 0..<8 {
            prefix = prefix << 8 | (index < terms.term.count ? UInt64(terms.term[index]) : 0)
        }
        return true
    }

    /// Gives back the memory of what was read, a megabyte at a time.
    private mutating func letGo() {
        if terms.entry.list - done.list > 1 << 20 {
            segment.lists.letGo(done.list..<terms.entry.list)
            done.list = terms.entry.list
        }
        if terms.place - done.terms > 1 << 18 {
            // The lists before the first term are let go by themselves.
            if done.terms > 0 { segment.lists.letGo(done.terms..<terms.place) }
            done.terms = terms.place
        }
        if terms.entry.positions - done.positions > 1 << 20 {
            segment.positions.letGo(done.positions..<terms.entry.positions)
            done.positions = terms.entry.positions
        }
    }

    /// Opens the list of the term.
    mutating func open() throws {
        list = try ListCursor(
            terms.entry, in: segment.lists, limit: segment.count, buffer: buffer)
        positions.turn(to: terms.entry)
        _ = try list.nextBlock()
        skipDead()
        try settle()
    }

    private mutating func skipDead() {
        while list.index < list.count, numbers[Int(list.article)] == ListCursor.end {
            list.index += 1
        }
    }

    /// Goes on to the next living article, from block to block.
    private mutating func settle() throws {
        while list.index >= list.count {
            guard try list.nextBlock() != ListCursor.end else {
                article = ListCursor.end
                return
            }
            skipDead()
        }
        article = numbers[Int(list.article)]
    }

    /// Writes articles before `limit`.
    mutating func run(until limit: UInt32, to writer: inout SegmentWriter) throws {
        while article < limit {
            let counts = try list.loadCounts()
            let gaps = try positions.gaps(&list)
            try writer.add(article, count: counts[list.index], gaps: gaps)
            list.index += 1
            skipDead()
            try settle()
        }
    }
}
