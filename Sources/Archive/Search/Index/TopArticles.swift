/// The best articles found so far, in the order asked for.
struct TopArticles {
    private let order: IndexQuestion.Order
    private let limit: Int
    private let after: IndexHit?
    /// The worst one first, each before its two children (a heap).
    private var heap: [IndexHit] = []

    init(order: IndexQuestion.Order, limit: Int, after: IndexHit?) {
        self.order = order
        self.limit = limit
        self.after = after
        heap.reserveCapacity(min(limit, 64))
    }

    var isFull: Bool { heap.count >= limit }

    /// The score that an article must reach to be taken, where scores are the order.
    var floor: Int {
        guard order == .relevance, isFull, let worst = heap.first else { return Int.min }
        return worst.score
    }

    /// Whether `left` comes before `right`.
    static func isBefore(_ left: IndexHit, _ right: IndexHit, _ order: IndexQuestion.Order) -> Bool
    {
        switch order {
        case .relevance where left.score != right.score: left.score > right.score
        case .relevance: (left.date, left.row) > (right.date, right.row)
        case .newest: (left.date, left.row) > (right.date, right.row)
        case .oldest: (left.date, left.row) < (right.date, right.row)
        }
    }

    /// Whether an article comes before those that are wanted.
    func isEarly(_ hit: IndexHit) -> Bool {
        after.map { !Self.isBefore($0, hit, order) } ?? false
    }

    /// Whether an article with this place in the order would be taken.
    func takes(_ hit: IndexHit) -> Bool {
        if isEarly(hit) { return false }
        guard isFull, let worst = heap.first else { return limit > 0 }
        return Self.isBefore(hit, worst, order)
    }

    mutating func insert(_ hit: IndexHit) {
        guard takes(hit) else { return }
        if heap.count < limit {
            heap.append(hit)
            rise(heap.count - 1)
        } else {
            heap[0] = hit
            sink()
        }
    }

    private mutating func rise(_ index: Int) {
        var index = index
        while index > 0, Self.isBefore(heap[(index - 1) / 2], heap[index], order) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func sink() {
        var index = 0
        while true {
            var worst = index
            for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
                if Self.isBefore(heap[worst], heap[child], order) { worst = child }
            }
            guard worst != index else { return }
            heap.swapAt(index, worst)
            index = worst
        }
    }

    /// All that were taken, the best first.
    var sorted: [IndexHit] { heap.sorted { Self.isBefore($0, $1, order) } }
}
