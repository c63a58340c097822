/// Answers a query that needs one word or several, a block of the rarest at a time.
///
/// The articles of a block are thinned out by one condition after the other, without a branch for
/// each of them; blocks of other words are read only where articles are left that can still be
/// among the best, and a word's share is computed only for those that have it. Where all must be
/// counted, those of a block that can hold none of the best are found without their scores.
struct Conjunction {
    private let search: SegmentSearch
    private let rarest: UnsafeMutablePointer<ListCursor>
    private let score: SegmentSearch.Scored
    private let divisors = Norms.divisors
    private let norms: UnsafePointer<UInt8>
    /// The articles that can be found at all: from `next` on, before `end`.
    private var next: UInt32 = 0
    private let end: UInt32
    /// The articles that are left of the block, and what they score so far.
    let articles: UnsafeMutablePointer<UInt32>
    let scores: UnsafeMutablePointer<Int32>
    private(set) var count = 0
    /// Whether the scores were computed: one of the best may be among them.
    private(set) var isScored = true
    /// Where in the block of another list an article stands.
    private let places: UnsafeMutablePointer<UInt8>
    private let set: BlockSet
    /// What each list can add in the block, and what all can that are still to be asked.
    private let bounds: UnsafeMutablePointer<Int>
    private var pending = 0

    /// Nil where the query is another, or is better answered by windows.
    init?(_ search: SegmentSearch) {
        guard search.neededCount > 0, search.nodes[search.root].kind == .all else { return nil }
        self.search = search
        norms = search.columns.norms
        rarest = search.lists + search.needed[0]
        score = search.listScores[search.needed[0]]
        var end = search.segment.count
        let isSparse = search.isSparse
        for index in 0..<search.besideCount {
            let node = search.nodes[search.beside[index]]
            switch node.kind {
            case .range:
                next = max(next, UInt32(node.first))
                end = min(end, node.second)
            case .named, .having, .until: break
            case .not where search.nodes[search.children[node.first]].kind == .list: break
            default: if !isSparse { return nil }
            }
        }
        self.end = UInt32(end)
        articles = search.scratch.room(BitPacking.blockSize, of: UInt32.self)
        scores = search.scratch.room(BitPacking.blockSize, of: Int32.self)
        places = search.scratch.room(BitPacking.blockSize, of: UInt8.self)
        bounds = search.scratch.zeros(search.neededCount, of: Int.self)
        set = BlockSet(search.scratch)
    }

    /// Whether it is better than windows even where all articles must be counted: there is one
    /// word, or the rarest is so rare that a window would hold few of its articles.
    var isBestForAll: Bool {
        search.neededCount == 1 || rarest.pointee.articles < search.segment.count / 12
    }

    /// Leaves out all before `article`.
    mutating func skip(to article: UInt32) { next = max(next, article) }

    /// Goes to the next block in which a score of `floor` can be, or to the next one of all where
    /// all are counted, and finds what holds in it.
    ///
    /// - Returns: false at the end.
    mutating func nextBlock(floor: Int, isCounting: Bool) throws(IndexDamage) -> Bool {
        let floor = max(0, floor)
        guard try turn(floor, isCounting) else { return false }
        if isCounting { try findAll() } else { try findBest(floor) }
        try ask()
        bury()
        return true
    }

    private mutating func findAll() throws(IndexDamage) {
        pending = 0
        try filter()
        for index in 1..<max(1, search.neededCount) where count > 0 {
            try keep(search.needed[index], 0)
        }
        if isScored { try scoreRarest(Int.min) }
    }

    private mutating func findBest(_ floor: Int) throws(IndexDamage) {
        let others = pending - bounds[0]
        let isFirst = floor > others
        if isFirst {
            try scoreRarest(floor - others)
            pending = others
        }
        try filter()
        for index in 1..<max(1, search.neededCount) where count > 0 {
            pending -= bounds[index]
            try keep(search.needed[index], floor)
        }
        if !isFirst { try scoreRarest(Int.min) }
    }

