/// The index as it was at one moment: what is added or removed later is not seen.
///
/// A value that any number of threads may search at once, without a lock; the segments live as
/// long as it does.
struct IndexSnapshot: Sendable {
    let sources: [Merge.Source]
    private let segments: [Segment]
    /// The revision of the archive up to which it is complete.
    let revision: Int

    init(sources: [Merge.Source], revision: Int) {
        self.sources = sources
        segments = sources.map(\.segment)
        self.revision = revision
    }

    /// How many articles can be found.
    var count: Int { sources.reduce(0) { $0 + $1.segment.count - $1.dead.count } }

    /// Answers a question.
    ///
    /// - Throws: IndexDamage where the index must be made anew, IndexQuestionError.
    func answer(_ question: IndexQuestion) throws -> IndexAnswer {
        let plan = try QueryPlan(question.query, segments: segments)
        var ranking = Ranking(question, plan)
        ranking.countByList(sources)
        let scratch = Scratch.taken()
        defer { scratch.giveBack() }
        for (number, source) in sources.enumerated()
        where !ranking.isDone && !plan.isEmpty(in: number) {
            scratch.rewind()
            try ranking.take(
                try SegmentSearch(
                    plan, number, dead: source.dead,
                    scored: question.order == .relevance && question.limit > 0, scratch))
        }
        return ranking.finish()
    }

    /// The hit that an article is for a query now: scores change with what is added.
    ///
    /// - Returns: nil where it is none.
    func hit(row: Int64, for query: IndexQuery) throws -> IndexHit? {
        let plan = try QueryPlan(query, segments: segments)
        for (number, source) in sources.enumerated() {
            guard let article = source.segment.columns.article(row: row),
                !source.dead.contains(article)
            else { continue }
            let search = try SegmentSearch(plan, number, dead: source.dead, scored: true, Scratch())
            defer { withExtendedLifetime(search) {} }
            let window = Window(from: article, to: article + 1)
            guard try search.found(in: window) != nil else { return nil }
            return IndexHit(
                row: row, date: source.segment.columns.date(article),
                score: Int(search.sums[Int(article - window.base)]))
        }
        return nil
    }
}
