/// Answers a query in one segment, window by window.
///
/// In each window every part of the query gives a set of bits. Parts that must all hold are asked
/// from the rarest on, each about what the others left. While only the best are wanted, windows
/// whose blocks cannot score enough are passed over unread.
final class SegmentSearch {
    /// A part of the query as this segment has it.
    enum Node {
        case nothing, everything
        case list(Int)
        case phrase(Int)
        indirect case all([Int])
        indirect case any([Int])
        case not(Int)
        case range(Range<UInt32>)
        case named(NameColumn.Kind, Int)
        case having(UInt8)
    }

    /// A list that is read, and what its term weighs; 0 where it does not count.
    struct Scored {
        var weight: Float
        /// How much one occurrence counts beyond the count that is kept.
        var multiplier: Float
        /// Where what it gives the articles of the window is added up.
        var sums: UnsafeMutablePointer<Int32>
    }

    let segment: Segment
    let dead: Tombstones
    let scratch = Scratch()
    private(set) var nodes: [Node] = []
    private(set) var root = 0
    let lists: UnsafeMutablePointer<ListCursor>
    private(set) var listScores: [Scored] = []
    var phrases: [PhraseMatcher] = []
    private(set) var phraseScores: [Scored] = []
    /// For each node room for its set of bits.
    private(set) var sets: [UnsafeMutablePointer<UInt64>] = []
    let full: UnsafeMutablePointer<UInt64>
    let scores: UnsafeMutablePointer<Int32>
    /// What the parts of an alternative give, which counts only where all of them hold.
    private(set) var ownSums: [Int: UnsafeMutablePointer<Int32>] = [:]
    /// Below this score nobody is wanted; set by who collects the best.
    var floor = Int.min
    /// What the query, and each phrase of it, can score at most in the window.
    var windowBound = 0
    var phraseBounds: [Int] = []

    init(_ plan: QueryPlan, _ number: Int, dead: Tombstones, scored: Bool) throws {
        segment = plan.segments[number]
        self.dead = dead
        lists = scratch.cursors(plan.listCount)
        full = scratch.zeros(Window.words, of: UInt64.self)
        scores = scratch.zeros(Int(Window.length), of: Int32.self)
        root = try add(plan.root, plan, number, scored ? scores : nil)
        sets = nodes.map { _ in scratch.zeros(Window.words, of: UInt64.self) }
    }

    // MARK: Building

    private func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    /// - Parameter sums: where scores are added up; nil where they do not count.
    private func add(
        _ node: QueryPlan.Node, _ plan: QueryPlan, _ number: Int,
        _ sums: UnsafeMutablePointer<Int32>?, isAlternative: Bool = false
    ) throws -> Int {
        switch node {
        case .nothing: return add(.nothing)
        case .everything: return add(.everything)
        case .leaf(let leaf): return try add(plan.leaves[leaf], number, sums)
        case .all(let parts):
            let own = isAlternative && sums != nil
                ? scratch.zeros(Int(Window.length), of: Int32.self) : nil
            let children = try parts.map { try add($0, plan, number, own ?? sums) }
            if children.contains(where: { if case .nothing = nodes[$0] { true } else { false } }) {
                return add(.nothing)
            }
            let node = add(.all(children.sorted { cost($0) < cost($1) }))
            ownSums[node] = own
            return node
        case .any(let parts):
            let children = try parts.map {
                try add($0, plan, number, sums, isAlternative: true)
            }.filter { if case .nothing = nodes[$0] { false } else { true } }
            if children.isEmpty { return add(.nothing) }
            return children.count == 1 ? children[0] : add(.any(children))
        case .not(let inner):
            return add(.not(try add(inner, plan, number, nil)))
        case .dated(let from, let before):
            return add(.range(segment.columns.articles(from: from, before: before)))
        case .named(let column, let name):
            guard let value = segment.columns.names(column).number(name) else {
                return add(.nothing)
            }
            return add(.named(column, value))
        case .having(let bits): return add(.having(bits))
        case .rows(let rows): return add(gathered: rows)
        }
    }

    private func add(
        _ leaf: QueryPlan.Leaf, _ number: Int, _ sums: UnsafeMutablePointer<Int32>?
    ) throws -> Int {
        let score = Scored(
            weight: sums == nil ? 0 : leaf.weight,
            multiplier: leaf.field == .anywhere ? 1 : Float(leaf.field.weight),
            sums: sums ?? scores)
        let entries = leaf.entries[number].compactMap(\.self)
        guard entries.count == leaf.terms.count else { return add(.nothing) }
        switch leaf.kind {
        case .term:
            let buffer = scratch.zeros(2 * BitPacking.blockSize, of: UInt32.self)
            return add(
                try ListCursor(
                    entries[0], in: segment.lists, limit: segment.count, buffer: buffer), score)
        case .phrase, .near:
            var distance: Int?
            if case .near(let words) = leaf.kind { distance = words }
            phrases.append(
                try PhraseMatcher(
                    entries, field: leaf.field, distance: distance, in: segment, scratch: scratch))
            phraseScores.append(score)
            return add(.phrase(phrases.count - 1))
        case .union, .phrasePrefix:
            let gathering = Gathering(segment: segment, scratch: scratch)
            let list = try gathering.list(
                of: leaf.forms[number], behind: entries, field: leaf.field)
            return list.articles == 0 ? add(.nothing) : add(list, score)
        }
    }

    private func add(_ list: ListCursor, _ score: Scored) -> Int {
        lists[listScores.count] = list
        listScores.append(score)
        return add(.list(listScores.count - 1))
    }

    /// Articles by their rows, none of which counts for the score.
    private func add(gathered rows: [Int64]) -> Int {
        let found = Set(rows.compactMap { segment.columns.article(row: $0) }).sorted()
        guard !found.isEmpty else { return add(.nothing) }
        let list = scratch.zeros(found.count, of: UInt32.self)
        for (index, article) in found.enumerated() { list[index] = article }
        return add(
            ListCursor(list: list, counts: list, count: found.count, limit: segment.count),
            Scored(weight: 0, multiplier: 1, sums: scores))
    }

    private func cost(_ node: Int) -> Int {
        switch nodes[node] {
        case .nothing: 0
        case .list(let list): lists[list].articles
        case .phrase(let phrase): 4 * phrases[phrase].lists[0].articles
        case .range(let range): range.count
        case .all(let children): children.map(cost).min() ?? 0
        case .any(let children): children.map(cost).reduce(0, +)
        case .named, .having: segment.count
        case .not, .everything: segment.count + 1
        }
    }
}
