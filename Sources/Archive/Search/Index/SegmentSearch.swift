/// A query as one segment has it, ready to be answered article by article or window by window.
///
/// Everything that the inner loops touch is reached through pointers that never change: nothing
/// is counted or checked for other users there.
final class SegmentSearch {
    /// A part of the query.
    struct Node {
        enum Kind {
            case nothing, everything, list, phrase, all, any, not, range, named, having, until
        }

        var kind: Kind
        /// The number of the list or phrase; the first child; the first article of a range; the
        /// column of a name; the bits of features; the last row.
        var first = 0
        /// The number of children; the end of a range; the number of a name.
        var second = 0
        /// Room for the articles of a window for which it holds.
        var set: UnsafeMutablePointer<UInt64>
        /// What the parts of an alternative give, which counts only where all of them hold.
        var ownSums: UnsafeMutablePointer<Int32>?
    }

    /// What a list or phrase gives to scores; no weight where it does not count.
    struct Scored {
        var weight: Float
        /// How much one occurrence counts beyond the count that is kept.
        var multiplier: Float
        /// Where what it gives the articles of the window is added up.
        var sums: UnsafeMutablePointer<Int32>
    }

    /// What is known while the best are looked for.
    struct State {
        /// Below this score nobody is wanted.
        var floor = Int.min
        /// What the query can score at most in the stretch at hand.
        var bound = 0
        /// Whoever scores less in the window at hand counts, but needs no score.
        var scoreFloor = Int.min
        /// Whether the sums were made 0, which is left until a window needs them.
        var hasSums = false
    }

    let segment: Segment
    let columns: Columns
    let dead: Tombstones
    let nodes: UnsafeMutablePointer<Node>
    let root: Int
    let children: UnsafeMutablePointer<Int>
    let lists: UnsafeMutablePointer<ListCursor>
    let listScores: UnsafeMutablePointer<Scored>
    let listCount: Int
    /// The lists that the whole query needs, the rarest first, and the parts that it needs beside
    /// them.
    let needed: FixedList<Int>
    let beside: FixedList<Int>
    var neededCount: Int { needed.count }
    var besideCount: Int { beside.count }
    let phrases: UnsafeMutablePointer<PhraseMatcher>
    let phraseScores: UnsafeMutablePointer<Scored>
    /// What each phrase can give at most in the stretch at hand.
    let phraseBounds: UnsafeMutablePointer<Int>
    let phraseCount: Int
    /// The sums of the whole query, by the place in the window.
    let sums: UnsafeMutablePointer<Int32>
    /// The leaf of the plan that each list and phrase is of; -1 for rows.
    let listLeaves: UnsafeMutablePointer<Int>
    let phraseLeaves: UnsafeMutablePointer<Int>
    let full: UnsafeMutablePointer<UInt64>
    /// Where in the window the sums may not be 0.
    let touched: UnsafeMutablePointer<UInt64>
    let state: UnsafeMutablePointer<State>
    let scratch: Scratch

    /// - Parameter scratch: memory that nobody else uses as long as this lives.
    init(
        _ plan: QueryPlan, _ number: Int, dead: Tombstones, scored: Bool, _ scratch: Scratch
    ) throws {
        var builder = Builder(plan, number, scratch)
        root = try builder.add(plan.root, scored ? builder.sums : nil)
        segment = plan.segments[number]
        columns = segment.columns
        self.dead = dead
        self.scratch = scratch
        nodes = builder.nodes.values
        children = builder.children.values
        lists = builder.lists.values
        listScores = builder.listScores.values
        listCount = builder.lists.count
        phrases = builder.phrases.values
        phraseScores = builder.phraseScores.values
        phraseCount = builder.phrases.count
        phraseBounds = scratch.zeros(phraseCount, of: Int.self)
        (needed, beside) = builder.needed(root)
        sums = builder.sums
        listLeaves = builder.listLeaves.values
        phraseLeaves = builder.phraseLeaves.values
        full = scratch.room(Window.words, of: UInt64.self)
        touched = scratch.zeros(Window.words, of: UInt64.self)
        state = scratch.room(1, of: State.self)
        state.initialize(to: State())
    }

    /// The parts of a part.
    @inline(__always)
    func parts(_ node: Int) -> UnsafeBufferPointer<Int> {
        UnsafeBufferPointer(start: children + nodes[node].first, count: nodes[node].second)
    }

