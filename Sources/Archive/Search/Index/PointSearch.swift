/// Answering for one article at a time: for queries that few articles can meet.
extension SegmentSearch {
    /// Whether candidates are so few that a window would mostly be empty.
    var isSparse: Bool { cost(root) < segment.count / 64 }

    /// What the query gives its candidate, -1 where it does not hold.
    func score(of candidate: UInt32) throws(IndexDamage) -> Int {
        var sum = 0
        for index in 0..<besideCount {
            let part = try score(beside[index], of: candidate)
            if part < 0 { return -1 }
            sum += part
        }
        for index in 0..<neededCount where listScores[needed[index]].weight > 0 {
            sum += Int(try share(needed[index], candidate))
        }
        return sum
    }

    /// What a part gives an article, -1 where it does not hold.
    func score(_ node: Int, of article: UInt32) throws(IndexDamage) -> Int {
        let own = nodes[node]
        switch own.kind {
        case .nothing: return -1
        case .everything: return 0
        case .list:
            guard try lists[own.first].seek(article) == article else { return -1 }
            return listScores[own.first].weight > 0 ? Int(try share(own.first, article)) : 0
        case .phrase: return try score(phrase: own.first, of: article)
        case .all:
            var sum = 0
            for child in parts(node) {
                let part = try score(child, of: article)
                if part < 0 { return -1 }
                sum += part
            }
            return sum
        case .any:
            var sum = -1
            for child in parts(node) {
                let part = try score(child, of: article)
                if part >= 0 { sum = max(0, sum) + part }
            }
            return sum
        case .not: return try score(children[own.first], of: article) < 0 ? 0 : -1
        case .range: return Int(article) >= own.first && Int(article) < own.second ? 0 : -1
        case .named:
            let names = columns.names(NameColumn.Kind(rawValue: own.first) ?? .author)
            return names.has(article, own.second) ? 0 : -1
        case .having: return columns.features(article) & UInt32(own.first) != 0 ? 0 : -1
        case .until: return columns.row(article) <= Int64(own.first) ? 0 : -1
        }
    }

    /// What a list gives the article at which it stands.
    @inline(__always)
    func share(_ number: Int, _ article: UInt32) throws(IndexDamage) -> Int32 {
        let score = listScores[number]
        let count = Float(try lists[number].loadCounts()[lists[number].index])
        let divisor = Norms.divisors[Int(columns.norms[Int(article)])]
        return Int32(score.weight * Norms.share(count * score.multiplier, divisor))
    }

    /// What a phrase gives an article, -1 where it does not stand in it or cannot give enough.
    private func score(phrase number: Int, of article: UInt32) throws(IndexDamage) -> Int {
        guard try phrases[number].seek(article) == article else { return -1 }
        let divisor = Norms.divisors[Int(columns.norms[Int(article)])]
        let score = phraseScores[number]
        guard try isWorthLooking(number, score, divisor) else { return -1 }
        let count = try phrases[number].countHere(article)
        guard count > 0 else { return -1 }
        return Int(Int32(score.weight * Norms.share(Float(count) * score.multiplier, divisor)))
    }
}