    /// Takes the articles of the next block of the rarest word that may score `floor`, or counts.
    private mutating func turn(_ floor: Int, _ isCounting: Bool) throws(IndexDamage) -> Bool {
        pending = 0
        bounds[0] = 0
        isScored = true
        while floor > 0, next < end {
            let (last, share) = rarest.pointee.blockBound(at: next)
            bounds[0] = Int(score.weight * share) + 1
            boundOthers(to: min(last, end - 1))
            isScored = pending >= floor
            if isScored || isCounting { break }
            guard last < end else { return false }
            next = last + 1
        }
        guard next < end, try rarest.pointee.seek(next) < end else { return false }
        let index = rarest.pointee.index
        count = min(BitPacking.blockSize, rarest.pointee.count - index)
        articles.update(from: rarest.pointee.list + index, count: count)
        scores.update(repeating: 0, count: count)
        next = articles[count - 1] + 1
        while count > 0, articles[count - 1] >= end { count -= 1 }
        return true
    }

    private mutating func boundOthers(to last: UInt32) {
        pending = bounds[0]
        for index in 1..<max(1, search.neededCount) {
            bounds[index] = search.bound(list: search.needed[index], from: next, to: last)
            pending += bounds[index]
        }
        for index in 0..<search.besideCount {
            pending += search.bound(search.beside[index], from: next, to: last)
        }
    }

    // MARK: The rarest word

    /// Adds what the rarest word gives, and keeps the articles that have `least` then.
    private mutating func scoreRarest(_ least: Int) throws(IndexDamage) {
        guard count > 0, score.weight > 0 else { return }
        let counts = try rarest.pointee.loadCounts()
        let least = Int32(clamping: least)
        var place = rarest.pointee.index
        var kept = 0
        for index in 0..<count {
            let article = articles[index]
            if rarest.pointee.list[place] != article {
                place = rarest.pointee.place(of: article, from: place)
            }
            let own = scores[index] &+ share(Float(counts[place]), score, article)
            articles[kept] = article
            scores[kept] = own
            kept &+= own >= least ? 1 : 0
            place &+= 1
        }
        count = kept
    }

    @inline(__always)
    private func share(_ count: Float, _ score: SegmentSearch.Scored, _ article: UInt32) -> Int32 {
        let divisor = divisors[Int(norms[Int(article)])]
        return Int32(score.weight * Norms.share(count * score.multiplier, divisor))
    }

    // MARK: The other words

    /// Keeps the articles that another list has, and adds what it gives them.
    private mutating func keep(_ number: Int, _ floor: Int) throws(IndexDamage) {
        let list = search.lists + number
        let score = search.listScores[number]
        if list.pointee.isGathered { return try keepOneByOne(number) }
        var kept = 0
        var index = 0
        while index < count, let block = list.pointee.block(reaching: articles[index]) {
            let (last, share) = list.pointee.bound(ofBlock: block)
            let least = Int32(clamping: floor - pending - Int(score.weight * share) - 1)
            var stop = index
            var most = Int32.min
            while stop < count, articles[stop] <= last {
                most = max(most, scores[stop])
                stop += 1
            }
            if most >= least {
                try list.pointee.open(block)
                let first = kept
                keep(index..<stop, least, list.pointee, &kept)
                if isScored, score.weight > 0, kept > first {
                    try add(list, score, first..<kept)
                }
            }
            index = stop
        }
        count = kept
    }

    /// Keeps those of some articles that the open block of a list has.
    @inline(__always)
    private func keep(_ range: Range<Int>, _ least: Int32, _ list: ListCursor, _ kept: inout Int) {
        if set.take(list, for: range.count, from: articles[range.lowerBound]) {
            let first = kept
            for index in range {
                let own = scores[index]
                articles[kept] = articles[index]
                scores[kept] = own
                kept &+= set.has(articles[index]) && own >= least ? 1 : 0
            }
            guard isScored else { return }
            for index in first..<kept {
                places[index] = UInt8(truncatingIfNeeded: list.place(of: articles[index]))
            }
            return
        }
        for index in range {
            let article = articles[index]
            let place = list.place(of: article)
            let own = scores[index]
            articles[kept] = article
            scores[kept] = own
            places[kept] = UInt8(truncatingIfNeeded: place)
            kept &+= list.list[place] == article && own >= least ? 1 : 0
        }
    }

