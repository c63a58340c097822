/// A node of an arena: linked to its neighbours by their numbers, -1 where there is none.
protocol ArenaNode {
    var parent: Int32 { get }
    var firstChild: Int32 { get }
    var nextSibling: Int32 { get }
}

/// A tree whose nodes are numbers into one array, and the way through it.
///
/// Nothing here calls itself: a tree may be nested as deep as its file is long.
protocol NodeArena {
    associatedtype Node: ArenaNode

    subscript(_ node: Int32) -> Node { get }
}

extension NodeArena {
    /// The node after `node` in the tree's order that is still within `root`; nil at the end.
    func next(after node: Int32, within root: Int32, skippingChildren: Bool = false) -> Int32? {
        let child = self[node].firstChild
        if child >= 0, !skippingChildren { return child }
        var node = node
        while node != root, node >= 0 {
            let sibling = self[node].nextSibling
            if sibling >= 0 { return sibling }
            node = self[node].parent
        }
        return nil
    }

    /// The nodes within `root`, itself first, in the tree's order.
    func descendants(of root: Int32) -> some Sequence<Int32> {
        sequence(first: root) { next(after: $0, within: root) }
    }
}