    /// Sends all lists back to the beginning.
    func restart() {
        for list in 0..<listCount { lists[list].restart() }
        for phrase in 0..<phraseCount {
            for list in 0..<phrases[phrase].count { phrases[phrase].lists[list].restart() }
        }
    }

    /// About how many articles a part brings up.
    func cost(_ node: Int) -> Int {
        let own = nodes[node]
        return switch own.kind {
        case .nothing: 0
        case .list: lists[own.first].articles
        case .phrase: phrases[own.first].lists[0].articles
        case .range: own.second - own.first
        case .all: parts(node).reduce(Int.max) { min($0, cost($1)) }
        case .any: parts(node).reduce(0) { $0 + cost($1) }
        case .named, .having, .until, .not, .everything: segment.count
        }
    }
}

extension SegmentSearch {
    /// Puts the parts of a query together for a segment.
    struct Builder {
        private let plan: QueryPlan
        private let number: Int
        private let segment: Segment
        private let scratch: Scratch
        let sums: UnsafeMutablePointer<Int32>
        private(set) var nodes: FixedList<Node>
        private var costs: FixedList<Int>
        private(set) var children: FixedList<Int>
        private(set) var lists: FixedList<ListCursor>
        private(set) var listScores: FixedList<Scored>
        private(set) var phrases: FixedList<PhraseMatcher>
        private(set) var phraseScores: FixedList<Scored>
        private(set) var listLeaves: FixedList<Int>
        private(set) var phraseLeaves: FixedList<Int>

        init(_ plan: QueryPlan, _ number: Int, _ scratch: Scratch) {
            self.plan = plan
            self.number = number
            segment = plan.segments[number]
            self.scratch = scratch
            sums = scratch.room(Int(Window.length), of: Int32.self)
            nodes = FixedList(plan.nodeCount, scratch)
            costs = FixedList(plan.nodeCount, scratch)
            children = FixedList(plan.nodeCount, scratch)
            lists = FixedList(plan.listCount, scratch)
            listScores = FixedList(plan.listCount, scratch)
            phrases = FixedList(plan.leaves.count, scratch)
            phraseScores = FixedList(plan.leaves.count, scratch)
            listLeaves = FixedList(plan.listCount, scratch)
            phraseLeaves = FixedList(plan.leaves.count, scratch)
        }

        private mutating func add(
            _ kind: Node.Kind, _ first: Int = 0, _ second: Int = 0, cost: Int
        ) -> Int {
            let set = scratch.room(Window.words, of: UInt64.self)
            nodes.append(Node(kind: kind, first: first, second: second, set: set))
            costs.append(cost)
            return nodes.count - 1
        }

        private mutating func add(_ kind: Node.Kind, _ parts: FixedList<Int>, cost: Int) -> Int {
            let first = children.count
            for part in 0..<parts.count { children.append(parts[part]) }
            return add(kind, first, parts.count, cost: cost)
        }

        /// The lists that a query needs, and the other parts that it needs.
        func needed(_ root: Int) -> (lists: FixedList<Int>, others: FixedList<Int>) {
            let isAll = nodes[root].kind == .all
            let count = isAll ? nodes[root].second : 1
            var lists = FixedList<Int>(count, scratch)
            var others = FixedList<Int>(count, scratch)
            for part in 0..<count {
                let node = isAll ? children[nodes[root].first + part] : root
                if nodes[node].kind == .list {
                    lists.append(nodes[node].first)
                } else {
                    others.append(node)
                }
            }
            return (lists, others)
        }

        /// - Parameter sums: where scores are added up; nil where they do not count.
        mutating func add(
            _ node: QueryPlan.Node, _ sums: UnsafeMutablePointer<Int32>?,
            isAlternative: Bool = false
        ) throws -> Int {
            switch node {
            case .nothing: return add(.nothing, cost: 0)
            case .everything: return add(.everything, cost: segment.count + 1)
            case .leaf(let leaf): return try add(plan.leaves[leaf], number: leaf, sums)
            case .all(let parts): return try add(all: parts, sums, isAlternative)
            case .any(let parts): return try add(any: parts, sums)
            case .not(let inner):
                var parts = FixedList<Int>(1, scratch)
                parts.append(try add(inner, nil))
                return add(.not, parts, cost: segment.count + 1)
            case .dated(let from, let before):
                let range = segment.columns.articles(from: from, before: before)
                return add(
                    .range, Int(range.lowerBound), Int(range.upperBound), cost: range.count)
            case .named(let column, let name):
                guard let value = segment.columns.names(column).number(name) else {
                    return add(.nothing, cost: 0)
                }
                return add(.named, column.rawValue, value, cost: segment.count)
            case .having(let bits): return add(.having, Int(bits), cost: segment.count)
            case .rows(let rows): return add(rows: rows)
            case .until(let row):
                if segment.rows.upperBound <= row { return add(.everything, cost: segment.count) }
                if segment.rows.lowerBound > row { return add(.nothing, cost: 0) }
                return add(.until, Int(row), cost: segment.count)
            }
        }

