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
    let needed: UnsafeMutablePointer<Int>
    let neededCount: Int
    let beside: UnsafeMutablePointer<Int>
    let besideCount: Int
    let phrases: UnsafeMutablePointer<PhraseMatcher>
    let phraseScores: UnsafeMutablePointer<Scored>
    /// What each phrase can give at most in the stretch at hand.
    let phraseBounds: UnsafeMutablePointer<Int>
    let phraseCount: Int
    /// The sums of the whole query, by the place in the window.
    let sums: UnsafeMutablePointer<Int32>
    /// The leaf of the plan that each list and phrase is of; nil for rows.
    let listLeaves: [Int?]
    let phraseLeaves: [Int]
    let full: UnsafeMutablePointer<UInt64>
    /// Where in the window the sums may not be 0.
    let touched: UnsafeMutablePointer<UInt64>
    let state: UnsafeMutablePointer<State>
    private let scratch: Scratch

    init(_ plan: QueryPlan, _ number: Int, dead: Tombstones, scored: Bool) throws {
        let scratch = Scratch()
        var builder = Builder(plan, number, scratch)
        root = try builder.add(plan.root, scored ? builder.sums : nil)
        segment = plan.segments[number]
        columns = segment.columns
        self.dead = dead
        self.scratch = scratch
        nodes = scratch.copy(builder.nodes)
        children = scratch.copy(builder.children)
        self.lists = scratch.copy(builder.lists)
        listScores = scratch.copy(builder.listScores)
        listCount = builder.lists.count
        let (lists, others) = builder.needed(root)
        needed = scratch.copy(lists)
        neededCount = lists.count
        beside = scratch.copy(others)
        besideCount = others.count
        phraseCount = builder.phrases.count
        phrases = scratch.copy(builder.phrases)
        phraseScores = scratch.copy(builder.phraseScores)
        phraseBounds = scratch.zeros(phraseCount, of: Int.self)
        sums = builder.sums
        listLeaves = builder.listLeaves
        phraseLeaves = builder.phraseLeaves
        full = scratch.room(Window.words, of: UInt64.self)
        touched = scratch.zeros(Window.words, of: UInt64.self)
        state = scratch.copy([State()])
    }

    /// The parts of a part.
    @inline(__always)
    func parts(_ node: Int) -> UnsafeBufferPointer<Int> {
        UnsafeBufferPointer(start: children + nodes[node].first, count: nodes[node].second)
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
        private(set) var nodes: [Node] = []
        private var costs: [Int] = []
        private(set) var children: [Int] = []
        private(set) var lists: [ListCursor] = []
        private(set) var listScores: [Scored] = []
        private(set) var phrases: [PhraseMatcher] = []
        private(set) var phraseScores: [Scored] = []
        private(set) var listLeaves: [Int?] = []
        private(set) var phraseLeaves: [Int] = []

        init(_ plan: QueryPlan, _ number: Int, _ scratch: Scratch) {
            self.plan = plan
            self.number = number
            segment = plan.segments[number]
            self.scratch = scratch
            sums = scratch.room(Int(Window.length), of: Int32.self)
        }

        private mutating func add(
            _ kind: Node.Kind, _ first: Int = 0, _ second: Int = 0, cost: Int
        ) -> Int {
            let set = scratch.room(Window.words, of: UInt64.self)
            nodes.append(Node(kind: kind, first: first, second: second, set: set))
            costs.append(cost)
            return nodes.count - 1
        }

        private mutating func add(_ kind: Node.Kind, _ parts: [Int], cost: Int) -> Int {
            children += parts
            return add(kind, children.count - parts.count, parts.count, cost: cost)
        }

        /// The lists that a query needs, and the other parts that it needs.
        func needed(_ root: Int) -> (lists: [Int], others: [Int]) {
            let node = nodes[root]
            let parts =
                node.kind == .all
                ? Array(children[node.first..<node.first + node.second]) : [root]
            return (
                parts.filter { nodes[$0].kind == .list }.map { nodes[$0].first },
                parts.filter { nodes[$0].kind != .list }
            )
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
            case .any(let parts):
                let parts = try parts.map { try add($0, sums, isAlternative: true) }
                    .filter { nodes[$0].kind != .nothing }
                if parts.isEmpty { return add(.nothing, cost: 0) }
                if parts.count == 1 { return parts[0] }
                return add(.any, parts, cost: parts.reduce(0) { $0 + costs[$1] })
            case .not(let inner):
                return add(.not, [try add(inner, nil)], cost: segment.count + 1)
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

        /// Adds parts that must all hold, the rarest first.
        private mutating func add(
            all parts: [QueryPlan.Node], _ sums: UnsafeMutablePointer<Int32>?,
            _ isAlternative: Bool
        ) throws -> Int {
            let own =
                isAlternative && sums != nil
                ? scratch.zeros(Int(Window.length), of: Int32.self) : nil
            let parts = try parts.map { try add($0, own ?? sums) }
            if parts.contains(where: { nodes[$0].kind == .nothing }) {
                return add(.nothing, cost: 0)
            }
            // What holds for all of the segment would only be looked at in vain.
            let telling = parts.filter { nodes[$0].kind != .everything }
            if telling.count == 1, own == nil { return telling[0] }
            let sorted = (telling.isEmpty ? parts : telling).sorted { costs[$0] < costs[$1] }
            let node = add(.all, sorted, cost: sorted.first.map { costs[$0] } ?? 0)
            nodes[node].ownSums = own
            return node
        }

        private mutating func add(
            _ leaf: QueryPlan.Leaf, number own: Int, _ sums: UnsafeMutablePointer<Int32>?
        ) throws -> Int {
            let score = Scored(
                weight: sums == nil ? 0 : leaf.weight,
                multiplier: leaf.field == .anywhere ? 1 : Float(leaf.field.weight),
                sums: sums ?? self.sums)
            let entries = leaf.entries[number].compactMap(\.self)
            guard entries.count == leaf.terms.count else { return add(.nothing, cost: 0) }
            switch leaf.kind {
            case .term:
                let buffer = scratch.room(2 * BitPacking.blockSize, of: UInt32.self)
                let list = try ListCursor(
                    entries[0], in: segment.lists, limit: segment.count, buffer: buffer)
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
                    of: leaf.forms[number], behind: entries, field: leaf.field)
                return list.articles == 0 ? add(.nothing, cost: 0) : add(list, score, own)
            }
        }

        private mutating func add(_ list: ListCursor, _ score: Scored, _ leaf: Int? = nil) -> Int {
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

extension Scratch {
    /// The values in memory that lives as long as this.
    func copy<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
        let place = UnsafeMutableRawPointer(
            room(values.count * MemoryLayout<Value>.stride, of: UInt8.self)
        ).bindMemory(to: Value.self, capacity: values.count)
        place.initialize(from: values, count: values.count)
        return place
    }
}