    private func add(
        _ list: UnsafeMutablePointer<ListCursor>, _ score: SegmentSearch.Scored, _ range: Range<Int>
    ) throws(IndexDamage) {
        let counts = try list.pointee.loadCounts()
        for index in range {
            scores[index] &+= share(Float(counts[Int(places[index])]), score, articles[index])
        }
    }

    private mutating func keepOneByOne(_ number: Int) throws(IndexDamage) {
        var kept = 0
        for index in 0..<count {
            let article = articles[index]
            guard try search.lists[number].seek(article) == article else { continue }
            let isScored = isScored && search.listScores[number].weight > 0
            articles[kept] = article
            scores[kept] = scores[index] &+ (isScored ? try search.share(number, article) : 0)
            kept += 1
        }
        count = kept
    }

    // MARK: Conditions

    /// Keeps the articles that names and features are right for.
    private mutating func filter() throws(IndexDamage) {
        let columns = search.columns
        for index in 0..<search.besideCount {
            let node = search.nodes[search.beside[index]]
            switch node.kind {
            case .named:
                let names = columns.names(NameColumn.Kind(rawValue: node.first) ?? .author)
                keep { names.has($0, node.second) }
            case .having:
                let bits = UInt32(node.first)
                keep { columns.features($0) & bits != 0 }
            case .until: keep { columns.row($0) <= Int64(node.first) }
            default: break
            }
        }
    }

    /// Asks all that is left to be asked about the articles that are left.
    private mutating func ask() throws(IndexDamage) {
        for index in 0..<search.besideCount where count > 0 {
            let node = search.beside[index]
            switch search.nodes[node].kind {
            case .range, .named, .having, .until: break
            case .not where search.nodes[search.children[search.nodes[node].first]].kind == .list:
                try drop(search.nodes[search.children[search.nodes[node].first]].first)
            default:
                var kept = 0
                for index in 0..<count {
                    let part = try search.score(node, of: articles[index])
                    articles[kept] = articles[index]
                    scores[kept] = scores[index] &+ Int32(clamping: max(0, part))
                    kept += part >= 0 ? 1 : 0
                }
                count = kept
            }
        }
    }

    /// Keeps the articles that a list does not have.
    private mutating func drop(_ number: Int) throws(IndexDamage) {
        let list = search.lists + number
        if list.pointee.isGathered {
            return try keep { article throws(IndexDamage) in
                try list.pointee.seek(article) != article
            }
        }
        var kept = 0
        var index = 0
        while index < count, let block = list.pointee.block(reaching: articles[index]) {
            let last = list.pointee.bound(ofBlock: block).last
            try list.pointee.open(block)
            let first = index
            while index < count, articles[index] <= last { index += 1 }
            drop(first..<index, list, &kept)
        }
        for behind in index..<count {
            articles[kept] = articles[behind]
            scores[kept] = scores[behind]
            kept += 1
        }
        count = kept
    }

    /// Keeps those of some articles that the open block of a list does not have.
    @inline(__always)
    private func drop(
        _ range: Range<Int>, _ list: UnsafeMutablePointer<ListCursor>, _ kept: inout Int
    ) {
        let isSet = set.take(list.pointee, for: range.count, from: articles[range.lowerBound])
        let block = list.pointee.list
        for index in range {
            let article = articles[index]
            let isHere =
                isSet ? set.has(article) : block[list.pointee.place(of: article)] == article
            articles[kept] = article
            scores[kept] = scores[index]
            kept &+= isHere ? 0 : 1
        }
    }

    private mutating func bury() {
        guard search.dead.count > 0 else { return }
        let search = search
        keep { !search.dead.contains($0) }
    }

    @inline(__always)
    private mutating func keep<Failure: Error>(_ holds: (UInt32) throws(Failure) -> Bool)
        throws(Failure)
    {
        var kept = 0
        for index in 0..<count {
            let article = articles[index]
            articles[kept] = article
            scores[kept] = scores[index]
            kept += try holds(article) ? 1 : 0
        }
        count = kept
    }
}