        private mutating func add(
            any parts: [QueryPlan.Node], _ sums: UnsafeMutablePointer<Int32>?
        ) throws -> Int {
            var kept = FixedList<Int>(parts.count, scratch)
            var cost = 0
            for part in parts {
                let node = try add(part, sums, isAlternative: true)
                guard nodes[node].kind != .nothing else { continue }
                kept.append(node)
                cost += costs[node]
            }
            if kept.count == 0 { return add(.nothing, cost: 0) }
            return kept.count == 1 ? kept[0] : add(.any, kept, cost: cost)
        }

        /// Adds parts that must all hold, the rarest first.
        private mutating func add(
            all parts: [QueryPlan.Node], _ sums: UnsafeMutablePointer<Int32>?,
            _ isAlternative: Bool
        ) throws -> Int {
            let own =
                isAlternative && sums != nil
                ? scratch.zeros(Int(Window.length), of: Int32.self) : nil
            var sorted = FixedList<Int>(parts.count, scratch)
            var everything: Int?
            for part in parts {
                let node = try add(part, own ?? sums)
                if nodes[node].kind == .everything {
                    everything = node
                    continue
                }
                if nodes[node].kind == .nothing { return add(.nothing, cost: 0) }
                let place = (0..<sorted.count).first { costs[sorted[$0]] > costs[node] }
                sorted.insert(node, at: place ?? sorted.count)
            }
            // What holds for all of the segment would only be looked at in vain.
            if sorted.count == 0, let everything { return everything }
            if sorted.count == 1, own == nil { return sorted[0] }
            let node = add(.all, sorted, cost: costs[sorted[0]])
            nodes.values[node].ownSums = own
            return node
        }

        private mutating func add(
            _ leaf: QueryPlan.Leaf, number own: Int, _ sums: UnsafeMutablePointer<Int32>?
        ) throws -> Int {
            let score = Scored(
                weight: sums == nil ? 0 : leaf.weight,
                multiplier: leaf.field == .anywhere ? 1 : Float(leaf.field.weight),
                sums: sums ?? self.sums)
            guard let entries = leaf.entries(in: number) else { return add(.nothing, cost: 0) }
            switch leaf.kind {
            case .term:
                let buffer = scratch.room(2 * BitPacking.blockSize, of: UInt32.self)
                let list = try ListCursor(
                    entries[entries.startIndex], in: segment.lists, limit: segment.count,
                    buffer: buffer)
                return add(list, score, own)
            case .phrase, .near:
                var distance: Int?
                if case .near(let words) = leaf.kind { distance = words }
                let phrase = try PhraseMatcher(
                    entries, field: leaf.field, distance: distance, in: segment, scratch: scratch)
                phrases.append(phrase)
                phraseScores.append(score)
                phraseLeaves.append(own)
                return add(.phrase, phrases.count - 1, cost: 4 * phrase.lists[0].articles)
            case .union, .phrasePrefix:
                let gathering = Gathering(segment: segment, scratch: scratch)
                let list = try gathering.list(
                    of: leaf.forms[number], behind: Array(entries), field: leaf.field)
                return list.articles == 0 ? add(.nothing, cost: 0) : add(list, score, own)
            }
        }

        private mutating func add(_ list: ListCursor, _ score: Scored, _ leaf: Int = -1) -> Int {
            lists.append(list)
            listLeaves.append(leaf)
            listScores.append(score)
            return add(.list, lists.count - 1, cost: list.articles)
        }

        /// Adds articles by their rows, none of which counts for the score.
        private mutating func add(rows: [Int64]) -> Int {
            let found = Set(rows.compactMap { segment.columns.article(row: $0) }).sorted()
            guard !found.isEmpty else { return add(.nothing, cost: 0) }
            let list = scratch.copy(found)
            return add(
                ListCursor(list: list, counts: list, count: found.count, limit: segment.count),
                Scored(weight: 0, multiplier: 1, sums: sums))
        }
    }
}
