/// Answers a query that is one phrase, or words near each other.
///
/// It goes through stretches in which each word's list has one block: the articles that have the
/// words are found there without a branch for each, and their positions read while the blocks
/// are at hand. Words that most articles have are asked last, and only where the others stand
/// right.
struct PhraseScan {
    private let search: SegmentSearch
    private let phrase: PhraseMatcher
    private let score: SegmentSearch.Scored
    private let divisors = Norms.divisors
    private let norms: UnsafePointer<UInt8>
    private let hasDead: Bool
    private var next: UInt32 = 0
    /// The number of words, the rarest first, that articles must have to be looked at.
    private let asked: Int
    /// The articles of the stretch that have these words, and where in the block of each.
    let articles: UnsafeMutablePointer<UInt32>
    private let places: UnsafeMutablePointer<UInt8>
    private let set: BlockSet
    private(set) var count = 0

    /// Nil where the query is another.
    init?(_ search: SegmentSearch) {
        let root = search.nodes[search.root]
        guard root.kind == .phrase else { return nil }
        self.search = search
        norms = search.columns.norms
        hasDead = search.dead.count > 0
        phrase = search.phrases[root.first]
        score = search.phraseScores[root.first]
        let (lists, count) = (phrase.lists, phrase.count)
        let usual = search.segment.count / 2
        let common = phrase.isNear ? nil : (2..<max(2, count)).first { lists[$0].articles > usual }
        asked = common ?? count
        articles = search.scratch.room(BitPacking.blockSize, of: UInt32.self)
        places = search.scratch.room(BitPacking.blockSize * asked, of: UInt8.self)
        set = BlockSet(search.scratch)
    }

    /// Leaves out all before `article`.
    mutating func skip(to article: UInt32) { next = max(next, article) }

    /// Goes to the next stretch in which a score of `floor` can be.
    ///
    /// - Returns: false at the end.
    mutating func nextStretch(floor: Int) throws(IndexDamage) -> Bool {
        let rarest = phrase.lists
        while let block = rarest.pointee.block(reaching: next) {
            var (end, share) = rarest.pointee.bound(ofBlock: block)
            // A damaged table says so of a block that is not read.
            guard end < ListCursor.end else { return false }
            if phrase.isNear || mayReach(floor, share) {
                try rarest.pointee.open(block)
                guard let article = try bound(from: next, &end, &share) else { return false }
                if mayReach(floor, share) {
                    try find(from: article, to: end)
                    next = end + 1
                    if count > 0 { return true }
                    continue
                }
            }
            next = end + 1
        }
        return false
    }

    private func mayReach(_ floor: Int, _ share: Float) -> Bool {
        floor <= 0 || Int(score.weight * share) + 1 >= floor
    }

    /// Cuts a stretch to where each list has one block, and finds out what share can be there.
    ///
    /// - Returns: the first article of the rarest word; nil where a list is at its end.
    private func bound(from start: UInt32, _ end: inout UInt32, _ share: inout Float)
        throws(IndexDamage) -> UInt32?
    {
        let article = try phrase.lists[0].seek(start)
        for index in 1..<asked {
            guard let block = phrase.lists[index].block(reaching: article) else { return nil }
            let own = phrase.lists[index].bound(ofBlock: block)
            end = min(end, own.last)
            share = phrase.isNear ? min(1, share + own.share) : min(share, own.share)
        }
        return article
    }

    /// Finds the articles of a stretch that have all words.
    private mutating func find(from start: UInt32, to end: UInt32) throws(IndexDamage) {
        let rarest = phrase.lists[0]
        var place = rarest.index
        count = 0
        while place < rarest.count, rarest.list[place] <= end {
            articles[count] = rarest.list[place]
            places[count] = UInt8(truncatingIfNeeded: place)
            count += 1
            place += 1
        }
        for word in 1..<asked where count > 0 {
            guard let block = phrase.lists[word].block(reaching: start) else { return }
            try phrase.lists[word].open(block)
            keep(word, phrase.lists[word])
        }
    }

    /// Keeps the articles that the open block of a word has.
    private mutating func keep(_ word: Int, _ list: ListCursor) {
        let (size, own) = (BitPacking.blockSize, places + BitPacking.blockSize * word)
        if set.take(list, for: count, from: articles[0]) { thin(word) }
        var kept = 0
        for index in 0..<count {
            let article = articles[index]
            let place = list.place(of: article)
            articles[kept] = article
            for rarer in 0..<word { places[size * rarer + kept] = places[size * rarer + index] }
            own[kept] = UInt8(truncatingIfNeeded: place)
            kept &+= list.list[place] == article ? 1 : 0
        }
        count = kept
    }

    /// Keeps the articles that the set has, before they are looked up in the block of a word.
    private mutating func thin(_ word: Int) {
        let size = BitPacking.blockSize
        var kept = 0
        for index in 0..<count {
            articles[kept] = articles[index]
            for rarer in 0..<word { places[size * rarer + kept] = places[size * rarer + index] }
            kept &+= set.has(articles[index]) ? 1 : 0
        }
        count = kept
    }

    /// What the phrase gives an article of the stretch; -1 where it does not stand in it, or
    /// cannot give `floor`.
    func score(at index: Int, floor: Int) throws(IndexDamage) -> Int {
        let article = articles[index]
        guard !hasDead || !search.dead.contains(article) else { return -1 }
        let divisor = divisors[Int(norms[Int(article)])]
        for word in 0..<asked {
            phrase.lists[word].index = Int(places[BitPacking.blockSize * word + index])
        }
        if floor > 0, points(try greatestCount(), divisor) + 1 < floor { return -1 }
        let count = try phrase.countHere(article)
        return count > 0 ? points(count, divisor) : -1
    }

    /// The greatest count that the phrase can have in the article at which the lists stand.
    private func greatestCount() throws(IndexDamage) -> UInt32 {
        var most: UInt32 = phrase.isNear ? 0 : .max
        for word in 0..<asked where phrase.isNear || most > 1 {
            let own = try phrase.lists[word].loadCounts()[phrase.lists[word].index]
            most = phrase.isNear ? most &+ own : min(most, own)
        }
        return most
    }

    private func points(_ count: UInt32, _ divisor: Float) -> Int {
        Int(Int32(score.weight * Norms.share(Float(count) * score.multiplier, divisor)))
    }
}
