/// Which files of the index are made one.
enum MergeChoice {
    /// How many files of a size are merged.
    static let fanIn = 7
    /// Most articles of what is merged because there is time: some seconds of a processor, and less
    /// memory than other merges take.
    static let mostIdle = 1 << 18

    /// The files that should be one now: those of a tier that is full, with all smaller ones, which
    /// add little to the work and would cost each search their share for long; or one with many
    /// dead.
    static func due(_ files: [Merge.Source]) -> [Merge.Source] {
        // Each tier is eight times as large as the one before it.
        var tiers: [Int: [Merge.Source]] = [:]
        for file in files {
            if file.dead.count > 64, file.dead.count * 3 > file.segment.count { return [file] }
            let tier = (Int.bitWidth - file.living.leadingZeroBitCount) / 3
            tiers[tier, default: []].append(file)
        }
        var chosen: [Merge.Source] = []
        var isFull = false
        for (_, tier) in tiers.sorted(by: { $0.key < $1.key }) where !isFull {
            chosen += tier
            isFull = tier.count >= fanIn
        }
        let total = chosen.reduce(0) { $0 + $1.segment.count }
        return isFull && total <= SegmentWriter.mostArticles ? chosen : []
    }

    /// The files that may be one where nothing else is to do: the smallest, up to one that is not
    /// much larger than they are together, and so is not written again for a few articles.
    static func idle(_ files: [Merge.Source]) -> [Merge.Source] {
        let ascending = files.sorted { $0.living < $1.living }
        var (chosen, total) = (0, 0)
        for (index, file) in ascending.enumerated() {
            let smaller = total
            total += file.living
            if total > mostIdle { break }
            if index > 0, file.living <= 3 * smaller { chosen = index + 1 }
        }
        return Array(ascending.prefix(chosen))
    }
}

extension Merge.Source {
    /// How many of its articles are not dead.
    fileprivate var living: Int { segment.count - dead.count }
}
